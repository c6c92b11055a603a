"""Several records of one gate: approvers add up, and so does every doubt."""

from dataclasses import replace
from typing import Any

import pytest

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gate, Node
from nhigraph.graph.build import build, combine
from nhigraph.graph.store import GateRecord, keys_in
from nhigraph.schema import kinds
from nhigraph.schema.types import GateKind

TESTS = dict.fromkeys(("human", "out_of_reach", "log_out_of_reach"), True)


def _gate(number: int, **fields: Any) -> Gate:  # noqa: ANN401 - fields of a gate
    place = Evidence(f"f{number}.yaml", f"/gates/{number}", str(number) * 64)
    return Gate("acme:je", GateKind.APPROVAL, place, **fields)


def _merged(*gates: Gate) -> tuple[GateRecord, list[str]]:
    """The gate, the same whichever record comes first, together or one by one; and the lines."""
    built = build(gates)
    lines = [line for tally in built.tallies.values() for _, line in tally.conflicts]
    record = built.graph.gate_records["acme:je"]
    assert build(gates[::-1]).graph.gate_records["acme:je"] == record
    alone = [build([gate]).graph for gate in gates]
    for parts in (alone, alone[::-1], [*alone, *alone]):
        graph = parts[0]
        for part in parts[1:]:
            graph = combine(graph, part)
        assert graph.gate_records["acme:je"] == record
    return record, lines


def test_approvers_of_all_records_count() -> None:
    record, lines = _merged(_gate(1, approvers=("a",)), _gate(2, approvers=("b", "a")))
    assert record.approvers == ("a", "b")
    assert lines == []


def test_a_test_that_one_record_denies_is_false_whichever_comes_last() -> None:
    record, lines = _merged(_gate(1, tests={"human": False}), _gate(2, tests={"human": True}))
    assert record.tests == {"human": False}
    assert lines == ["acme:je: records of the gate disagree on human"]


def test_a_test_that_one_record_leaves_out_is_what_the_other_says() -> None:
    record, lines = _merged(_gate(1, tests={"human": True}), _gate(2))
    assert record.tests == {"human": True}
    assert lines == []


def _of_kind(kind: GateKind, number: int, **tests: bool | None) -> Gate:
    return replace(_gate(number, tests=tests), kind=kind)


@pytest.mark.parametrize("said", [True, False])
def test_a_record_answers_the_tests_of_its_own_kind(said: bool) -> None:
    """What a recovery says of a person's approval is not asked, and no doubt of one either."""
    recovery = _of_kind(GateKind.RECOVERY, 1, human=said, out_of_reach=True)
    approval = _of_kind(GateKind.APPROVAL, 2, human=not said, restorable=False)
    record, lines = _merged(recovery, approval, _of_kind(GateKind.RECOVERY, 3, human=said))
    assert record.kind == "approval"
    assert record.tests == {"human": not said, "out_of_reach": True}
    assert lines == ["acme:je: records of the gate disagree on kind"]


def test_what_could_not_be_read_stays_unknown_whatever_its_kind() -> None:
    unread = _of_kind(GateKind.UNKNOWN, 1, human=None, restorable=None)
    recovery = _of_kind(GateKind.RECOVERY, 2, human=False, restorable=True)
    record, _ = _merged(unread, recovery, _of_kind(GateKind.REVIEW, 3, human=True))
    assert record.tests == {}


@pytest.mark.parametrize("field", ["at", "log"])
def test_a_gate_at_two_places_is_defeated_at_either(field: str) -> None:
    record, lines = _merged(
        _gate(1, tests=TESTS, **{field: "x"}), _gate(2, tests=TESTS, **{field: "y"})
    )
    assert set(keys_in(getattr(record, field))) >= {"x", "y"}
    assert record.tests == TESTS
    assert lines == [f"acme:je: records of the gate disagree on {field}"]


def test_what_a_record_could_not_say_is_claimed_by_no_other() -> None:
    """None stays: such is what is left of a record that could not be read."""
    record, _ = _merged(_gate(1, tests=TESTS), _gate(2, tests={"human": None}))
    assert set(TESTS) - set(record.tests) == {"human"}


def test_a_denied_test_stays_denied_at_two_places() -> None:
    tests = {**TESTS, "out_of_reach": False}
    record, _ = _merged(_gate(1, tests=tests, at="x"), _gate(2, tests=TESTS, at="y"))
    assert record.tests["out_of_reach"] is False


def _untested(*facts: Gate | Node) -> list[tuple[str, str, str]]:
    """Artifact, pointer and line of each place that a gate is kept at and nothing describes."""
    tallies = build(facts).tallies
    assert build(facts[::-1]).tallies == tallies
    return sorted((name, *line) for name, tally in tallies.items() for line in tally.untested)


def test_a_place_that_no_input_describes_is_told_with_the_gate() -> None:
    """It is a slip of the pen as a rule, and a gate that nobody can be found to defeat."""
    place = Evidence("nodes.yaml", "/nodes/0", "9" * 64)
    branch = Node(kinds.BRANCH, "acme:main", place)
    gates = _gate(1, at="acme:main", log="acme:lgo"), _gate(2, at="acme:mian"), _gate(3)
    log = "acme:je: no input describes acme:lgo, which keeps its decisions"
    rule = "acme:je: no input describes acme:mian, which enforces it"
    rest = ": who controls it is not tested"
    told = [("f1.yaml", "/gates/1", log + rest), ("f2.yaml", "/gates/2", rule + rest)]
    assert _untested(branch, *gates) == told
    both = "acme:je: no input describes acme:main, which enforces it"
    assert ("f1.yaml", "/gates/1", both + rest) in _untested(*gates)
    assert _untested(branch, _gate(1, at="acme:main", log="acme:main"), _gate(2)) == []
