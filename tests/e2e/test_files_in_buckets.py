"""Who writes a bucket writes what dbt makes of its files: a manifest and an account, together."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import nhigraph

ACCOUNT = "111111111111"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/loader"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/other"
MODEL, SOURCE = "model.books.m", "source.books.raw.a"


def _role(arn: str, bucket: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [trusted | {"Action": "sts:AssumeRole"}]}
    return {
        "Path": "/",
        "RoleName": arn.rpartition("/")[2],
        "RoleId": f"AROA{arn.rpartition('/')[2].upper()}",
        "Arn": arn,
        "CreateDate": "2026-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy}],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
        "Tags": [],
    }


def _estate(folder: Path, platform: str, *, sql: str, hook: str, external: str) -> None:
    roles = [_role(ROLE, "ledger-in"), _role(OTHER, "pictures")]
    empty: dict[str, list[object]] = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    details = empty | {"RoleDetailList": roles}
    (folder / "details.json").write_text(json.dumps(details), encoding="utf-8")
    named = {"package_name": "books", "database": "db"}
    model = named | {
        "name": "m",
        "schema": "marts",
        "unique_id": MODEL,
        "resource_type": "model",
        "relation_name": "db.marts.m",
        "raw_code": sql,
        "compiled_code": sql,
        "depends_on": {"nodes": [SOURCE] if external else []},
        "config": {"materialized": "table", "post-hook": [{"sql": hook}] if hook else []},
    }
    source = named | {
        "name": "a",
        "schema": "raw",
        "source_name": "raw",
        "unique_id": SOURCE,
        "resource_type": "source",
        "relation_name": "db.raw.a",
        "external": {"location": external},
    }
    metadata = {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "adapter_type": platform,
        "project_name": "books",
        "generated_at": "2026-01-01T00:00:00Z",
    }
    sources = {SOURCE: source} if external else {}
    body = {"metadata": metadata, "nodes": {MODEL: model}, "sources": sources, "macros": {}}
    (folder / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    relation = "DB.MARTS.M" if platform == "snowflake" else "db.marts.m"
    target = {
        "id": "revenue",
        "family": "financial-reporting",
        "fs_role": "record",
        "icfr_basis": "own",
        "select": [{"key": f"dataset:{platform}:{relation}"}],
    }
    scope = {"nhigraph": "scope/1", "organization": "B", "commitments": [], "targets": [target]}
    (folder / "scope.yaml").write_text(json.dumps(scope), encoding="utf-8")


@pytest.mark.parametrize(
    ("platform", "sql", "hook", "external"),
    [
        ("duckdb", "select a from read_parquet('s3://ledger-in/2026/*.parquet')", "", ""),
        ("duckdb", "select a from 's3://ledger-in/x.csv'", "", ""),
        ("databricks", "select a from parquet.`s3a://ledger-in/x`", "", ""),
        ("snowflake", "select 1 as a", "copy into {{ this }} from 's3://ledger-in/x.csv'", ""),
        ("snowflake", "select 1 as a", "copy into {{ this }} from s3://ledger-in/x.csv", ""),
        ("redshift", "select 1 as a", "copy {{ this }} from 's3://ledger-in/x' iam_role default",
         ""),
        ("redshift", "select a from db.raw.a", "", "s3://ledger-in/raw/"),
    ],
)  # fmt: skip
def test_who_writes_the_files_changes_the_books(
    tmp_path: Path, platform: str, sql: str, hook: str, external: str
) -> None:
    _estate(tmp_path, platform, sql=sql, hook=hook, external=external)
    out = tmp_path / "out"
    assert nhigraph("assess", tmp_path, "--out", out).code == 0
    rows = (out / "verdicts.csv").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if row.startswith(f"{ROLE},fin:revenue,soc1,direct")]
    assert not [row for row in rows if row.startswith(f"{OTHER},fin:revenue")]
