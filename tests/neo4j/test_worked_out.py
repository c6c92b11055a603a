"""Every question against what a loop over the files of ``assess`` gives, without a database."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from nhigraph.app.query_library import find, library
from tests.e2e.command import inside
from tests.neo4j.asked import GIVEN, asked, same
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import push
from tests.neo4j.server import Server
from tests.neo4j.worked_out import WORKED, full
from tests.neo4j.worked_out.folder import Folder, read
from tests.oracle.estates import estate
from tests.oracle.scope import apply_owners, boundaries
from tests.oracle.world import build_world
from tests.sample import ARGUMENTS

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

#: Of every change, and by night.
GRAPHS, MORE = range(20), range(20, 200)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The sample company's files."""
    out = tmp_path_factory.mktemp("told") / "out"
    assert inside("assess", *ARGUMENTS, "--out", out, "--all-reached").code == 0
    # The scope's only word on what lies beyond: the card processor.
    return read(out, boundary={"role:postgres:erp/cardwell_settlement": "carve_out"})


@pytest.fixture(scope="module")
def everything(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The estate in which every question has an answer, pushed with what it was before."""
    found = full.full(tmp_path_factory.mktemp("full"))
    assert found.earlier is not None
    for one in (found.earlier, found):
        push(server, one.path / "graph", one.name)
    return found


def test_every_question_is_worked_out_without_a_database() -> None:
    assert {one.name for one in library()} == set(WORKED)


@pytest.mark.parametrize("name", sorted(WORKED))
def test_the_server_says_of_the_sample_what_its_files_say(
    server: Server, sample: Sample, told: Folder, name: str
) -> None:
    _agree(server, told, name, GIVEN)


@pytest.mark.parametrize("name", sorted(WORKED))
def test_every_question_has_an_answer_somewhere_and_it_is_that_of_the_files(
    server: Server, sample: Sample, told: Folder, everything: Folder, name: str
) -> None:
    given = full.given(name)
    expected = WORKED[name](everything, given)
    assert expected or WORKED[name](told, GIVEN)
    _agree(server, everything, name, given)


@pytest.mark.parametrize("seed", GRAPHS)
def test_the_server_says_of_a_random_graph_what_its_files_say(
    server: Server, tmp_path: Path, seed: int
) -> None:
    _agree_on(server, tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", MORE)
def test_the_server_says_of_many_random_graphs_what_their_files_say(
    server: Server, tmp_path: Path, seed: int
) -> None:
    _agree_on(server, tmp_path, seed)


def _agree_on(server: Server, folder: Path, seed: int) -> None:
    facts, scope = estate(seed)
    world = build_world(facts, scope)
    apply_owners(world, scope)
    told = full.assessed(folder, facts, scope, name="random", boundary=boundaries(world, scope))
    push(server, told.path / "graph", "random")
    given = _given(told, seed)
    for name in WORKED:
        if find(name).params.keys() <= given.keys():
            _agree(server, told, name, given)


def _given(told: Folder, seed: int) -> dict[str, object]:
    """Something to ask of an estate for every parameter that means anything there."""
    nodes = sorted(told.nodes)
    choices = {
        "node": nodes,
        "identity": [key for key in nodes if told.nodes[key].nhi],
        "credential": [row["credential"] for row in told.table("rotation")],
        "target": [key for key in nodes if key.startswith(("fin:", "trust:"))],
        "gate": sorted({edge.gate for edge in told.edges if edge.gate}),
    }
    some = {name: keys[seed % len(keys)] for name, keys in choices.items() if keys}
    return {"snapshot": told.name, "before": told.name, "days": 100, **some}


def _agree(server: Server, told: Folder, name: str, given: Mapping[str, object]) -> None:
    found = asked(server, find(name), given)
    if name == "coverage/snapshots":
        found = [row for row in found if row["name"] == told.name]
    same(found, WORKED[name](told, given))
