"""Which account of a server a login is, by name and host."""

import pytest

from nhigraph.facts import keys
from nhigraph.facts.ends import Account, Endpoint
from nhigraph.facts.evidence import Evidence
from nhigraph.policy import accounts

AT = Evidence("a.json", "/x", "0" * 64, "", "declared", 3)


def account(name: str, *hosts: str) -> Account:
    return Account(f"acme:{name}@{hosts}", AT, endpoint=Endpoint("x"), name=name, hosts=hosts)


#: Accounts of a server, and the conditions on which somebody called ``etl`` is each of them.
CASES: dict[str, tuple[list[Account], list[str]]] = {
    "nobody of that name": ([account("ETL"), account("etl2"), account("")], []),
    "from anywhere": ([account("etl")], [""]),
    "from anywhere by a pattern": ([account("etl", "%")], [""]),
    "a pattern among others": ([account("etl", "10.%", "%")], [""]),
    "from some hosts": ([account("etl", "10.%")], ["it connects as the etl of 10.%"]),
    "two accounts": (
        [account("etl"), account("etl", "10.%")],
        ["it connects as the etl of any host", "it connects as the etl of 10.%"],
    ),
    "one account that is stated twice": ([account("etl"), account("etl")], ["", ""]),
}


@pytest.mark.parametrize("case", CASES)
def test_an_account_answers_by_its_name_and_the_hosts_it_is_for(case: str) -> None:
    stated, expected = CASES[case]
    assert [why for _, why in accounts.answering("etl", stated)] == expected


@pytest.mark.parametrize(
    ("platform", "user", "key"),
    [
        ("postgres", "etl", "role:postgres:erp/etl"),
        ("redshift", "Etl", "role:redshift:erp/Etl"),
        ("postgres", "", ""),
        ("mystery", "etl", ""),
    ],
)
def test_an_account_without_a_document_has_a_key_where_the_platform_has_accounts(
    platform: str, user: str, key: str
) -> None:
    assert accounts.undescribed(keys.database(platform, "erp"), user) == key
