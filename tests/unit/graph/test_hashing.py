"""Keys looked up by the million, in a compiled loop: the numbers are those of a dictionary."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nhigraph.graph import hashing, numbering


def _texts(rng: random.Random, many: int) -> list[str]:
    """Texts that differ in one byte, at any place, or in length alone; and the empty one."""
    found = {""}
    while len(found) < many:
        text = "".join(rng.choice("abé") for _ in range(rng.randrange(30)))
        found |= {text, text + "a", "a" + text, text[:-1] + "b"}
    return sorted(found)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("least", [0, 1 << 60], ids=["compiled", "by Arrow"])
def test_every_key_has_its_number(seed: int, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "COMPILE_FROM", least)
    rng = random.Random(seed)
    texts = _texts(rng, 5_000)
    known = sorted(rng.sample(texts, 3_000))
    number = {text: at for at, text in enumerate(known)}
    asked = [rng.choice([*texts[:50], rng.choice(texts), None]) for _ in range(4_000)]
    parts = [asked[:1], [], asked[1:1500], asked[1500:]]
    column = pa.chunked_array([pa.array(part, pa.large_string()) for part in parts])
    keys = pa.array(known, pa.large_string())
    expected = [-1 if text is None else number.get(text, -1) for text in asked]
    for cells in (column, column.slice(7)):
        (found,) = numbering.numbers([cells], keys)
        assert found.tolist() == expected[-len(cells) :]


def test_keys_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """All slots but one are taken by keys whose hash is the same as far as the table knows it."""
    keys = pa.array([f"key-{at}" for at in range(50)], pa.large_string())
    numbers = hashing.Numbers(keys)

    def same(offsets: object, data: object, first: int, last: int, found: object) -> None:
        found[:] = np.uint64(77)  # type: ignore[index] # an array

    loops = numbers._loops
    monkeypatch.setattr(numbers, "_loops", replace(loops, digests=same))
    numbers._slots[:] = 0
    loops.fill(np.full(50, 77, dtype=np.uint64), numbers._slots)
    asked = pa.array(["key-49", "key-0", "key-50", "", "key-17"], pa.large_string())
    found = np.empty(5, dtype=np.int32)
    numbers.of(asked, found)
    assert found.tolist() == [49, 0, -1, -1, 17]


def test_the_empty_text_may_be_the_only_key() -> None:
    found = np.empty(3, dtype=np.int32)
    asked = pa.array(["", "a", None], pa.large_string())
    hashing.Numbers(pa.array([""], pa.large_string())).of(asked, found)
    assert found.tolist() == [0, -1, -1]


def test_a_loop_compiled_once_is_found_by_the_next_process(tmp_path: Path) -> None:
    """What a loop calls must not change its key: else each process compiles anew, for a second."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DEBUG_CACHE": "1"}
    told = [
        subprocess.run(
            [sys.executable, "-c", "from nhigraph.graph import hash_loops"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert "data saved" in told[0]
    assert "data saved" not in told[1]
    assert told[1].count("data loaded") == told[0].count("data saved")


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("least", [0, 1 << 60], ids=["compiled", "sorted"])
@pytest.mark.parametrize("seed", range(4))
def test_adjacency_lists_targets_in_order(
    seed: int, least: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "COMPILE_FROM", least)
    monkeypatch.setattr(numbering, "THREADS", threads)
    rng = random.Random(seed)
    nodes = rng.choice([1, 2, 40])
    pairs = [(rng.randrange(nodes), rng.randrange(nodes)) for _ in range(rng.choice([0, 1, 300]))]
    src, dst = (np.array([pair[at] for pair in pairs], dtype=np.int32) for at in (0, 1))
    offsets, targets = numbering.adjacency(src, dst, nodes)
    for node in range(nodes):
        expected = sorted(target for source, target in pairs if source == node)
        assert targets[offsets[node] : offsets[node + 1]].tolist() == expected
    assert (offsets[0], offsets[-1], len(targets)) == (0, len(pairs), len(pairs))
