"""A third party's source with kinds, a property, keys and an end of its own.

The package ``tests/data/tapline`` is built, installed into a folder, and read by the real program.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.third_party.packages import TAPLINE, Ran, install, nhigraph

pytestmark = pytest.mark.xdist_group("tapline")

NORTH = {
    "tapline": 1,
    "site": "North",
    "exported": "2026-11-20",
    "kegs": ["Books", "Slops"],
    "taps": [
        {"name": "blend-bot", "seal": "whole", "pours": ["Books"]},
        {"name": "rinse-bot", "seal": "cracked", "pours": ["Slops"]},
        {"name": "till-bot", "seal": "whole", "books": {"database": "erp", "user": "till"}},
        {"name": "hose-bot", "seal": "whole", "hose": {"to": "the yard", "bores": [8, 13]}},
        {"name": "long-bot", "seal": "whole", "hose": {"to": "Books", "bores": [8]}},
        {"name": "side-bot", "seal": "whole", "shows": "cellarman"},
        {
            "name": "main-bot",
            "seal": "whole",
            "pours": ["Books"],
            "badge": "cellarman",
            "lets_in": {
                "issuer": "https://token.actions.githubusercontent.com",
                "run": "repo:taproom/cellar:*",
            },
        },
    ],
}
#: A second export of the same site, whose name somebody typed otherwise, with another seal.
AGAIN = {
    "tapline": 1,
    "site": "NORTH",
    "exported": "2026-11-18",
    "taps": [{"name": "blend-bot", "seal": "broken"}],
}
SCOPE = """
nhigraph: scope/1
organization: Tap Room Ltd
commitments: [S, A]
targets:
  - id: books
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    assertions: [existence_occurrence, completeness, valuation_allocation]
    select:
      - {kind: Keg, key: "tapline:NORTH/keg/Books"}
  - id: takings
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    assertions: [existence_occurrence]
    select:
      - {key: "dataset:postgres:erp.fin.takings"}
"""
#: A job that names nobody whom it becomes with its token.
POUR = """
on: push
permissions: {id-token: write}
jobs:
  pour:
    runs-on: ubuntu-latest
    steps: [{run: ./pour.sh}]
"""
#: What a file of facts says with the package's words.
FACTS = """
nhigraph: facts/1
nodes:
  - {kind: Tap, key: "tapline:nOrTh/tap/blend-bot", props: {seal: cracked}}
  - {kind: Tapp, key: "tapline:north/tap/typo"}
  - {kind: DatabaseRole, key: "role:postgres:erp/till"}
  - {kind: Dataset, key: "dataset:postgres:erp.fin.takings"}
edges:
  - kind: CAN_WRITE
    from: "role:postgres:erp/till"
    to: "dataset:postgres:erp.fin.takings"
    action: post
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed."""
    return install(TAPLINE, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "north.tapline.json").write_text(json.dumps(NORTH))
    (folder / "again.tapline.json").write_text(json.dumps(AGAIN))
    (folder / "more.facts.yaml").write_text(FACTS)
    (folder / "scope.yaml").write_text(SCOPE)
    for name in ("cellar", "stock"):
        checkout = folder / name
        (checkout / ".github" / "workflows").mkdir(parents=True)
        (checkout / ".github" / "workflows" / "pour.yml").write_text(POUR)
        (checkout / ".git").mkdir()
        (checkout / ".git" / "config").write_text(
            f'[remote "origin"]\n\turl = https://github.com/taproom/{name}.git\n'
        )
    return folder


@pytest.fixture(scope="module")
def out(site: Path, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of ``assess``."""
    folder = tmp_path_factory.mktemp("out") / "answer"
    ran = nhigraph("assess", inputs, "--out", folder, sites=(site,))
    assert ran.code == 0, ran.err
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def best_paths(out: Path) -> list[dict[str, str]]:
    return [row for row in rows(out / "paths.csv") if row["alternative"] == "0"]


