"""Hooks that a job's dbt runs, and grants of dbt beside an export of the database."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.policy.programs import AROUND
from nhigraph.schema.kinds import EDGE_KINDS
from tests.unit.joins.company import (
    NIGHTLY,
    Company,
    edges,
    export,
    gaps,
    manifest,
    model,
    notes,
    relation,
    standard,
)
from tests.unit.sources.dbt_hooks import ANSWERS

WORKFLOW = ".github/workflows/nightly.yml"
MANIFEST = "transform/target/manifest.json"
JOB = "COMPUTES job/nightly.yml#build"
HOOK = "insert into fin.gl select 1 from {{ this }}"
IDLE = " if the run has something to do"


def operation(sql: str, when: str = "on-run-end") -> dict[str, Any]:
    return {
        "resource_type": "operation",
        "package_name": "ledger",
        "name": f"ledger-{when}-0",
        "original_file_path": "./dbt_project.yml",
        "raw_code": sql,
        "tags": [when],
        "depends_on": {"nodes": []},
        "config": {},
    }


def company(tmp_path: Path, *models: dict[str, Any], gl: str = "dbt_runner=a/admin") -> Company:
    """The standard one with a ledger that the role has one right on."""
    found = standard(tmp_path)
    found.files[MANIFEST] = manifest(*models)
    found.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}, "transformer": {"login": False}, "reader": {}, "grouped": {}},
        member_of=[("dbt_runner", "transformer")],
        schemas={"marts": ["transformer=UC/admin"], "fin": ["dbt_runner=U/admin"]},
        relations=[
            relation("marts", "revenue", "transformer"),
            relation("fin", "gl", "admin", ["admin=arwd/admin", *([gl] if gl else [])]),
        ],
    )
    return found


def _hooked(option: str, hook: Any) -> dict[str, Any]:  # noqa: ANN401 - any form there is
    return model("revenue", **{option: hook})


def computed(found: Company) -> list[str]:
    return [line for line in edges(found.read(), "COMPUTES") if line.startswith(JOB)]


@pytest.mark.parametrize("option", ["post-hook", "pre-hook", "post_hook", "pre_hook"])
@pytest.mark.parametrize("form", ["text", "list", "mapping"])
def test_a_job_computes_what_a_hook_of_its_models_writes(
    tmp_path: Path, option: str, form: str
) -> None:
    hook: Any = {"text": HOOK, "list": [HOOK], "mapping": [{"sql": HOOK, "transaction": True}]}[
        form
    ]
    found = company(tmp_path, _hooked(option, hook))
    assert computed(found) == [f"{JOB} fin.gl", f"{JOB} marts.revenue"]
    read = found.read()
    assert "COMPUTES model:dbt:ledger.revenue fin.gl" in edges(read, "COMPUTES")
    assert "FILTERS marts.revenue fin.gl" in edges(read, "FILTERS")


@pytest.mark.parametrize(
    ("sql", "acl", "may"),
    [
        ("insert into fin.gl values (1)", "a", True),
        ("insert into fin.gl values (1)", "rwd", False),
        ("update fin.gl set a = 1", "w", True),
        ("update fin.gl set a = 1", "ard", False),
        ("delete from fin.gl", "d", True),
        ("delete from fin.gl", "arw", False),
        ("truncate fin.gl", "D", True),
        ("truncate fin.gl", "arw", False),
        ("drop table fin.gl", "arwdD", False),
        ("merge into fin.gl using marts.x s on true when matched then delete", "d", True),
    ],
)
def test_a_hook_writes_as_far_as_the_role_may(
    tmp_path: Path, sql: str, acl: str, *, may: bool
) -> None:
    found = company(tmp_path, model("revenue", **{"post-hook": sql}), gl=f"dbt_runner={acl}/admin")
    assert (f"{JOB} fin.gl" in computed(found)) is may


def test_a_post_hook_of_a_model_that_cannot_be_built_does_not_run(tmp_path: Path) -> None:
    """A pre-hook may have run before that shows."""
    for option, lines in (
        ("post-hook", []),
        ("pre-hook", [f"{JOB} fin.gl if the hook is not undone when the model cannot be built"]),
    ):
        found = company(tmp_path, model("revenue", **{option: HOOK}))
        found.exports["erp.postgres.json"] = export(
            {"dbt_runner": {}, "other": {}},
            schemas={"marts": ["dbt_runner=U/admin"], "fin": ["dbt_runner=U/admin"]},
            relations=[
                relation("marts", "revenue", "other"),
                relation("fin", "gl", "admin", ["dbt_runner=a/admin"]),
            ],
        )
        assert computed(found) == lines


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("dbt build", True),
        ("dbt seed", True),
        ("dbt seed --select rates", True),
        ("dbt run", False),
        ("dbt seed --exclude rates", False),
    ],
)
def test_loading_a_seed_runs_its_hooks(tmp_path: Path, command: str, *, runs: bool) -> None:
    """As dbt-core 1.11.16 does, with a pre-hook that empties another table."""
    seed = {
        **model("rates", **{"pre-hook": "insert into fin.gl values (1)", "materialized": "seed"}),
        "resource_type": "seed",
        "original_file_path": "seeds/rates.csv",
        "raw_code": "",
    }
    found = company(tmp_path, model("revenue"))
    content = json.loads(found.files[MANIFEST])
    content["nodes"]["seed.ledger.rates"] = seed
    found.files[MANIFEST] = json.dumps(content)
    found.files[WORKFLOW] = NIGHTLY.replace("dbt build", command)
    told = computed(found)
    assert any(line.startswith(f"{JOB} fin.gl") for line in told) is runs
    assert any(line.startswith(f"{JOB} marts.rates") for line in told) is runs


def test_a_hook_runs_if_its_model_is_selected(tmp_path: Path) -> None:
    found = company(tmp_path, model("revenue"), model("other", **{"post-hook": HOOK}))
    found.files[WORKFLOW] = NIGHTLY.replace("dbt build", "dbt run --select revenue")
    assert computed(found) == [f"{JOB} marts.revenue"]
    found.files[WORKFLOW] = NIGHTLY.replace("dbt build", "dbt run --select other")
    assert f"{JOB} fin.gl" in computed(found)


def test_hooks_around_a_run_are_those_of_the_commands_that_dbt_ran_them_with() -> None:
    """The product knows the command, not whether it finds something to do."""
    ran = json.loads(ANSWERS.read_text(encoding="utf-8"))["commands"]
    names = {"source freshness": "dbt source freshness", "docs generate": "dbt docs generate"}
    said = {names.get(c, f"dbt {c.split()[0]}"): ran[c] for c in sorted(ran, reverse=True)}
    assert {command for command, hooked in said.items() if hooked} == AROUND - {
        "dbt ?",
        "dbt source snapshot-freshness",
    }


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("dbt build", [f"{JOB} fin.gl", f"{JOB} marts.revenue"]),
        ("dbt run --select revenue", [f"{JOB} fin.gl", f"{JOB} marts.revenue"]),
        ("dbt run --select nothing", [f"{JOB} fin.gl{IDLE}"]),
        ("dbt test", [f"{JOB} fin.gl{IDLE}"]),
        ("dbt source freshness", [f"{JOB} fin.gl{IDLE}"]),
        ("dbt seed", [f"{JOB} fin.gl{IDLE}"]),
        ("dbt compile", []),
        ("dbt docs generate", []),
        ("dbt ls", []),
    ],
)
def test_every_run_computes_what_the_hooks_around_it_write(
    tmp_path: Path, command: str, lines: list[str]
) -> None:
    content = json.loads(manifest(model("revenue")))
    content["nodes"]["operation.ledger.ledger-on-run-end-0"] = operation(
        "insert into fin.gl values (1)"
    )
    found = company(tmp_path)
    found.files[MANIFEST] = json.dumps(content)
    found.files[WORKFLOW] = NIGHTLY.replace("dbt build", command)
    assert computed(found) == lines


@pytest.mark.parametrize(
    "sql",
    [
        "call fin.post_month()",
        "select fin.post_month()",
        "{{ a_macro_that_is_not_there() }}",
        "insert into {{ var('ledger') }} select 1 from {{ this }}",
        "insert into fin.gl select * from {{ var('from') }}",
        "{% if x %}",
        "copy fin.gl to 's3://bucket/file'",
        "alter table fin.gl rename to old",
        "do $$ begin delete from fin.gl; end $$",
        "explain analyze delete from fin.gl",
        "this is no SQL",
        "{{ adapter.rename_relation(this, this) }}",
    ],
)
def test_what_is_not_read_of_a_hook_is_a_gap_where_it_hangs(tmp_path: Path, sql: str) -> None:
    found = gaps(company(tmp_path, model("revenue", **{"post-hook": sql})).read())
    places = {line.partition(" ")[0] for line in found}
    assert {"model:dbt:ledger.revenue", "marts.revenue"} <= places


@pytest.mark.parametrize(
    "sql",
    [
        "analyze {{ this }}",
        "vacuum {{ this }}",
        "comment on table {{ this }} is 'x'",
        "create index on {{ this }} (a)",
        "set work_mem = '1GB'",
        "alter table {{ this }} add primary key (a)",
        "grant usage on schema marts to reader",
        "",
        "{{ log('built', info=true) }}",
        "{% if var('x', false) %}analyze {{ this }}{% endif %}",
    ],
)
def test_a_hook_that_changes_no_row_leaves_nothing(tmp_path: Path, sql: str) -> None:
    found = company(tmp_path, model("revenue", **{"post-hook": sql})).read()
    assert gaps(found) == []
    assert [line for line in edges(found, "COMPUTES") if "fin.gl" in line] == []


def test_a_hook_that_is_neither_text_nor_mapping_is_a_gap(tmp_path: Path) -> None:
    odd: Any = {"post-hook": [7]}
    found = gaps(company(tmp_path, model("revenue", **odd)).read())
    assert any("neither a text nor a mapping" in line for line in found)


# --- grants ------------------------------------------------------------------------------------


def granted(tmp_path: Path, *usage: str, to: str = "reader") -> Company:
    """A model that grants INSERT, and an export with further items of the schema's ACL."""
    found = company(tmp_path, model("revenue", grants={"insert": [to]}))
    found.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}, "transformer": {"login": False}, "reader": {}, "member": {}},
        schemas={"marts": ["transformer=UC/admin", *usage]},
        relations=[relation("marts", "revenue", "transformer")],
    )
    return found


