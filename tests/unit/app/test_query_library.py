"""Questions without a server: the stored graph answers where a command does."""

from pathlib import Path

import pytest

from nhigraph.app import demo
from nhigraph.app.build import run_build
from nhigraph.app.query_library import library
from tests.e2e.command import inside

GIVEN = {
    "target": "fin:cash",
    "identity": "role:postgres:erp/dbt_runner",
    "node": "dataset:postgres:erp.fin.invoices",
    "credential": "github:ledgerline/warehouse/secret/DBT_PASSWORD",
}
WITH_COMMAND = [one for one in library() if one.command]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    inputs = [*demo.inputs(), demo.sample() / "scope.yaml"]
    run_build(inputs, out, repo=demo.REPOSITORY)
    return out


@pytest.mark.parametrize("name", ["who-can-alter", "show-the-path", "what-relies-on"])
def test_without_a_server_the_command_that_answers_the_same_is_run_and_named(
    graph: Path, name: str
) -> None:
    query = next(one for one in WITH_COMMAND if one.stem == name)
    values = [GIVEN[param] for param in query.params if param != "snapshot"]
    ran = inside("query", "run", name, *values, "--graph", graph, "--csv")
    direct = inside(*query.arguments(GIVEN), "--graph", graph, "--format", "csv")
    assert (ran.code, ran.out) == (0, direct.out)
    assert f"by `{query.command.format_map(GIVEN)}`" in ran.err


@pytest.mark.parametrize("query", WITH_COMMAND, ids=lambda query: query.name)
def test_every_command_that_a_question_names_takes_what_it_is_given(query: object) -> None:
    from nhigraph.app.query_library import Query
    from nhigraph.cli.main import nhigraph

    assert isinstance(query, Query)
    command, *arguments = query.arguments(GIVEN)
    found = nhigraph.get_command(nhigraph.make_context("nhigraph", [command]), command)
    assert found is not None
    found.make_context(command, [*arguments, "--graph", "x", "--format", "csv"])


def test_a_question_that_only_a_server_answers_says_so(tmp_path: Path) -> None:
    ran = inside("query", "run", "open-ways-to-the-books", "--graph", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "only a server answers this; name one with --uri" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("who-can-alter",),
            "target is missing, as in `nhigraph query run reach/who-can-alter TARGET`",
        ),
        (("who-can-alter", "a", "b"), "takes no 'b'"),
        (("who-can-altar", "a"), "did you mean who-can-alter,"),
        (("expired-or-expiring", "soon"), "days is a whole number, not 'soon'"),
    ],
)
def test_a_question_asked_wrongly_says_how_it_is_asked(
    arguments: tuple[str, ...], said: str
) -> None:
    ran = inside("query", "run", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_the_list_names_every_question_under_its_topic() -> None:
    ran = inside("query", "list")
    assert all(f"  {one.stem}" in ran.out and one.title in ran.out for one in library())
    assert inside("query", "show", "fix/choke-points").out.startswith("// Choke points\n")
    assert inside("query", "list", "nothing").code == 2