def test_its_identities_are_in_the_population_and_judged(out: Path) -> None:
    """Two exports meet on one key, whose site counts in any case."""
    found = {row["identity"]: row for row in rows(out / "identities.csv")}

    assert set(found) == {
        "tapline:north/tap/blend-bot",
        "tapline:north/tap/rinse-bot",
        "tapline:north/tap/till-bot",
        "tapline:north/tap/hose-bot",
        "tapline:north/tap/side-bot",
        "tapline:north/tap/long-bot",
        "tapline:north/tap/main-bot",
        "github:taproom/cellar/job/pour.yml#pour",
        "github:taproom/stock/job/pour.yml#pour",
        "role:postgres:erp/till",
        "tapline:north/tap/typo",  # of unknown kind: what stays of a refused record
    }
    blend = found["tapline:north/tap/blend-bot"]
    assert (blend["kind"], blend["soc1"], blend["verdict"]) == ("Tap", "direct", "both")
    assert found["tapline:north/tap/rinse-bot"]["verdict"] == "neither"


def test_its_property_merges_by_its_rule_and_shows_its_weakness(out: Path) -> None:
    """The worst of whole, broken and cracked stands, whichever document came last."""
    (weak,) = (
        row for row in rows(out / "identities.csv") if "secret_exposed" in row["weaknesses"]
    )
    assert weak["identity"] == "tapline:north/tap/blend-bot"
    assert weak["soc2"] == "S"
    artifacts = json.loads((out / "coverage.json").read_text())["artifacts"]
    notes = [line["reason"] for one in artifacts for line in one["notes"]["listed"]]
    assert any("seal: broken stands" in note for note in notes)


def test_its_edge_moves_as_its_effect_says_and_has_its_action(out: Path) -> None:
    (verdict,) = (
        row
        for row in rows(out / "verdicts.csv")
        if (row["identity"], row["target"]) == ("tapline:north/tap/blend-bot", "fin:books")
    )
    assert verdict["states"] == "ALTER"
    steps = [row for row in best_paths(out) if row["path_id"] == verdict["path_id"]]
    assert [row["edge_kind"] for row in steps] == ["POURS_INTO", "SUPPORTS"]
    # What a posting puts at risk; an update could not make up what never happened.
    assert verdict["assertions"] == "existence_occurrence;valuation_allocation"
    assert "pours into" in (out / "report.html").read_text()


def test_its_login_is_answered_as_anybodys_is(out: Path) -> None:
    """A tap that logs in to a database is the role there, if it may without a password."""
    (row,) = (
        row
        for row in rows(out / "verdicts.csv")
        if (row["identity"], row["target"]) == ("tapline:north/tap/till-bot", "fin:takings")
    )
    assert (row["soc1"], row["certainty"]) == ("direct", "may")
    steps = [one for one in best_paths(out) if one["path_id"] == row["path_id"]]
    assert [one["edge_kind"] for one in steps] == ["CAN_ASSUME", "CAN_WRITE", "SUPPORTS"]


def arrivals(out: Path, target: str) -> dict[str, tuple[str, list[str]]]:
    """Identities that reach a target: how surely, and by which edges."""
    steps: dict[str, list[str]] = {}
    for row in best_paths(out):
        steps.setdefault(row["path_id"], []).append(row["edge_kind"])
    return {
        row["identity"]: (row["certainty"], steps[row["path_id"]])
        for row in rows(out / "verdicts.csv")
        if row["target"] == target and row["path_id"]
    }


def test_its_accounts_answer_logins_of_a_platform_that_no_join_knows(out: Path) -> None:
    """The tap that shows the badge is the tap that takes it, if that asks for no more."""
    found = arrivals(out, "fin:books")["tapline:north/tap/side-bot"]
    assert found == ("may", ["CAN_ASSUME", "POURS_INTO", "SUPPORTS"])


def test_its_trust_lets_in_the_job_that_has_such_a_token_and_no_other(out: Path) -> None:
    found = arrivals(out, "fin:books")
    way = ["CAN_ASSUME", "POURS_INTO", "SUPPORTS"]
    assert found["github:taproom/cellar/job/pour.yml#pour"] == ("may", way)
    assert "github:taproom/stock/job/pour.yml#pour" not in found


