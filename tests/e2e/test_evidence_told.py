"""Every place that is printed beside a step leads back to the words that are quoted from it."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.app.assess import Request, run_assess
from nhigraph.cli.why import evidence
from tests.e2e.command import nhigraph, rows
from tests.sample import INPUTS, REPOSITORY, SCOPE


def _file(artifact: str) -> Path:
    found = [root / artifact for root in INPUTS if (root / artifact).is_file()]
    return found[0] if found else SCOPE


def _yaml(text: str) -> object:
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts, lists and mappings alone


def _resolved(text: str, artifact: str, pointer: str) -> object:
    """What an RFC 6901 pointer leads to, read by another parser than the product's."""
    read = json.loads if artifact.endswith(".json") else _yaml
    value: Any = read(text)
    for raw in pointer.split("/")[1:]:
        part = raw.replace("~1", "/").replace("~0", "~")
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The evidence of every printed path of the sample, as ``explain`` prints it."""
    folder = tmp_path_factory.mktemp("told") / "out"
    done = run_assess(Request(list(INPUTS), folder, SCOPE, repo=REPOSITORY))
    listed = evidence([step for steps in done.assessment.paths.values() for step in steps])
    return list({(one["artifact"], one["pointer"]): one for one in listed}.values())


def test_every_pointer_resolves_and_every_quote_is_text_of_its_place(
    told: list[dict[str, Any]],
) -> None:
    assert len(told) > 40
    quoted = 0
    for one in told:
        text = _file(one["artifact"]).read_text(encoding="utf-8")
        if one["pointer"].startswith("line "):
            around = text.splitlines()[one["line"] - 1]
        else:
            assert _resolved(text, one["artifact"], one["pointer"]) is not None, one
            around = text
        for quote in one["quotes"]:
            for word in re.findall(r"[\w./@$-]+", quote):
                assert word in around or word in one["pointer"], (one, word)
            quoted += 1
    assert quoted > 40


def test_words_of_a_quote_stand_at_its_place_and_not_anywhere_in_the_file(
    told: list[dict[str, Any]],
) -> None:
    """The last line of a quote is the place itself: a scalar's words, a container's names."""
    for one in told:
        if one["pointer"].startswith("line ") or not one["quotes"]:
            continue
        text = _file(one["artifact"]).read_text(encoding="utf-8")
        value = _resolved(text, one["artifact"], one["pointer"])
        own = one["quotes"][-1]
        if isinstance(value, dict):
            names = re.findall(r"[\w-]+", own[own.index("{") :])
            members = {*value, *map(str, value.values()), "true", "false", "null"}
            assert names, one
            assert all(any(name in str(member) for member in members) for name in names), one
        elif isinstance(value, str | bool | int):
            said = str(value).lower() if isinstance(value, bool) else str(value)
            assert own.endswith(said), one


def test_a_step_that_a_join_made_shows_the_workflow_and_the_manifest(out: Path) -> None:
    computed = [
        row["path_id"]
        for row in rows(out / "paths.csv")
        if row["edge_kind"] == "COMPUTES" and row["from"].endswith("nightly.yml#build")
    ]
    ran = nhigraph("explain", computed[0], "--graph", out).out
    assert ".github/workflows/nightly.yml:20\n│      dbt build …\n" in ran
    assert "transform/target/manifest.json" in ran
    assert " /nodes/model.ledgerline." in ran
    # Digests as sha256sum checks them.
    for line in ran.partition("sha256 of these documents:\n")[2].splitlines():
        assert re.fullmatch(r"  [0-9a-f]{64}  \S+", line)


def test_why_names_the_places_and_quotes_them_when_asked(out: Path) -> None:
    asked = ("why", "erp_backend", "fin:revenue", "--graph", out)
    short = nhigraph(*asked).out
    assert "[erp.postgres.json:39 /memberships/0]" in short
    assert "sha256" not in short
    long = nhigraph(*asked, "--evidence").out
    assert "│    erp.postgres.json:39 /memberships/0\n│      {role: finance_app, member:" in long
    assert "sha256 of these documents:" in long
    path = re.search(r"path ([0-9a-f]{16})", short)
    assert path is not None
    explained = nhigraph("explain", path[1], "--graph", out).out
    assert explained.splitlines() == long.splitlines()[2:], "as the path's id explains it"


def test_the_report_says_what_it_was_made_of_as_the_manifest_does(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    listed = "".join(f"{sha}  {name}\n" for name, sha in sorted(manifest["inputs"].items()))
    digest = hashlib.sha256(listed.encode()).hexdigest()
    scope = hashlib.sha256(SCOPE.read_bytes()).hexdigest()
    assert manifest["inputs_sha256"] == digest
    assert manifest["scope_sha256"] == [scope]
    footer = page.partition("<footer>")[2]
    for told in (digest, scope, manifest["graph_sha256"], manifest["tool_version"]):
        assert told in footer
    for name, sha in manifest["inputs"].items():
        assert hashlib.sha256(_file(name).read_bytes()).hexdigest() == sha


def test_every_input_says_when_and_by_what_it_was_made_or_that_it_is_not_told(out: Path) -> None:
    coverage = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    by = {
        one["artifact"]: (one["extracted"], one["extracted_by"]) for one in coverage["artifacts"]
    }
    day, made = by["erp.postgres.json"]
    assert day == "2026-11-22"
    assert re.fullmatch(r"queries/export/postgres\.sql on PostgreSQL \d+\.\d+", made)
    assert re.fullmatch(r"dbt \d+\.\d+\.\d+", by["transform/target/manifest.json"][1])
    assert by["github/workflows.json"] == (None, None)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"by {made}" in page
    assert page.count("when it was extracted is not told") >= 10
