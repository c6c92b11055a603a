"""Secrets that stand in the inputs stand in no output, log, snapshot or traceback."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from nhigraph.graph import snapshot
from tests.e2e import (
    canary_aws,
    canary_changes,
    canary_estate,
    canary_mysql,
    canary_pipelines,
    canary_workflows,
)
from tests.e2e.canaries import CUT_OFF, Input, Planted, broken, content, found, slips, value
from tests.e2e.command import Said, inside, nhigraph

pytestmark = pytest.mark.xdist_group("canaries")

READ: dict[str, Callable[[], Iterator[Input]]] = {
    "github_actions": canary_workflows.github_actions,
    "gitlab_ci": canary_pipelines.gitlab_ci,
    "dbt": canary_estate.dbt,
    "postgres": canary_estate.postgres,
    "mysql": canary_mysql.mysql,
    "aws_iam": canary_aws.aws,
    "facts": canary_estate.facts,
    "scope": canary_estate.scope,
}
BESIDE: dict[str, Callable[[], Iterator[Input]]] = {
    "scripts": canary_workflows.scripts,
    "checkout": canary_workflows.remotes,
    "project": canary_pipelines.remotes,
    "unread": canary_workflows.unread,
    "supposed": canary_changes.supposed,
}
JOB = "github:ledgerline/warehouse/job/close.yml#build"
REVENUE = "dataset:postgres:erp.marts.revenue"
CONNECTION = "dbt ledger prod"
#: Inputs of nhigraph's own, of which snapshots of a period are made, the later without the
#: first of them, and their days.
OWN = ("in/people.facts.yaml", "in/people.json", "in/scope.yaml")
PERIOD = ("2026-10-31", "2026-11-30")


@dataclass(frozen=True)
class Shown:
    """All that was shown.

    Attributes:
        planted: The inputs.
        runs: What each command did.
        seen: Numbers of the canaries in each stream and file.
        coverage: Content of coverage.json.
    """

    planted: Planted
    runs: dict[str, Said]
    seen: dict[str, set[int]]
    coverage: dict[str, Any]


def plant(folder: Path) -> Planted:
    """All inputs, whole and broken, in a folder."""
    planted = Planted(folder)
    for documents in (*READ.values(), *BESIDE.values()):
        for given in documents():
            planted.write(given)
    for documents in READ.values():
        for given in documents():
            if not given.name.endswith(".parquet"):
                for form in broken(given):
                    planted.write(form)
    for form in slips():
        planted.write(form)
    return planted


def _ways(out: Path) -> tuple[str, str, str]:
    """An identity, a target it reaches, and the connection of the profile."""
    with (out / "verdicts.csv").open(encoding="utf-8", newline="") as stream:
        row = next(row for row in csv.DictReader(stream) if row["target"] == "fin:revenue")
    nodes = parquet.read_table(out / "graph" / "nodes.parquet").select(["key", "name"]).to_pylist()
    named = min(node["key"] for node in nodes if node["name"] == CONNECTION)
    return row["identity"], row["target"], named


def _readings() -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """What reads all inputs, and the environment in which it does."""
    strict = ("assess", "in", "--out", "strict", "--strict", "--all-reached")
    yield strict, {"NHIGRAPH_DEBUG": "1"}
    yield ("build", "in", "--out", "built"), {}
    yield ("scope", "suggest", "in"), {}
    for number, day in enumerate(PERIOD):
        yield ("assess", *OWN[number:], "--out", f"period/{number}", "--as-of", day), {}


def _questions(out: Path) -> Iterator[tuple[str, ...]]:
    """Questions to what was stored."""
    identity, target, connection = _ways(out)
    # Exports that say nothing of their server are each of another one.
    table = snapshot.load(out / "graph").graph.named(REVENUE)[0]
    questions = [
        ("coverage",),
        ("population",),
        ("findings",),
        ("ask",),
        ("rotate",),
        ("rotate", "--until", "soc2"),
        ("cut", table),
        ("cut", table, "--choke-points"),
        ("what-if", "--remove", identity),
        ("what-if", "--changes", f"in/{canary_changes.TAKEN}"),
        ("which",),
        ("which", "--vendor", _vendor(out)),
        ("which", JOB),
        ("who", target),
        ("why", identity, target),
        ("reach", identity),
        ("blast", JOB),
        ("radius",),
        ("explain", JOB),
        ("explain", connection),
        ("explain", table),
    ]
    yield ("what-if", "--add", OWN[0], "--graph", "out")
    for name in canary_changes.REFUSED:
        yield ("what-if", "--changes", f"in/supposed/{name}.yaml", "--graph", "out")
    for name in ("memo.md", "memo.html"):
        yield ("which", JOB, "--memo", f"out/{name}", "--graph", "out")
    for form in ((), ("--format", "json")):
        yield ("sources", *form)
        yield ("scope", "check", "in", *form)
        for question in questions:
            yield (*question, "--graph", "out", *form)


def _vendor(out: Path) -> str:
    with (out / "which.csv").open(encoding="utf-8", newline="") as stream:
        return next(row["subject"] for row in csv.DictReader(stream) if row["kind"] == "vendor")


def _comparisons() -> Iterator[tuple[str, ...]]:
    """What differs between snapshots, in every form, and to a page."""
    for form in ((), ("--format", "json"), ("--format", "csv")):
        yield ("diff", "period/0", "period/1", *form)
        yield ("diff", "period/1", "period/0", *form)
        yield ("diff", "--period", "period", *form)
    for number, ends in enumerate((("period/0", "period/1"), ("period/1", "period/0"))):
        yield ("diff", *ends, "--html", f"out/diff-{number}.html")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Every command over everything; what only asks what is stored needs no process of its own."""
    folder = tmp_path_factory.mktemp("company")
    planted = plant(folder / "in")

    def ran(command: Sequence[str], environment: Mapping[str, str]) -> tuple[str, Said]:
        return " ".join(command), nhigraph(*command, cwd=folder, **environment)

    runs = dict([ran(("assess", "in", "--out", "out"), {})])
    assert (folder / "out" / "verdicts.csv").exists(), runs
    with ThreadPoolExecutor(2) as pool:
        runs.update(pool.map(ran, *zip(*_readings(), strict=True)))
    # Only now are there snapshots to compare.
    for command in (*_questions(folder / "out"), *_comparisons()):
        runs[" ".join(command)] = inside(*command, cwd=folder)
    streams = {
        f"{command} {name}": text.encode()
        for command, done in runs.items()
        for name, text in (("stdout", done.out), ("stderr", done.err))
    }
    files = {
        str(path.relative_to(folder)): content(path)
        for out in ("out", "strict", "built", "period")
        for path in sorted((folder / out).rglob("*"))
        if path.is_file()
    }
    seen = {name: found(data) for name, data in (streams | files).items()}
    coverage = json.loads(files["out/coverage.json"])
    return Shown(planted, runs, seen, coverage)


