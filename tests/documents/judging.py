"""Companies written to disk, judged by the product, and rows without qualifiers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged as Estate
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.rows import Assessment
from nhigraph.facts import keys
from nhigraph.output import csv_files
from tests.documents.company import Company, Document
from tests.documents.native import yaml_text
from tests.estate_files import Rows, printed

LEVELS = ("none", "undetermined", "indirect", "direct")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the product says of one company."""

    assessment: Assessment
    identities_csv: str
    verdicts_csv: str
    identities: Rows
    verdicts: Rows
    judged: Estate

    @property
    def lines(self) -> set[tuple[str, str]]:
        """Every line of coverage: artifact and sentence."""
        found: set[tuple[str, str]] = set()
        artifacts: Any = self.assessment.coverage["artifacts"]
        for artifact in artifacts:
            for section in ("notes", "gaps", "quarantined"):
                for line in _listed(artifact.get(section)):
                    found.add((str(artifact["artifact"]), str(line.get("reason", line))))
        return found


def _listed(section: Any) -> Sequence[Any]:  # noqa: ANN401 - a JSON tree
    if isinstance(section, dict):
        section = next((v for v in section.values() if isinstance(v, list)), [])
    return section if isinstance(section, list) else []


def write(folder: Path, company: Company, *, scope: bool = True) -> list[Path]:
    """Write a company's files; returns the inputs."""
    for one in company.documents:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.text, encoding="utf-8")
    inputs = [folder / name for name in company.inputs if (folder / name).exists()]
    if scope:
        path = folder / "scope.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml_text(company.scope), encoding="utf-8")
        inputs += [] if company.inputs == (".",) else [path]
    return inputs


def judge(inputs: Sequence[Path]) -> Judged:
    """Assess inputs, in this process, without writing."""
    estate = of_collection(collect(inputs))
    found = assess(estate, Options())
    identities = csv_files.identities_csv(found.identities)
    verdicts = csv_files.verdicts_csv(found.verdicts)
    return Judged(
        found,
        identities,
        verdicts,
        plain(printed(identities)),
        plain(printed(verdicts, "path_id")),
        estate,
    )


def certainly(one: Judged) -> Rows:
    """Rows of verdicts.csv as they would be if nothing were but what documents state for certain.

    A row's certainty says that its soc1, and its letters by effect, are so. An S that only an
    enabling action or a weakness gives leaves the certainty alone (FORMATS) and may rest on a
    condition, which another document then settles.
    """
    estate = one.judged.estate
    unsure = np.flatnonzero(estate.graph.edges["certainty"].to_numpy() != "certain").tolist()
    sure = replace(estate, dropped=estate.dropped.union(unsure))
    found = answer(Analysis(sure), Options(paths=0))
    return plain(printed(csv_files.verdicts_csv(found.verdicts), "path_id"))


def judge_in(folder: Path, company: Company) -> Judged:
    """Write a company and assess it."""
    return judge(write(folder, company))


def bare(cell: str) -> str:
    """A cell without the qualifiers of keys."""
    if "[" not in cell:
        return cell
    return ";".join(sorted({keys.unqualified(key) for key in cell.split(";")}))


def plain(rows: Iterable[dict[str, str]]) -> Rows:
    """Rows without qualifiers, sorted."""
    made = [{name: bare(cell) for name, cell in row.items()} for row in rows]
    return sorted(made, key=lambda row: [*row.items()])


def of(rows: Rows, **cells: str) -> Rows:
    """Rows that have these cells."""
    return [row for row in rows if all(row[name] == cell for name, cell in cells.items())]


def level(rows: Rows) -> int:
    """The highest soc1; -1 without rows."""
    return max((LEVELS.index(row["soc1"]) for row in rows), default=-1)


def letters(rows: Rows) -> set[str]:
    """Every letter that is proven or open, in the commitments or outside."""
    found = {
        one for row in rows for name in ("soc2", "soc2_outside") for one in row[name].split(";")
    }
    return found - {""}


def named(company: Company, kind: str) -> list[Document]:
    """Documents of one kind."""
    return [one for one in company.documents if one.kind == kind]