def rights(found: Company) -> str:
    (line,) = [
        one for one in edges(found.read(), "CAN_WRITE") if one.startswith("CAN_WRITE role:reader")
    ]
    return line


USAGE = "grant:postgres:erp/usage/marts"


def test_a_grant_of_dbt_needs_usage_on_the_schema_where_an_export_shows_it(
    tmp_path: Path,
) -> None:
    found = granted(tmp_path)
    assert USAGE in rights(found)
    assert not any("role:reader" in one for one in edges(found.read(), "HOLDS"))
    (note,) = [one for one in notes(found.read()) if "USAGE on schema marts" in one]
    assert "manifest.json" in note
    assert "erp.postgres.json" in note


def test_a_role_with_usage_keeps_what_dbt_grants(tmp_path: Path) -> None:
    found = granted(tmp_path, "reader=U/admin")
    assert f"HOLDS role:reader {USAGE}" in edges(found.read(), "HOLDS")
    assert USAGE in rights(found)


@pytest.mark.parametrize(
    "sql",
    [
        "grant usage on schema marts to reader",
        "grant all on schema {{ this.schema }} to reader, other",
        "{% for one in schemas %}grant usage on schema {{ one }} to reader;{% endfor %}",
    ],
)
def test_usage_that_a_hook_grants_is_held_after_the_next_run(tmp_path: Path, sql: str) -> None:
    found = granted(tmp_path)
    given = model("revenue", grants={"insert": ["reader"]}, **{"post-hook": sql})
    found.files[MANIFEST] = manifest(given)
    held = f"HOLDS role:reader {USAGE} if granted when dbt runs the hook"
    assert held in edges(found.read(), "HOLDS")
    assert USAGE in rights(found)


