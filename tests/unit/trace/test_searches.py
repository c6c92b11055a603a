"""What lists or compiled loops find in a graph is what scipy finds in it, number by number."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from nhigraph.trace import kernels, searches
from tests.unit.trace.walked import walked

#: How long a case takes hangs on who else computes here.
_BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray]:
    """Few nodes, arcs that repeat and lead to themselves among them."""
    count = draw(st.integers(1, 12))
    arcs = np.array(draw(st.lists(st.integers(0, count * count - 1), max_size=40)), dtype=np.int64)
    return count, arcs // count, arcs % count


@pytest.fixture(params=["lists", "compiled", "scipy"])
def _any(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "_small", lambda _: request.param == "lists")
    monkeypatch.setattr(kernels, "available", lambda: request.param == "compiled")
    if request.param == "compiled":  # now, not within the time of a single case
        node = np.zeros(1, dtype=np.int64)
        searches.components(1, node, node)
        searches.reached(1, node, node, node)


def _of_scipy(count: int, source: np.ndarray, target: np.ndarray) -> list[int]:
    arcs = (np.ones(len(source)), (source, target))
    matrix = sparse.csr_array(arcs, shape=(count, count))
    return list(csgraph.connected_components(matrix, connection="strong")[1].tolist())


def _reached(count: int, arcs: set[tuple[int, int]], starts: set[int]) -> list[bool]:
    """The plainest search there is: all arcs again, until none says more."""
    found = set(starts)
    while more := {other for one, other in arcs if one in found} - found:
        found |= more
    return [node in found for node in range(count)]


@pytest.mark.usefixtures("_any")
class TestAll:
    """Lists, compiled loops, and scipy."""

    @_BUSY
    @given(_graphs())
    def test_components_are_numbered_as_scipy_numbers_them(
        self, graph: tuple[int, np.ndarray, np.ndarray]
    ) -> None:
        count, source, target = graph
        assert searches.components(count, source, target).tolist() == _of_scipy(*graph)

    @_BUSY
    @given(_graphs())
    def test_components_of_rows_are_numbered_by_the_order_of_arcs(
        self, graph: tuple[int, np.ndarray, np.ndarray]
    ) -> None:
        """Told once each, none from a node to itself: what repeats, scipy may walk for ever."""
        count, source, target = graph
        once = list(dict.fromkeys(zip(source.tolist(), target.tolist(), strict=True)))
        ends = np.array([arc for arc in once if arc[0] != arc[1]], dtype=np.int64).reshape(-1, 2)
        source, target = ends[:, 0], ends[:, 1]
        by_source = np.argsort(source, kind="stable")
        ptr = np.searchsorted(source[by_source], np.arange(count + 1))
        idx = target[by_source].astype(np.int32)
        matrix = sparse.csr_array((np.ones(len(idx)), idx, ptr), shape=(count, count))
        _, told = csgraph.connected_components(matrix, connection="strong")
        assert searches.components_of(ptr, idx).tolist() == told.tolist()

    @_BUSY
    @given(_graphs(), st.sets(st.integers(0, 11)))
    def test_what_arcs_lead_to_is_reached(
        self, graph: tuple[int, np.ndarray, np.ndarray], starts: set[int]
    ) -> None:
        count, source, target = graph
        begun = {start for start in starts if start < count}
        found = searches.reached(count, source, target, np.array(sorted(begun), dtype=np.int64))
        arcs = set(zip(source.tolist(), target.tolist(), strict=True))
        assert found.tolist() == _reached(count, arcs, begun)

    @pytest.mark.parametrize("many", [1, 255, 256, 257, 512])
    def test_an_arc_that_repeats_is_an_arc(self, many: int) -> None:
        """Ones of eight bits come to nothing where 256 of them are added up."""
        source, target = np.zeros(many, dtype=np.int64), np.ones(many, dtype=np.int64)
        start = np.zeros(1, dtype=np.int64)
        assert searches.reached(2, source, target, start).tolist() == [True, True]
        assert searches.components(2, source, target).tolist() == [1, 0]

    @pytest.mark.parametrize("many", [1, 255, 256, 512])
    def test_a_right_leads_on_with_however_many_needs(self, many: int) -> None:
        """Whoever has the keys has to come to the right as well, by a clause that must stay."""
        keys = [f"key:k{number}" for number in range(many)]
        rights = [f"bot:a CAN_WRITE data:d needs=READ@{key}" for key in keys]
        held = [f"bot:b CAN_READ {key}" for key in keys]
        product = walked([*rights, *held, "bot:b CAN_ASSUME bot:a"], "bot:b").product
        goals = np.unique(product.dst[np.diff(product.need_ptr) > 0])
        assert product.leading_to(goals).clauses == product.clauses
