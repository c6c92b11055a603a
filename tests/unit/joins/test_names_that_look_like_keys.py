"""What a repository, its owner, a file or an environment is called changes only its name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.facts import keys
from nhigraph.graph.store import Graph
from tests.unit.joins.company import export, relation

MAIN = """
on: {schedule: [{cron: "0 2 * * *"}]}
permissions: write-all
jobs:
  call:
    uses: ./.github/workflows/FILE
    secrets: inherit
"""
CALLED = """
on: {workflow_call: {secrets: {LOADER_PW: {required: true}}}}
jobs:
  load:
    runs-on: ubuntu-latest
    environment: ENVIRONMENT
    env: {PGHOST: db, PGDATABASE: erp, PGUSER: loader, PGPASSWORD: "${{ secrets.LOADER_PW }}"}
    steps:
      - uses: ./tools/act
      - run: psql -f load.sql
"""
ACTION = "runs: {using: composite, steps: [{run: ./x, shell: bash}]}\n"
Edges = list[tuple[str, ...]]


def _graph(
    folder: Path, *, repo: str = "acme/erp", file: str = "load.yml", environment: str = "prod"
) -> Graph:
    database = export(
        {"loader": {}},
        schemas={"fin": ["loader=U/admin"]},
        relations=[relation("fin", "gl", "admin", ["loader=a/admin"])],
    )
    for path, text in {
        ".github/workflows/main.yml": MAIN.replace(
            "./.github/workflows/FILE", f'"./.github/workflows/{file}"'
        ),
        f".github/workflows/{file}": CALLED.replace("ENVIRONMENT", f'"{environment}"'),
        "tools/act/action.yml": ACTION,
        "erp.postgres.json": database,
    }.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return collect([folder], repo=repo).graph


def _edges(graph: Graph, named: Callable[[keys.Key], keys.Key]) -> Edges:
    """Edges with their ends, gates and certainty, under the names of the plain estate."""

    def name(text: str) -> str:
        key = keys.parse(text)
        return text if key is None else named(key).text

    at = [name(key) for key in graph.key_list]
    columns = (graph.edges[c].tolist() for c in ("kind", "src", "dst", "certainty", "gate"))
    return sorted(
        (kind, at[source], at[target], certainty, name(gate))
        for kind, source, target, certainty, gate in zip(*columns, strict=True)
    )


def _plain(folder: Path) -> Edges:
    found = _edges(_graph(folder), lambda key: key)
    assert any(edge[0] == "AUTHENTICATES_AS" for edge in found)
    return found


@pytest.mark.parametrize(
    "repo",
    [
        *(f"acme/{word}" for word in ("job", "secret", "workflow", "environment", "action")),
        *(f"{word}/erp" for word in ("job", "secret", "team", "user", "environment")),
        *("secret/secret", "Acme/ERP"),
    ],
)
def test_a_repository_may_be_called_as_a_part_of_keys_is(repo: str, tmp_path: Path) -> None:
    to = keys.repository("acme/erp")
    owner = repo.partition("/")[0]

    def named(key: keys.Key) -> keys.Key:
        # The right to an owner's packages is no repository's.
        if isinstance(key, keys.OwnerPermission):
            assert key.owner == owner.lower()
            return replace(key, owner="acme")
        return keys.moved(key, to)

    assert _edges(_graph(tmp_path / "b", repo=repo), named) == _plain(tmp_path / "a")


@pytest.mark.parametrize("file", ["x#y.yml", "x@y.yml", "secret.yml", "job#a%23.yml"])
def test_a_workflow_file_may_be_called_as_it_likes(file: str, tmp_path: Path) -> None:
    def named(key: keys.Key) -> keys.Key:
        match key:
            case keys.Job(file=called) | keys.Workflow(file=called) if called == file:
                return replace(key, file="load.yml")
            case keys.CalledSecret(workflow, name) if workflow.file == file:
                return keys.CalledSecret(replace(workflow, file="load.yml"), name)
        return key

    assert _edges(_graph(tmp_path / "b", file=file), named) == _plain(tmp_path / "a")


@pytest.mark.parametrize("environment", ["a/job/b", "PROD", "x#y", "a/secret/b", "protection"])
def test_an_environment_may_be_called_as_it_likes(environment: str, tmp_path: Path) -> None:
    def of(found: keys.Environment) -> keys.Environment:
        assert found.name == environment.lower()
        return replace(found, name="prod")

    def named(key: keys.Key) -> keys.Key:
        match key:
            case keys.Environment():
                return of(key)
            case keys.EnvironmentSecret(found, name):
                return keys.EnvironmentSecret(of(found), name)
            case keys.EnvironmentProtection(found):
                return keys.EnvironmentProtection(of(found))
        return key

    found = _edges(_graph(tmp_path / "b", environment=environment), named)
    assert found == _plain(tmp_path / "a")
