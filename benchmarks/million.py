"""``assess`` of a million nodes and ten million edges, from files to files; where its time goes.

    python -m benchmarks.million [NODES [TARGETS [FOLDER]]]

The estate is written as facts/1 in Parquet, made as arrays: a fifth of the nodes are identities,
some rights count inside one group alone, some writes stand behind gates, some edges are
conditional. Each target rests on one dataset. Then the program itself runs, in a process of its
own; seconds are by the clock and of the processor, memory is the peak. With FOLDER the estate is
kept there, or taken from there.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.closure_graph import Drawing
from benchmarks.load import machine
from nhigraph.graph.store import Ints
from nhigraph.schema import kinds as k
from nhigraph.schema.controls import GATE_TESTS
from nhigraph.schema.types import NodeKind

#: Share of each kind among the nodes, and what it is called; a fifth are identities.
KINDS: dict[str, tuple[float, NodeKind]] = {
    "human": (0.05, k.USER),
    "nhi": (0.11, k.SERVICE_ACCOUNT),
    "role": (0.04, k.GRANT),
    "group": (0.01, k.GROUP),
    "compute": (0.06, k.WORKLOAD),
    "secret": (0.09, k.SECRET),
    "repo": (0.04, k.REPOSITORY),
    "pipeline": (0.03, k.CI_JOB),
    "data": (0.57, k.DATASET),
}
#: Edges: kind, ends, how many a source, how many stay in the application, tail of the degrees.
_EDGES = (
    (k.MEMBER_OF, "human", "group", 2.0, 0.985, None),
    (k.MEMBER_OF, "nhi", "group", 0.5, 0.985, None),
    (k.MEMBER_OF, "group", "group", 0.3, 0.985, None),
    (k.HOLDS, "nhi", "role", 1.5, 0.985, None),
    (k.HOLDS, "group", "role", 5.0, 0.985, 1.8),
    (k.HOLDS, "role", "role", 0.3, 0.985, None),
    (k.CAN_READ, "role", "data", 90.0, 0.9, 1.6),
    (k.CAN_WRITE, "role", "data", 34.0, 0.93, 1.6),
    (k.CAN_DELETE, "role", "data", 6.0, 0.93, 1.8),
    (k.CAN_READ, "nhi", "data", 4.0, 0.95, None),
    (k.CAN_WRITE, "nhi", "data", 1.5, 0.95, None),
    (k.CAN_READ, "role", "secret", 6.0, 0.985, 1.8),
    (k.CAN_READ, "nhi", "secret", 1.5, 0.985, None),
    (k.CAN_READ, "pipeline", "secret", 3.0, 0.985, None),
    (k.AUTHENTICATES_AS, "secret", "nhi", 1.1, 0.985, None),
    (k.RUNS_AS, "compute", "nhi", 1.1, 0.985, None),
    (k.RUNS_AS, "pipeline", "nhi", 1.2, 0.985, None),
    (k.EXECUTES, "pipeline", "compute", 4.0, 0.985, 2.0),
    (k.EXECUTES, "repo", "pipeline", 1.2, 0.985, None),
    (k.CAN_WRITE, "nhi", "repo", 0.3, 0.985, None),
    (k.CAN_WRITE, "human", "repo", 4.0, 0.985, None),
    (k.CAN_ADMINISTER, "role", "compute", 8.0, 0.985, 1.8),
    (k.CAN_ASSUME, "role", "nhi", 1.0, 0.985, 2.0),
    (k.CAN_READ, "compute", "data", 6.0, 0.97, None),
    (k.CAN_WRITE, "compute", "data", 3.0, 0.97, None),
    (k.CONTAINS, "data", "data", 0.8, 1.0, None),
    (k.FEEDS, "data", "data", 5.2, 0.9, 2.0),
)
_NAMES = sorted({kind.label for kind, *_ in _EDGES})
#: Applications are kept apart: of the edges that would leave one this part does. With ten times as
#: many nearly everybody reaches everything.
_ACROSS = 0.02
_GATES = 100
_AS_OF = "2026-11-23"
#: Targets rest on datasets about so far from source to report: the last are fed by all.
_STAGE = 0.3


def write(
    folder: Path, nodes: int, targets: int, seed: int = 7, zoned: float = 0.05
) -> tuple[int, int]:
    """Two tables of facts, a document of gates and gaps, and a scope.

    Args:
        folder: Where to.
        nodes: How many nodes.
        targets: How many targets.
        seed: Another estate of the same shape.
        zoned: Share of the grants whose rights count inside a group alone.

    Returns:
        How many edges there are, and how many identities.
    """
    drawing = Drawing(nodes, {name: share for name, (share, _) in KINDS.items()}, seed=seed)
    for kind, source, target, mean, local, tail in _EDGES:
        drawing.draw(kind.label, (source, target), mean, 1 - (1 - local) * _ACROSS, tail)
    src, dst, sort = drawing.edges.whole(nodes, _NAMES)
    rng = drawing.rng
    stage = rng.random(nodes)
    flows = np.isin(sort, [_NAMES.index(kind.label) for kind in (k.FEEDS, k.CONTAINS)])
    turn = flows & (stage[src] > stage[dst])
    src[turn], dst[turn] = dst[turn], src[turn]
    marks = rng.integers(0, 1 << 32, nodes).tolist()
    keys = pa.array(
        [f"acme:unit{at % 97:04d}/thing/{mark:08x}-{at:07d}" for at, mark in enumerate(marks)]
    )
    labels = pa.array([kind.label for _, kind in KINDS.values()])
    owners = pa.array(["", "finance-platform", "data-engineering"])
    told = {
        "kind": labels.take(pa.array(drawing.kind)),
        "key": keys,
        "name": pa.array([f"thing-{at}" for at in range(nodes)]),
        "owner": owners.take(pa.array(rng.integers(0, 3, nodes))),
    }
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(told), folder / "estate.nodes.parquet", compression="zstd")
    said = _edges(drawing, (src, dst, sort), keys, zoned)
    parquet.write_table(said, folder / "estate.edges.parquet", compression="zstd")
    people = keys.take(pa.array(rng.choice(drawing.ids["human"], _GATES)))
    hidden = keys.take(pa.array(rng.choice(drawing.ids["compute"], max(2, nodes // 50_000))))
    beside = {
        "nhigraph": "facts/1",
        "gates": [_gate(at, one) for at, one in enumerate(people.to_pylist())],
        "gaps": [
            {"at": key, "reason": "what it runs is not exported"} for key in hidden.to_pylist()
        ],
    }
    (folder / "beside.facts.json").write_text(json.dumps(beside), encoding="utf-8")
    data = drawing.ids["data"]
    near = data[np.argsort(np.abs(stage[data] - _STAGE))[: max(targets, len(data) // 20)]]
    chosen = keys.take(pa.array(np.sort(rng.choice(near, targets, replace=False))))
    (folder / "scope.yaml").write_text(json.dumps(_scope(chosen.to_pylist())), encoding="utf-8")
    return len(src), sum(len(drawing.ids[name]) for name, (_, kind) in KINDS.items() if kind.nhi)


def _edges(
    drawing: Drawing, edges: tuple[Ints, Ints, Ints], keys: "pa.Array", zoned: float
) -> "pa.Table":
    """Edges in no order, with what else they say."""
    rng, ids = drawing.rng, drawing.ids
    order = rng.permutation(len(edges[0]))
    src, dst, sort = (one[order] for one in edges)
    many = len(order)
    held = (sort == _NAMES.index(k.HOLDS.label)) & np.isin(src, ids["group"])
    group = np.full(len(drawing.kind), -1)
    group[dst[held]] = src[held]
    # Of some grants the rights count inside one of the groups alone that hold it.
    chosen = np.flatnonzero((group >= 0) & (rng.random(len(group)) < zoned))
    zones, place = np.unique(group[chosen], return_inverse=True)
    zone = np.full(len(drawing.kind), -1)
    zone[chosen] = place
    right = np.isin(sort, [_NAMES.index(kind.label) for kind in (k.CAN_READ, k.CAN_WRITE)])
    needs = np.where(right, zone[src], -1)
    written = sort == _NAMES.index(k.CAN_WRITE.label)
    gates = np.where(written & (rng.random(many) < 0.02), rng.integers(0, _GATES, many), -1)
    doubt = np.where(rng.random(many) < 0.1, 1, 0)
    fed = sort == _NAMES.index(k.FEEDS.label)
    copies = np.where(fed & (rng.random(many) < 0.5), 0, -1)
    return pa.table(
        {
            "kind": _words(_NAMES, sort),
            "from": keys.take(pa.array(src)),
            "to": keys.take(pa.array(dst)),
            "certainty": _words(["certain", "conditional"], doubt),
            "gate": _words([f"acme:gate-{at}" for at in range(_GATES)], gates),
            "needs": _words(
                [_need(key) for key in keys.take(pa.array(zones, pa.int64())).to_pylist()], needs
            ),
            "transform": _words(["masked"], copies),
        }
    )


def _need(group: str) -> str:
    return json.dumps([{"at": group, "state": "CONTROL"}])


def _words(words: list[str], places: Ints) -> "pa.Array":
    """Words by their places; none where the place is below zero."""
    return pa.array(words, pa.string()).take(pa.array(places, mask=places < 0))


def _gate(number: int, person: str) -> dict[str, object]:
    """A gate: most hold, one in ten fails, one in ten tells too little."""
    names = GATE_TESTS
    tests = dict.fromkeys(names, True)
    if number % 10 == 0:
        tests[names[0]] = False
    elif number % 10 == 1:
        del tests[names[0]]
    return {
        "key": f"acme:gate-{number}",
        "kind": "approval",
        "approvers": [person],
        "tests": tests,
    }


def _scope(chosen: list[str]) -> dict[str, object]:
    roles = ("record", "feeder", "key_report")
    return {
        "nhigraph": "scope/1",
        "organization": "Million",
        "commitments": ["S", "A", "PI", "C", "P"],
        "as_of": _AS_OF,
        "targets": [
            {
                "id": f"target-{at:04}",
                "family": "financial-reporting",
                "fs_role": roles[at % len(roles)],
                "icfr_basis": "own",
                "select": [{"key": key}],
            }
            for at, key in enumerate(chosen)
        ],
    }


#: The program, and what it says of itself between: of each stage its end, by clock and processor.
_RUN = """
import json, resource, sys, time
from nhigraph.app import assess
from nhigraph.cli.main import main

