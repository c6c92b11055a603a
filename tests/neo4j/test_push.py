"""A push on a real server: all of it, once, and nothing of anybody else's."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.neo4j import prepared, run_push
from nhigraph.output.neo4j import values, words
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.properties import PROPERTIES
from tests.e2e.command import inside
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import address, anchored, ask, built, push
from tests.neo4j.server import PASSWORD, Server

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

SCOPE = {
    "nhigraph": "scope/1",
    "organization": "Acme",
    "as_of": "2026-11-23",
    "commitments": ["S"],
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "acme:gl"}],
        }
    ],
}


def facts(*names: str, **props: object) -> dict[str, Any]:
    """Accounts that may write the ledger."""
    nodes: list[dict[str, Any]] = [{"kind": "Dataset", "key": "acme:gl", "name": "ledger"}]
    nodes += [
        {"kind": "ServiceAccount", "key": name, "name": name, "props": props} for name in names
    ]
    edges = [{"kind": "CAN_WRITE", "from": name, "to": "acme:gl"} for name in names]
    return {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}


def _run(server: Server, *arguments: str | Path) -> Any:  # noqa: ANN401 - what `inside` returns
    return inside(*arguments, "--uri", server.uri, "--password-file", server.home / "password")


@pytest.fixture(autouse=True)
def _password(server: Server) -> None:
    (server.home / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")


def test_every_node_and_edge_of_the_sample_arrives_with_its_labels(
    server: Server, sample: Sample
) -> None:
    graph = sample.content.estate.graph
    nodes = ask(
        server,
        anchored("MATCH (n:Entity {load: s.load}) RETURN n.key AS key, labels(n) AS labels"),
        snapshot="ledgerline",
    )
    assert {row["key"]: set(row["labels"]) for row in nodes} == {
        key: {"Entity", words.FAMILIES[NODE_KINDS[kind].family], kind}
        for key, kind in zip(graph.key_list, graph.kind_list, strict=True)
    }
    edges = ask(
        server,
        anchored(
            "MATCH (a:Entity {load: s.load})-[r]->(b:Entity) WHERE type(r) IN $kinds "
            "RETURN type(r) AS kind, a.key AS source, b.key AS target, r.action AS action"
        ),
        snapshot="ledgerline",
        kinds=list(EDGE_KINDS),
    )
    keys = graph.key_list
    rows = graph.edges[["kind", "src", "dst", "action"]].itertuples(index=False, name=None)
    assert Counter((e["kind"], e["source"], e["target"], e["action"] or "") for e in edges) == (
        Counter((kind, keys[src], keys[dst], action) for kind, src, dst, action in rows)
    )


def test_the_verdicts_read_back_from_the_server_are_those_of_the_engine(
    server: Server, sample: Sample
) -> None:
    found = ask(
        server,
        anchored(
            "MATCH (i:Entity {load: s.load})"
            "-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT|REACH_UNKNOWN]->() "
            "RETURN i.key AS identity, r.target AS target, r.verdict AS verdict, "
            "r.exposure AS exposure, r.certainty AS certainty, r.steps AS steps, "
            "r.states AS states, collect(type(r)) AS types"
        ),
        snapshot="ledgerline",
    )
    expected = {
        (r.identity, r.target): (r.verdict, r.exposure, r.certainty, r.steps, r.states)
        for r in sample.content.assessment.verdicts
    }
    assert {
        (r["identity"], r["target"]): (
            r["verdict"], r["exposure"], r["certainty"], r["steps"], r["states"] or ""
        )
        for r in found
    } == expected  # fmt: skip
    for row in found:
        held = [f"REACH_{state}" for state in (row["states"] or "UNKNOWN").split("+")]
        assert sorted(row["types"]) == sorted(held)


def test_every_stored_path_is_a_chain_of_relationships_that_are_there(
    server: Server, sample: Sample
) -> None:
    broken = ask(
        server,
        anchored(
            "MATCH (p:Path {load: s.load}) UNWIND range(0, p.steps - 1) AS n "
            "OPTIONAL MATCH (:Entity {uid: s.load + '|' + p.sources[n]})"
            "-[r {key: p.rels[n]}]-(:Entity {uid: s.load + '|' + p.targets[n]}) "
            "WHERE type(r) = p.kinds[n] "
            "WITH p, n, r WHERE r IS NULL RETURN p.path_id AS path, n"
        ),
        snapshot="ledgerline",
    )
    assert broken == []
    assert len(sample.content.assessment.paths) > 50


def test_a_second_push_of_the_same_changes_nothing(server: Server, sample: Sample) -> None:
    there = "MATCH (n) RETURN count(n) AS n, collect(DISTINCT n.load) AS loads"
    before = ask(server, there)
    ran = _run(server, "neo4j", "push", "--graph", sample.graph, "--name", "ledgerline")
    assert (ran.code, ran.out) == (0, "snapshot ledgerline: unchanged\n")
    assert before == ask(
        server, "MATCH (n) RETURN count(n) AS n, collect(DISTINCT n.load) AS loads"
    )


def test_snapshots_lie_side_by_side_and_a_push_replaces_its_own_alone(
    server: Server, tmp_path: Path
) -> None:
    ask(server, "CREATE (:Mine {note: 'of an investigator'})")
    push(server, built(tmp_path / "one", [facts("pushed:a", "pushed:b")], SCOPE), "one")
    push(server, built(tmp_path / "two", [facts("pushed:c")], SCOPE), "two")
    push(server, built(tmp_path / "again", [facts("pushed:a")], SCOPE), "one")
    there = "MATCH (n:ServiceAccount {load: s.load}) RETURN n.key AS key ORDER BY key"
    assert ask(server, anchored(there), snapshot="one") == [{"key": "pushed:a"}]
    assert ask(server, anchored(there), snapshot="two") == [{"key": "pushed:c"}]
    assert ask(server, "MATCH (n:Entity {key: 'pushed:b'}) RETURN n") == []
    assert ask(server, "MATCH (b:Batch) RETURN count(b) AS n") == [{"n": 0}]
    status = _run(server, "neo4j", "status", "--csv")
    assert [line.partition(",")[0] for line in status.out.splitlines()] == [
        "name", *sorted({"one", "two", *_snapshots(server)})
    ]  # fmt: skip
    assert _run(server, "neo4j", "clean", "one", "two").out == "removed one\nremoved two\n"
    assert ask(server, "MATCH (n:Entity) WHERE n.key STARTS WITH 'pushed:' RETURN n") == []
    assert ask(server, "MATCH (n:Mine) WITH n, n.note AS note DELETE n RETURN note") == [
        {"note": "of an investigator"}
    ]


def test_readers_see_the_earlier_state_until_the_new_one_is_whole(
    server: Server, tmp_path: Path
) -> None:
    accounts = anchored("MATCH (n:ServiceAccount {load: s.load}) RETURN count(n) AS n")
    push(server, built(tmp_path / "one", [facts("pushed:a")], SCOPE), "read")
    seen: list[tuple[str, int]] = []

    def look(phrase: str, _done: int, _total: int) -> None:
        seen.append((phrase, ask(server, accounts, snapshot="read")[0]["n"]))

    more = prepared(built(tmp_path / "two", [facts("pushed:b", "pushed:c")], SCOPE), "read")
    run_push(address(server), more, say=look)
    before = {"writing nodes", "writing relationships", "turning to the new generation"}
    assert before <= {phrase for phrase, _ in seen}
    assert {count for phrase, count in seen if phrase in before} == {1}
    assert seen[-1] == ("removing what it replaces", 2)
    assert _run(server, "neo4j", "clean", "read").code == 0


def _snapshots(server: Server) -> list[str]:
    return [row["name"] for row in ask(server, "MATCH (s:Snapshot) RETURN s.name AS name")]


def test_what_somebody_drew_is_not_taken_away_unasked(server: Server, tmp_path: Path) -> None:
    push(server, built(tmp_path / "one", [facts("pushed:a")], SCOPE), "drawn")
    ask(
        server,
        "MATCH (a:Entity {key: 'pushed:a'}) CREATE (:Note {text: 'ask Anna'})-[:ABOUT]->(a)",
    )
    again = built(tmp_path / "two", [facts("pushed:b")], SCOPE)
    ran = _run(server, "neo4j", "push", "--graph", again, "--name", "drawn")
    assert ran.code == 3
    assert "1 relationship drawn by hand would go" in ran.err
    assert _run(server, "neo4j", "clean", "drawn").code == 3
    ran = _run(server, "neo4j", "push", "--graph", again, "--name", "drawn", "--discard-drawn")
    assert ran.code == 0
    assert _run(server, "neo4j", "clean", "drawn").code == 0
    assert ask(server, "MATCH (n:Note) WITH n, n.text AS text DELETE n RETURN text") == [
        {"text": "ask Anna"}
    ]


HOSTILE = (
    "`]->(x) DETACH DELETE x //",
    "'}) MATCH (n) DETACH DELETE n //",
    '"; DROP CONSTRAINT nhigraph_entity; //',
    "$snapshot ${load} \\u0060 \\` %s {0}",
    "null\x00byte and\nline\u2028end",
    "a" * 9_000,
    "\u202egnp",
)


def test_hostile_names_are_values_and_never_part_of_a_statement(
    server: Server, tmp_path: Path
) -> None:
    before = ask(server, "CALL db.labels() YIELD label RETURN collect(label) AS found")[0]["found"]
    types = _types(server)
    props = {name: name for name in HOSTILE} | {"vendor": HOSTILE[0], "load": "hidden"}
    graph = built(tmp_path, [facts(*(f"acme:{name}" for name in HOSTILE), **props)], SCOPE)
    push(server, graph, HOSTILE[0])
    found = ask(
        server,
        anchored(
            "MATCH (i:ServiceAccount {load: s.load})-[r:REACH_ALTER]->() "
            "RETURN i.key AS key, i.name AS name, properties(i) AS props"
        ),
        snapshot=HOSTILE[0],
    )
    assert {row["key"] for row in found} == {f"acme:{name}" for name in HOSTILE}
    assert all(row["props"]["x_load"] == "hidden" for row in found)
    labels = ask(server, "CALL db.labels() YIELD label RETURN collect(label) AS found")[0]["found"]
    assert set(labels) - set(before) <= words.labels()
    assert set(_types(server)) - set(types) <= words.types()
    assert _run(server, "neo4j", "clean", HOSTILE[0]).code == 0


def _types(server: Server) -> list[str]:
    said = "CALL db.relationshipTypes() YIELD relationshipType AS t RETURN collect(t) AS found"
    return list(ask(server, said)[0]["found"])


def test_properties_have_the_types_that_the_schema_declares(
    server: Server, tmp_path: Path
) -> None:
    props = {
        "rotated": "2025-01-31", "exposed": True, "used_by": 3, "tags": ["a", "b"],
        "vendor": "Acme", "made_up": 7,
    }  # fmt: skip
    push(server, built(tmp_path, [facts("pushed:a", **props)], SCOPE), "typed")
    said = (
        "MATCH (n:Entity {key: 'pushed:a'}) RETURN "
        "n.rotated + duration({days: 1}) > date('2025-01-31') AS day, n.exposed AS flag, "
        "n.used_by + 1 AS number, n.tags[1] AS item, n.vendor AS text, n.x_made_up AS theirs"
    )
    assert ask(server, said) == [
        {"day": True, "flag": True, "number": 4, "item": "b", "text": "Acme", "theirs": 7}
    ]
    assert _run(server, "neo4j", "clean", "typed").code == 0


def test_no_property_of_the_schema_hides_one_of_ours(sample: Sample) -> None:
    for group in sample.content.groups():
        if group.labels[0] == "Entity":
            ours = {"uid", "key", "load", "name", "kind", "kinds", "nhi", "alive", "state"}
            ours |= {"owner", "expires", "boundary", "artifact", "pointer", "line", "choke"}
            ours |= {"verdict", "soc1", "soc2", "exposure", "basis", "reached", "hidden_by"}
            assert ours.isdisjoint(PROPERTIES)
    assert words.clashes() == frozenset()


@pytest.mark.parametrize(
    ("uri", "password", "said"),
    [
        ("{bolt}", "wrong", "wrong user or password for 'neo4j'"),
        ("bolt://localhost:{http}", PASSWORD, "the port of a web page"),
        ("bolt://localhost:1", PASSWORD, "nobody listens there"),
        ("neo4j://localhost:1", PASSWORD, "for one server use bolt://"),
        ("bolt://no-such-host.invalid", PASSWORD, "no such host"),
        ("bolt+s://localhost:{port}", PASSWORD, "TLS was asked for"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_clear_line(
    server: Server, tmp_path: Path, uri: str, password: str, said: str
) -> None:
    given = uri.format(bolt=server.uri, http=server.http, port=server.bolt)
    (tmp_path / "password").write_text(password, encoding="utf-8")
    ran = inside("neo4j", "status", "--uri", given, "--password-file", tmp_path / "password")
    assert ran.code == 3
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert "***" not in ran.err


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost", "bolt://neo4j:pw@host"])
def test_an_address_that_is_none_is_a_question_of_usage(uri: str, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("CANARY-pw", encoding="utf-8")
    ran = inside("neo4j", "status", "--uri", uri, "--password-file", tmp_path / "password")
    assert ran.code == 2
    assert "--uri: " in ran.err
    assert "pw@" not in ran.err


def test_what_has_no_utf_8_is_spelt_and_a_long_key_is_looked_up_by_its_digest() -> None:
    assert values.text("half a pair \ud800") == "half a pair \\d800"
    assert values.plain(2**70) == str(2**70)
    assert values.place("acme:a") == "acme:a"
    assert values.place("a" * 9_000).startswith("sha256:")
    assert values.place("a" * 9_000) != values.place("a" * 9_001)
