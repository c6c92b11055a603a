"""Gates: which fail for everybody, which are unknown, and what defeats each of them.

The six tests and the graph's own tests stand in FORMATS, *Gates*.
"""

from dataclasses import dataclass

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.graph.store import GateRecord, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import GateKind, State
from nhigraph.trace.product import GateSpec, Masks, state_id

TESTS = (
    "human",
    "enforced_by_target",
    "out_of_reach",
    "content_bound",
    "no_auto_threshold",
    "log_out_of_reach",
)
RECOVERY_TESTS = ("restorable", "tested", "out_of_reach")

_AT = (State.CONTROL, State.ALTER, State.OMIT)
_LOG = (State.CONTROL, State.ALTER, State.OMIT, State.HALT)


@dataclass(frozen=True, slots=True)
class Gates:
    """Gates of an estate, compiled.

    Attributes:
        specs: One per gate that an edge names, then one that always holds.
        names: Their keys, in the same order; the last has none.
        masks: What counts on the day, with the gate of every edge.
        approvers: Per gate, the node ids of its living approvers.
    """

    specs: tuple[GateSpec, ...]
    names: tuple[str, ...]
    masks: Masks
    approvers: tuple[tuple[int, ...], ...]


def compile_gates(estate: Estate) -> Gates:
    """Compile every gate that some edge names."""
    graph = estate.graph
    cells = graph.edges["gate"].to_numpy(dtype=object)
    names = sorted(set(cells.tolist()) - {""})
    number = {name: i for i, name in enumerate(names)}
    number[""] = -1
    gate = np.array([number[cell] for cell in cells], dtype=np.int64)
    machines = _machine_groups(estate)
    specs, approvers = [], []
    for name in names:
        record = graph.gate_records.get(name)
        known = _approvers(estate, record) if record else []
        approvers.append(tuple(known))
        specs.append(
            _compile(estate, record, known, machines)
            if record
            else GateSpec(fails=False, unknown=True)
        )
    always = len(specs)
    specs.append(GateSpec(fails=False, unknown=False))
    masks = Masks(estate.alive, estate.in_force, gate, _halt_gates(estate, always))
    return Gates(tuple(specs), (*names, ""), masks, (*approvers, ()))


def _approvers(estate: Estate, record: GateRecord) -> list[int]:
    """Known approvers; one that is inactive on the day counts as no known node."""
    found = (estate.graph.node_id(key) for key in record.approvers)
    return [node for node in found if node is not None and estate.alive[node]]


def _compile(
    estate: Estate, record: GateRecord, known: list[int], machine_groups: set[int]
) -> GateSpec:
    recovery = record.kind == GateKind.RECOVERY
    answers = [record.tests.get(name) for name in (RECOVERY_TESTS if recovery else TESTS)]
    # A recovery's approvers are those who can cancel or restore, and may be machines.
    machine = not recovery and any(estate.nhi[node] or node in machine_groups for node in known)
    nobody = record.kind in {GateKind.APPROVAL, GateKind.REVIEW} and not record.approvers
    unknown = None in answers or len(known) < len(record.approvers) or nobody
    control = [state_id(node, State.CONTROL) for node in known]
    defeats = list(control)
    for key, states in ((record.at, _AT), (record.log, _LOG)):
        node = estate.graph.node_id(key) if key else None
        if node is not None:
            defeats += [state_id(node, state) for state in states]
    return GateSpec(
        fails=False in answers or machine,
        unknown=unknown,
        defeats=tuple(sorted(set(defeats))),
        approvals=() if recovery else tuple(control),
    )


def _machine_groups(estate: Estate) -> set[int]:
    """Groups with an NHI member, directly or nested."""
    graph = estate.graph
    kind = graph.edges["kind"].to_numpy(dtype=object)
    rows = np.flatnonzero((kind == kinds.MEMBER_OF.label) & estate.in_force)
    members: dict[int, list[int]] = {}
    sources, groups = (graph.edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
    for source, group in zip(sources, groups, strict=True):
        members.setdefault(source, []).append(group)
    waiting = [node for node in members if estate.nhi[node]]
    found: set[int] = set()
    while waiting:
        for group in members.get(waiting.pop(), ()):
            if graph.kind_list[group] == kinds.GROUP.label and group not in found:
                found.add(group)
                waiting.append(group)
    return found


def _halt_gates(estate: Estate, always: int) -> Ints:
    """A target whose recovery is tested gates HALT, and HALT alone."""
    graph = estate.graph
    gated = np.full(len(graph.edges), -1, dtype=np.int64)
    tested = [t.key for t in estate.targets if t.recoverable == "tested"]
    ends = [node for node in map(graph.node_id, tested) if node is not None]
    kind = graph.edges["kind"].to_numpy(dtype=object)
    is_support = kind == kinds.SUPPORTS.label
    gated[is_support & np.isin(graph.edges["dst"].to_numpy(), ends)] = always
    return gated
