"""Relations that hooks name, on platforms that fold names otherwise: no placeholder, none lost."""

import json
from pathlib import Path

import pytest

from nhigraph.facts.ends import Writes
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.ingest.document import Document
from nhigraph.policy.dbt_values import UNTOLD
from nhigraph.sources import dbt

PLATFORMS = ("postgres", "snowflake", "bigquery", "redshift", "databricks")
MODEL = "model.books.m"


def facts(folder: Path, platform: str, hook: str) -> list[Fact]:
    """What a manifest says whose one model has one hook."""
    named = {"name": "m", "package_name": "books", "schema": "marts", "database": "db"}
    model = {
        **named,
        "unique_id": MODEL,
        "resource_type": "model",
        "relation_name": "db.marts.m",
        "raw_code": "select 1 as a",
        "compiled_code": "select 1 as a",
        "depends_on": {"nodes": []},
        "config": {"materialized": "table", "post-hook": [{"sql": hook}]},
    }
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    metadata = {
        "dbt_schema_version": version,
        "adapter_type": platform,
        "project_name": "books",
        "generated_at": "2026-01-01T00:00:00Z",
    }
    body = {"metadata": metadata, "nodes": {MODEL: model}, "sources": {}, "macros": {}}
    path = folder / "manifest.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    found = dbt.INGESTOR.read(Document(path, path.name))
    return [fact for fact in found if isinstance(fact, Fact)]


def keys_in(found: list[Fact]) -> set[str]:
    ends = {end for one in found if isinstance(one, Edge) for end in (one.source, one.target)}
    return ends | {one.key for one in found if isinstance(one, Node)}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "hook",
    [
        "insert into {{ var('t') }} select 1",
        "insert into ledger.{{ var('t') }} select 1",
        "insert into ledger.t select * from {{ var('t') }}",
        "delete from ledger.{{ target.name }}_t",
        "call ledger.p({{ var('t') }})",
    ],
)
def test_a_name_that_only_a_run_can_tell_is_a_gap_and_no_relation(
    tmp_path: Path, platform: str, hook: str
) -> None:
    found = facts(tmp_path, platform, hook)
    assert not [key for key in keys_in(found) if UNTOLD in key.lower()]
    assert not [one for one in found if isinstance(one, Writes) and UNTOLD in str(one).lower()]
    assert [one for one in found if isinstance(one, Gap) and one.at == "model:dbt:books.m"]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "hook",
    [
        "alter table ledger.t rename to u",
        "update ledger.t as a set x = 1 from ledger.u as b where f(a.x)",
        "insert into {{ var('t') }} select * from ledger.u",
        "create table ledger.t as select * from ledger.u; call ledger.p()",
        "select ledger.f(x) from ledger.t",
    ],
)
def test_what_a_statement_names_that_is_not_read_is_described(
    tmp_path: Path, platform: str, hook: str
) -> None:
    """A gap at what no input describes would be refused, and lost."""
    found = facts(tmp_path, platform, hook)
    described = {one.key for one in found if isinstance(one, Node)}
    gaps = {one.at for one in found if isinstance(one, Gap)}
    assert gaps <= described
    assert not gaps or "model:dbt:books.m" in gaps
