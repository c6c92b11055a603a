"""Questions to a stored graph, through the real command line."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from nhigraph.cli.main import nhigraph as commands
from tests.e2e.command import inside

GOOD = Path(__file__).parents[1] / "data" / "worked-example"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example, assessed."""
    folder = tmp_path_factory.mktemp("in")
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(GOOD / name, folder)
    made = tmp_path_factory.mktemp("made") / "out"
    ran = inside("assess", folder, "--out", made)
    assert ran.code == 0, ran.err
    return made


def _rows(*arguments: str | Path) -> list[dict[str, object]]:
    ran = inside(*arguments, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert answer["nhigraph"] == f"{arguments[0]}/1"
    assert answer["as_of"] == "2026-11-23"
    assert answer["coverage"] == {"complete": True, "gaps": 0}
    rows: list[dict[str, object]] = answer["rows"]
    return rows


def test_who_gives_the_rows_of_verdicts(out: Path) -> None:
    expected = (GOOD / "expected-verdicts.csv").read_text(encoding="utf-8")
    rows = [r for r in csv.DictReader(io.StringIO(expected)) if r["target"] == "fin:revenue"]
    found = _rows("who", "fin:revenue", "--graph", out)
    assert [row["identity"] for row in found] == [row["identity"] for row in rows]
    assert [row["soc1"] for row in found] == [row["soc1"] for row in rows]


def test_who_at_a_node_that_is_no_target_gives_states(out: Path) -> None:
    found = _rows("who", "github:ledgerline/warehouse/secret/DBT_PASSWORD", "--graph", out)
    held = {row["identity"]: row["states"] for row in found}
    job = "github:ledgerline/warehouse/job/nightly.yml#build"
    assert held == {job: "READ", "mcp:code-fixer": "READ"}


def test_why_names_every_step_with_its_place(out: Path) -> None:
    found = _rows("why", "mcp:code-fixer", "fin:revenue", "--graph", out)
    kinds = [row["edge_kind"] for row in found]
    assert kinds == ["CAN_WRITE", "CONTAINS", "COMPUTES", "SUPPORTS"]
    assert {row["artifact"] for row in found} == {"chain.facts.yaml", "scope.yaml"}
    assert all(row["pointer"] for row in found)


def test_reach_goes_all_the_way(out: Path) -> None:
    found = _rows("reach", "t:ops-bot", "--graph", out)
    assert {row["node"]: row["states"] for row in found} == {
        "github:ledgerline/warehouse/job/nightly.yml#build": "HALT",
        "dataset:postgres:erp.marts.revenue": "HALT",
        "report:dbt:board_pack": "HALT",
        "fin:revenue": "HALT",
        "fin:board-pack": "HALT",
        "trust:A/warehouse-uptime": "HALT",
    }


def test_blast_starts_with_the_targets(out: Path) -> None:
    found = _rows("blast", "github:ledgerline/warehouse/secret/DBT_PASSWORD", "--graph", out)
    nodes = [str(row["node"]) for row in found]
    assert nodes[:3] == ["fin:revenue", "trust:A/warehouse-uptime", "fin:board-pack"]
    assert "role:postgres:erp/transformer" in nodes


OPEN_FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:svc-post", name: svc-post}
  - {kind: ServiceAccount, key: "acme:svc-reports", name: svc-reports}
  - {kind: ServiceAccount, key: "acme:svc-idle", name: svc-idle}
  - {kind: ServiceAccount, key: "acme:svc-both", name: svc-both}
  - {kind: User, key: "acme:jo", name: jo}
  - {kind: Secret, key: "acme:secret", name: secret}
  - {kind: Dataset, key: "dataset:oracle:erp.fin.gl", name: gl}
  - {kind: Dataset, key: "dataset:oracle:erp.web.hits", name: hits}
edges:
  - {kind: CAN_WRITE, from: "acme:svc-post", to: "dataset:oracle:erp.fin.gl", action: post}
  - {kind: CAN_WRITE, from: "acme:svc-both", to: "dataset:oracle:erp.fin.gl", action: post}
  - {kind: CAN_READ, from: "acme:svc-both", to: "acme:secret"}
  - {kind: CAN_READ, from: "acme:svc-idle", to: "dataset:oracle:erp.web.hits"}
  - {kind: CAN_READ, from: "acme:jo", to: "acme:secret"}
gaps:
  - {at: "acme:svc-reports", reason: "its groups were not exported", states: [CONTROL]}
  - {at: "acme:secret", reason: "what it opens is in no input", states: [READ]}
"""
OPEN_SCOPE = """
nhigraph: scope/1
organization: Acme
commitments: [S, A]
as_of: 2026-11-23
targets:
  - id: gl
    family: financial-reporting
    process: record-to-report
    fs_role: record
    icfr_basis: own
    select: [{key: "dataset:oracle:erp.fin.gl"}]
"""


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate with two gaps, assessed."""
    folder = tmp_path_factory.mktemp("open")
    (folder / "a.facts.yaml").write_text(OPEN_FACTS, encoding="utf-8")
    (folder / "scope.yaml").write_text(OPEN_SCOPE, encoding="utf-8")
    made = tmp_path_factory.mktemp("unsure") / "out"
    ran = inside("assess", folder, "--out", made)
    assert ran.code == 0, ran.err
    return made


def _printed(graph: Path, *asked: str) -> str:
    """What the command prints: rows on standard output first, then talk; in this process."""
    ran = CliRunner().invoke(commands, [*asked, "--graph", str(graph)])
    assert ran.exit_code == 0, ran.output
    if "--format" in asked:
        return ran.stdout
    return ran.stdout + ran.stderr


SAID = "no path was found, but it is not known: reaches a gap at"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("who", "fin:gl"), "acme:svc-reports  acme:svc-reports  its groups were not exported"),
        (("who", "hits"), "acme:svc-reports  acme:svc-reports  its groups were not exported"),
        (("why", "svc-reports", "fin:gl"), f"{SAID} acme:svc-reports: its groups were not"),
        (("why", "svc-reports", "fin:gl"), "fin:gl: verdict undetermined; soc1 undetermined"),
        (("why", "svc-reports", "hits"), f"{SAID} acme:svc-reports: its groups were not exported"),
        (("why", "svc-both", "fin:gl"), "fin:gl: verdict soc1; soc1 direct"),
        (("why", "svc-both", "fin:gl"), "svc-both reaches a gap at acme:secret: what it opens is"),
        (("why", "jo", "fin:gl"), f"{SAID} acme:secret: what it opens is in no input"),
        (("why", "acme:secret", "fin:gl"), f"{SAID} acme:secret: what it opens is in no input"),
        (("why", "svc-idle", "fin:gl"), "acme:svc-idle to fin:gl: no path in what was read"),
        (("reach", "svc-reports", "fin:gl"), "acme:svc-reports reaches a gap at acme:svc-reports"),
        (("reach", "svc-reports"), "acme:svc-reports reaches a gap at acme:svc-reports"),
        (("reach", "jo", "erp.fin.gl"), "acme:jo reaches a gap at acme:secret: what it opens"),
        (
            ("reach", "svc-idle", "erp.fin.gl"),
            "acme:svc-idle to dataset:oracle:erp.fin.gl: no path in what",
        ),
        (("blast", "acme:secret"), "acme:secret reaches a gap at acme:secret: what it opens"),
        (("blast", "hits"), "no target, identity or credential falls with it in what was read\n"),
    ],
)
def test_people_are_told_what_is_not_known_and_why(
    asked: tuple[str, ...], said: str, unsure: Path
) -> None:
    assert said in _printed(unsure, *asked)


