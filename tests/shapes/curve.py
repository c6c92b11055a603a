"""How many identities stay undecided, question by question.

python -m tests.shapes.curve [--each]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nhigraph.app.ask import ask
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from tests.shapes.repositories import SHAPES, Shape

AS_OF = "2026-11-23"
#: Questions that are answered.
MOST = 10
_FACTS = {
    "nhigraph": "facts/1",
    "nodes": [
        {"kind": "DatabaseRole", "key": "role:postgres:erp/poster"},
        {"kind": "Dataset", "key": "dataset:postgres:erp.fin.gl"},
    ],
    "edges": [
        {
            "kind": "CAN_WRITE",
            "from": "role:postgres:erp/poster",
            "to": "dataset:postgres:erp.fin.gl",
        }
    ],
}
_SCOPE: dict[str, Any] = {
    "nhigraph": "scope/1",
    "commitments": ["S"],
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "dataset:postgres:erp.fin.gl"}],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Curve:
    """One checkout.

    Attributes:
        name: Its shape's.
        identities: How many identities it has.
        undecided: How many of them are undecided before any question, after one, and so on.
    """

    name: str
    identities: int
    undecided: tuple[int, ...]

    def after(self, questions: int) -> int:
        """How many are undecided after some questions, or after all there are."""
        return self.undecided[min(questions, len(self.undecided) - 1)]


def curve(shape: Shape, folder: Path) -> Curve:
    """Answer its questions the closing way, each judged again from the files."""
    shape.write(folder)
    (folder / "books.facts.yaml").write_text(yaml.safe_dump(_FACTS))
    told: list[dict[str, Any]] = []
    found = _judged(folder, told)
    asked = ask(found).rows[:MOST]
    counts = [_undecided(found)]
    for row in asked:
        told += row.proposals[0].scope["answers"]
        counts.append(_undecided(_judged(folder, told)))
    return Curve(shape.name, len(found.estate.identities), tuple(counts))


def _judged(folder: Path, told: list[dict[str, Any]]) -> Judged:
    scope = {**_SCOPE, "answers": told}
    (folder / "scope.yaml").write_text(yaml.safe_dump(scope, sort_keys=False))
    return of_collection(collect([folder], repo=f"acme/{folder.name}"), option=AS_OF)


def _undecided(found: Judged) -> int:
    return sum(r.verdict == "undetermined" for r in rows(Analysis(found.estate)).identities)


def curves(folder: Path) -> Iterator[Curve]:
    """Of every shape."""
    for shape in SHAPES:
        yield curve(shape, folder / shape.name)
