"""Answers that are walked on from one walk: which changes allow it, and which do not."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.app.build import run_build
from nhigraph.app.judged import of_stored, opened
from nhigraph.assurance.diff.mixed import Mixed, Stored
from nhigraph.assurance.diff.relevant import Relevance
from nhigraph.assurance.diff.told import told
from nhigraph.assurance.diff.walks import Walks

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:bot"}
  - {kind: Secret, key: "acme:key", props: {rotated: 2020-01-01}}
  - {kind: User, key: "acme:ann"}
  - {kind: Dataset, key: "acme:gl"}
  - {kind: Dataset, key: "acme:raw"}
edges:
  - {kind: FEEDS, from: "acme:raw", to: "acme:gl"}
%s
gates:
  - {key: "acme:gate", kind: approval, approvers: ["acme:ann"], tests: {human: true, %s}}
"""
WRITE = '  - {kind: CAN_WRITE, from: "acme:bot", to: "acme:gl"}'
LOGIN = '  - {kind: AUTHENTICATES_AS, from: "acme:key", to: "acme:bot"}'
GATED = '  - {kind: CAN_WRITE, from: "acme:bot", to: "acme:gl", gate: "acme:gate"}'
NEW = '  - {kind: CAN_WRITE, from: "acme:bot", to: "acme:new"}'
TESTED = "enforced_by_target: true"
SCOPE: dict[str, Any] = {
    "nhigraph": "scope/1",
    "commitments": ["S"],
    "as_of": "2026-11-23",
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "acme:gl"}],
        }
    ],
}
LINK = {"kind": "CAN_WRITE", "from": "acme:bot", "to": "acme:gl"}
LINKED = {"links": [LINK]}
CONFIRMED = {"links": [{**LINK, "confirmed_by": "ops"}]}
OPENS = {"answers": [{"secret": {"key": "acme:key"}, "opens": "acme:bot"}]}
GATE = {"answers": [{"gate": "acme:gate", "test": "content_bound", "is": False}]}

#: Edges and tests of both sides, what the scope says besides, and whether they are walked on.
CASES: dict[str, tuple[str, str, str, str, dict[str, Any], bool]] = {
    "an edge goes": (WRITE, TESTED, "", TESTED, {}, True),
    "an edge comes": ("", TESTED, WRITE, TESTED, {}, True),
    "an edge gets a control": (WRITE, TESTED, GATED, TESTED, {}, True),
    "a login goes": (f"{WRITE}\n{LOGIN}", TESTED, WRITE, TESTED, {}, True),
    "a test is answered": (GATED, "", GATED, TESTED, {}, True),
    "a test is no longer answered": (GATED, TESTED, GATED, "", {}, True),
    "an edge and a test": (GATED, "", f"{WRITE}\n{GATED}", TESTED, {}, True),
    "a link assumes so, too": (WRITE, TESTED, "", TESTED, LINKED, True),
    # The scope's own edge is the document's, and stays when that one goes.
    "a link says so, too": (WRITE, TESTED, "", TESTED, CONFIRMED, False),
    # A document's word stands against the answer, and is no longer there.
    "an answer about a login": (f"{WRITE}\n{LOGIN}", TESTED, WRITE, TESTED, OPENS, False),
    # The answer counts where no document answers.
    "an answer about a control": (GATED, "content_bound: true", GATED, "", GATE, False),
    "an edge brings its node": ("", TESTED, NEW, TESTED, {}, False),
}


@pytest.mark.parametrize("case", CASES)
def test_answers_are_those_of_the_estate_that_is_made(case: str, tmp_path: Path) -> None:
    before, first, after, second, scope, walked_on = CASES[case]
    new = 'nodes:\n  - {kind: Dataset, key: "acme:new"}' if "acme:new" in after else ""
    sides = []
    for name, edges, tests, more in (("a", before, first, ""), ("b", after, second, new)):
        text = FACTS % (edges, tests)
        (tmp_path / name).mkdir()
        text = text.replace("nodes:", more) if more else text
        (tmp_path / name / "x.facts.yaml").write_text(text)
        (tmp_path / name / "scope.yaml").write_text(yaml.safe_dump({**SCOPE, **scope}))
        run_build([tmp_path / name], tmp_path / f"{name}-out")
        stored = opened(tmp_path / f"{name}-out")
        sides.append((stored, of_stored(stored, option=None, include_disabled=False)))
    mixed = Mixed(*(Stored(one.graph, one.claims, it.estate.day) for one, it in sides))
    relevance = Relevance(mixed, *(it.estate for _, it in sides))
    assert mixed.atoms
    walks, bot = Walks(mixed, ["acme:bot"], relevance.common, None), ["acme:bot"]
    every = frozenset(range(len(mixed.atoms)))
    # What makes another estate is walked once it is asked about again.
    assert (walks.told(every, bot) is not None) is walked_on
    for changes in (frozenset[int](), every):
        found = walks.told(changes, bot)
        assert found is None or found == told(mixed.estate(changes), bot)
