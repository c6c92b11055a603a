"""A process of which a target stands for nothing is cleared of nothing that the target may be."""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.questions.memo import buyers_view
from nhigraph.app.questions.which import which, which_vendor
from tests.estate_files import write_estate

DATA = Path(__file__).parents[2] / "data" / "which"
Record = dict[str, Any]


def _books(target: str, role: str, select: str) -> Record:
    one = {"id": target, "family": "financial-reporting", "process": "close", "fs_role": role}
    return {**one, "select": [{"key": select}]}


def _promise(letter: str, select: str) -> Record:
    one = {"id": "kept", "family": "trust-service", "process": "close", "commitments": [letter]}
    return {**one, "select": [{"key": select}]}


#: Case: targets of the process, and its answer, soc1 and soc2. C is promised, and no more.
CASES: dict[str, tuple[list[Record], tuple[str, str, tuple[str, ...]]]] = {
    "its only record was not found": (
        [_books("gl", "record", "a:gone")],
        ("undetermined", "undetermined", ()),
    ),
    "its only record is refused: what it is is not known": (
        [_books("gl", "recrod", "a:gl")],
        ("undetermined", "undetermined", ()),
    ),
    "one record is there, another one was not found": (
        [_books("gl", "record", "a:gl"), _books("ar", "record", "a:gone")],
        ("soc1", "direct", ()),
    ),
    "one is held by nobody on the day, another one was not found": (
        [_books("gl", "record", "a:off"), _books("ar", "record", "a:gone")],
        ("undetermined", "undetermined", ()),
    ),
    "what was not found has no role in the books": (
        [_books("gl", "none", "a:gone")],
        ("neither", "none", ()),
    ),
    "a promise of it was not found": (
        [_promise("C", "a:gone")],
        ("undetermined", "none", ("undetermined",)),
    ),
    "what was not found was never promised": ([_promise("A", "a:gone")], ("neither", "none", ())),
    "all of it is held by nobody on the day": (
        [_books("gl", "record", "a:off")],
        ("neither", "none", ()),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_process_is_not_cleared_of_what_was_not_found(case: str, tmp_path: Path) -> None:
    targets, expected = CASES[case]
    nodes = [{"kind": "Dataset", "key": "a:gl"}]
    nodes += [{"kind": "Dataset", "key": "a:off", "state": "disabled"}]
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "commitments": ["C"]}
    write_estate(
        tmp_path, [{"nhigraph": "facts/1", "nodes": nodes}], {**scope, "targets": targets}
    )
    found = of_collection(collect([tmp_path]))
    ((row, _),) = which(found, ["process:close"])
    assert (row.answer, row.soc1, row.soc2) == expected
    assert ("inactive" in row.evidence) == (case == "all of it is held by nobody on the day")


def test_a_name_as_it_is_written_goes_before_one_that_differs_in_case(tmp_path: Path) -> None:
    nodes = [
        {"kind": "OAuthApp", "key": f"a:{number}", "props": {"vendor": name}}
        for number, name in enumerate(("Acme", "acme"))
    ]
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": []}
    write_estate(tmp_path, [{"nhigraph": "facts/1", "nodes": nodes}], scope)
    found = of_collection(collect([tmp_path]))
    assert [which(found, [name])[0][0].subject for name in ("Acme", "acme")] == [
        "vendor:Acme",
        "vendor:acme",
    ]


def test_who_is_included_in_our_report_is_asked_for_an_assertion_of_its_own() -> None:
    found = of_collection(collect([DATA / "17-carve-out-processor"]))
    asked = {}
    for name in ("carve_out:proc:*", "inclusive:host:backup-agent"):
        asked[name] = " ".join(buyers_view(found, *which_vendor(found, name))[2])
    assert ["written assertion" in text for text in asked.values()] == [False, True]
