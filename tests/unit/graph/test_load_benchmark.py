"""The benchmark of loading: every way makes the arrays that a dictionary makes."""

from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from benchmarks.load import WAYS, Csr, write

#: The others are measured where they are installed, and nothing needs them.
INSTALLED = ("nhigraph", "pyarrow, index_in")


def _by_hand(folder: Path) -> Csr:
    """Numbers of nodes in the order of their keys, offsets by source, targets sorted in each."""
    keys = sorted(parquet.read_table(folder / "estate.nodes.parquet")["key"].to_pylist())
    number = {key: at for at, key in enumerate(keys)}
    table = parquet.read_table(folder / "estate.edges.parquet")
    ends = zip(table["from"].to_pylist(), table["to"].to_pylist(), strict=True)
    pairs = sorted((number[source], number[target]) for source, target in ends)
    counts = np.bincount([source for source, _ in pairs], minlength=len(keys))
    return np.concatenate([[0], np.cumsum(counts)]), np.array([target for _, target in pairs])


@pytest.mark.parametrize("edges", [30, 20_000])
@pytest.mark.parametrize("way", INSTALLED)
def test_a_small_load_makes_the_arrays_that_a_dictionary_makes(
    way: str, edges: int, tmp_path: Path
) -> None:
    write(tmp_path, edges)
    ptr, idx = WAYS[way](tmp_path)
    expected_ptr, expected_idx = _by_hand(tmp_path)
    assert len(idx) > edges // 10
    assert ptr.tolist() == expected_ptr.tolist()
    assert idx.tolist() == expected_idx.tolist()
