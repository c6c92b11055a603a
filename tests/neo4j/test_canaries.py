"""Secrets of the inputs stand in nothing that other tools read: files for them, and a database."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j.time import Date, DateTime

from tests.e2e.canaries import Planted, content, found
from tests.e2e.command import Said, inside, nhigraph
from tests.e2e.test_canaries import READ, plant
from tests.neo4j.estates import ask, push
from tests.neo4j.server import Server

pytestmark = [pytest.mark.nightly, pytest.mark.xdist_group("canaries of others")]

FORMS = ("graphml", "gexf", "neo4j-csv")


@dataclass(frozen=True)
class Told:
    """A company whose inputs have canaries.

    Attributes:
        planted: They.
        out: Its output folder.
        ran: What the command said.
    """

    planted: Planted
    out: Path
    ran: Said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Everything that any source reads, as one company."""
    folder = tmp_path_factory.mktemp("company")
    planted = plant(folder / "in")
    ran = nhigraph("assess", "in", "--out", "out", cwd=folder)
    assert ran.code == 0, ran.err[-2000:]
    return Told(planted, folder / "out", ran)


def whose(told: Told, numbers: set[int]) -> list[str]:
    """Fields that canaries of these numbers stand in."""
    return sorted(
        {f"{x.source} {x.place}" for n, x in told.planted.fields.items() if n in numbers}
    )


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_stands_in_a_file_for_another_tool(
    form: str, told: Told, tmp_path: Path
) -> None:
    ran = inside("export", tmp_path / "it", "--format", form, "--graph", told.out)
    assert ran.code == 0, ran.err
    files = [one for one in (tmp_path / "it", *(tmp_path / "it").rglob("*")) if one.is_file()]
    assert sum(len(content(one)) for one in files) > 10_000
    shown = found(ran.out.encode() + ran.err.encode()).union(*(found(content(x)) for x in files))
    assert whose(told, shown) == []
    assert shown == set()


def test_no_secret_stands_in_the_database(server: Server, told: Told) -> None:
    push(server, told.out, "canaries")
    nodes = ask(server, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS told")
    edges = ask(server, "MATCH ()-[r]->() RETURN type(r) AS kind, properties(r) AS told")
    accounts = [
        one for one in nodes if str(one["told"].get("key", "")).startswith("arn:aws:iam::1111")
    ]
    assert len(accounts) > 2, "nothing of AWS is there"
    text = json.dumps([nodes, edges], default=_plain, ensure_ascii=False).encode()
    assert whose(told, found(text)) == []
    assert found(text) == set()


def test_what_is_planted_in_a_name_would_be_seen(
    server: Server, told: Told, tmp_path: Path
) -> None:
    """A name is no secret: this is where a leak would show."""
    assert {one.source for one in told.planted.fields.values()} >= {*READ}
    mark = "acme:CANARY-not-a-secret-0001"
    nodes = [{"kind": "ServiceAccount", "key": mark}]
    target = {"id": "t", "family": "financial-reporting", "select": [{"key": mark}]}
    for name, body in {
        "facts": {"nhigraph": "facts/1", "nodes": nodes},
        "scope": {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target]},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(body), "utf-8")
    ran = inside("build", "facts.json", "scope.json", "--out", "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    push(server, tmp_path / "out", "named")
    rows = ask(server, "MATCH (n {key: $key}) RETURN properties(n) AS told", key=mark)
    assert found(json.dumps(rows, default=_plain).encode()) == {1}
    for form in FORMS:
        assert (
            inside("export", tmp_path / form, "--format", form, "--graph", tmp_path / "out").code
            == 0
        )
        files = [one for one in (tmp_path / form, *(tmp_path / form).rglob("*")) if one.is_file()]
        assert 1 in set[int]().union(*(found(content(one)) for one in files)), form


def _plain(value: object) -> str:
    assert isinstance(value, Date | DateTime)
    return value.iso_format()
