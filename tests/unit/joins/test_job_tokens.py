"""Jobs of other projects that a project lets in by their token, through to what they then read."""

import json
from pathlib import Path

import pytest

from tests.documents.judging import judge, of

HOST = "git.corp.example"
AT = f"{HOST}/projects/acme%2Fdata%2Ferp/job_token_scope"
JOB = f"gitlab:{HOST}/acme/site/job/build"
SCOPE = f"""
nhigraph: scope/1
as_of: 2026-11-28
commitments: [C]
targets:
  - id: code
    family: trust-service
    commitments: [C]
    select: [{{key: "gitlab:{HOST}/acme/data/erp"}}]
"""
RECORD = {"path_with_namespace": "acme/data/erp", "default_branch": "main"}
PROJECT, OTHER = {"path_with_namespace": "acme/site"}, {"path_with_namespace": "acme/other"}
GROUP, ASIDE = (
    {"web_url": f"https://{HOST}/groups/acme"},
    {"web_url": f"https://{HOST}/groups/acme/data"},
)


@pytest.mark.parametrize(
    ("lists", "reads"),
    [
        ({}, False),
        ({f"{AT}/allowlist": [PROJECT]}, True),
        ({f"{AT}/allowlist": [OTHER]}, False),
        ({f"{AT}/groups_allowlist": [GROUP]}, True),
        ({f"{AT}/groups_allowlist": [ASIDE]}, False),
        ({AT: {"inbound_enabled": False}}, True),
        ({AT: {"inbound_enabled": True}}, False),
    ],
)
def test_a_job_reads_a_project_that_lets_it_in(
    tmp_path: Path,
    lists: dict[str, object],
    reads: bool,
) -> None:
    """Where it is, it may: whoever starts it has to have a role there."""
    remote = f'[remote "origin"]\n\turl = git@{HOST}:acme/site.git\n'
    files = {"site/.gitlab-ci.yml": "build: {script: [make]}\n", "site/.git/config": remote}
    files |= {"scope.yaml": SCOPE}
    files |= {f"{HOST}/projects/acme%2Fdata%2Ferp.json": json.dumps(RECORD)}
    files |= {f"{address}.json": json.dumps(content) for address, content in lists.items()}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = judge([tmp_path])
    rows = of(found.verdicts, identity=JOB, target="trust:C/code")
    assert [(row["soc2"], row["certainty"]) for row in rows] == ([("C", "may")] if reads else [])
