"""Questions asked of the server, and rows compared: in the columns expected, in any order."""

import json
from collections.abc import Mapping
from typing import Any

from nhigraph.app.query_library import Query
from nhigraph.output.neo4j.values import text
from tests.neo4j.estates import ask
from tests.neo4j.server import Server

Row = dict[str, Any]
#: What questions about the sample are asked with.
GIVEN = {
    "snapshot": "ledgerline",
    "before": "ledgerline",
    "target": "fin:aged-receivables",
    "identity": "role:postgres:erp/dbt_runner",
    "node": "dataset:postgres:erp.fin.invoices",
    "credential": "github:ledgerline/warehouse/secret/DBT_PASSWORD",
    "gate": "github:ledgerline/warehouse/protection/main",
    "days": 365,
}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """A value as JSON has it: days as texts."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.iso_format() if hasattr(value, "iso_format") else value


def asked(server: Server, query: Query, given: Mapping[str, object]) -> list[Row]:
    """Rows of a question, in the columns that a table can show."""
    found = ask(server, query.text, **{name: given[name] for name in query.params})
    return [{name: plain(row[name]) for name in query.columns} for row in found]


def same(found: list[Row], expected: list[Row]) -> None:
    """Rows are the same in the columns that are expected, in any order."""
    names = sorted(expected[0]) if expected else ()
    kept = [{name: row[name] for name in names} for row in found]
    assert sorted(map(_text, kept)) == sorted(map(_text, expected))


def _text(row: Row) -> str:
    # Where nothing is told, a row of the engine has None, or an empty text.
    said = {name: "" if value is None else value for name, value in row.items()}
    return text(json.dumps(said, sort_keys=True, default=str))
