"""A graph that grew is the graph that all its records together would give, to the last row.

The other way lays every record of the whole graph anew; it shares with the product how records
are laid, and not what is left where it stands.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from nhigraph.app.registry import ingestors
from nhigraph.facts.ends import Call, Container, End
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Gate, Need, Node, Value
from nhigraph.graph import columns, frames
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.assembly import assemble
from nhigraph.graph.build import build
from nhigraph.graph.resolve import rekeyed
from nhigraph.graph.store import Graph
from nhigraph.graph.tally import Built
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, GateKind, NodeState, State
from tests.estate_files import write_estate
from tests.oracle.estates import estate

SPAN = 20
#: First seeds: one span on every change, the others at night.
SEEDS = [0, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(SPAN, 300, SPAN))]
TABLES = ("nodes", "edges", "gates", "gaps", "ends", "documents", "evidence")
KEYS = tuple(f"{holder}:{name}" for holder in ("a", "b", "c") for name in "uvw")
#: One key has another's letters before it, one sorts after all of them.
OTHERS = ("a:u2", "zz:last", "ghost:one", "ghost:two")
NODE_KINDS = (k.DATABASE_ROLE, k.SECRET, k.DATASET, k.CI_JOB)
EDGE_KINDS = (k.CAN_WRITE, k.CAN_READ, k.MEMBER_OF, k.AUTHENTICATES_AS)
PROPS: tuple[Mapping[str, Value], ...] = ({}, {"tags": ("p",)}, {"tags": ("q",), "login": True})
#: Two states of one file, and a place that is a row of none.
DOCUMENTS = (("x.json", "1"), ("x.json", "2"), ("a.json", "3"), ("y.csv", "4"))


class Maker:
    """Facts that meet: few keys, few places, every field drawn from two or three values."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def place(self) -> Evidence:
        artifact, digit = self.rng.choice(DOCUMENTS)
        pointer = f"/{self.rng.randint(0, 12)}"
        excerpt = self.rng.choice(("", "text"))
        return Evidence(artifact, pointer, digit * 64, excerpt, line=self.rng.choice((0, 7)))

    def key(self) -> str:
        return self.rng.choice((*KEYS, *KEYS, *OTHERS))

    def day(self) -> date | None:
        return self.rng.choice((None, None, None, date(2026, 1, 2)))

    def needs(self) -> tuple[Need, ...]:
        few = self.rng.choice((0, 0, 0, 1, 2))
        return tuple(Need(self.key(), self.rng.choice(list(State))) for _ in range(few))

    def node(self) -> Node:
        rng = self.rng
        return Node(
            rng.choice(NODE_KINDS),
            rng.choice((*KEYS, *OTHERS[:2])),
            self.place(),
            name=rng.choice((None, "n", "m")),
            owner=rng.choice((None, "somebody", *KEYS[:2])),
            nhi=rng.choice((None, None, True, False)),
            state=rng.choice((None, None, NodeState.ACTIVE, NodeState.DISABLED)),
            expires=self.day(),
            props=rng.choice(PROPS),
        )

    def edge(self) -> Edge:
        rng = self.rng
        certain = rng.random() < 0.6
        return Edge(
            rng.choice(EDGE_KINDS),
            self.key(),
            self.key(),
            self.place(),
            action=rng.choice((None, "insert", "use_secret")),
            certainty=Certainty.CERTAIN if certain else Certainty.CONDITIONAL,
            condition=None if certain else rng.choice(("ip", "time")),
            gate=rng.choice((None, None, "g1", "g2")),
            needs=self.needs(),
            valid_from=self.day(),
            because=tuple(self.place() for _ in range(rng.choice((0, 0, 1, 2)))),
        )

    def gate(self) -> Gate:
        rng = self.rng
        kind = rng.choice((GateKind.APPROVAL, GateKind.REVIEW, GateKind.UNKNOWN))
        tests = rng.choice(({}, {"human": True}, {"human": False}, {"human": None}))
        approvers = tuple(rng.choices(KEYS, k=rng.randint(0, 2)))
        at = rng.choice((None, *KEYS[:2]))
        return Gate(rng.choice(("g1", "g2")), kind, self.place(), approvers, at, tests=tests)

    def gap(self) -> Gap:
        states = tuple(self.rng.sample(list(State), self.rng.randint(0, 2)))
        return Gap(self.key(), self.rng.choice(("why", "what")), self.place(), states)

    def end(self) -> End:
        if self.rng.random() < 0.5:
            return Call(self.key(), self.place(), callee=self.key())
        return Container(self.key(), self.place(), name="db", image=self.key())

    def facts(self, most: int) -> list[Fact]:
        makers = (*(self.node,) * 3, *(self.edge,) * 4, self.gate, self.gap, self.end)
        return [self.rng.choice(makers)() for _ in range(self.rng.randint(0, most))]

    def changes(self, graph: Graph) -> Changes:
        rows = range(len(graph.edges))
        few = [row for row in rows if self.rng.random() < 0.2]
        guarded = {row: self.rng.choice(("g1", "g3")) for row in few if self.rng.random() < 0.5}
        known = [Need(key, State.CONTROL) for key in graph.key_list[:2]]
        needing = {row: tuple(known) for row in few if self.rng.random() < 0.5}
        settled = {row: self.rng.random() < 0.5 for row in rows if self.rng.random() < 0.2}
        return Changes(guarded, needing, settled)


