"""Fixtures of rules: small estates, and what each rule says of them.

``<rule>.yaml`` has three cases: ``hit``, ``miss`` and ``gap``. A case holds records of facts/1
(``nodes``, ``edges``, ``gates``, ``gaps``), parts of a scope where the usual one does not do
(``targets``, ``boundary``, ``owners``, ``commitments``, ``thresholds``), ``what`` it is about, and
what its rule says: ``found`` and ``not_known``, nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from nhigraph.app.collect import collect
from nhigraph.app.findings import found_rules
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.found import Register
from nhigraph.findings.run import register
from nhigraph.findings.seen import Seen
from tests.estate_files import write_estate

HERE = Path(__file__).parent
CASES = ("hit", "miss", "gap")
_FACTS = ("nodes", "edges", "gates", "gaps")
_SCOPE = ("targets", "boundary", "owners", "commitments", "thresholds")
_USUAL = {
    "nhigraph": "scope/1",
    "organization": "Acme",
    "as_of": "2026-11-23",
    "commitments": ["S", "A", "PI", "C", "P"],
    "targets": [
        {
            "id": "gl",
            "family": "financial-reporting",
            "fs_role": "record",
            "icfr_basis": "own",
            "select": [{"key": "acme:gl"}],
        }
    ],
}


@dataclass(frozen=True)
class Case:
    """One case of one rule's fixtures.

    Attributes:
        rule: Whose fixtures.
        name: hit, miss or gap.
        body: What the file holds of it.
    """

    rule: str
    name: str
    body: dict[str, Any]

    @property
    def title(self) -> str:
        return f"{self.rule}/{self.name}"

    def write(self, folder: Path) -> None:
        """Write the estate as input files."""
        facts = {"nhigraph": "facts/1", **{p: self.body[p] for p in _FACTS if p in self.body}}
        scope = {**_USUAL, **{p: self.body[p] for p in _SCOPE if p in self.body}}
        write_estate(folder, [facts], scope)


@cache
def fixtures() -> dict[str, dict[str, Any]]:
    """The content of every file, by rule."""
    return {path.stem: yaml.safe_load(path.read_text()) for path in sorted(HERE.glob("*.yaml"))}


def cases() -> Iterator[Case]:
    """Every case of every rule."""
    for rule, body in fixtures().items():
        for name in CASES:
            if name in body:
                yield Case(rule, name, body[name])


@cache
def estate(title: str) -> Estate:
    """The estate of a case."""
    (case,) = (one for one in cases() if one.title == title)
    with TemporaryDirectory() as folder:
        case.write(Path(folder))
        judged = of_collection(collect([Path(folder)]))
    assert not judged.scope_errors, judged.scope_errors
    assert not judged.bad
    assert not judged.unread, "a record of the fixture was refused"
    return judged.estate


def asked(found: Estate) -> Register:
    """What every rule says of an estate."""
    analysis = Analysis(found)
    return register(Seen(analysis, answer(analysis)), found_rules())


@cache
def said(title: str) -> Register:
    """What every rule says of a case."""
    return asked(estate(title))