def test_a_schema_that_is_open_to_all_settles_nothing(tmp_path: Path) -> None:
    assert "needs" not in rights(granted(tmp_path, "=U/admin"))


def test_without_an_export_a_grant_stays_as_it_is_declared(tmp_path: Path) -> None:
    found = granted(tmp_path)
    found.exports.clear()
    assert "needs" not in rights(found)


def test_an_export_of_another_database_settles_nothing(tmp_path: Path) -> None:
    found = granted(tmp_path)
    text = found.exports["erp.postgres.json"]
    found.exports["erp.postgres.json"] = text.replace('"erp"', '"crm"')
    assert "needs" not in rights(found)


def test_a_role_that_the_export_does_not_have_gets_nothing(tmp_path: Path) -> None:
    found = granted(tmp_path, "=U/admin", to="gone")
    (line,) = [one for one in edges(found.read(), "CAN_WRITE") if "role:gone" in one]
    assert "absent role" in line
    assert not any("absent role" in one for one in edges(found.read(), "HOLDS"))


@pytest.mark.parametrize(
    ("stated", "granted_to", "gap"),
    [
        (None, [], False),
        ([], [], False),
        ("reader", ["reader"], False),
        (["reader", None], ["reader"], False),
        (["reader", {"a": "b"}], ["reader"], True),
        ({"a": ["reader"]}, [], True),
        (True, [], True),
    ],
)
def test_grants_are_those_of_the_configuration_without_its_nulls(
    tmp_path: Path, stated: object, granted_to: list[str], *, gap: bool
) -> None:
    """What cannot be read is a gap, and the model stays."""
    one = model("revenue", grants={"insert": stated})
    one["unrendered_config"] = {"grants": {"select": ["nobody"]}}
    found = company(tmp_path, one)
    found.exports.clear()
    read = found.read()
    rights = [line.split()[1] for line in edges(read, "CAN_WRITE", "CAN_READ", "CAN_DELETE")]
    assert [one for one in rights if one.startswith("role:")] == [f"role:{n}" for n in granted_to]
    assert any("could not be read" in line for line in gaps(read)) is gap
    assert "COMPUTES model:dbt:ledger.revenue marts.revenue" in edges(read, "COMPUTES")


