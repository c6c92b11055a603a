"""A server that dies in the middle of a push, and one that may not be written."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.app.neo4j import prepared, run_push
from nhigraph.errors import ServerError
from tests.e2e.command import contents, inside
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import address, anchored, ask, built, push
from tests.neo4j.server import PASSWORD, Server
from tests.neo4j.test_push import SCOPE, facts

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

ACCOUNTS = "MATCH (n:ServiceAccount {load: s.load}) RETURN count(n) AS n"
READ_ONLY = "server.databases.default_to_read_only"


@pytest.fixture
def mortal(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of one test's own: what befalls it befalls no other test.

    Depends on ``server`` for that one's skip where no server can be started.
    """
    one = Server(tmp_path_factory.mktemp("mortal"))
    one.start()
    yield one
    one.signal(signal.SIGKILL)


def test_a_push_that_its_server_did_not_survive_is_completed_by_the_next(
    mortal: Server, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nhigraph.output.neo4j.server.RETRY_SECONDS", 1.0)
    monkeypatch.setattr("nhigraph.output.neo4j.push.BATCH_ROWS", 50)
    push(mortal, sample.graph, "ledgerline")
    push(mortal, built(tmp_path / "one", [facts("acme:a")], SCOPE), "cut-short")
    many = built(tmp_path / "two", [facts(*(f"acme:{n}" for n in range(300)))], SCOPE)
    stored = contents(many)

    def kill(phrase: str, done: int, total: int) -> None:
        if phrase == "writing relationships" and done >= 100:
            mortal.kill()

    wanted = prepared(many, "cut-short")
    with pytest.raises(ServerError, match=r"stopped after [\d,]+ nodes, [\d,]+ relationships"):
        run_push(address(mortal), wanted, say=kill)

    # Its log is recovered first: a database may not be, once it is read-only, and is then not up.
    mortal.start()
    mortal.stop()
    mortal.configure(READ_ONLY, "true")
    mortal.start()
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    login = ("--uri", mortal.uri, "--password-file", password)
    for command in (("push", "--graph", many), ("clean", "cut-short")):
        ran = inside("neo4j", *command, *login)
        assert ran.code == 3
        assert "is read-only: nothing was changed" in ran.err
        assert len(ran.err.splitlines()) == 1
    assert ask(mortal, anchored(ACCOUNTS), snapshot="cut-short") == [{"n": 1}]
    assert "a push was cut short" in inside("neo4j", "status", *login).out

    mortal.kill()
    mortal.configure(READ_ONLY, "false")
    mortal.start()
    ran = inside("neo4j", "push", "--graph", many, "--name", "cut-short", *login)
    assert ran.code == 0, ran.err
    assert ask(mortal, anchored(ACCOUNTS), snapshot="cut-short") == [{"n": 300}]
    rights = "MATCH (:ServiceAccount {load: s.load})-[r:CAN_WRITE]->() RETURN count(r) AS n"
    assert ask(mortal, anchored(rights), snapshot="cut-short") == [{"n": 300}]
    assert ask(
        mortal, "MATCH (n:ServiceAccount) WHERE n.key STARTS WITH 'acme:' RETURN count(n) AS n"
    ) == [{"n": 300}]
    loads = "MATCH (l:Load) RETURN count(l) AS loads, COUNT { MATCH (:Snapshot) } AS snapshots"
    counted = ask(mortal, loads)[0]
    assert counted["loads"] == counted["snapshots"]
    identities = "MATCH (i:Entity {load: s.load}) WHERE i.verdict IS NOT NULL RETURN count(i) AS n"
    expected = [{"n": len(sample.content.assessment.identities)}]
    assert ask(mortal, anchored(identities), snapshot="ledgerline") == expected
    assert contents(many) == stored
    assert inside("neo4j", "clean", "cut-short", *login).code == 0
