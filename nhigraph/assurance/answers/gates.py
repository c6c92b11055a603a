"""Gates of which no document tells whether they stand, and answers that do."""

from collections.abc import Iterator

from nhigraph.assurance.answers.given import Given
from nhigraph.assurance.answers.said import Against, OfGate, Outcome, Said
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Gate, Node
from nhigraph.facts.keys import forge
from nhigraph.graph.store import GateRecord, Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import GateKind, Origin

_STANDS, _PERSON = "enforced_by_target", "human"


def tests(graph: Graph, one: Given) -> Iterator[Said]:
    """What an answer says of one test of a gate, or of those who decide at it."""
    key = keys.canonical(str(one.body["gate"]))
    record = graph.gate_records.get(key)
    if record is None and key not in graph.named_gates:
        return
    if "approvers" in one.body:
        yield from _approvers(graph, one, key, record)
        return
    test, answer = str(one.body["test"]), one.body["is"]
    told = record.tests.get(test) if record is not None else None
    if told is not None:
        if told is not answer:
            yield Against(f"a document answers {test} with {'no' if answer else 'yes'}")
        return
    kind = GateKind(record.kind) if record is not None else kind_of(key)
    made = Gate(key, kind, one.evidence, tests={test: answer})
    yield OfGate(key, test), Outcome(answer, (made,))


def _approvers(graph: Graph, one: Given, key: str, record: GateRecord | None) -> Iterator[Said]:
    """Who decides; an account that no input describes is a person's, on the scope's word."""
    kind = GateKind(record.kind) if record is not None else kind_of(key)
    named = tuple(keys.canonical(str(name)) for name in one.body["approvers"])
    told = record.tests.get(_PERSON) if record is not None else None
    shown = record.approvers if record is not None else ()
    if shown:
        if set(named) != set(shown):
            yield Against(f"a document shows that {', '.join(shown)} decide")
        return
    made: list[Fact] = []
    for name in named:
        if graph.node_id(name) is not None:
            continue
        if not keys.is_account(name):
            problem = f"no input describes {name}, who is said to decide"
            yield Against(problem, "correct the key, or give the export that describes it")
            return
        made.append(Node(kinds.USER, name, one.evidence, nhi=False, origin=Origin.SCOPE))
    if not named and told is True:
        yield Against(f"a document answers {_PERSON} with yes")
        return
    tests = {} if named else {_PERSON: False}
    gate = Gate(key, kind, one.evidence, approvers=named, tests=tests)
    yield OfGate(key, "approvers"), Outcome(named, (*made, gate))


def branches(graph: Graph, one: Given, nodes: set[int]) -> Iterator[Said]:
    """What an answer says of the rules before the branches of repositories."""
    selected = {graph.key_list[node] for node in nodes}
    stands = one.body["is"] != "none"
    for key in sorted(graph.named_gates):
        rule = forge.BranchProtection.parse(key)
        if rule is None or rule.repository.text not in selected:
            continue
        record = graph.gate_records.get(key)
        told = record.tests.get(_STANDS) if record is not None else None
        if told is not None and told is not stands:
            what = "no rule" if stands else "a rule"
            yield Against(f"a document shows {what} before branch {rule.branch}")
        elif told is None:
            made = Gate(key, GateKind.REVIEW, one.evidence, tests={_STANDS: stands})
            yield OfGate(key, _STANDS), Outcome(stands, (made,))


def kind_of(key: str) -> GateKind:
    """What kind of control a gate is that only its key tells of; a control, if that does not."""
    form = keys.parse(key)
    if isinstance(form, forge.BranchProtection):
        return GateKind.REVIEW
    is_approval = isinstance(form, forge.EnvironmentProtection)
    return GateKind.APPROVAL if is_approval else GateKind.CONTROL
