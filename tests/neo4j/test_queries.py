"""The library of questions: each runs, says what it takes, and refuses unknown names."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.query_library import find, library
from nhigraph.output.neo4j import words
from tests.e2e.command import inside
from tests.neo4j.asked import GIVEN, asked
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import ask, built, push
from tests.neo4j.server import PASSWORD, Server

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

EVERY = library()
NAMES = [one.name for one in EVERY]
EXPECTED = Path(__file__).with_name("ledgerline.json")
_COMMENT = re.compile(r"//.*")
_STRING = re.compile(r"'[^']*'")
_LABEL = re.compile(r"(?<=[\w(\s]):([A-Z]\w*)")
_TYPES = re.compile(r"\[\w*:([A-Z_|]+)")
#: Rows of the sample that are told one by one; of the others their number is.
SHOWN = 3


def test_there_are_at_least_forty_questions_with_titles_of_their_own() -> None:
    assert len(EVERY) >= 40
    assert len({one.title for one in EVERY}) == len({one.stem for one in EVERY}) == len(EVERY)


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_one_statement_of_known_words_with_the_parameters_it_declares(
    name: str,
) -> None:
    query = find(name)
    assert query.asks.endswith((".", "?"))
    code = _STRING.sub("''", _COMMENT.sub("", query.text))
    assert ";" not in code
    assert set(re.findall(r"\$(\w+)", code)) == set(query.params)
    assert set(_LABEL.findall(code)) <= words.labels() | words.types()
    assert {one for many in _TYPES.findall(code) for one in many.split("|")} <= words.types()
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|LOAD|DROP|FOREACH)\b", code)


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_its_expected_result_on_the_sample(
    server: Server, sample: Sample, name: str
) -> None:
    query = find(name)
    found = asked(server, query, GIVEN)
    if name == "coverage/snapshots":
        found = [row for row in found if row["name"] == "ledgerline"]
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))[name]
    assert {"rows": len(found), "first": found[:SHOWN]} == expected


def test_an_edge_that_a_path_needs_twice_does_not_hide_the_path(
    server: Server, tmp_path: Path
) -> None:
    """One MATCH walks no relationship twice, and so finds no way here; there is one.

    Reading the copy is reading the secret it was copied from; whoever that opens may write the
    secret's source, and what is written there reaches the copy.
    """
    nodes = [
        {"kind": "ServiceAccount", "key": "acme:i"},
        {"kind": "Secret", "key": "acme:a"},
        {"kind": "Dataset", "key": "acme:b"},
        {"kind": "ServiceAccount", "key": "acme:j"},
    ]
    edges = [
        {"kind": "CAN_READ", "from": "acme:i", "to": "acme:b"},
        {"kind": "FEEDS", "from": "acme:a", "to": "acme:b", "transform": "copy"},
        {"kind": "AUTHENTICATES_AS", "from": "acme:a", "to": "acme:j"},
        {"kind": "CAN_WRITE", "from": "acme:j", "to": "acme:a"},
    ]
    target = {
        "id": "gl", "family": "financial-reporting", "fs_role": "record",
        "icfr_basis": "own", "select": [{"key": "acme:b"}],
    }  # fmt: skip
    scope = {
        "nhigraph": "scope/1", "organization": "Acme", "as_of": "2026-11-23",
        "commitments": ["S"], "targets": [target],
    }  # fmt: skip
    facts = {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}
    push(server, built(tmp_path, [facts], scope), "twice")
    given = {"snapshot": "twice", "identity": "acme:i", "target": "fin:gl"}
    one_match = (
        "MATCH (s:Snapshot {name: $snapshot}) "
        "MATCH (i:Entity {uid: s.load + '|' + $identity})-[:CAN_READ]->(b)<-[:FEEDS]-(a)"
        "-[:AUTHENTICATES_AS]->()-[:CAN_WRITE]->(a)-[:FEEDS]->(b)-[:SUPPORTS]->(t) RETURN t"
    )
    assert ask(server, one_match, **given) == []
    altering = asked(server, find("who-can-alter"), given)
    assert [row["identity"] for row in altering] == ["acme:i", "acme:j"]
    path = asked(server, find("show-the-path"), given)
    assert [row["kind"] for row in path] == [
        "CAN_READ", "FEEDS", "AUTHENTICATES_AS", "CAN_WRITE", "FEEDS", "SUPPORTS",
    ]  # fmt: skip


def test_both_lists_of_a_row_are_in_order_whoever_reaches_what(
    server: Server, tmp_path: Path
) -> None:
    """Pairs in the order of the first list leave the second in that of its first meetings."""
    nodes = [
        {"kind": "ServiceAccount", "key": "acme:i1"},
        {"kind": "ServiceAccount", "key": "acme:i2"},
        {"kind": "Secret", "key": "acme:k", "owner": "a", "props": {"rotated": "2020-01-01"}},
        {"kind": "Dataset", "key": "acme:d1"},
        {"kind": "Dataset", "key": "acme:d2"},
        {"kind": "ServiceAccount", "key": "acme:v1", "props": {"vendor": "Zed"}, "owner": "b"},
        {"kind": "ServiceAccount", "key": "acme:v0", "owner": "c"},
    ]
    edges = [
        *({"kind": "CAN_ASSUME", "from": one, "to": "acme:v1"} for one in ("acme:i1", "acme:i2")),
        *({"kind": "CAN_READ", "from": one, "to": "acme:k"} for one in ("acme:v1", "acme:v0")),
        {"kind": "AUTHENTICATES_AS", "from": "acme:k", "to": "acme:v0"},
        {"kind": "CAN_WRITE", "from": "acme:v0", "to": "acme:d2"},
        {"kind": "CAN_WRITE", "from": "acme:v0", "to": "acme:d1",
         "needs": [{"at": "acme:i2", "state": "CONTROL"}]},
    ]  # fmt: skip
    role = {"family": "financial-reporting", "fs_role": "record", "icfr_basis": "own"}
    targets = [{"id": f"t{one}", **role, "select": [{"key": f"acme:d{one}"}]} for one in (1, 2)]
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": targets}
    facts = {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}
    push(server, built(tmp_path, [facts], scope), "ordered")
    given = {"snapshot": "ordered", "days": 365}
    (passed,) = asked(server, find("third-parties-on-paths"), given)
    (old,) = asked(server, find("long-lived-on-altering-paths"), given)
    for row in (passed, old):
        assert {"acme:i1", "acme:i2"} < set(row["identities"])
        assert row["identities"] == sorted(row["identities"])
        assert row["targets"] == ["fin:t1", "fin:t2"]
    (several,) = asked(server, find("readable-by-several-teams"), given)
    assert several["readers"] == ["acme:v0", "acme:v1"]  # their owners are the other way round
    assert several["owners"] == ["b", "c"]


# -- the command --------------------------------------------------------------------------------


def _run(server: Server, tmp_path: Path, *arguments: str) -> Any:  # noqa: ANN401 - Said
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    login = ("--uri", server.uri, "--password-file", tmp_path / "password")
    return inside("query", "run", *arguments, *login)


def test_a_question_is_asked_on_a_server_by_names_that_people_use(
    server: Server, sample: Sample, tmp_path: Path
) -> None:
    ran = _run(server, tmp_path, "who-can-alter", "cash", "--snapshot", "ledgerline", "--csv")
    assert ran.code == 0
    # Whoever reaches a gap is not cleared of it.
    engine = {
        row.identity
        for row in sample.content.assessment.verdicts
        if (row.target == "fin:cash" and "ALTER" in row.states) or row.target == "*"
    }
    assert sorted(line.partition(",")[0] for line in ran.out.splitlines()[1:]) == sorted(engine)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("who-can-alter", "no-such"), "no target is like 'no-such'"),
        (("what-it-reaches", "erp"), "could be any of"),
        (("what-stops-it", "fin:cash"), "fin:cash is no credential"),
        (("guarded-rights", "nowhere"), "no control 'nowhere'"),
        (("who-can-alter", GIVEN["node"]), f"{GIVEN['node']} is no target"),
        (("answers", "yesterday"), "no snapshot 'yesterday'"),
        (("findings", "--snapshot", "none"), "no snapshot 'none'"),
    ],
)
def test_a_name_that_means_nothing_is_an_error_and_no_empty_answer(
    server: Server, sample: Sample, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    chosen = () if "--snapshot" in arguments else ("--snapshot", "ledgerline")
    ran = _run(server, tmp_path, *arguments, *chosen)
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err


def test_of_several_snapshots_one_is_named_unless_all_are_asked_about(
    server: Server, sample: Sample, tmp_path: Path
) -> None:
    del sample
    facts = {"nhigraph": "facts/1", "nodes": [{"kind": "Dataset", "key": "acme:d"}]}
    target = {"id": "gl", "family": "financial-reporting", "select": [{"key": "acme:d"}]}
    scope = {"nhigraph": "scope/1", "targets": [target]}
    push(server, built(tmp_path / "other", [facts], scope), "other")
    every = _run(server, tmp_path, "snapshots", "--csv")
    assert every.code == 0, every.err
    names = {line.partition(",")[0] for line in every.out.splitlines()[1:]}
    assert {"ledgerline", "other"} <= names
    assert every.err.endswith(f"Snapshots in this database: {len(names)} rows\n")
    unnamed = _run(server, tmp_path, "findings")
    assert (unnamed.code, unnamed.out) == (2, "")
    assert "--snapshot: say which: " in unnamed.err
    login = ("--uri", server.uri, "--password-file", tmp_path / "password")
    pulled = inside("neo4j", "pull", tmp_path / "drawn.facts.json", *login)
    assert (pulled.code, pulled.out) == (2, "")
    assert "--name: say which: " in pulled.err
