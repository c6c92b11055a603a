"""What an investigator draws comes back as facts, and is judged like any other."""

import json
from pathlib import Path

import pytest

from nhigraph.app.build import run_build
from nhigraph.app.neo4j import prepared
from tests.e2e.command import Said, inside
from tests.neo4j.estates import ask, built, push
from tests.neo4j.server import PASSWORD, Server
from tests.neo4j.test_push import SCOPE, facts

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

DRAW = """
MATCH (s:Snapshot {name: 'pulled'})
MATCH (a:Entity {uid: s.load + '|acme:a'}), (gl:Entity {uid: s.load + '|acme:gl'})
CREATE (a)-[:CAN_READ {action: 'export'}]->(gl)
CREATE (:ServiceAccount {key: 'acme:new', name: 'new', vendor: 'Acme'})-[:CAN_DELETE]->(gl)
CREATE (a)-[:LIKES]->(gl)
SET a.rotated = date('2020-01-31'), a.x_seen_by = 'Anna'
WITH s, gl
MATCH (:Entity {uid: s.load + '|acme:b'})-[r:CAN_WRITE]->(gl) DELETE r
"""


@pytest.fixture
def drawn(server: Server, tmp_path: Path) -> Path:
    graph = built(tmp_path / "estate", [facts("acme:a", "acme:b")], SCOPE)
    push(server, graph, "pulled")
    ask(server, DRAW)
    return graph


def _pull(server: Server, out: Path, *arguments: str | Path) -> Said:
    password = out.with_name("password")
    password.write_text(PASSWORD, encoding="utf-8")
    login = ("--uri", server.uri, "--password-file", password, "--name", "pulled")
    return inside("neo4j", "pull", out, *login, *arguments)


def test_what_was_drawn_and_edited_comes_back_and_is_judged(
    server: Server, drawn: Path, tmp_path: Path
) -> None:
    out = tmp_path / "drawn.facts.json"
    ran = _pull(server, out, "--graph", drawn)
    assert (ran.code, ran.out) == (0, f"{out}: 2 nodes, 2 edges\n")
    assert "acme:a -LIKES-> acme:gl: no such kind" in ran.err
    assert "1 relationship of the snapshot no longer there" in ran.err
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["nodes"] == [
        {"kind": "ServiceAccount", "key": "acme:new", "name": "new",
         "props": {"vendor": "Acme", "tags": ["drawn-in-neo4j"]}},
        {"kind": "ServiceAccount", "key": "acme:a",
         "props": {"rotated": "2020-01-31", "seen_by": "Anna"}},
    ]  # fmt: skip
    edges = {(one["kind"], one["from"], one["certainty"]) for one in found["edges"]}
    assert edges == {
        ("CAN_READ", "acme:a", "assumed"),
        ("CAN_DELETE", "acme:new", "assumed"),
    }
    assert all(one["condition"].startswith("drawn in Neo4j by query: ") for one in found["edges"])

    again = tmp_path / "again"
    run_build([tmp_path / "estate" / "inputs", out], again)
    rows = prepared(again).content().assessment.verdicts
    held = {row.identity: (row.states, row.certainty) for row in rows if row.target == "fin:gl"}
    assert held["acme:new"] == ("OMIT+HALT", "may")
    assert held["acme:a"] == ("ALTER+READ", "can")
    ran = inside("neo4j", "clean", "pulled", "--discard-drawn", "--uri", server.uri,
                 "--password-file", tmp_path / "password")  # fmt: skip
    assert ran.code == 0
    ask(server, "MATCH (n:ServiceAccount {key: 'acme:new'}) DETACH DELETE n")


def test_a_query_of_ones_own_says_what_is_pulled_and_only_reads(
    server: Server, drawn: Path, tmp_path: Path
) -> None:
    query = tmp_path / "mine.cypher"
    query.write_text("MATCH p = ()-[:CAN_DELETE]->() RETURN p", encoding="utf-8")
    out = tmp_path / "mine.facts.json"
    assert _pull(server, out, "--query", query).out == f"{out}: 1 node, 1 edge\n"
    query.write_text("CREATE (n:Mine) RETURN n", encoding="utf-8")
    ran = _pull(server, out, "--query", query)
    assert ran.code == 3
    assert "asked as one that only reads" in ran.err
    other = built(tmp_path / "other", [facts("acme:c")], SCOPE)
    ran = _pull(server, out, "--graph", other)
    assert (ran.code, ran.out) == (3, "")
    assert "was pushed from another graph" in ran.err
    ask(server, "MATCH (n:ServiceAccount {key: 'acme:new'}) DETACH DELETE n")