began, told = time.perf_counter(), []

def noted(phrase):
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory = used.ru_maxrss / 1024
    told.append((phrase, time.perf_counter() - began, used.ru_utime + used.ru_stime, memory))

def over_all(say, own=assess.over_all):
    tell = own(say)

    def heard(phrase, done, total):
        stage = phrase.split(" ")[0] if phrase.startswith("reading ") else phrase
        if not told or told[-1][0] != stage:
            noted(stage)
        tell(phrase, done, total)

    return heard

assess.over_all = over_all
place = sys.argv.pop()
try:
    main()
finally:
    noted("end")
    with open(place, "w") as file:
        json.dump(told, file)
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an assessment: seconds by the clock and of the processor, most MiB so far."""

    name: str
    seconds: float
    processor: float
    memory: float


def assessed(inputs: Path, out: Path, limit: int = 900) -> list[Stage]:
    """The stages of one assessment in a process of its own.

    Raises:
        SystemExit: It failed, or took more than ``limit`` seconds.
    """
    place = out.with_suffix(".stages.json")
    command = [sys.executable, "-P", "-c", _RUN, "assess", str(inputs), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    try:
        done = subprocess.run(  # noqa: S603 - this checkout's program
            [*command, str(place)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(f"ended after {limit} s") from None
    if done.returncode:
        raise SystemExit(f"exit code {done.returncode}: {done.stderr[-2000:]}")
    told = json.loads(place.read_text(encoding="utf-8"))
    found = [Stage("starting", told[0][1], told[0][2], told[0][3])]
    for (name, began, used, _), (_, ended, after, memory) in pairwise(told):
        found.append(Stage(name, ended - began, after - used, memory))
    return found


def main(nodes: str = "1000000", targets: str = "50", kept: str = "") -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(kept or place)
        if not (folder / "scope.yaml").exists():
            edges, identities = write(folder, int(nodes), int(targets))
            print(f"{nodes} nodes, {edges} edges, {identities} identities, {targets} targets")
        out = Path(place, "out")
        stages = assessed(folder, out)
        print(machine())
        print("| stage | s | processor, s | peak MiB |")
        print("|---|---|---|---|")
        total = Stage(
            "all",
            sum(one.seconds for one in stages),
            sum(one.processor for one in stages),
            max(one.memory for one in stages),
        )
        for one in (*stages, total):
            cells = (f"{one.seconds:.1f}", f"{one.processor:.1f}", f"{one.memory:.0f}")
            print(f"| {one.name} | {' | '.join(cells)} |")
        print(f"{pairs(out)} pairs of an identity and a target have a row")
        for path in sorted(path for path in out.rglob("*") if path.is_file()):
            print(f"{path.relative_to(out)}: {path.stat().st_size} bytes")


def pairs(out: Path) -> int:
    """Rows of verdicts, those apart that stand for every target."""
    if (out / "verdicts.parquet").exists():
        told = parquet.read_table(out / "verdicts.parquet", columns=["target"])["target"]
        return sum(target != "*" for target in told.to_pylist())
    with (out / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        return sum(row["target"] != "*" for row in csv.DictReader(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