# --- operations that a command names -----------------------------------------------------------

RUNS = "{%% macro post(%s) %%}{%% do run_query(%s) %%}{%% endmacro %%}"
POST = RUNS % ("", "'insert into fin.gl select 1 from marts.x'")
ANY = RUNS % ("t", "'insert into ' ~ t ~ ' select 1 from fin.gl'")
QUIET = "{% macro post() %}{{ log('nothing') }}{% endmacro %}"


def operated(tmp_path: Path, macro: str, command: str = "dbt run-operation post") -> Company:
    content = json.loads(manifest(model("revenue")))
    content["macros"]["macro.ledger.post"] = {
        "name": "post",
        "package_name": "ledger",
        "macro_sql": macro,
    }
    found = company(tmp_path)
    found.files[MANIFEST] = json.dumps(content)
    found.files[WORKFLOW] = NIGHTLY.replace("dbt build", command)
    return found


@pytest.mark.parametrize("command", ["dbt run-operation post", "dbt run-operation ledger.post"])
def test_a_job_computes_what_the_operation_it_names_writes(tmp_path: Path, command: str) -> None:
    found = operated(tmp_path, POST, command).read()
    assert [line for line in edges(found, "COMPUTES") if "fin.gl" in line] == [
        "COMPUTES job/nightly.yml#build fin.gl",
        "COMPUTES model:dbt:ledger.macro post fin.gl",
    ]
    assert edges(found, "FILTERS") == ["FILTERS marts.x fin.gl"]
    assert gaps(found) == []


def test_an_operation_that_nobody_runs_does_nothing(tmp_path: Path) -> None:
    found = operated(tmp_path, POST, "dbt run").read()
    assert edges(found, "FEEDS", "FILTERS") == []
    assert [line for line in edges(found, "COMPUTES") if "fin.gl" in line] == []


def test_an_operation_whose_target_is_an_argument_is_a_gap_at_what_it_reads(
    tmp_path: Path,
) -> None:
    found = operated(tmp_path, ANY).read()
    assert {line.partition(" [")[0] for line in gaps(found)} == {
        "fin.gl",
        "model:dbt:ledger.macro post",
    }


def test_an_operation_that_runs_no_statement_leaves_nothing(tmp_path: Path) -> None:
    assert gaps(operated(tmp_path, QUIET).read()) == []


@pytest.mark.parametrize("command", ["dbt run-operation other", "dbt run-operation pack.post"])
def test_an_operation_that_no_manifest_has_is_a_gap_at_the_job(
    tmp_path: Path, command: str
) -> None:
    (line,) = gaps(operated(tmp_path, POST, command).read())
    assert line.startswith("job/nightly.yml#build [CONTROL]")


# --- laws --------------------------------------------------------------------------------------


def test_a_manifest_takes_no_certain_edge_away(tmp_path: Path) -> None:
    hooks: Any = {
        "post-hook": ["{{ unknown() }}", HOOK],
        "pre-hook": "grant select on fin.gl to reader",
    }
    found = company(tmp_path, model("revenue", grants={"insert": ["reader"]}, **hooks))
    text = found.files.pop(MANIFEST)
    without = certain(found)
    assert without
    found.files[MANIFEST] = text
    assert without <= certain(found)


def certain(found: Company) -> set[str]:
    kinds = [*EDGE_KINDS]
    return {line for line in edges(found.read(), *kinds) if " if " not in line}


@pytest.mark.parametrize("field", ["compiled_code", "depends_on", "config", "schema"])
def test_a_model_that_is_refused_leaves_a_gap_at_its_relation(tmp_path: Path, field: str) -> None:
    found = company(tmp_path, {**model("revenue"), field: [["neither", "text", "nor", "mapping"]]})
    assert any(line.startswith("marts.revenue []") for line in gaps(found.read()))