@pytest.mark.parametrize(
    ("asked", "undetermined"),
    [
        (("who", "fin:gl"), ["acme:svc-reports"]),
        (("who", "hits"), ["acme:svc-both", "acme:svc-reports"]),
        (("why", "svc-reports", "fin:gl"), ["acme:svc-reports"]),
        (("why", "svc-post", "fin:gl"), []),
        (("why", "svc-idle", "fin:gl"), []),
        (("reach", "svc-reports"), ["acme:svc-reports"]),
        (("reach", "jo", "fin:gl"), ["acme:jo"]),
        (("blast", "acme:secret"), ["acme:secret"]),
    ],
)
def test_scripts_are_told_too(
    asked: tuple[str, ...], undetermined: list[str], unsure: Path
) -> None:
    """A row says undetermined and names its gaps; the answer is not complete."""
    answer = json.loads(_printed(unsure, *asked, "--format", "json"))
    assert answer["coverage"]["complete"] is False
    open_rows = [row for row in answer["rows"] if row["exposure"] == "undetermined"]
    assert all(row["gaps"] and row["reasons"] for row in open_rows)
    assert sorted(row.get("identity") or row["from"] for row in open_rows) == undetermined
    rows = list(csv.DictReader(io.StringIO(_printed(unsure, *asked, "--format", "csv"))))
    assert [row["gaps"] for row in rows] == [";".join(row["gaps"]) for row in answer["rows"]]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (("who", "fin:gl"), "identity,target,verdict,"),
        (("who", "hits"), "identity,node,kind,"),
        (("why", "svc-idle", "fin:gl"), "path_id,step,from,"),
        (("reach", "hits"), "identity,node,kind,"),
        (("blast", "hits"), "identity,node,kind,"),
        (("explain", "svc-idle"), "field,value"),
        (("explain", "R12"), "field,value"),
        (("population",), "key,kind,name,"),
        (("findings",), "fingerprint,rule,severity,"),
        (("coverage",), "artifact,source,status,"),
    ],
)
def test_csv_begins_with_its_header(asked: tuple[str, ...], first: str, unsure: Path) -> None:
    assert _printed(unsure, *asked, "--format", "csv").startswith(first)


