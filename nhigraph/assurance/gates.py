"""Gates: on which moves they stand, which fail for everybody or are unknown, what defeats them.

The six tests and the graph's own tests stand in FORMATS, *Gates*.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.facts import keys
from nhigraph.graph.coded import Coded
from nhigraph.graph.store import Cells, GateRecord, keys_in
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.controls import tests_of
from nhigraph.schema.types import GateKind, State
from nhigraph.trace.product import GateSpec, Masks, state_id

_AT = (State.CONTROL, State.ALTER, State.OMIT)
_LOG = (State.CONTROL, State.ALTER, State.OMIT, State.HALT)
_DECIDED = frozenset({GateKind.APPROVAL, GateKind.REVIEW})


@dataclass(frozen=True, slots=True)
class Gates:
    """Gates of an estate, compiled.

    Attributes:
        specs: One per gate that stands somewhere, by key.
        masks: What counts on the day, with the gate of every move of an edge.
        approvers: Per gate, the node ids of its living approvers.
    """

    specs: tuple[GateSpec, ...]
    masks: Masks
    approvers: tuple[tuple[int, ...], ...]


def compile_gates(estate: Estate) -> Gates:
    """Compile every gate that stands on some move of an edge."""
    stands = standing_on(estate)
    columns = {id(column): column for column in stands.values()}
    coded = {at: Coded.of(column) for at, column in columns.items()}
    names = sorted({name for column in coded.values() for name in column.words} - {""})
    number = {name: at for at, name in enumerate(names)} | {"": -1}
    numbered = {
        at: np.array([number[name] for name in column.words], dtype=np.int64)[column.codes]
        for at, column in coded.items()
    }
    weighing = Weighing(estate)
    masks = Masks(
        estate.alive,
        estate.in_force,
        {state: numbered[id(column)] for state, column in stands.items()},
    )
    return Gates(
        tuple(weighing.spec(name) for name in names),
        masks,
        tuple(tuple(weighing.known_approvers(name)) for name in names),
    )


def standing_on(estate: Estate) -> Mapping[State, Cells]:
    """Per state that an edge may yield, edge to the key of the gate before it; empty for none.

    A gate that an edge names stands before everything that the edge gives. The recovery of a
    target stands before HALT alone: a restore brings back what was stopped or lost, and shows
    neither what was altered nor which rows never came. A gate of the edge's own goes before.
    """
    named = estate.graph.edges["gate"].to_numpy(dtype=object)
    recovered = _recovered(estate)
    # The same column where nothing is recovered: there may be millions of edges.
    before_halt = named.copy() if recovered else named
    ends = estate.graph.edges["dst"].to_numpy()
    supports = np.flatnonzero(estate.graph.edge_kind.isin([kinds.SUPPORTS.label]))
    for edge in supports[np.isin(ends[supports], list(recovered))].tolist():
        if named[edge] == "":
            before_halt[edge] = recovered[int(ends[edge])]
    return {state: before_halt if state is State.HALT else named for state in State}


def _recovered(estate: Estate) -> dict[int, str]:
    """Targets whose recovery is tested, and its key."""
    tested = (t.key for t in estate.targets if t.recoverable == "tested")
    nodes = ((estate.graph.node_id(key), keys.Recovery(key).text) for key in tested)
    return {node: key for node, key in nodes if node is not None}


class Weighing:
    """Answers to the tests of gates, by the records and by what the graph itself shows.

    Attributes:
        estate: What is judged.
    """

    def __init__(self, estate: Estate, *, memberships: bool = True) -> None:
        """Find the groups that count as machines; none without memberships."""
        self.estate = estate
        self._machine_groups = _machine_groups(estate) if memberships else set()

    def known_approvers(self, key: str) -> list[int]:
        """Approvers that are known; one that is inactive on the day counts as no known node."""
        record = self.estate.graph.gate_records.get(key)
        named = record.approvers if record is not None else ()
        found = (self.estate.graph.node_id(approver) for approver in named)
        return [node for node in found if node is not None and self.estate.alive[node]]

    def tests(self, key: str) -> dict[str, bool | None]:
        """The answer to each test of a gate, None where it is not told.

        What the graph shows goes before what is claimed: a machine that approves is no person,
        and whether somebody unknown is one cannot be told. Whoever can cancel or restore may be a
        machine; where they are unknown, whether they are out of reach is.
        """
        return self._tests(key, self.estate.graph.gate_records.get(key))

    def _tests(self, key: str, record: GateRecord | None) -> dict[str, bool | None]:
        if key in self.estate.down:
            return dict.fromkeys(tests_of(record.kind if record else ""), False)
        if record is None:
            return dict.fromkeys(tests_of(""))
        found: dict[str, bool | None] = {t: record.tests.get(t) for t in tests_of(record.kind)}
        known = self.known_approvers(key)
        asked = "out_of_reach" if record.kind == GateKind.RECOVERY else "human"
        if record.kind != GateKind.RECOVERY and self._any_machine(known):
            found[asked] = False
        elif found[asked] and (len(known) < len(record.approvers) or _undecided(record)):
            found[asked] = None
        return found

    def spec(self, key: str) -> GateSpec:
        """A gate, compiled; one that nobody declares is unknown."""
        return self.spec_of(key, self.estate.graph.gate_records.get(key))

    def spec_of(self, key: str, record: GateRecord | None) -> GateSpec:
        """The same, if a record of the estate told this of its tests."""
        answers = self._tests(key, record).values()
        control = [state_id(node, State.CONTROL) for node in self.known_approvers(key)]
        recovery = record is not None and record.kind == GateKind.RECOVERY
        return GateSpec(
            key,
            fails=False in answers,
            unknown=None in answers,
            defeats=tuple(sorted({*control, *self._kept(record)})),
            approvals=() if recovery else tuple(control),
        )

    def _kept(self, record: GateRecord | None) -> Iterable[int]:
        """States at the nodes that enforce a rule and keep its decisions, which defeat it."""
        places = ((record.at, _AT), (record.log, _LOG)) if record is not None else ()
        for key, states in places:
            for node in map(self.estate.graph.node_id, keys_in(key)):
                if node is not None:
                    yield from (state_id(node, state) for state in states)

    def _any_machine(self, nodes: Iterable[int]) -> bool:
        return any(self.estate.nhi[node] or node in self._machine_groups for node in nodes)


def _undecided(record: GateRecord) -> bool:
    """Nobody is named who decides what only people can decide."""
    return record.kind in _DECIDED and not record.approvers


def memberships(estate: Estate) -> Iterator[tuple[int, int, int]]:
    """Edges in force by which somebody is in a group, with both ends."""
    graph = estate.graph
    kind = graph.edges["kind"].to_numpy(dtype=object)
    rows = np.flatnonzero((kind == kinds.MEMBER_OF.label) & estate.in_force)
    is_group = graph.of_kind({kinds.GROUP.label})
    ends = (graph.edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
    for row, source, group in zip(rows.tolist(), *ends, strict=True):
        if is_group[group]:
            yield row, source, group


def _machine_groups(estate: Estate) -> set[int]:
    """Groups with an NHI member, directly or nested."""
    members: dict[int, list[int]] = {}
    for _, source, group in memberships(estate):
        members.setdefault(source, []).append(group)
    waiting = [node for node in members if estate.nhi[node]]
    found: set[int] = set()
    while waiting:
        for group in members.get(waiting.pop(), ()):
            if group not in found:
                found.add(group)
                waiting.append(group)
    return found
