"""Owners of either side that a system decides: printed where they differ, and only there."""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.which import all_subjects, rows_of
from nhigraph.assurance.which.judge import judge
from tests.estate_files import write_estate

#: Case: owner of the journal, owner of the customers, right to the latter, what is printed.
CASES = [
    ("controller", "security", "CAN_WRITE", ("books: controller", "trust: security")),
    ("controller", "controller", "CAN_WRITE", ()),
    ("Data Platform", " data  platform", "CAN_WRITE", ()),
    ("controller", "security", "CAN_READ", ()),
    ("controller", None, "CAN_WRITE", ()),
    (None, "security", "CAN_WRITE", ()),
]


@pytest.mark.parametrize(("books", "trust", "right", "printed"), CASES)
def test_owners_are_printed_where_they_differ(
    books: str | None, trust: str | None, right: str, printed: tuple[str, ...], tmp_path: Path
) -> None:
    """Who only reads decides nothing, and an owner whom nobody names differs from nobody."""
    nodes: list[dict[str, Any]] = [
        {"kind": "System", "key": "acme:s"},
        {"kind": "ServiceAccount", "key": "acme:a"},
        {"kind": "Dataset", "key": "acme:journal", "owner": books},
        {"kind": "Dataset", "key": "acme:customers", "owner": trust},
    ]
    edges = [
        {"kind": "CONTAINS", "from": "acme:s", "to": "acme:a"},
        {"kind": "CAN_WRITE", "from": "acme:a", "to": "acme:journal", "action": "post"},
        {"kind": right, "from": "acme:a", "to": "acme:customers"},
    ]
    targets = [
        {
            "id": "journal",
            "family": "financial-reporting",
            "fs_role": "record",
            "select": [{"key": "acme:journal"}],
        },
        {
            "id": "customers",
            "family": "trust-service",
            "commitments": ["P"],
            "select": [{"key": "acme:customers"}],
        },
    ]
    scope = {
        "nhigraph": "scope/1",
        "as_of": "2026-11-23",
        "commitments": ["P"],
        "targets": targets,
    }
    write_estate(tmp_path, [{"nhigraph": "facts/1", "nodes": nodes, "edges": edges}], scope)
    found = of_collection(collect([tmp_path]))
    (system,) = [one for one in all_subjects(found) if one.key == "acme:s"]
    (row,) = rows_of(found, judge(found.estate, [system]))
    assert (row.soc1, row.soc2) == ("direct", ("P",))
    assert row.split_owners == printed
