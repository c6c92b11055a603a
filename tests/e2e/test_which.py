"""Which report every system asks for, through the real command line."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.command import inside, rows
from tests.sample import ARGUMENTS, FOLDER

pytestmark = pytest.mark.xdist_group("ledgerline")
TRUTH = FOLDER / "which.csv"
COLUMNS = (
    "subject,kind,name,owner,answer,soc1,soc2,question,altered_by,relied_on_by,evidence,controls,"
    "boundary,split_owners,path_id,gaps"
)


def test_every_subject_of_the_sample_is_as_a_reader_wrote_down(out: Path) -> None:
    truth = rows(TRUTH)
    columns = [name for name in truth[0] if name != "why"]
    found = [{name: row[name] for name in columns} for row in rows(out / "which.csv")]
    assert found == [{name: row[name] for name in columns} for row in truth]
    assert all(row["why"] for row in truth)


def test_the_columns_are_those_of_the_contract(out: Path) -> None:
    text = (out / "which.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == COLUMNS


def test_every_path_starts_at_the_subject_and_ends_at_a_target(out: Path) -> None:
    """No step of whoever was imagined there, and every path is in paths.csv."""
    steps: dict[str, list[dict[str, str]]] = {}
    for row in rows(out / "paths.csv"):
        steps.setdefault(row["path_id"], []).append(row)
    shown = [row for row in rows(out / "which.csv") if row["path_id"]]
    assert len(shown) == 12
    for row in shown:
        path = sorted(steps[row["path_id"]], key=lambda step: int(step["step"]))
        assert path[-1]["to"] in row["relied_on_by"].split(";")
        if row["kind"] in {"system", "repository"}:
            assert path[0]["from"] == row["subject"]


def test_nobody_imagined_is_in_any_output(out: Path) -> None:
    for path in sorted(out.rglob("*")):
        if path.is_file():
            assert b"imagined" not in path.read_bytes(), path


def test_the_stored_graph_gives_the_same_rows(out: Path) -> None:
    ran = inside("which", "--graph", out, "--format", "csv")
    assert ran.code == 0, ran.err
    assert ran.out == (out / "which.csv").read_text(encoding="utf-8")
    ran = inside("which", "--graph", out, "--format", "json")
    answer = json.loads(ran.out)
    assert answer["nhigraph"] == "which/1"
    assert answer["as_of"] == "2026-11-23"
    assert answer["coverage"]["complete"] is False
    assert [row["subject"] for row in answer["rows"]] == [r["subject"] for r in rows(TRUTH)]
    (processor,) = (row for row in answer["rows"] if row["kind"] == "vendor")
    assert processor["relied_on_by"] == ["fin:aged-receivables"]


def test_a_subject_is_found_by_a_part_of_its_name_and_any_node_by_its_own(
    out: Path,
) -> None:
    ran = inside("which", "cardwell", "DBT_PASSWORD", "--graph", out, "--format", "csv")
    assert ran.code == 0, ran.err
    processor, secret = csv.DictReader(io.StringIO(ran.out))
    assert (processor["kind"], processor["answer"]) == ("vendor", "soc1")
    assert (secret["kind"], secret["soc2"]) == ("Secret", "S;A")


def test_a_name_of_nothing_or_of_several_is_refused_with_what_comes_near(out: Path) -> None:
    ran = inside("which", "tresury", "--graph", out)
    assert ran.code == 2
    ran = inside("which", "process:", "--graph", out)
    assert ran.code == 2
    assert "process:treasury (process)" in ran.err


def test_for_people_a_subject_is_told_with_its_path_and_what_is_asked_for(
    out: Path,
) -> None:
    ran = inside("which", "process:treasury", "--graph", out)
    assert ran.code == 0, ran.err
    assert "process process:treasury: soc1; soc1 direct; soc2 -" in ran.out
    assert "computer operations: Jobs are watched" in ran.out
    assert "→ fin:cash" in ran.out or "→ fin:board-pack" in ran.out


def test_explain_knows_the_words_and_the_paths(out: Path) -> None:
    (row,) = [r for r in rows(out / "which.csv") if r["subject"] == "process:treasury"]
    for word in row["evidence"].split(";"):
        ran = inside("explain", word)
        assert ran.code == 0, ran.err
        assert ran.out.startswith(f"{word} (")
    ran = inside("explain", row["path_id"], "--graph", out)
    assert ran.code == 0, ran.err
    assert "SUPPORTS" in ran.out


def test_an_estate_without_subjects_has_a_header_and_says_so(tmp_path: Path) -> None:
    text = """{nhigraph: facts/1, nodes: [{kind: ServiceAccount, key: "a:x"}, {kind: Stream, key:
        "a:s"}], edges: [{kind: CAN_WRITE, from: "a:x", to: "a:s"}]}"""
    (tmp_path / "x.facts.yaml").write_text(text)
    scope = """{nhigraph: scope/1, as_of: 2026-11-23, targets: [{id: s, family:
        financial-reporting, fs_role: record, select: [{key: "a:s"}]}]}"""
    (tmp_path / "scope.yaml").write_text(scope)
    made = tmp_path / "out"
    ran = inside("assess", tmp_path, "--out", made)
    assert ran.code == 0, ran.err
    assert (made / "which.csv").read_text() == f"{COLUMNS}\n"
    ran = inside("which", "--graph", made)
    assert ran.code == 0
    assert ran.out == ""
    assert "no system, repository, database, vendor or process" in ran.err


def test_two_runs_and_any_order_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    """The checkout and the exports the other way round."""
    first, second = ARGUMENTS[:2]
    again = tmp_path / "out"
    ran = inside("assess", second, first, *ARGUMENTS[2:], "--out", again)
    assert ran.code == 0, ran.err
    assert (again / "which.csv").read_bytes() == (out / "which.csv").read_bytes()
    shutil.rmtree(again)


def test_a_memo_is_written_in_the_form_that_its_name_says(out: Path, tmp_path: Path) -> None:
    digest = json.loads((out / "manifest.json").read_text())["graph_sha256"]
    for name, sign in (("memo.md", "# Which report does warehouse ask for?"), ("m.HTML", "<h1>")):
        file = tmp_path / name
        ran = inside("which", "warehouse", "--memo", file, "--graph", out)
        assert ran.code == 0, ran.err
        assert f"memo: {file}" in ran.err
        text = file.read_text(encoding="utf-8")
        assert sign in text
        assert digest in text
        assert "DBT_PASSWORD" in text
        assert "archive / ship: whom the job becomes" in text
        again = tmp_path / "again"
        again.mkdir(exist_ok=True)
        inside("which", "warehouse", "--memo", again / name, "--graph", out)
        assert (again / name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--memo", "x.md"), "name it"),
        (("warehouse", "cluster:", "--memo", "x.md"), "name it"),
        (("warehouse", "--memo", "x.docx"), "expected FILE.md or FILE.html"),
        (("warehouse", "--memo", "nowhere/x.md"), "no such folder"),
        (("warehouse", "--vendor", "cardwell"), "leave SUBJECT out"),
        (("--vendor", "warehouse"), "carve_out:role:postgres:erp/cardwell_settlement"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    out: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = inside("which", *arguments, "--graph", out, cwd=tmp_path)
    assert ran.code == 2
    assert said in ran.err
    assert not list(tmp_path.iterdir())


def test_the_buyers_view_says_what_the_processor_must_cover(out: Path) -> None:
    """Their settlements become open amounts: accuracy and completeness, and what we must do."""
    ran = inside("which", "--vendor", "cardwell", "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert answer["vendor"] == "carve_out:role:postgres:erp/cardwell_settlement"
    assert [(row["report"], row["covers"], row["target"]) for row in answer["rows"]] == [
        ("SOC 1", "completeness", "fin:aged-receivables"),
        ("SOC 1", "valuation_allocation", "fin:aged-receivables"),
        ("SOC 1", "general_it_controls", "fin:aged-receivables"),
    ]
    role, raw = "role:postgres:erp/cardwell_settlement", "dataset:postgres:erp.raw.payments"
    assert f"access_we_grant {role} CAN_WRITE {raw}" in answer["left_to_us"]
    assert f"deliveries_we_reconcile {raw}" in answer["left_to_us"]
    assert any("complementary user-entity controls" in text for text in answer["ask"])
    ran = inside("which", "--vendor", "cardwell", "--graph", out)
    assert "left to us     access that we grant them" in ran.out
    ran = inside("which", "--vendor", "cardwell", "--graph", out, "--format", "csv")
    assert ran.out.splitlines()[0].startswith("vendor,report,covers,target,process,soc1,exposure")
