"""Rows of verdicts.csv beside the graph they were made of, for questions that they answer.

``assess`` judged every identity at every target; who reaches a target then need not be found
again, and nothing that finds it need be imported. What is stored answers only for the graph
beside it, the day and the very program it was made with: whoever asks for anything else gets None,
and computes.

The file is one JSON text a line: what the rows rest on and where each target's lie, then the rows
of each target, those of ``*``, and the reasons of all gaps.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nhigraph.app.as_of import AsOf
from nhigraph.app.program import program
from nhigraph.app.questions.rows import (
    ANY,
    AnsweredVerdict,
    gap_reasons,
    speaking,
    with_reasons,
)
from nhigraph.assurance.row_order import PAIRS_WITH_STEPS
from nhigraph.assurance.rows import Unread, VerdictRow
from nhigraph.errors import InputError, NoInputError, UsageError
from nhigraph.graph import snapshot_folder, swap
from nhigraph.graph.named import Named, of_folder
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.verdict_rows import VerdictRows
    from nhigraph.graph.store import Graph

#: What the scope did to names; see ``StoredAnswers`` for its members.
ByScope = Mapping[str, Sequence[Any]]

_FORM: Final = "answers/2"
_FIELDS: Final = tuple(field.name for field in fields(VerdictRow))


def lines(
    judged: "Judged", by_scope: ByScope, verdicts: Sequence[VerdictRow], *, complete: bool
) -> list[bytes]:
    """The file, line by line; none where there are too many rows.

    Args:
        judged: What was judged.
        by_scope: What ``by_the_scope`` says of its graph.
        verdicts: Its rows, sorted.
        complete: What coverage.json says of it.
    """
    from nhigraph.app.questions.names import find_goal
    from nhigraph.assurance.inactive import inactive
    from nhigraph.assurance.verdict_rows import VerdictRows

    if len(verdicts) > PAIRS_WITH_STEPS:
        return []  # which of them show a path depends on how many were to be printed
    # Of a target that nobody can hold there is more to say than its rows: see ``cli.who``.
    told = (one.key for one in judged.estate.targets if not one.dead)
    targets = (key for key in told if not inactive(judged.estate, key))
    named = (key for key in targets if find_goal(judged, key)[0] == key)
    table = VerdictRows.of(verdicts)
    parts = _by_target(table, [*named, ANY])
    at, places = 0, {}
    for key, part in parts.items():
        places[key] = (at, len(part))
        at += len(part)
    head = {
        **_standing(judged),
        **by_scope,
        "complete": complete,
        "rows": places,
        "reasons": at,
    }
    reasons = gap_reasons(judged.estate, {key for row in table.sorts for key in row.gaps})
    return [_line(head), *parts.values(), _line(reasons)]


def _by_target(table: "VerdictRows", targets: Sequence[str]) -> dict[str, bytes]:
    """The line of each target: its rows, but for those that no question is answered by."""
    lines: dict[str, list[str]] = {target: [] for target in targets}
    # --all-reached adds rows of pairs without any effect.
    told = (row.told or row.target == ANY for row in table.sorts)
    into = [
        lines.get(row.target) if one else None for row, one in zip(table.sorts, told, strict=True)
    ]
    first = _FIELDS.index("steps")
    before = [_cells(row, _FIELDS[1:first])[1:-1] for row in table.sorts]
    after = [_cells(row, _FIELDS[first + 2 :])[1:] for row in table.sorts]
    keys, names = ([*map(_text, texts)] for texts in (table.keys, table.names))
    columns = (table.who, table.sort, table.steps, table.name)
    for who, sort, steps, name in zip(*(column.tolist() for column in columns), strict=True):
        some = into[sort]
        if some is not None:
            counted = "null" if steps < 0 else steps
            some.append(f"[{keys[who]},{before[sort]},{counted},{names[name]},{after[sort]}")
    return {key: f"[{','.join(some)}]\n".encode() for key, some in lines.items()}


def _standing(judged: "Judged") -> dict[str, object]:
    """What made the rows, and what they rest on."""
    return {
        "nhigraph": _FORM,
        "program": program(),
        "read": judged.read,
        "unread": [judged.unread.documents, judged.unread.records],
        "gaps": judged.gaps,
        "faults": judged.faults,
    }


def by_the_scope(resolved: "Graph", stored: "Graph") -> ByScope:
    """What the scope did to the names of nodes: those that are new or others, and those gone.

    Args:
        resolved: A graph after its scope was resolved.
        stored: The same before.
    """
    columns = (stored.key_list, stored.kind_list, stored.name_list)
    before, named, gone = zip(*columns, strict=True), list[tuple[str, ...]](), list[str]()
    next_: tuple[str, ...] | None = next(before, None)
    # Nodes of both are sorted by key.
    for now in zip(resolved.key_list, resolved.kind_list, resolved.name_list, strict=True):
        while next_ is not None and next_[0] < now[0]:
            gone.append(next_[0])
            next_ = next(before, None)
        if next_ != now:
            named.append(now)
        if next_ is not None and next_[0] == now[0]:
            gone += [now[0]] if next_ != now else []
            next_ = next(before, None)
    gone += [key for key, *_ in ([next_, *before] if next_ else [])]
    return {"named": named, "gone": gone}


def _line(value: object) -> bytes:
    return _text(value).encode() + b"\n"


def _cells(row: VerdictRow, names: Sequence[str]) -> str:
    return _text([getattr(row, name) for name in names])


#: One for all texts: ``json.dumps`` makes one for each.
_text: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class StoredAnswers:
    """What was stored of an estate, and what it rests on.

    Attributes:
        place: Folder of the graph.
        date: The date of every answer.
        read: Documents that were read whole.
        unread: What was given and could not be read.
        gaps: Gaps that no answer of the scope closes.
        faults: Errors of the scope.
        whole: Whether nothing is open that an answer could turn on.
        by_scope: Key, kind and name of each node that the scope made or called otherwise.
        gone: Keys whose names in the stored graph no longer hold.
        rows: Target, or ``*``, to the place and length of its rows.
        reasons: Place of the reasons.
        begin: Where places are counted from.
    """

    place: Path
    date: AsOf
    read: int
    unread: Unread
    gaps: int
    faults: int
    whole: bool
    by_scope: Sequence[Sequence[str]]
    gone: Sequence[str]
    rows: Mapping[str, Sequence[int]]
    reasons: int
    begin: int

    def complete_for(self, *, reached: bool = False) -> bool:
        """As of ``Judged``."""
        return self.whole and not reached

    @property
    def scoped(self) -> bool:
        """As of ``Judged``: without a scope nothing is answered, so nothing is stored."""
        return True

    @property
    def named(self) -> Named:
        """Every node of the resolved graph, by name."""
        stored, gone = of_folder(self.place), frozenset(self.gone)
        rows = zip(stored.key_list, stored.kind_list, stored.name_list, strict=True)
        kept = (row for row in rows if row[0] not in gone)
        now = sorted([*kept, *map(tuple, self.by_scope)])
        keys, kinds, names = map(list, zip(*now, strict=True))
        return Named(keys, kinds, names, stored.known_as)

    def target(self, text: str) -> str | None:
        """The target that a text means; None where it means none, or more than one thing."""
        from nhigraph.app.questions.names import find_node

        if text == ANY or text in self.rows:
            return None if text == ANY else text
        try:
            named = self.named
            key = named.key_list[find_node(named, text)]
        except UsageError:
            return None
        return key if key in self.rows else None

    def at_target(self, target: str) -> list[AnsweredVerdict]:
        """As ``questions.verdicts.at_target``, which computes it."""
        rows = speaking([*self._rows(target), *self._rows(ANY)], target)
        if not any(row.gaps for row in rows):
            return [with_reasons(row, {}) for row in rows]
        reasons: dict[str, str] = self._at(self.reasons, -1)
        return [with_reasons(row, reasons) for row in rows]

    def _rows(self, target: str) -> Iterable[VerdictRow]:
        for cells in self._at(*self.rows[target]):
            told: list[Any] = [tuple(cell) if isinstance(cell, list) else cell for cell in cells]
            yield VerdictRow(*told)

    def _at(self, place: int, size: int) -> Any:  # noqa: ANN401 - what the line holds
        with (self.place / snapshot_folder.ANSWERS).open("rb") as file:
            file.seek(self.begin + place)
            return json.loads(file.read(size))


def opened(folder: Path, day: str | None, *, include_disabled: bool) -> StoredAnswers | None:
    """What is stored beside a graph; None where it does not answer for what is asked.

    Args:
        folder: As of ``app.judged.of_graph``.
        day: ISO date that was asked for; what is stored is of the graph's own.
        include_disabled: Inactive nodes shall count as active.
    """
    if day is not None:
        return None
    try:
        place, manifest = snapshot_folder.place(swap.standing(folder))
        meta, files = manifest["meta"], manifest["tables"]
        known = snapshot_folder.ANSWERS in files and not meta.get("packages")
        as_asked = bool(meta.get("include_disabled")) or not include_disabled
        if not known or not as_asked or not snapshot_folder.whole(place, files):
            return None
        with (place / snapshot_folder.ANSWERS).open("rb") as file:
            head = json.loads(file.readline())
            begin = file.tell()
        date = AsOf(str(meta["as_of"]), str(meta["as_of_source"]))
    except (NoInputError, InputError, OSError, ValueError, KeyError, TypeError):
        # Whatever is wrong here, loading the graph says it, or there is a new one.
        return None
    if (head.get("nhigraph"), head.get("program")) != (_FORM, program()):
        return None
    told = {name: head[name] for name in ("read", "gaps", "faults", "gone", "rows", "reasons")}
    return StoredAnswers(
        place,
        date,
        unread=Unread(*head["unread"]),
        whole=head["complete"],
        by_scope=head["named"],
        begin=begin,
        **told,
    )


def names(folder: Path) -> Named | None:
    """Names of a graph's nodes, those that the scope made among them if it was assessed.

    None where there is no graph that can be read.
    """
    stored = opened(folder, None, include_disabled=False)
    if stored is not None:
        return stored.named
    try:
        return of_folder(snapshot_folder.place(swap.standing(folder))[0])
    except (NoInputError, InputError, OSError, ValueError, KeyError):
        return None
