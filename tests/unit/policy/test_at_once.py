"""One script where several exports of one repository are missing."""

import pytest

from nhigraph.policy import forges

SCRIPT = "nhigraph export-query github > github.sh && bash github.sh"
ERP = [f"gh api repos/acme/erp/{at}" for at in ("environments", "actions/secrets", "keys")]


@pytest.mark.parametrize(
    ("commands", "told"),
    [
        ([], []),
        (ERP[:2], []),
        (ERP, [f"{SCRIPT} acme/erp"]),
        ([*ERP[:2], "gh api repos/acme/x/keys"], []),
        ([*ERP, *(one.replace("erp", "a") for one in ERP)], [f"{SCRIPT} acme/a acme/erp"]),
        ([" > a.json; ".join(ERP)], [f"{SCRIPT} acme/erp"]),
        (["gh api repos/acme/erp", *ERP[:2]], [f"{SCRIPT} acme/erp"]),
        (["dbt parse", "psql x", "aws iam x"], []),
    ],
)
def test_three_commands_of_one_repository_are_one(commands: list[str], told: list[str]) -> None:
    assert forges.at_once(commands) == told
