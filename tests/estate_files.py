"""Estates as input files, and answers as the text of CSV files."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_collection
from nhigraph.assurance.answer import Options
from nhigraph.assurance.rows import Assessment
from nhigraph.output import csv_files

Rows = list[dict[str, str]]


def write_estate(
    folder: Path, facts: Sequence[Mapping[str, Any]], scope: Mapping[str, Any]
) -> None:
    """Write facts documents and a scope as the JSON forms of facts/1 and scope/1."""
    for number, document in enumerate(facts):
        path = folder / f"part-{number}.facts.json"
        path.write_text(json.dumps(document, default=str), encoding="utf-8")
    (folder / "scope.json").write_text(json.dumps(scope, default=str), encoding="utf-8")


def judged(folder: Path, *, all_reached: bool = False, as_of: str | None = None) -> Assessment:
    """Assess a folder, in this process, without writing."""
    options = Options(all_reached=all_reached)
    return assess(of_collection(collect([folder]), option=as_of), options)


def assessed(folder: Path, as_of: str | None = None) -> Assessment:
    """Everything that ``assess`` asks of a folder, in its order, without writing."""
    return judge(of_collection(collect([folder]), option=as_of))[0]


def printed(text: str, *without: str) -> Rows:
    """Rows of a CSV text, as printed, some columns left out."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if name not in without} for row in rows]


def identities(assessment: Assessment) -> Rows:
    """Rows of identities.csv."""
    return printed(csv_files.identities_csv(assessment.identities))


def verdicts(assessment: Assessment) -> Rows:
    """Rows of verdicts.csv; path ids are names, and the oracle gives none."""
    return printed(csv_files.verdicts_csv(assessment.verdicts), "path_id")