@pytest.mark.parametrize(
    ("change", "target", "lack"),
    [
        (
            ('key: "dataset:oracle:erp.fin.gl"', 'key: "dataset:oracle:erp.fin.gll"'),
            "fin:gl",
            "not found in the inputs",
        ),
        (
            ("family: financial-reporting", "family: something"),
            "target:gl",
            "not understood in the scope",
        ),
    ],
)
def test_a_stored_graph_remembers_a_target_that_is_dead(
    change: tuple[str, str], target: str, lack: str, tmp_path: Path
) -> None:
    """What the scope could not say is not forgotten: nobody is cleared of it."""
    (tmp_path / "a.facts.yaml").write_text(OPEN_FACTS, encoding="utf-8")
    (tmp_path / "scope.yaml").write_text(OPEN_SCOPE.replace(*change), encoding="utf-8")
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    answer = json.loads(_printed(tmp_path / "out", "who", target, "--format", "json"))
    assert answer["coverage"]["complete"] is False
    assert {row["identity"] for row in answer["rows"]} == {
        "acme:svc-both",
        "acme:svc-idle",
        "acme:svc-post",
        "acme:svc-reports",
    }
    assert {row["verdict"] for row in answer["rows"]} == {"undetermined"}
    said = _printed(tmp_path / "out", "why", "svc-idle", target)
    assert f"no path was found, but it is not known: the target was {lack}\n" in said
    assert "undetermined" in _printed(tmp_path / "out", "reach", "svc-idle", target)


def test_a_graph_of_another_version_is_one_line_and_exit_3(unsure: Path, tmp_path: Path) -> None:
    shutil.copytree(unsure, tmp_path / "old")
    manifest = tmp_path / "old" / "graph" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"graph/4"', '"graph/2"'))
    for asked in (("who", "fin:gl"), ("reach", "svc-idle"), ("coverage",)):
        ran = inside(*asked, "--graph", tmp_path / "old")
        assert ran.code == 3
        assert ran.err.count("\n") == 1
        assert "stored by an older nhigraph" in ran.err
        assert "run assess again" in ran.err


def test_names_may_be_abbreviated_and_are_suggested(out: Path) -> None:
    assert inside("reach", "ops-bot", "--graph", out).code == 0
    ran = inside("reach", "opsbot", "--graph", out)
    assert ran.code == 2
    assert "did you mean" in ran.err
    assert "t:ops-bot" in ran.err
    ran = inside("who", "nightly", "--graph", out)
    assert "could be any of" in ran.err
    ran = inside("reach", "nightly", "--graph", out)
    assert ran.code == 0
    assert "from github:ledgerline/warehouse/job/nightly.yml#build, the one identity" in ran.err


