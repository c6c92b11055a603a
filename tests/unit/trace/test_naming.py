"""Names of ways against what their documentation says they are, told with ``hashlib``."""

import hashlib
import json
import random

import numpy as np
import pytest

from nhigraph.graph.store import Graph
from nhigraph.trace.naming import Naming, digest_of, texts
from nhigraph.trace.product import STATES
from tests.unit.trace.walked import Walked, walked

#: Keys that are quoted, or longer than a block of the digest, or end at its edge.
LONG = ["x" * size for size in (20, 40, 41, 42, 43, 90, 127, 128, 129, 400)]
KEYS = [f"bot:{name}" for name in ("a", "b", "zürich", '"q"', "tab\\t", "日本", *LONG)]


def _tangle(rng: random.Random) -> Walked:
    lines = []
    for _ in range(40):
        one, other = rng.sample(KEYS, 2)
        lines.append(f"{one} CAN_ASSUME {other}{rng.choice(('', ' conditional', ' action=post'))}")
    return walked([*lines, f"{KEYS[0]} CAN_WRITE data:d"], KEYS[0])


def _said(graph: Graph, edge: int) -> str:
    """All that tells one edge from another, as JSON."""
    cells = graph.edges.iloc[edge]
    keys = [graph.key_list[int(cells[end])] for end in ("src", "dst")]
    rest = [str(cells[name]) for name in graph.edges.columns if name not in {"src", "dst"}]
    return json.dumps([*keys, *rest], separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("seed", range(12))
def test_a_step_is_named_by_its_edge_what_is_held_behind_it_and_the_steps_behind(
    seed: int,
) -> None:
    rng = random.Random(seed)
    found = _tangle(rng)
    product = found.product
    clauses = [rng.randrange(-1, product.clauses) for _ in range(300)]
    clauses[0] = -1
    onto = [rng.randrange(at) if one >= 0 else -1 for at, one in enumerate(clauses)]
    names: list[bytes] = []
    for clause, after in zip(clauses, onto, strict=True):
        behind = names[after] if after >= 0 else b""
        edge = int(product.edge[clause]) if clause >= 0 else -1
        if edge >= 0:
            state = bytes([int(product.dst[clause]) % STATES])
            said = _said(found.graph, edge).encode() + state + behind
            behind = hashlib.blake2b(said, digest_size=8).digest()
        names.append(behind)
    columns = (np.array(column, dtype=np.int32) for column in (clauses, onto))
    digests, named = Naming(found.graph, product).digests(*columns)
    written = [text if one else "" for text, one in zip(texts(digests), named, strict=True)]
    assert written == [name.hex() for name in names]
    assert sum(named) > 200
    assert [digest_of(text) for text in texts(digests)] == digests.tolist()
