"""Notebooks on output folders of one's own: no cell expects what only the sample has."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import inside
from tests.estate_files import write_estate

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
_NODES = [
    {"kind": "Dataset", "key": "acme:d"},
    {"kind": "Dataset", "key": "acme:e"},
    {"kind": "User", "key": "acme:u"},
]
_SERVICE = {"kind": "ServiceAccount", "key": "acme:s"}
_WRITE = {"kind": "CAN_WRITE", "from": "acme:s", "to": "acme:d"}
_TARGETS = [
    {
        "id": "a", "family": "financial-reporting", "fs_role": "record", "icfr_basis": "own",
        "select": [{"key": "acme:d"}],
    },
    {"id": "b", "family": "trust-service", "commitments": ["C"], "select": [{"key": "acme:e"}]},
]  # fmt: skip
ESTATES: dict[str, dict[str, list[Any]]] = {
    "no identity": {"nodes": _NODES},
    "nobody reaches": {"nodes": [*_NODES, _SERVICE]},
    "undetermined": {"nodes": [*_NODES, _SERVICE], "gaps": [{"at": "acme:s", "reason": "?"}]},
    "gated": {"nodes": [*_NODES, _SERVICE], "edges": [{**_WRITE, "gate": "acme:gate"}]},
    "open": {"nodes": [*_NODES, _SERVICE], "edges": [_WRITE]},
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Output folders of the estates; a promise alone stands in that of one."""
    made = {}
    for name, facts in ESTATES.items():
        folder = tmp_path_factory.mktemp("own")
        (folder / "in").mkdir()
        targets = _TARGETS[1:] if name == "nobody reaches" else _TARGETS
        scope = {
            "nhigraph": "scope/1", "as_of": "2026-11-23", "commitments": ["S", "C"],
            "targets": targets,
        }  # fmt: skip
        write_estate(folder / "in", [{"nhigraph": "facts/1", **facts}], scope)
        assert inside("assess", folder / "in", "--out", folder / "out").code == 0
        made[name] = folder / "out"
    return made


@pytest.mark.parametrize("name", ESTATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_to_its_end_on_a_folder_of_ones_own(
    folders: dict[str, Path], path: Path, name: str
) -> None:
    folder, other = str(folders[name]), str(folders["open"])
    names: dict[str, object] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"]).replace("FOLDER = None", f"FOLDER = {folder!r}")
        source = source.replace("AFTER = None, None", f"AFTER = {folder!r}, {other!r}")
        body = ast.parse(source).body
        assert isinstance(body[-1], ast.Expr)
        exec(compile(ast.Module(body[:-1], []), path.name, "exec"), names)  # noqa: S102 - ours
        shown = eval(compile(ast.Expression(body[-1].value), path.name, "eval"), names)  # noqa: S307
        assert (shown._repr_html_() if hasattr(shown, "_repr_html_") else repr(shown)) != ""
    assert folder in (names.get("FOLDER"), names.get("BEFORE"))
