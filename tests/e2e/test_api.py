"""The public names, each used on the sample company as its types say; mypy reads this, too."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx  # noqa: TC002 - a type that the API promises
import pandas as pd
import pytest

import nhigraph
from nhigraph.errors import NhigraphError, NoInputError, UsageError
from tests.e2e.command import inside, rows
from tests.sample import FOLDER, INPUTS, REPOSITORY, SCOPE

pytestmark = pytest.mark.xdist_group("ledgerline")


@pytest.fixture(scope="module")
def estate() -> nhigraph.Estate:
    return nhigraph.read(*INPUTS, scope=SCOPE, repo=REPOSITORY)


@pytest.fixture(scope="module")
def answers(estate: nhigraph.Estate) -> nhigraph.Assessment:
    return estate.assess()


def test_every_public_name_is_there_and_is_imported_late() -> None:
    assert {name for name in nhigraph.__all__ if hasattr(nhigraph, name)} == {*nhigraph.__all__}
    assert {*nhigraph.__all__} <= {*dir(nhigraph)}
    late = (
        "import sys, nhigraph; print([m for m in ('pandas', 'numba', 'pyvis', 'neo4j', 'numpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", late], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="nothing_like_it"):
        nhigraph.nothing_like_it  # noqa: B018 - reading it is the test


def test_frames_have_the_columns_and_cells_of_the_files(
    answers: nhigraph.Assessment, out: Path
) -> None:
    for name in (
        *("identities", "verdicts", "controls", "population", "questions"),
        *("which", "rotation", "findings"),
    ):
        frame: pd.DataFrame = getattr(answers, name)
        told = rows(out / f"{name}.csv")
        assert [*frame.columns] == [*(told[0] if told else frame.columns)]
        assert len(frame) == len(told)
        for row, expected in zip(frame.to_dict("records"), told, strict=True):
            assert {column: _cell(value) for column, value in row.items()} == expected


def _cell(value: object) -> str:
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    text = "" if value is None else text
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def test_an_assessment_says_its_answer(answers: nhigraph.Assessment) -> None:
    assert answers.sentence.startswith("2 documents were not read whole") or "Of 30" in (
        answers.sentence
    )
    assert answers.complete is False
    assert answers.sentence in repr(answers)
    assert "<table" in answers._repr_html_()
    shown = answers.verdicts[answers.verdicts["path_id"] != ""].iloc[0]
    assert answers.path(str(shown["path_id"])).start == shown["identity"]


def test_questions_of_the_graph(estate: nhigraph.Estate) -> None:
    assert "role:postgres:erp/dbt_runner" in set(estate.who("fin:revenue")["identity"])
    assert {*estate.who("raw.payments")["identity"]}
    assert len(estate.reach("dbt_runner")) > 10
    assert estate.reach("dbt_runner", "fin:revenue").iloc[0]["verdict"] == "both"
    assert "fin:revenue" in set(estate.blast("dbt_runner")["node"])
    assert estate.ask().iloc[0]["rank"] == 1
    assert len(estate.which()) > 5
    assert estate.which("fin:revenue", "dbt_runner")["subject"].tolist()
    told = estate.explain("dbt_runner")
    assert isinstance(told, nhigraph.Explanation)
    assert told.title == "DatabaseRole role:postgres:erp/dbt_runner"
    assert {"field", "value"} == {*told.facts.columns}
    assert len(told.evidence)
    gate = "github:ledgerline/warehouse/environment/production/protection"
    assert gate in estate.explain(gate).title


@pytest.mark.parametrize("word", ["fs_role", "both", "R12", "CC6.1", "CONTROL", "long_lived"])
def test_a_word_is_explained_as_the_command_line_explains_it(
    estate: nhigraph.Estate, word: str
) -> None:
    told = estate.explain(word)
    said = json.loads(inside("explain", word, "--format", "json").out)["rows"]
    assert told.facts.to_dict("records") == said
    assert said
    assert told.title == word
    assert told.evidence.empty


def test_a_path_is_explained_by_its_id_step_by_step(
    estate: nhigraph.Estate, answers: nhigraph.Assessment
) -> None:
    ident = str(answers.verdicts.loc[answers.verdicts["path_id"] != "", "path_id"].iloc[0])
    told, path = estate.explain(ident), answers.path(ident)
    assert [*told.facts["field"]] == ["from", *(f"step {n + 1}" for n in range(len(path)))]
    assert told.facts["value"].iloc[0] == path.start
    assert f"→ {path.goal} " in told.facts["value"].iloc[-1]
    assert len(told.evidence) >= len(path)


def test_a_path_is_true_where_there_is_one(estate: nhigraph.Estate) -> None:
    path: nhigraph.Path = estate.why("dbt_runner", "fin:revenue", alternatives=2)
    assert path
    assert len(path) == len(path.steps) == path.to_networkx().number_of_edges()
    assert path.verdict is not None
    assert path.verdict.verdict == "both"
    assert path.alternatives
    assert all(other.start == path.start for other in path.alternatives)
    assert "→" in repr(path)
    assert "<ol>" in path._repr_html_()
    nothing = estate.why("calendar_sync", "crm.customers")
    assert not nothing
    assert "none in what was read" in repr(nothing)
    unsure = estate.why("archive.yml#ship", "fin:cash")
    assert not unsure
    assert unsure.gaps
    assert "not known" in repr(unsure)


def test_frames_of_the_graph(estate: nhigraph.Estate) -> None:
    assert estate.nodes.loc["role:postgres:erp/dbt_runner", "kind"] == "DatabaseRole"
    assert {*estate.edges["from"], *estate.edges["to"]} <= {*estate.nodes.index}
    assert set(estate.gaps["node"]) <= {*estate.nodes.index}
    assert "key" in estate.gates.columns
    assert "erp.postgres.json" in set(estate.coverage["artifact"])
    made: nx.MultiDiGraph[str] = estate.to_networkx()
    assert made.number_of_nodes() == len(estate.nodes)
    assert made.number_of_edges() == len(estate.edges)
    assert estate.as_of == "2026-11-23"
    assert estate.complete is False
    assert "nodes" in repr(estate)
    assert "<table" in estate._repr_html_()


def test_what_is_asked_wrongly_is_a_usage_error(
    estate: nhigraph.Estate, answers: nhigraph.Assessment, tmp_path: Path
) -> None:
    wrong: dict[str, Callable[[], object]] = {
        "name what nobody shall reach": estate.cut,
        "ways: expected one of may, can, open, not 'all'": (
            lambda: estate.cut("fin:revenue", ways="all")
        ),
        "effect: expected one of control, ": lambda: estate.cut("fin:revenue", effects=["steal"]),
        "not 'steal'": lambda: estate.view("dbt_runner", effect="steal"),
        "name where the ways begin": estate.view,
        "a name is empty": lambda: estate.who(""),
        "cannot be written there": lambda: answers.report().save(tmp_path / "no" / "a.html"),
        "expected a file": lambda: answers.report().save(tmp_path),
    }
    for said, ask in wrong.items():
        with pytest.raises(UsageError) as told:
            ask()
        assert said in str(told.value)


def test_a_cut_and_what_it_leaves(estate: nhigraph.Estate) -> None:
    cut: nhigraph.Cut = estate.cut("fin:revenue", identities=["dbt_runner"])
    assert len(cut) == 1
    assert cut.smallest
    assert "dbt_runner" in cut.changed["identity"].str.cat()
    places = [*zip(cut.changes["artifact"], cut.changes["pointer"], strict=True)]
    after = estate.without(places=places)
    assert not after.why("dbt_runner", "fin:revenue")
    assert estate.why("dbt_runner", "fin:revenue")
    assert len(estate.choke_points("trust:C/customer-data"))
    found: nhigraph.Difference = estate.diff(after)
    assert len(found.causes) == 1
    assert {"dbt_runner"} & {str(s).rpartition("/")[2] for s in found.rows["subject"]}


def test_an_estate_is_saved_and_loaded(estate: nhigraph.Estate, tmp_path: Path) -> None:
    estate.save(tmp_path / "out")
    again = nhigraph.load(tmp_path / "out")
    pd.testing.assert_frame_equal(again.edges, estate.edges)
    pd.testing.assert_frame_equal(again.assess().verdicts, estate.assess().verdicts)
    with pytest.raises(UsageError, match="keeps its scope"):
        again.with_scope(SCOPE)
    assert nhigraph.load(tmp_path / "out", as_of="2020-01-01").as_of == "2020-01-01"


def test_a_scope_may_be_a_mapping(estate: nhigraph.Estate) -> None:
    target = {
        "id": "ledger",
        "family": "financial-reporting",
        "fs_role": "record",
        "icfr_basis": "own",
        "select": [{"key": "dataset:postgres:erp.fin.gl_entries"}],
    }
    scope = {"nhigraph": "scope/1", "commitments": ["S"], "targets": [target]}
    other = estate.with_scope(scope)
    assert set(other.assess().verdicts["target"]) <= {"fin:ledger", "*"}


def test_errors_are_exceptions_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoInputError):
        nhigraph.load(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        nhigraph.read(tmp_path / "nothing")
    with pytest.raises(UsageError, match="scope lies among the inputs"):
        nhigraph.read(FOLDER, scope={"nhigraph": "scope/1", "targets": []}, repo=REPOSITORY)
    with pytest.raises(UsageError, match="no targets"):
        nhigraph.read(*INPUTS, repo=REPOSITORY).assess()
    with pytest.raises(NhigraphError, match="did you mean"):
        nhigraph.read(*INPUTS, repo=REPOSITORY).why("dbt_runer", "fct_revenue")