def _leaks(shown: Shown, source: str, *, whole: bool) -> str:
    """Each field that is shown, and where; empty if none is."""
    outputs: dict[str, set[str]] = {}
    forms: dict[str, set[str]] = {}
    for number, stands in shown.planted.fields.items():
        if stands.source == source and (stands.broken == "") is whole:
            names = {name for name, numbers in shown.seen.items() if number in numbers}
            if names:
                outputs.setdefault(stands.place, set()).update(map(_short, names))
                forms.setdefault(stands.place, set()).add(stands.broken)
    lines = [f"{len(outputs)} fields are shown"] if outputs else []
    for place, names in outputs.items():
        how = "" if whole else f" ({', '.join(sorted(forms[place]))})"
        lines += [f"{place}{how}", f"    in {', '.join(sorted(names))}"]
    return "\n".join(lines)


def _short(output: str) -> str:
    """An output without the folder it was written to, or what was asked."""
    words = output.split()
    return f"{words[0]} {words[-1]}" if len(words) > 1 else output.partition("/")[2]


@pytest.mark.parametrize("source", [*READ, *BESIDE])
def test_no_secret_of_an_input_is_shown(source: str, shown: Shown) -> None:
    leaks = _leaks(shown, source, whole=True)
    assert not leaks, leaks


@pytest.mark.parametrize("source", READ)
def test_no_secret_of_a_broken_input_is_shown(source: str, shown: Shown) -> None:
    leaks = _leaks(shown, source, whole=False)
    assert not leaks, leaks


