"""The files of ``neo4j-admin database import`` hold what a push writes."""

import shlex
from pathlib import Path

import pytest

from tests.e2e.command import inside
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import Rows, ask
from tests.neo4j.server import Server

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j"), pytest.mark.nightly]

EVERYTHING = (
    "MATCH (s:Snapshot {name: 'ledgerline'}) MATCH (n {load: s.load}) WHERE NOT n:Load "
    "OPTIONAL MATCH (n)-[r]->(m) "
    "WITH labels(n) AS labels, split(n.uid, '|')[1] AS uid, n, r, m "
    "ORDER BY uid, type(r), split(m.uid, '|')[1], r.key "
    "RETURN uid, labels, n {.*, uid: null, load: null, pushed: null} AS said, "
    "collect([type(r), split(m.uid, '|')[1], properties(r)]) AS rels ORDER BY labels, uid"
)


def _everything(server: Server) -> Rows:
    """Nodes with their relationships; the order of labels is each store's own.

    An import gives the snapshot's own node an id, as it does every node; a push does not.
    """
    rows = [
        {**row, "labels": sorted(row["labels"]), "uid": row["uid"] or "Snapshot"}
        for row in ask(server, EVERYTHING)
    ]
    return sorted(rows, key=lambda row: (row["labels"], row["uid"]))


def test_an_imported_database_is_the_one_that_a_push_fills(
    server: Server, sample: Sample, tmp_path: Path
) -> None:
    out = tmp_path / "csv"
    ran = inside("export", out, "--format", "neo4j-csv", "--name", "ledgerline",
                 "--graph", sample.graph)  # fmt: skip
    assert ran.code == 0
    script = (out / "import.sh").read_text(encoding="utf-8")
    words = shlex.split(script.partition("\n")[2].replace("\\\n", " "))
    assert words[0] == "neo4j-admin"
    other = Server(tmp_path / "home")
    given = [
        f"{word.partition('=')[0]}={out / word.partition('=')[2]}"
        if word.startswith(("--nodes", "--relationships"))
        else word
        for word in words[1:]
    ]
    done = other.admin(*given)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    other.start()
    try:
        assert _everything(other) == _everything(server)
    finally:
        other.kill()