# -- the other way ------------------------------------------------------------------------------


def changed(graph: Graph, changes: Changes) -> Graph:
    """Cells written over one by one, and the places of what is none taken away."""
    edges = graph.edges.to_dict("records")
    for row, gate in changes.gates.items():
        edges[row]["gate"] = gate
    for row, more in changes.needs.items():
        held = {(at, State[state]) for at, state in json.loads(edges[row]["needs"] or "[]")}
        held |= {(need.at, need.state) for need in more}
        edges[row]["needs"] = columns.needs_cell(Need(*pair) for pair in held)
    for row, holds in changes.settled.items():
        if holds:
            edges[row] |= {"certainty": "certain", "condition": ""}
    gone = [row for row, holds in changes.settled.items() if not holds]
    places = graph.evidence
    kept = ~((places["of"] == "edge") & places["id"].isin(gone))
    frame = pd.DataFrame(edges, columns=list(columns.EDGES), dtype=object)
    frame = frame.astype({"src": "int64", "dst": "int64"})
    return replace(graph, edges=frame, evidence=places[kept].reset_index(drop=True))


def whole(graph: Graph, facts: Sequence[Fact], changes: Changes) -> Built:
    """Everything as records, laid anew."""
    new = frames.sorted_facts(facts)
    records = frames.concat([new.frames(), frames.records(changed(graph, changes))])
    return assemble(records, new.because())


def whole_rekeyed(graph: Graph, key: Callable[[str], str]) -> Graph:
    """Every key of every record written anew, and all of them laid."""

    def inside(value: object) -> object:
        if isinstance(value, str):
            return key(value)
        if isinstance(value, dict):
            return {name: inside(one) for name, one in value.items()}
        return [inside(one) for one in value] if isinstance(value, list) else value

    def joined(cell: str) -> str:
        return ";".join(map(key, cell.split(";")))

    def structured(cell: str) -> str:
        found = inside(json.loads(cell)) if cell else None
        if isinstance(found, list):
            found.sort()
        return cell if found is None else columns.canonical(found)

    def each(frame: pd.DataFrame, name: str, change: Callable[[str], str]) -> None:
        frame[name] = pd.Series([change(cell) for cell in frame[name]], dtype=object)

    nodes, edges, gates, gaps, ends = found = frames.records(graph)
    for frame, names, change in (
        (nodes, ("key",), key),
        (nodes, ("owner",), joined),
        (edges, ("from", "to"), key),
        (edges, ("needs",), structured),
        (gates, ("at", "log"), joined),
        (gates, ("approvers",), structured),
        (gaps, ("at",), key),
        (ends, ("at",), key),
        (ends, ("body",), structured),
    ):
        for name in names:
            each(frame, name, change)
    return assemble(found).graph


def assert_same(one: Graph, other: Graph, case: object) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), obj=f"{case} {name}"
        )


# -- the claims ---------------------------------------------------------------------------------


