"""What reading let go of is the system's again."""

import ctypes
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nhigraph.app.given_back import give_back

_PAGES = Path("/proc/self/statm")


def _resident() -> int:
    """MiB of this process that are in memory."""
    return int(_PAGES.read_text().split()[1]) * 4096 >> 20


@pytest.mark.skipif(not _PAGES.exists(), reason="nothing here tells what is resident")
def test_memory_of_tables_that_are_gone_is_given_back() -> None:
    give_back()
    before = _resident()
    # Of many sizes, each below what an allocator would map for itself.
    tables = [pa.array(np.arange(size) % 7).cast(pa.string()) for size in range(1, 400_000, 2_000)]
    full = _resident()
    assert full > before + 100
    del tables
    give_back()
    assert _resident() < before + (full - before) // 4


def test_where_the_library_has_no_such_call_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    give_back()
    array = pa.array(["still", "there"])
    assert array.to_pylist() == ["still", "there"]
