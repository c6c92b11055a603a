"""The sample company: what comes out is what a reader wrote down, and no file goes unmissed."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.app.assess import Request, require_scope
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.rows import Assessment
from tests.e2e.command import nhigraph, rows
from tests.sample import FOLDER, INPUTS, REPOSITORY, SCOPE

TRUTH = FOLDER / "truth.csv"
LOAD = "github:ledgerline/warehouse/job/load-payments.yml#load"
FILES = sorted(path for folder in INPUTS for path in folder.rglob("*") if path.is_file())
pytestmark = pytest.mark.xdist_group("ledgerline")


def test_every_identity_is_as_the_truth_says(out: Path) -> None:
    truth = rows(TRUTH)
    columns = [name for name in truth[0] if name != "why"]
    found = [{name: row[name] for name in columns} for row in rows(out / "identities.csv")]
    assert found == [{name: row[name] for name in columns} for row in truth]
    assert all(row["why"] for row in truth)


def test_the_whole_folder_at_once_gives_the_same_answers(out: Path, tmp_path: Path) -> None:
    """Checkout, exports and scope in one input: ``--repo`` names the checkout inside."""
    again = tmp_path / "out"
    ran = nhigraph("assess", FOLDER, "--repo", REPOSITORY, "--out", again)
    assert ran.code == 0, ran.err
    for name in ("identities.csv", "verdicts.csv"):
        assert (again / name).read_text() == (out / name).read_text()


def test_the_truth_covers_every_verdict_and_every_exposure() -> None:
    truth = rows(TRUTH)
    assert len(truth) >= 12
    assert {r["verdict"] for r in truth} == {"both", "soc1", "soc2", "undetermined", "neither"}
    assert {row["exposure"] for row in truth} == {
        "open",
        "gated",
        "undetermined",
        "relies_on_subservice",
        "in-population",
    }


def test_the_sample_holds_the_cases_that_auditors_ask_for(out: Path) -> None:
    """AND-gates, an expired credential, indirect lineage, a definer function, a carve-out."""
    paths = rows(out / "paths.csv")
    verdicts = {(row["identity"], row["target"]): row for row in rows(out / "verdicts.csv")}
    assert any("CONTROL at grant:postgres:erp/usage/raw" in row["condition"] for row in paths)
    assert not any(row["from"] == "role:postgres:erp/migration_2026" for row in paths)
    calendar = verdicts["role:postgres:erp/calendar_sync", "fin:revenue"]
    assert calendar["assertions"] == "completeness;cut_off"
    billing = verdicts["role:postgres:erp/billing_api", "fin:general-ledger"]
    of_billing = (billing["path_id"], "0")
    steps = [row for row in paths if (row["path_id"], row["alternative"]) == of_billing]
    assert "grant:postgres:erp/execute/fin.post_entry" in steps[0]["to"]
    assert (steps[1]["edge_kind"], steps[1]["to"]) == (
        "CAN_WRITE",
        "dataset:postgres:erp.fin.gl_entries",
    )


def test_the_report_names_the_whole_way_with_file_and_line(out: Path) -> None:
    """Job, secret, role, table, model, statement: each step with the place it rests on.

    dbt's manifest is one line: a place in it goes by its pointer, which has dbt's own id.
    """
    page = (out / "report.html").read_text(encoding="utf-8")
    start = page.index(f"<code>{LOAD}</code>")
    end = page.index("</ol>", start)
    items = re.findall(r"<li data-n.*?</li>", page[start:end], re.DOTALL)
    steps = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", item)).split()) for item in items]
    expected = (
        r"load-payments / load may read PAYMENTS_LOADER_PASSWORD secret .*load-payments\.yml:17\b",
        r"PAYMENTS_LOADER_PASSWORD authenticates as payments_loader .*load-payments\.yml:18\b",
        r"payments_loader may write to raw\.payments dataset .*erp\.postgres\.json:\d+",
        r"raw\.payments feeds staging\.stg_payments dataset, model .*\.json /nodes/model",
        r"staging\.stg_payments feeds marts\.receivables dataset, model .*\.json /nodes/model",
        r"marts\.receivables feeds Aged receivables report .*manifest\.json /exposures/exposure\.",
        r"Aged receivables is relied on for aged-receivables target .*scope\.yaml:\d+",
    )
    assert len(steps) == len(expected)
    for step, wanted in zip(steps, expected, strict=True):
        assert re.match(wanted, step), step


# -- removing any one file ----------------------------------------------------------------------


def judged(folder: Path) -> tuple[Assessment, list[str]]:
    """The answer on a folder's inputs, and what it says is missing."""
    inputs = [folder / path.name for path in INPUTS]
    found = collect([*inputs, folder / "scope.yaml"], repo=REPOSITORY)
    require_scope(found)
    estate = of_collection(found)
    graph = estate.estate.graph
    missing = [str(entry["source"]) for entry in estate.coverage["absent"]]
    missing += [str(reason) for reason in graph.gaps["reason"] if "among the inputs" in reason]
    return assess(estate), missing


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the inputs that files can be taken from."""
    folder = tmp_path_factory.mktemp("company")
    for path in INPUTS:
        shutil.copytree(path, folder / path.name)
    shutil.copy(SCOPE, folder)
    return folder


@pytest.fixture(scope="module")
def whole(company: Path) -> Assessment:
    """The answer with every file."""
    return judged(company)[0]


def lost(whole: Assessment, less: Assessment) -> Iterator[str]:
    """Answers that turned into "no path" although nothing says that something is unknown."""
    left = {(row.identity, row.target): row for row in less.verdicts}
    kept = {row.identity: row for row in less.identities}
    for row in whole.verdicts:
        if row.verdict == "neither" or row.identity not in kept:
            continue
        now = left.get((row.identity, row.target))
        unknown = bool(kept[row.identity].gaps)
        if (now is None or now.verdict == "neither") and not unknown:
            yield f"{row.identity} at {row.target}"
        elif now is not None and now.soc1 == "none" and row.soc1 != "none" and not unknown:
            yield f"{row.identity} at {row.target}: soc1"


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(FOLDER)) for path in FILES])
def test_a_missing_file_makes_no_answer_a_silent_no_path(
    company: Path, whole: Assessment, path: Path
) -> None:
    """What is lost with a file is undetermined, or the identity itself is named as missing."""
    removed = company / path.relative_to(FOLDER)
    kept = removed.read_bytes()
    removed.unlink()
    try:
        less, missing = judged(company)
    finally:
        removed.write_bytes(kept)
    assert list(lost(whole, less)) == []
    gone = {row.identity for row in whole.identities} - {row.identity for row in less.identities}
    assert not gone or missing, f"{sorted(gone)} vanish without a word"


def test_without_the_scope_nothing_is_judged_and_it_says_so(tmp_path: Path) -> None:
    ran = nhigraph("assess", *INPUTS, "--repo", REPOSITORY, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "scope" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def test_a_request_names_what_the_demo_uses() -> None:
    from nhigraph.app.demo import request

    wanted = request(Path("out"))
    assert wanted == Request(inputs=list(INPUTS), out=Path("out"), scope=SCOPE, repo=REPOSITORY)