def test_its_end_that_nothing_answers_is_a_gap(out: Path) -> None:
    found = {row["identity"]: row for row in rows(out / "identities.csv")}
    assert found["tapline:north/tap/hose-bot"]["verdict"] == "undetermined"
    artifacts = json.loads((out / "coverage.json").read_text())["artifacts"]
    gaps = [line["reason"] for one in artifacts for line in one["gaps"]["listed"]]
    line = "tapline:north/tap/hose-bot: where its hose ends is in no input"
    assert gaps.count(line) == 1


def test_its_end_is_answered_by_what_the_package_brings_for_it(out: Path) -> None:
    found = arrivals(out, "fin:books")["tapline:north/tap/long-bot"]
    assert found == ("can", ["POURS_INTO", "SUPPORTS"])


def test_files_of_facts_have_its_words(out: Path) -> None:
    artifacts = json.loads((out / "coverage.json").read_text())["artifacts"]
    (facts,) = (one for one in artifacts if one["artifact"] == "more.facts.yaml")
    assert facts["merged"] == 1
    (refused,) = facts["skipped"]["listed"]
    assert "did you mean 'Tap'?" in refused["reason"]


def test_what_it_expects_and_when_it_was_extracted_is_told(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["as_of"], manifest["as_of_source"]) == ("2026-11-20", "extract")
    assert manifest["packages"] == {"nhigraph-tapline": "1.4"}
    absent = json.loads((out / "coverage.json").read_text())["absent"]
    assert "tapline_keys" in [one["source"] for one in absent]


def test_the_sources_name_the_package_and_its_version(site: Path) -> None:
    rows_ = json.loads(nhigraph("sources", "--format", "json", sites=(site,)).out)["rows"]
    (row,) = (row for row in rows_ if row["source"] == "tapline")
    assert (row["package"], row["version"], row["problem"]) == ("nhigraph-tapline", "1.4", "")
    assert row["blind_spots"] == "who holds the keys to the cellar."
    assert all(not other["package"] for other in rows_ if other is not row)


QUESTIONS = (
    ("population",),
    ("who", "tapline:NORTH/keg/Books"),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_a_stored_graph_is_asked_where_the_package_is_there(
    site: Path, out: Path, question: tuple[str, ...]
) -> None:
    ran = nhigraph(*question, "--graph", out, sites=(site,))
    assert ran.code == 0, ran.err
    assert "tapline:north/tap/blend-bot" in ran.out


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_a_stored_graph_gets_one_line_where_the_package_is_not_there(
    out: Path, question: tuple[str, ...]
) -> None:
    ran = nhigraph(*question, "--graph", out)
    assert ran.code == 3
    assert ran.err.count("\n") == 1
    assert "nhigraph-tapline 1.4, which is not installed" in ran.err


def test_a_stored_graph_gets_one_line_where_the_package_means_something_else(
    out: Path, tmp_path: Path
) -> None:
    """The same words with another effect would give other answers."""
    text = (TAPLINE / "nhigraph_tapline.py").read_text().replace("Effect.ALTER", "Effect.READ")
    source = tmp_path / "source"
    source.mkdir()
    (source / "nhigraph_tapline.py").write_text(text)
    project = (TAPLINE / "pyproject.toml").read_text().replace('"1.4"', '"2.0"')
    (source / "pyproject.toml").write_text(project)
    other = install(source, tmp_path / "site")

    ran = nhigraph("population", "--graph", out, sites=(other,))

    assert ran.code == 3
    assert "nhigraph-tapline 1.4, whose words mean something else in 2.0" in ran.err


def test_without_the_package_its_documents_are_not_recognised(
    inputs: Path, tmp_path: Path
) -> None:
    ran: Ran = nhigraph("assess", inputs, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    coverage: dict[str, Any] = json.loads((tmp_path / "out" / "coverage.json").read_text())
    status = {one["artifact"]: one["status"] for one in coverage["artifacts"]}
    assert status["north.tapline.json"] == "not recognised"
    assert coverage["complete"] is False


def test_the_same_input_gives_the_same_bytes(site: Path, inputs: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert nhigraph("assess", inputs, "--out", tmp_path / name, sites=(site,)).code == 0
    for file in (tmp_path / "one").rglob("*"):
        if file.is_file():
            again = tmp_path / "two" / file.relative_to(tmp_path / "one")
            assert file.read_bytes() == again.read_bytes()
