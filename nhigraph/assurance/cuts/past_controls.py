"""Ways past every control that holds, with what makes a control fail as a part of the way.

A control of which a machine is an approver fails for everybody. Where the machine is one as a
member of a group, directly or nested, that ends with the membership, which can be taken away like
any other: a cut may as well make the control hold. So it is derived like all else: somebody at
every machine, each membership leads on to its group, and a group that approves defeats its gate.
What else makes a gate fail, no change mends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing, memberships
from nhigraph.assurance.walk import Ground
from nhigraph.records import dataclass
from nhigraph.trace.product import Closure, Product


@dataclass(frozen=True, slots=True)
class Ways:
    """The clauses that a cut is asked about.

    Attributes:
        reading: The clauses, as one closure reads them.
        always: States that every walker holds besides its own from the beginning.
        at: States beside those of the product that lie at a node, with it.
    """

    reading: Product
    always: tuple[int, ...] = ()
    at: Mapping[int, int] = field(default_factory=dict)


#: Source, yielded state and edge of a clause.
_Clause = tuple[int, int, int]


def ways_past_controls(ground: Ground) -> Ways:
    """The clauses of *open*; controls fail by a membership only as long as that stands."""
    product, estate = ground.product, ground.estate
    leaning = _leaning(estate, product)
    if not leaning:
        return Ways(ground.readings[Closure.OPEN])
    gates = [
        replace(gate, fails=gate.fails and number not in leaning)
        for number, gate in enumerate(product.gates)
    ]
    reading = replace(product, gates=gates).in_closure(Closure.OPEN)
    always = product.size
    there = {node: always + 1 + node for node in range(product.nodes)}
    found = [*_inside(estate, always, there)]
    for number in leaning:
        approved = product.gate_state(number)
        found += [(there[node], approved, -1) for node in ground.gates.approvers[number]]
    used = {state for source, end, _ in found for state in (source, end)}
    at = {state: node for node, state in there.items() if state in used}
    return Ways(_with(reading, found, always + product.nodes + 2), (always,), at)


def _leaning(estate: Estate, product: Product) -> list[int]:
    """Numbers of the gates that fail by memberships alone."""
    failing = [number for number, gate in enumerate(product.gates) if gate.fails]
    if not failing:
        return []
    bare = Weighing(estate, memberships=False)
    return [n for n in failing if not bare.spec(product.gates[n].key).fails]


def _inside(estate: Estate, always: int, there: Mapping[int, int]) -> Iterator[_Clause]:
    """Clauses by which machines are in groups."""
    machines = set()
    for edge, source, group in memberships(estate):
        yield there[source], there[group], edge
        if estate.nhi[source]:
            machines.add(source)
    for machine in sorted(machines):
        yield always, there[machine], -1


def _with(reading: Product, clauses: list[_Clause], size: int) -> Product:
    """A reading with some clauses more, of one input each."""
    src, dst, edge = np.array(clauses, dtype=np.int64).T
    none = np.full(len(clauses), -1, dtype=np.int64)
    last = np.full(len(clauses), reading.need_ptr[-1], dtype=np.int64)
    return replace(
        reading,
        size=size,
        src=np.concatenate([reading.src, src]),
        dst=np.concatenate([reading.dst, dst]),
        edge=np.concatenate([reading.edge, edge]),
        certain=np.concatenate([reading.certain, np.ones(len(clauses), dtype=bool)]),
        gate=np.concatenate([reading.gate, none]),
        need_ptr=np.concatenate([reading.need_ptr, last]),
    )