def compare(graph: Graph, facts: Sequence[Fact], changes: Changes, case: object) -> Graph:
    """Grow both ways; the grown graph."""
    grown, expected = extend(graph, facts, changes), whole(graph, facts, changes)
    assert_same(grown.graph, expected.graph, case)
    for artifact in {*grown.tallies, *expected.tallies}:
        one, other = grown.tally(artifact), expected.tally(artifact)
        assert sorted(one.refused) == sorted(other.refused), case
        assert sorted(one.conflicts) == sorted(other.conflicts), case
    return grown.graph


@pytest.mark.parametrize("first", SEEDS)
def test_a_graph_grows_to_what_all_records_together_give(first: int) -> None:
    """Facts that repeat, clash, dangle and meet, and changes of edges; twice in a row."""
    met: Counter[str] = Counter()
    for seed in range(first, first + SPAN):
        maker = Maker(seed)
        graph = build(maker.facts(60)).graph
        for step in range(2):
            facts, changes = maker.facts(12), maker.changes(graph)
            grown = compare(graph, facts, changes, (seed, step))
            met["gone"] += len(changes.gone()) > 0
            met["dangling"] += len(grown.gaps) > len(graph.gaps)
            met["documents"] += len(grown.documents) != len(graph.documents)
            met["kinds"] += len(grown.several_kinds) > len(graph.several_kinds)
            graph = grown
    # How often the rarest is met is a matter of the numbers that are drawn.
    assert min(met[name] for name in ("gone", "dangling", "documents", "kinds")) > 0, met


def rename(rng: Random) -> Callable[[str], str]:
    """Some keys under other holders: alone, together, in each other's place, or out of order."""
    to = dict(zip("abc", rng.choice(("aac", "bbb", "bac", "xyz", "zza", "abx")), strict=True))
    new = {key: to[key[0]] + key[1:] for key in KEYS if rng.random() < 0.9}
    return lambda key: new.get(key, key)


@pytest.mark.parametrize("first", SEEDS)
def test_a_graph_under_other_keys_is_what_its_records_under_them_give(first: int) -> None:
    fewer = 0
    for seed in range(first, first + SPAN):
        maker = Maker(seed)
        graph = build(maker.facts(80)).graph
        key = rename(maker.rng)
        made = rekeyed(graph, key)
        assert_same(made, whole_rekeyed(graph, key), seed)
        fewer += len(made.nodes) < len(graph.nodes)
        compare(made, maker.facts(12), maker.changes(made), seed)
    assert fewer > 2


@pytest.mark.parametrize("first", SEEDS)
def test_an_estate_read_in_two_parts_is_the_one_read_at_once(first: int, tmp_path: Path) -> None:
    """Facts as documents give them: the later ones are laid into the graph of the earlier."""
    for seed in range(first, first + SPAN // 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        write_estate(folder, *estate(seed))
        facts = run(discover([folder]).documents, ingestors()).facts
        rng = Random(seed)
        early = [fact for fact in facts if isinstance(fact, Node) or rng.random() < 0.6]
        late = [fact for fact in facts if rng.random() < 0.4]
        graph = build(early).graph
        compare(graph, late, Maker(seed).changes(graph), seed)


def test_the_account_is_that_of_the_new_facts() -> None:
    old = Evidence("old.json", "/0", "0" * 64)
    new = Evidence("new.json", "/0", "1" * 64)
    graph = build([Node(k.SECRET, "s", old), Node(k.DATABASE_ROLE, "r", old)]).graph
    facts: list[Fact] = [
        Node(k.SECRET, "s", new, name="again"),
        Edge(k.AUTHENTICATES_AS, "s", "r", new),
        Edge(k.AUTHENTICATES_AS, "s", "nobody", new),
    ]
    built = extend(graph, facts)
    assert set(built.tallies) == {"new.json"}
    tally = built.tallies["new.json"]
    assert tally.accepted + tally.merged == 2
    assert tally.refused == [("/0", "AUTHENTICATES_AS: no input describes nobody")]
    assert built.graph.gaps["node"].tolist() == [built.graph.node_id("s")]


def test_growing_by_nothing_changes_nothing() -> None:
    graph = build(Maker(1).facts(60)).graph
    assert_same(extend(graph, ()).graph, graph, "nothing")
    assert_same(extend(build(()).graph, ()).graph, build(()).graph, "no graph")