def test_no_part_of_a_secret_is_shown(shown: Shown) -> None:
    assert [output for output, numbers in shown.seen.items() if CUT_OFF in numbers] == []


def test_every_command_ends_as_documented(shown: Shown) -> None:
    # A password in a field of the scope that is none of its fields is an error of the scope.
    bad = {"assess in --out strict --strict --all-reached": 3}
    for command, done in shown.runs.items():
        expected = 1 if command.startswith("scope check") else bad.get(command, 0)
        refused = [f"in/supposed/{name}.yaml" for name in canary_changes.REFUSED]
        if any(name in command for name in (*refused, "--add")):
            assert done.code in {2, 3}, (command, done.err)
            continue
        assert done.code == expected, (command, done.err)
        assert "Traceback" not in done.err, command


# --- that all this can fail --------------------------------------------------------------------


def test_every_canary_stands_in_the_inputs(shown: Shown) -> None:
    folder = shown.planted.folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    stand = set[int]().union(*(found(content(path)) for path in files))
    assert stand == set(shown.planted.fields)
    assert {field.source for field in shown.planted.fields.values()} == {*READ, *BESIDE}


def test_every_document_was_read_and_every_broken_one_met(shown: Shown) -> None:
    status = {line["artifact"]: line["status"] for line in shown.coverage["artifacts"]}
    whole = [given.name for given in shown.planted.written if given.source in READ]
    assert {name: status.get(name) for name in whole if not name.startswith("broken/")} == (
        {name: "read" for name in whole if not name.startswith("broken/")}
    )
    forms = {given.broken: set[str]() for given in shown.planted.written if given.broken}
    for given in shown.planted.written:
        if given.broken:
            forms[given.broken].add(status[given.name])
    assert all(
        met <= {"read", "partial", "unreadable", "not recognised"} for met in forms.values()
    )
    assert "unreadable" in forms["truncated"] & forms["twice"] & forms["tab"] & forms["slip"]
    assert any("read" in met for how, met in forms.items() if how.startswith("type"))
    for name in ("unread/hooks.json", "unread/secret.yaml", "unread/export.csv"):
        assert status[name] == "not recognised"


def test_what_is_kept_on_purpose_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    """A name is no secret: were one written in its place, this is where it would be seen."""
    key = f"acme:{value(1)}"
    nodes = [{"kind": "ServiceAccount", "key": key}, {"kind": "Dataset", "key": "acme:table"}]
    edges = [{"kind": "CAN_WRITE", "from": key, "to": "acme:table", "action": "post"}]
    target = {"id": "t", "family": "financial-reporting", "select": [{"key": "acme:table"}]}
    for name, body in {
        "facts": {"nhigraph": "facts/1", "nodes": nodes, "edges": edges},
        "scope": {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target]},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    inputs = ("facts.json", "scope.json")
    ran = nhigraph("assess", *inputs, "--out", "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert found(ran.out.encode()) == {1}
    names = ["population.csv", "identities.csv", "verdicts.csv", "paths.csv", "report.html"]
    names += ["graph.html", "graph/nodes.parquet"]
    missed = [name for name in names if found(content(tmp_path / "out" / name)) != {1}]
    assert missed == []


@pytest.mark.parametrize(
    "data",
    [
        b"CANARY-not-a-secret-0007",
        b"canary-not-a-secret-0007 ",
        b"x%43ANARY%2Dnot%2Da%2Dsecret%2D0007",
        b"CANARY%252Dnot%252Da%252Dsecret%252D0007",
        rb"C\u0041NARY\u002dnot-a-secret-0007",
        b"CANARY&#45;not-a-secret-0007",
        b"Q0FOQVJZLW5vdC1hLXNlY3JldC0wMDA3",
        b"loader: eENBTkFSWS1ub3QtYS1zZWNyZXQtMDAwNw==.",
        b"eHhDQU5BUlktbm90LWEtc2VjcmV0LTAwMDc=",
        b"43414e4152592d6e6f742d612d7365637265742d30303037",
    ],
)
def test_a_canary_is_known_in_any_spelling(data: bytes) -> None:
    assert found(b"before " + data + b" after") == {7}


def test_a_canary_that_was_cut_off_is_known() -> None:
    assert found(b"CANARY-not-a-sec") == {CUT_OFF}
    assert found(b"no canary here") == set()