def test_commands_may_be_abbreviated_and_are_suggested() -> None:
    assert inside("sour").code == 0
    ran = inside("asess")
    assert ran.code == 2
    assert "assess" in ran.err


def test_population_coverage_and_explain_answer(out: Path) -> None:
    keys = {row["key"] for row in _rows("population", "--graph", out)}
    assert "github:ledgerline/warehouse/secret/DBT_PASSWORD" in keys
    (facts, scope) = _rows("coverage", "--graph", out)
    assert facts["artifact"] == "chain.facts.yaml"
    for row in (facts, scope):
        parts = [int(str(row[name])) for name in ("accepted", "merged", "quarantined")]
        assert row["records"] == sum(parts)
    ran = inside("explain", "t:ops-bot", "--graph", out)
    assert "chain.facts.yaml:" in ran.out
    assert inside("explain", "R12").out.startswith("R12:")


def test_fail_on_looks_at_soc1_and_soc2_never_at_verdict(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(GOOD / name, folder)
    expected = {"soc1:direct": 1, "soc1:indirect": 1, "soc2:A": 1, "soc2:PI": 0, "any": 1}
    for condition, code in expected.items():
        ran = inside("assess", folder, "--out", tmp_path / "again", "--fail-on", condition)
        assert ran.code == code, condition
    assert inside("assess", folder, "--out", out, "--fail-on", "verdict").code == 2


def test_a_table_is_for_people_and_csv_for_machines(out: Path) -> None:
    ran = inside("who", "fin:revenue", "--graph", out, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert rows[0]["soc1"] == "direct"
    assert "as of 2026-11-23" in ran.err


def test_cut_names_the_line_to_change_and_removing_it_is_enough(out: Path, tmp_path: Path) -> None:
    ran = inside("cut", "fin:revenue", "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert answer["changes"] == answer["bound"] == len({row["rank"] for row in answer["rows"]})
    assert answer["not_stopped"] == []
    before = {row["identity"] for row in _rows("who", "fin:revenue", "--graph", out)}
    assert set(answer["stopped"]) == before

    document = yaml.safe_load((GOOD / "chain.facts.yaml").read_text(encoding="utf-8"))
    gone = [int(row["pointer"].removeprefix("/edges/")) for row in answer["rows"]]
    for number in sorted(gone, reverse=True):
        del document["edges"][number]
    (tmp_path / "chain.facts.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    shutil.copy(GOOD / "scope.yaml", tmp_path)
    ran = inside("assess", tmp_path, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert _rows("who", "fin:revenue", "--graph", tmp_path / "out") == []
    named = {(one["identity"], one["target"]) for one in answer["changed"]}
    rows = {
        folder: {
            (row["identity"], row["target"]): (row["verdict"], row["exposure"])
            for row in csv.DictReader(
                io.StringIO((folder / "verdicts.csv").read_text(encoding="utf-8"))
            )
            if row["verdict"] != "neither" and row["target"] != "fin:revenue"
        }
        for folder in (out, tmp_path / "out")
    }
    old, new = rows.values()
    assert named == {pair for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair)}


def test_cut_says_whom_it_does_not_stop_and_of_whom_it_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "a.facts.yaml").write_text(
        """
        nhigraph: facts/1
        nodes:
        - {kind: ServiceAccount, key: app:loader}
        - {kind: Model, key: "model:gl", nhi: true}
        - {kind: ServiceAccount, key: app:other}
        - {kind: Dataset, key: "dataset:x:gl"}
        edges:
        - {kind: CAN_WRITE, from: app:loader, to: "dataset:x:gl"}
        - {kind: COMPUTES, from: "model:gl", to: "dataset:x:gl"}
        gaps:
        - {at: app:other, reason: its grants were not exported}
        """,
        encoding="utf-8",
    )
    (tmp_path / "scope.yaml").write_text(
        """
        nhigraph: scope/1
        organization: Acme
        as_of: 2026-11-23
        targets:
        - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
           select: [{key: "dataset:x:gl"}]}
        """,
        encoding="utf-8",
    )
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    ran = inside("cut", "gl", "--graph", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "1 change stops 1 identity: no smaller cut exists" in ran.out
    assert "not stopped: model:gl reaches it by no right that could be taken away" in ran.out
    assert "undetermined: 1 identity, by ways that no document shows" in ran.out
    points = inside("cut", "gl", "--choke-points", "--graph", tmp_path / "out", "--format", "csv")
    assert [row["from"] for row in csv.DictReader(io.StringIO(points.out))] == ["dataset:x:gl"]
    one = inside("cut", "gl", "--identity", "app:other", "--graph", tmp_path / "out")
    known = "nobody who is named is known to reach it in what was read: there is nothing to cut"
    assert known in one.out
    assert "undetermined: 1 identity, by ways that no document shows" in one.out
    none = inside("cut", "soc2", "--graph", tmp_path / "out")
    assert none.code == 2
    assert "the scope has no target of the family trust-service" in none.err


def test_what_if_changes_the_answers_and_not_the_graph(out: Path, tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in (out / "graph").iterdir()}
    ran = inside("cut", "fin:revenue", "--graph", out, "--format", "json")
    answer = json.loads(ran.out)
    gone = [
        part for row in answer["rows"] for part in ("--remove-at", row["artifact"], row["pointer"])
    ]
    rows = _rows("what-if", *gone, "--graph", out)
    assert {row["identity"] for row in rows if row["target"] == "fin:revenue"} == set(
        answer["stopped"]
    )
    assert {row["after"] for row in rows if row["target"] == "fin:revenue"} == {"neither"}
    assert [row for row in rows if row["target"] != "fin:revenue"] == answer["changed"]

    (tmp_path / "more.facts.yaml").write_text(
        """
        nhigraph: facts/1
        nodes:
        - {kind: ServiceAccount, key: app:newcomer}
        edges:
        - {kind: CAN_ASSUME, from: app:newcomer, to: mcp:code-fixer}
        """,
        encoding="utf-8",
    )
    came = _rows("what-if", "--add", tmp_path / "more.facts.yaml", "--graph", out)
    fixer = {row["target"]: row for row in _rows("who", "fin:revenue", "--graph", out)}
    assert fixer
    assert {row["identity"] for row in came} == {"app:newcomer"}
    assert {row["before"] for row in came} == {"neither"}
    assert "fin:revenue" in {row["target"] for row in came}

    removed = _rows("what-if", "--remove", "mcp:code-fixer", "--graph", out)
    assert "mcp:code-fixer" in {row["identity"] for row in removed}
    assert before == {file.name: file.read_bytes() for file in (out / "graph").iterdir()}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing is supposed to change"),
        (("--remove", "nobody-of-that-name"), "no node 'nobody-of-that-name'"),
        (
            ("--remove-edge", "CAN_FLY", "mcp:code-fixer", "fin:revenue"),
            "no kind of edge 'CAN_FLY'",
        ),
        (
            ("--remove-edge", "OWNS", "mcp:code-fixer", "mcp:code-fixer"),
            "no edge OWNS from mcp:code-fixer to mcp:code-fixer",
        ),
        (
            ("--remove-at", "chain.facts.yaml", "/edges/999"),
            "is stated at chain.facts.yaml /edges/999",
        ),
        (("--add", "no-such-file.yaml"), "no such file: no-such-file.yaml"),
    ],
)
def test_what_if_refuses_what_is_not_there(out: Path, options: tuple[str, ...], said: str) -> None:
    ran = inside("what-if", *options, "--graph", out)
    assert ran.code == 2
    assert said in ran.err


def test_what_if_refuses_a_file_of_which_a_record_cannot_be_read(
    out: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.facts.yaml"
    bad.write_text(
        'nhigraph: facts/1\nnodes: [{kind: ServiceAccont, key: "app:x"}]\n', encoding="utf-8"
    )
    ran = inside("what-if", "--add", bad, "--graph", out)
    assert ran.code == 3
    assert "bad.facts.yaml /nodes/0" in ran.err
    bad.write_text(
        'nhigraph: facts/1\nedges: [{kind: OWNS, from: "app:x", to: "mcp:code-fixer"}]\n',
        encoding="utf-8",
    )
    ran = inside("what-if", "--add", bad, "--graph", out)
    assert ran.code == 3
    assert "bad.facts.yaml /edges/0: OWNS: no input describes app:x" in ran.err
