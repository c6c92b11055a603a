"""The notebook that asks engine and database the same: run cell by cell, against the server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.neo4j.conftest import Sample
from tests.neo4j.server import PASSWORD, REPOSITORY, Server

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

NOTEBOOK = REPOSITORY / "notebooks" / "neo4j" / "same_question.ipynb"


def _code() -> list[str]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") for cell in cells)
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_engine_and_database_give_the_notebook_the_same_rows(
    server: Server, sample: Sample, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NHIGRAPH_NEO4J_URI", server.uri)
    monkeypatch.setenv("NHIGRAPH_NEO4J_PASSWORD", PASSWORD)
    monkeypatch.setenv("NHIGRAPH_NEO4J_SNAPSHOT", "ledgerline")
    names: dict[str, Any] = {}
    *cells, last = _code()
    for source in cells:
        exec(compile(source, NOTEBOOK.name, "exec"), names)  # noqa: S102 - our own notebook
    assert names["same"] is True
    assert len(names["engine"]) > 5
    steps = eval(compile(last.strip(), NOTEBOOK.name, "eval"), names)  # noqa: S307 - as above
    assert steps["step"].tolist() == list(range(1, len(steps) + 1))
    assert steps["target"].iloc[-1] == "fin:cash"
