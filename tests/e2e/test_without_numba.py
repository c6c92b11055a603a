"""numba is an extra: without it the loops over lists do the work of every size."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.assurance import reached
from nhigraph.graph import hashing, numbering
from nhigraph.trace import dag_kernels, kernels, lanes, trees, ways
from tests.e2e.command import contents, inside, rows
from tests.sample import ARGUMENTS

pytestmark = pytest.mark.xdist_group("ledgerline")

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:writer"}
  - {kind: Grant, key: "acme:grant"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.gl"}
edges:
  - {kind: HOLDS, from: "acme:writer", to: "acme:grant"}
  - {kind: CAN_WRITE, from: "acme:writer", to: "dataset:postgres:erp.fin.gl",
     needs: [{at: "acme:grant", state: CONTROL}]}
"""
SCOPE = """
nhigraph: scope/1
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
     select: [{key: "dataset:postgres:erp.fin.gl"}]}
"""


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every graph counts as large, and numba cannot be imported."""
    for module, name in (
        (lanes, "COMPILE_FROM"),
        (trees, "COMPILE_AFTER"),
        (ways, "COMPILE_AFTER"),
        (dag_kernels, "COMPILE_FROM"),
        (reached, "TURN_FROM"),
        (numbering, "COMPILE_FROM"),
    ):
        monkeypatch.setattr(module, name, 0)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "nhigraph.graph.hash_loops", raising=False)
    for known in (kernels.available, kernels.load, hashing.loops):
        known.cache_clear()
    yield
    for known in (kernels.available, hashing.loops):
        known.cache_clear()


@pytest.mark.usefixtures("without_numba")
def test_what_counts_as_large_is_judged_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "acme.facts.yaml").write_text(FACTS)
    (tmp_path / "scope.yaml").write_text(SCOPE)
    with pytest.raises(ImportError):
        kernels.load()
    assert hashing.loops() is None
    ran = inside("assess", ".", "--out", "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    (row,) = rows(tmp_path / "out" / "identities.csv")
    assert (row["soc1"], row["exposure"]) == ("direct", "open")


@pytest.mark.nightly
@pytest.mark.usefixtures("without_numba")
def test_every_output_is_the_same_to_the_byte(out: Path, tmp_path: Path) -> None:
    ran = inside("assess", *ARGUMENTS, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert contents(tmp_path / "out") == contents(out)
