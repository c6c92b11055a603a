"""scope/1: normalised claims, and what becomes of items that cannot be claims."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhigraph.errors import InputError
from nhigraph.facts.facts import Claim, Fact, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.sources import scope

HERE = Path(__file__).parent / "scope"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())
VIGNETTES = sorted(Path("tests/data/vignettes").glob("*/scope.yaml"))


def read(path: Path) -> list[Fact]:
    doc = Document(path, path.name)
    assert scope.INGESTOR.recognises(doc)

    return [item for item in scope.INGESTOR.read(doc) if isinstance(item, Claim | Refused | Note)]


def plain(item: Fact) -> dict[str, Any]:
    assert isinstance(item, Claim | Refused | Note)
    place = f"{item.evidence.artifact}:{item.evidence.line} {item.evidence.pointer}"
    if isinstance(item, Claim):
        return {"claim": item.subject, "at": place, "body": item.body}
    told: dict[str, Any] = {type(item).__name__.lower(): item.reason, "at": place}
    return {**told, "leaves": [plain(fact) for fact in item.leaves]} if item.leaves else told


def said(case: str) -> dict[str, list[Any]]:
    inputs = sorted(path for path in (HERE / case).iterdir() if path.name != "expected.json")
    return {path.name: [plain(item) for item in read(path)] for path in inputs}


@pytest.mark.parametrize("case", CASES)
def test_each_fixture_claims_what_is_expected_of_it(case: str) -> None:
    """Claims, refusals and notes of every document, in its order."""
    expected = json.loads((HERE / case / "expected.json").read_text())

    assert expected == json.loads(json.dumps(said(case)))


@pytest.mark.parametrize("case", CASES)
def test_no_free_value_of_a_document_is_repeated_in_a_message(case: str) -> None:
    """What is set aside is named, not quoted."""
    assert "CANARY" not in json.dumps(said(case))


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: str(path.parent.name))
def test_the_scopes_of_the_vignettes_are_read_whole(path: Path) -> None:
    """What auditors wrote needs no correction: nothing refused, nothing set aside."""
    assert all(isinstance(item, Claim) for item in read(path))


def test_another_version_is_recognised_and_refused(tmp_path: Path) -> None:
    """Who writes scope/2 is told that this version reads scope/1."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"nhigraph": "scope/2"}))

    with pytest.raises(InputError, match="expected 'scope/1'"):
        read(path)


def shape(body: Any) -> None:  # noqa: ANN401 - any claim's body
    """What the reader of a body may rely on: nothing but text, numbers, and tuples of such."""
    if isinstance(body, dict):
        for value in body.values():
            shape(value)
    elif isinstance(body, tuple):
        for value in body:
            shape(value)
    else:
        assert body is None or isinstance(body, str | int | float)


TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(
            ["x", "", "unknown", "financial-reporting", "trust-service", "S", "FEEDS"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "family",
                    "select",
                    "key",
                    "kind",
                    "commitments",
                    "data_class",
                    "assertions",
                    "fs_role",
                    "owner",
                    "from",
                    "to",
                    "platform",
                    "host",
                    "as",
                    "carve_out",
                    "outside",
                    "shared_by",
                    "recoverable",
                ]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=20,
)


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tree=st.dictionaries(
        st.sampled_from(
            [
                "organization",
                "commitments",
                "as_of",
                "thresholds",
                "targets",
                "boundary",
                "owners",
                "aliases",
                "links",
            ]
        ),
        st.one_of(TREES, st.lists(TREES, max_size=3)),
    )
)
def test_any_tree_of_json_gives_claims_of_the_documented_shape(
    tmp_path: Path, tree: dict[str, Any]
) -> None:
    """Whatever stands where, only an InputError may come out, and no body of another shape."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"nhigraph": "scope/1", **tree}))

    try:
        found = read(path)
    except InputError:
        return

    claims = [item for item in found if isinstance(item, Claim)]
    for claim in claims:
        shape(claim.body)
    assert sum(claim.subject == "scope" for claim in claims) == 1
    names = [claim.body["id"] for claim in claims if claim.subject == "target"]
    assert len(set(names)) == len(names)


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_known_scope_with_one_part_replaced_keeps_its_other_items(
    tmp_path: Path, data: st.DataObject
) -> None:
    """One wrong value costs at most its own item."""
    content = Document(HERE / "whole" / "scope.yaml", "scope.yaml").content
    whole = [item for item in read(HERE / "whole" / "scope.yaml") if isinstance(item, Claim)]
    changed = json.loads(json.dumps(content))
    section = data.draw(st.sampled_from(["targets", "owners", "aliases", "links"]))
    item = data.draw(st.sampled_from(changed[section]))
    item[data.draw(st.sampled_from(sorted(item)))] = data.draw(TREES)
    path = tmp_path / "scope.json"
    path.write_text(json.dumps(changed))

    found = read(path)

    counted = [entry for entry in found if isinstance(entry, Claim | Refused)]
    assert len(whole) == len(counted)
    assert sum(isinstance(entry, Refused) for entry in counted) <= 1 + len(changed[section])
