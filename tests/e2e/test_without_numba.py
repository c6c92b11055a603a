"""numba is an extra: without it the loops over lists do the work of every size."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.trace import kernels, lanes, paths, ways
from tests.e2e.command import contents, inside
from tests.sample import ARGUMENTS

pytestmark = pytest.mark.xdist_group("ledgerline")


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every graph counts as large, and numba cannot be imported."""
    for module, name in (
        (lanes, "COMPILE_FROM"),
        (paths, "COMPILE_AFTER"),
        (ways, "COMPILE_AFTER"),
    ):
        monkeypatch.setattr(module, name, 0)
    monkeypatch.setitem(sys.modules, "numba", None)
    kernels.available.cache_clear()
    kernels.load.cache_clear()
    yield
    kernels.available.cache_clear()


@pytest.mark.usefixtures("without_numba")
def test_every_output_is_the_same_to_the_byte(out: Path, tmp_path: Path) -> None:
    with pytest.raises(ImportError):
        kernels.load()
    ran = inside("assess", *ARGUMENTS, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert contents(tmp_path / "out") == contents(out)
