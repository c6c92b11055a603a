"""Notebooks are committed without output, ask one question a cell, and run on the wheel alone."""

import ast
import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import nhigraph
from tests.packaging.conftest import CHECKOUT

NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))
TOPICS = {"explore", "answer_to_cut", "lineage", "population", "settle_first", "two_dates"}
#: What a reader of a notebook has: the public names, and what comes with them.
IMPORTED = {"nhigraph", "networkx", "pandas"}
#: Between two notebooks everything is forgotten; that the modules are loaded stays.
FORGET = "%reset -f"
_SECONDS = 120

# One worker runs the folder, so that the wheel is built once.
pytestmark = pytest.mark.xdist_group("wheel")


def _cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def _code(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in _cells(path) if c["cell_type"] == "code"]


def test_every_topic_has_its_notebook() -> None:
    assert {path.stem for path in NOTEBOOKS} == TOPICS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_output_and_a_question_before_each_cell(path: Path) -> None:
    title, *cells = _cells(path)
    assert title["source"][0].startswith("# ")
    assert len(cells) % 2 == 0
    for asked, answer in zip(cells[::2], cells[1::2], strict=True):
        assert asked["cell_type"] == "markdown"
        assert "".join(asked["source"]).startswith("## ")
        assert "".join(asked["source"]).endswith("?")
        assert (answer["cell_type"], answer["outputs"], answer["execution_count"]) == (
            "code",
            [],
            None,
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_alone(path: Path) -> None:
    for source in _code(path):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= IMPORTED
            assert not isinstance(node, ast.ImportFrom), source
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_"), source
                if isinstance(node.value, ast.Name) and node.value.id == "nhigraph":
                    assert node.attr in nhigraph.__all__


def _kernel(scripts: Path, folder: Path) -> str:
    """A kernel of the environment that holds the wheel; its name."""
    made = folder / "kernels" / "wheel"
    made.mkdir(parents=True)
    start = [str(scripts / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "wheel", "language": "python"}
    (made / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return made.name


def _ran(scripts: Path, folder: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a notebook
    """A notebook of these cells, run in the wheel's environment, outside the checkout."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    monkeypatch.setenv("HOME", str(folder))
    common: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    cells = [{**common, "id": f"cell-{n}", "source": one} for n, one in enumerate(sources)]
    made = nbformat.from_dict(  # type: ignore[no-untyped-call]  # nbformat has no types
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )
    client = NotebookClient(
        made,
        timeout=_SECONDS,
        kernel_name=_kernel(scripts, folder),
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return made


def test_notebooks_run_on_the_wheel(
    scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("nbclient") is None and os.environ.get("CI") != "true":
        pytest.skip("nbclient is not installed: pip install nhigraph[test]")
    where = "import nhigraph\nprint(nhigraph.__file__)"
    sources = [where, *(s for path in NOTEBOOKS for s in (FORGET, *_code(path)))]
    made = _ran(scripts, tmp_path, sources, monkeypatch)
    first, *cells = made.cells
    assert Path(first.outputs[0].text.strip()).is_relative_to(scripts.parent)
    shown = [cell for cell in cells if cell.source != FORGET]
    assert len(shown) == sum(len(_code(path)) for path in NOTEBOOKS)
    pages = 0
    for cell in shown:
        told = [out for out in cell.outputs if out.output_type == "execute_result"]
        assert told, cell.source
        pages += "<iframe sandbox=" in told[0].data.get("text/html", "")
    assert pages >= 4
