"""What made a document, as far as it says so."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app import registry
from nhigraph.ingest.document import Document

SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v12.json"


@pytest.mark.parametrize(
    ("source", "content", "told"),
    [
        (
            "postgres",
            {"nhigraph_export": "postgres/1", "server_version_num": 150018},
            "queries/export/postgres.sql on PostgreSQL 15.18",
        ),
        ("postgres", {"nhigraph_export": "postgres/1", "server_version_num": "15"}, None),
        ("postgres", {"nhigraph_export": "postgres/1", "server_version_num": True}, None),
        ("postgres", {"nhigraph_export": "postgres/1"}, None),
        (
            "mysql",
            {"nhigraph_export": "mysql/1", "version": "8.0.46"},
            "queries/export/mysql.sql on MySQL 8.0.46",
        ),
        (
            "mysql",
            {"nhigraph_export": "mysql/1", "version": "10.11.6-MariaDB-0+deb12u1"},
            "queries/export/mysql.sql on 10.11.6-MariaDB-0+deb12u1",
        ),
        ("mysql", {"nhigraph_export": "mysql/1", "version": "token CANARY"}, None),
        (
            "dbt",
            {"metadata": {"dbt_schema_version": SCHEMA, "dbt_version": "1.11.16"}},
            "dbt 1.11.16",
        ),
        (
            "dbt",
            {"metadata": {"dbt_schema_version": SCHEMA, "dbt_version": "password=CANARY"}},
            None,
        ),
        ("dbt", {"metadata": {"dbt_schema_version": SCHEMA, "dbt_version": 1}}, None),
        ("github_actions", {"total_count": 0, "secrets": []}, None),
        ("facts", {"nhigraph": "facts/1"}, None),
    ],
)
def test_what_made_a_document_is_told_by_the_document_alone(
    source: str, content: dict[str, Any], told: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    ingestor = registry.ingestors()[source]
    assert ingestor.extracted_by(Document(path, "export.json")) == told
