"""What a Python model runs beside ``dbt.ref``: dbt-core 1.11.16 ran the first on DuckDB."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.facts.ends import Writes
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.ingest.document import Document
from nhigraph.policy.dbt_macros import Script
from nhigraph.policy.dbt_python import LONGEST, Beside, beside
from nhigraph.schema.types import Certainty
from nhigraph.sources import dbt
from tests.unit.sources.dbt_hooks import MANIFEST

WHOLE = json.loads(MANIFEST.read_text(encoding="utf-8"))
FROM_CODE = "insert into finance.gl values (1)"


def model(*lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"def model(dbt, session):\n{body}    return dbt.ref('a')\n"


@pytest.mark.parametrize(
    ("line", "sql", "always"),
    [
        (f"session.sql('{FROM_CODE}')", FROM_CODE, True),
        (f"session.sql('''{FROM_CODE}''').collect()", FROM_CODE, True),
        (f"if dbt.is_incremental: session.sql('{FROM_CODE}')", FROM_CODE, False),
        (f"[session.sql('{FROM_CODE}') for _ in range(2)]", FROM_CODE, False),
        ("other = session.table('raw.b')", "SELECT * FROM raw.b", True),
        ("spark.read.table('raw.b')", "SELECT * FROM raw.b", True),
        ("df.write.save_as_table('fin.gl')", "INSERT INTO fin.gl SELECT NULL", True),
        ("df.write.mode('append').saveAsTable(name='fin.gl')",
         "INSERT INTO fin.gl SELECT NULL", True),
        ("session.write_pandas(df, 'gl')", "INSERT INTO gl SELECT NULL", True),
    ],
)  # fmt: skip
def test_statements_and_relations_that_the_code_names_are_found(
    line: str, sql: str, always: bool
) -> None:
    assert beside(model(line)) == Beside((Script(sql, always=always),))


def test_a_function_beside_the_model_may_run() -> None:
    text = f"def post(session):\n    session.sql('{FROM_CODE}')\n\n" + model("post(session)")
    assert beside(text) == Beside((Script(FROM_CODE, always=False),))


@pytest.mark.parametrize(
    "line",
    [
        "df = dbt.ref('a')",
        "df = df.query('amount > 5')",
        "ax.table(cellText=cells)",
        "rows = df.sort_values('id')",
        "dbt.config(materialized='table')",
    ],
)
def test_what_names_no_statement_is_none(line: str) -> None:
    assert beside(model(line)) == Beside()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (model("session.sql(f'insert into {x} values (1)')"), "which statement it runs in sql()"),
        (model("session.table(name)"), "which relation it names in table()"),
        ("def model(", "its code could not be parsed"),
        ("#" * (LONGEST + 1), "characters are more than"),
    ],
)
def test_what_is_decided_as_it_runs_is_a_problem(text: str, why: str) -> None:
    found = beside(text)
    assert not found.scripts
    assert why in found.problem


def read(code: str, folder: Path) -> tuple[list[Fact], str]:
    manifest: dict[str, Any] = copy.deepcopy(WHOLE)
    uid, node = next(
        (uid, node) for uid, node in manifest["nodes"].items() if uid.startswith("model.")
    )
    node["config"] |= {"post-hook": [], "pre-hook": []}
    node |= {"language": "python", "raw_code": code, "compiled_code": code}
    manifest["nodes"] = {uid: node}
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    name = uid.removeprefix("model.")
    return list(dbt.read(Document(path, path.name))), f"model:dbt:{name}"


def test_a_python_model_computes_what_its_code_writes(tmp_path: Path) -> None:
    """A relation of the code is one of the run, as in a hook; what it reads feeds the model."""
    found, key = read(
        model(f"session.sql('{FROM_CODE}')", "session.sql('select * from raw.b')"), tmp_path
    )
    edges = [one for one in found if isinstance(one, Edge) and one.source == key]
    written = [one for one in edges if one.target.endswith(".finance.gl")]

    assert [one.certainty for one in written] == [Certainty.CERTAIN]
    assert [one.verb for one in found if isinstance(one, Writes)] == ["insert"]
    assert any(
        isinstance(one, Edge) and one.source.endswith(".raw.b") and one.kind.label == "FEEDS"
        for one in found
    )
    assert not [one for one in found if isinstance(one, Gap) and "code" in one.reason]


def test_what_a_python_model_runs_is_a_gap_where_it_is_not_read(tmp_path: Path) -> None:
    """At the model and at its relation; a model that only refers has none."""
    found, key = read(model("session.sql(f'insert into {x} values (1)')"), tmp_path)
    gaps = [one for one in found if isinstance(one, Gap) and "its code" in one.reason]
    assert key in {one.at for one in gaps}
    assert len(gaps) == len({key, *(one.at for one in gaps)}) > 1

    plain, _ = read(model("df = dbt.ref('a')"), tmp_path)
    assert not [one for one in plain if isinstance(one, Gap) and "its code" in one.reason]
