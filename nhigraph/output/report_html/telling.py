"""Rows that say something, identity by identity and the worst first: made when a card asks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter

import numpy as np

from nhigraph.assurance.rows import Assessment, VerdictRow
from nhigraph.assurance.shown import worst_of_one
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.graph.store import Ints
from nhigraph.output.report_html.lines import ALL_OTHERS

_UNKNOWN_STEPS = 1 << 30
#: What a card says of a row of an identity.
_SAID = attrgetter(
    *("target", "verdict", "soc1", "soc2", "soc2_outside", "exposure"),
    *("certainty", "states", "assertions", "rules"),
)


class Telling(Mapping[str, Sequence[VerdictRow]]):
    """By identity, its rows of verdicts.csv that say something, the worst first."""

    def __init__(
        self, rows: VerdictRows, paths: Collection[str], targets: Collection[str] | None = None
    ) -> None:
        """Take rows, and the ids of printed paths; all rows, or those at some targets."""
        self._rows, self._paths, self._targets = rows, paths, targets
        self._ranked: dict[str, list[VerdictRow]] = {}

    @classmethod
    def of(cls, assessment: Assessment) -> "Telling":
        """Those of an assessment."""
        return cls(VerdictRows.of(assessment.verdicts), assessment.paths)

    def at(self, targets: Collection[str]) -> "Telling":
        """The rows at some targets alone."""
        return Telling(self._rows, self._paths, targets)

    def reaching(self) -> Mapping[str, int]:
        """By target, how many rows there are."""
        found: dict[str, int] = {}
        counts = np.bincount(self._rows.sort[self._told], minlength=len(self._rows.sorts))
        for row, count in zip(self._rows.sorts, counts.tolist(), strict=True):
            found[row.target] = found.get(row.target, 0) + count
        return found

    def __getitem__(self, identity: str) -> Sequence[VerdictRow]:
        """The rows of an identity."""
        known = self._ranked.get(identity)
        if known is None:
            rows = [self._rows[at] for at in self._places[identity].tolist()]
            known = self._ranked[identity] = sorted(rows, key=self._rank)
        return known

    def __iter__(self) -> Iterator[str]:
        """Identities of which there are some."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many these are."""
        return len(self._places)

    def __contains__(self, identity: object) -> bool:
        """Whether there are rows of an identity."""
        return identity in self._places

    @cached_property
    def _told(self) -> Ints:
        asked = self._targets
        return self._rows.places(lambda row: row.told and (asked is None or row.target in asked))

    @cached_property
    def _places(self) -> Mapping[str, Ints]:
        return self._rows.of_identities(self._told)

    def said(self, identity: str) -> bytes:
        """What the card of an identity says of its rows; the same for whom it says the same."""
        return self._said.get(identity, b"")

    @cached_property
    def _said(self) -> Mapping[str, bytes]:
        places = self._told
        codes = self._alike[self._rows.sort[places]] * 2 + (self._rows.name[places] > 0)
        return self._rows.said_of_identities(places, codes)

    @cached_property
    def _alike(self) -> Ints:
        """Number by sort: the same for those of which a card says the same."""
        number: dict[object, int] = {}
        told = [number.setdefault(_SAID(row), len(number)) for row in self._rows.sorts]
        return np.array(told, dtype=np.int64)

    def _rank(self, row: VerdictRow) -> tuple[object, ...]:
        return (
            row.target == ALL_OTHERS,
            *worst_of_one(row),
            not (row.path_id and row.path_id in self._paths),
            _UNKNOWN_STEPS if row.steps is None else row.steps,
            row.target,
        )
