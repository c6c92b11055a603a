"""The order in which states can be settled: strongly connected components, sources first."""

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.product import Product
from nhigraph.trace.searches import components
from nhigraph.trace.sets import AnyInts


@dataclass(frozen=True, slots=True)
class Order:
    """States in an order in which whatever they rest on comes before them.

    Attributes:
        states: All states that some clause touches, component by component.
        component: Component number of every state.
        out_ptr: Offsets into ``out_idx`` by state.
        out_idx: Clauses that a state is an input of.
    """

    states: Ints
    component: Ints
    out_ptr: Ints
    out_idx: Ints


def settle(product: Product) -> Order:
    """Order the states of a product; valid for every subset of its clauses too."""
    source, target, clause = product.arcs()
    component = sinks_first(components(product.size, source, target), source, target)
    rank = -component
    touched = distinct(np.concatenate([source, target]))
    states = touched[np.lexsort([touched, rank[touched]])]
    by_source = np.argsort(source, kind="stable")
    out_ptr = np.searchsorted(source[by_source], np.arange(product.size + 1)).astype(np.int64)
    return Order(states, component, out_ptr, clause[by_source])


def sinks_first(component: Ints, source: AnyInts, target: AnyInts) -> Ints:
    """Strongly connected components numbered so that none leads to one of a greater number.

    Args:
        component: Component of every state, in some numbering.
        source: State that each arc leaves.
        target: State that it leads to.
    """
    # Tarjan numbers a component after all it leads to. scipy does not promise that, so it is
    # checked, and sorted out where it does not hold.
    if bool(np.all(component[source] >= component[target])):
        return component
    return _topological(component, source, target)


def _topological(component: Ints, source: AnyInts, target: AnyInts) -> Ints:
    """The same components, numbered by Kahn's algorithm on the condensation."""
    a, b = component[source], component[target]
    pairs = np.unique(np.stack([a[a != b], b[a != b]], axis=1), axis=0)
    count = int(component.max()) + 1
    waiting = np.bincount(pairs[:, 1], minlength=count)
    start = np.searchsorted(pairs[:, 0], np.arange(count + 1))
    ready = np.flatnonzero(waiting == 0).tolist()
    rank = np.zeros(count, dtype=np.int64)
    number = count
    while ready:
        current = ready.pop()
        number -= 1
        rank[current] = number
        for follower in pairs[start[current] : start[current + 1], 1].tolist():
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return rank[component]
