"""Keys looked up by the million, in a compiled loop: the numbers are those of a dictionary."""

import random

import numpy as np
import pyarrow as pa
import pytest

from nhigraph.graph import bulk, hashing


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
    monkeypatch.setattr(bulk, "COMPILE_FROM", least)
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
        (found,) = bulk.numbers([cells], keys)
        assert found.tolist() == expected[-len(cells) :]


def test_keys_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """All slots but one are taken by keys whose hash is the same as far as the table knows it."""
    keys = pa.array([f"key-{at}" for at in range(50)], pa.large_string())
    numbers = hashing.Numbers(keys)

    def same(offsets: object, data: object, first: int, last: int, found: object) -> None:
        found[:] = np.uint64(77)  # type: ignore[index] # an array

    loops = numbers._loops
    monkeypatch.setattr(numbers, "_loops", hashing.Loops(same, loops.fill, loops.look))
    numbers._slots[:] = 0
    loops.fill(np.full(50, 77, dtype=np.uint64), numbers._slots)
    asked = pa.array(["key-49", "key-0", "key-50", "", "key-17"], pa.large_string())
    assert numbers.of(asked).tolist() == [49, 0, -1, -1, 17]


def test_adjacency_lists_targets_in_order() -> None:
    src, dst = np.array([2, 0, 2, 2]), np.array([1, 3, 0, 0])
    offsets, targets = bulk.adjacency(src, dst, 4)
    assert offsets.tolist() == [0, 1, 1, 4, 4]
    assert targets.tolist() == [3, 0, 0, 1]
