"""One name, two holders: which documents speak of one server or project, and which of two.

A key names its holder: a database, a package. Two documents that use one name speak of one holder
only on evidence (an address, a system's own identifier, the repository); otherwise of two, and
whatever the one document says is told apart from what the other says by a qualifier. A document
that names a holder without saying which of several it means speaks of each of them, under that
condition. Decided here, over all documents and before anything is merged: no order of documents
decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from nhigraph.facts import keys
from nhigraph.facts.aliases import Pair
from nhigraph.facts.ends import Holder
from nhigraph.facts.places import distinguishing
from nhigraph.graph import key_cells
from nhigraph.graph.frames import Records
from nhigraph.graph.key_cells import Change
from nhigraph.graph.late import pd
from nhigraph.records import dataclass
from nhigraph.schema.types import Certainty

#: Kinds of proof: what a system says of itself goes before the address at which it was reached.
_PROOFS = ("alias", "system", "project", "address", "host")
_UNCLEAR = "the {name} that is meant is the one at {at}"


@dataclass(slots=True)
class _Group:
    """Documents that speak of one holder.

    Attributes:
        holders: What they say of it.
        at: Its qualifier.
    """

    holders: list[Holder]
    at: str = ""

    @property
    def artifacts(self) -> set[str]:
        return {one.evidence.artifact for one in self.holders}


@dataclass(frozen=True, slots=True)
class Apart:
    """Holders of one name that stay apart.

    Attributes:
        names: Name of a holder, as keys have it, to the qualifier of each document that says
            which it means.
        lines: (artifact, pointer, sentence) for coverage.
    """

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: Sequence[tuple[str, str, str]] = ()


def aliased(holders: Iterable[Holder], aliases: Mapping[tuple[str, str], str]) -> Iterator[Holder]:
    """Holders with the scope's name for the server at their host, which goes before all else."""
    for one in holders:
        platform = one.names[0].partition(":")[0] if one.names else ""
        name = aliases.get((platform, one.proofs.get("host", "")))
        yield replace(one, proofs={**one.proofs, "alias": name}) if name else one


def answered(holders: Iterable[Holder], pairs: Sequence[Pair]) -> Iterator[Holder]:
    """Holders with what answers say of the addresses at which they were reached.

    Addresses that are one server's are a proof like a name in the scope. An answer counts for
    nothing where systems say otherwise of themselves.
    """
    many = [*holders]
    at = {name: [one for one in many if name in addresses(one)] for name in _named(pairs)}
    group = {name: name for name in at}
    for pair in pairs:
        if pair.same and not refuted(at[pair.one], at[pair.other], same=True):
            joined = {group[pair.one], group[pair.other]}
            group = {name: min(joined) if g in joined else g for name, g in group.items()}
    parted = {
        name
        for pair in pairs
        if pair.same or not refuted(at[pair.one], at[pair.other], same=False)
        for name in (pair.one, pair.other)
    }
    for one in many:
        said = {group[name] for name in addresses(one) & parted}
        known = "alias" in one.proofs or len(said) != 1
        yield one if known else replace(one, proofs={**one.proofs, "alias": said.pop()})


def _named(pairs: Iterable[Pair]) -> list[str]:
    return sorted({name for pair in pairs for name in (pair.one, pair.other)})


def addresses(one: Holder) -> set[str]:
    """Where a holder was reached: ``host``, ``host:port``, and what people tell it apart by."""
    return {one.proofs.get("address", ""), one.proofs.get("host", ""), one.label} - {""}


def refuted(one: Iterable[Holder], other: Iterable[Holder], *, same: bool) -> bool:
    """Whether what two systems say of themselves is against an answer about them."""
    mine, theirs = (
        {holder.proofs["system"] for holder in many if "system" in holder.proofs}
        for many in (one, other)
    )
    return bool(mine and theirs) and mine.isdisjoint(theirs) is same


def apart(holders: Iterable[Holder]) -> Apart:
    """Which names have several holders, and what tells these apart."""
    by_name: dict[str, list[Holder]] = {}
    for one in holders:
        for name in one.names:
            by_name.setdefault(name, []).append(one)
    found: dict[str, dict[str, str]] = {}
    lines: set[tuple[str, str, str]] = set()
    for name, many in sorted(by_name.items()):
        groups = _groups(many)
        for group in groups:
            lines |= _as_one(name, group)
        if len(groups) == 1:
            continue
        _label(groups)
        found[name] = {artifact: g.at for g in groups for artifact in sorted(g.artifacts)}
        told = " and ".join(f"{group.at} ({min(group.artifacts)})" for group in groups)
        for one in many:
            line = f"{_told(name)} is the name of {len(groups)}, kept apart: {told}"
            lines.add((one.evidence.artifact, one.evidence.pointer, line))
    return Apart(found, sorted(lines))


def _as_one(name: str, group: _Group) -> set[tuple[str, str, str]]:
    """A line where several documents are taken to speak of one holder, and on what evidence."""
    first, *others = sorted(group.holders, key=lambda one: one.evidence)
    shared = [kind for kind in _PROOFS if all(kind in one.proofs for one in group.holders)]
    what = f"the same {shared[0]}" if shared else "what they share"
    told = f"{_told(name)}: taken for the one of {first.evidence.artifact}, by {what}"
    return {
        (one.evidence.artifact, one.evidence.pointer, told)
        for one in others
        if one.evidence.sha256 != first.evidence.sha256
    }


def _told(name: str) -> str:
    """A holder's name as people say it; of one that has none, its platform's."""
    platform, _, own = name.partition(":")
    return own or platform


def _groups(holders: Iterable[Holder]) -> list[_Group]:
    """Holders that some evidence makes one; those of one document are one."""
    groups: list[_Group] = []
    order = sorted(holders, key=lambda one: (one.evidence.artifact, one.evidence.pointer, one.at))
    for one in order:
        mine = [group for group in groups if any(are_one(one, other) for other in group.holders)]
        joined = _Group([one, *(other for group in mine for other in group.holders)])
        groups = [*(group for group in groups if group not in mine), joined]
    return groups


def are_one(one: Holder, other: Holder) -> bool:
    """Whether two documents are shown to speak of one holder."""
    # A copy of a document says nothing of its own.
    if one.evidence.sha256 == other.evidence.sha256:
        return True
    for kind in _PROOFS:
        if kind in one.proofs and kind in other.proofs:
            return one.proofs[kind] == other.proofs[kind]
    return False


def _label(groups: list[_Group]) -> None:
    """Give each group a qualifier: an address where that is enough, else where it was found."""
    labels = [{one.label for one in group.holders} - {""} for group in groups]
    plain = [min(found) if found else "" for found in labels]
    for group, label in zip(groups, plain, strict=True):
        if label and plain.count(label) == 1:
            group.at = label
    left = [group for group in groups if not group.at]
    places = [min(one.place for one in group.holders) for group in left]
    for group, place in zip(left, distinguishing(places), strict=True):
        group.at = place


# -- applied to records -------------------------------------------------------------------------


def _alone(cell: str, key: Change) -> str:
    return key(cell)


#: Columns that hold keys, and how they stand in them.
_KEYS: Mapping[str, Mapping[str, Callable[[str, Change], str]]] = {
    "nodes": {"key": _alone, "owner": key_cells.joined},
    "edges": {"from": _alone, "to": _alone, "gate": _alone, "needs": key_cells.needs},
    "gates": {
        "key": _alone,
        "approvers": key_cells.approvers,
        "at": key_cells.joined,
        "log": key_cells.joined,
    },
    "gaps": {"at": _alone},
    "ends": {"at": _alone, "body": key_cells.body},
}
#: Columns in which a key may stand among other words.
_TEXTS: Mapping[str, tuple[str, ...]] = {"edges": ("condition",), "gaps": ("reason", "asks")}


def rekeyed(records: Records, key: Change, text: Change) -> Records:
    """Records with other keys, and other words where a key stands among words."""
    made = []
    for name, frame in zip(Records._fields, records, strict=True):
        cells: dict[str, list[str]] = {}
        for column, change in _KEYS[name].items():
            cells[column] = [change(cell, key) for cell in frame[column].tolist()]
        for column in _TEXTS.get(name, ()):
            cells[column] = [text(cell) for cell in frame[column].tolist()]
        made.append(
            frame.assign(**{n: pd.Series(many, dtype=object) for n, many in cells.items()})
        )
    return Records(*made)


def unclear(name: str, at: str) -> str:
    """The condition under which a document that does not say so means one of several holders."""
    return _UNCLEAR.format(name=_told(name), at=at)


#: More ways than these are not told one by one.
_MOST = 64


def separated(records: Records, found: Apart) -> tuple[Records, list[int]]:
    """Records with every key of the holder it is about, and where each edge comes from.

    Returns:
        The records, and for each edge the number of the edge it is made of.
    """
    if not found.names:
        return records, list(range(len(records.edges)))
    separation = _Separation(found)
    frames: list[pd.DataFrame] = []
    order: list[int] = []
    for name, frame in zip(Records._fields, records, strict=True):
        made, order_ = separation.frame(name, frame)
        frames.append(made)
        order = order_ if name == "edges" else order
    return Records(*frames), order


class _Separation:
    def __init__(self, found: Apart) -> None:
        self._found = found
        self._names: dict[str, str] = {}

    def frame(self, name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
        """One frame, each row as often as there are holders that it may be about."""
        cells = {column: frame[column].tolist() for column in _KEYS[name]}
        artifacts = frame["artifact"].tolist()
        rows: list[int] = []
        changed: dict[int, dict[str, str]] = {}
        conditions: dict[int, str] = {}
        for row, artifact in enumerate(artifacts):
            row_cells = {column: cells[column][row] for column in cells}
            mentioned = self._mentioned(name, row_cells)
            if not mentioned:
                rows.append(row)
                continue
            for ways, sure in self._ways(mentioned, artifact):
                if not sure:
                    told = [
                        _UNCLEAR.format(name=_told(n), at=ways[n])
                        for n in sorted(mentioned)
                        if artifact not in self._found.names[n]
                    ]
                    conditions[len(rows)] = " and ".join(told)
                changed[len(rows)] = self._renamed(name, row_cells, ways)
                rows.append(row)
        if not changed:
            return frame, rows
        made = frame.take(rows).reset_index(drop=True)
        self._written(made, changed, conditions if name == "edges" else {})
        # A record is counted once, however many it becomes.
        first = ~pd.Series(rows).duplicated()
        counted = made.get("counted", pd.Series(data=True, index=made.index))
        return made.assign(counted=first & counted.astype(bool)), rows

    @staticmethod
    def _written(
        made: pd.DataFrame, changed: dict[int, dict[str, str]], conditions: dict[int, str]
    ) -> None:
        columns_ = {column for cells in changed.values() for column in cells}
        for column in sorted(columns_):
            values = made[column].tolist()
            for row, cells in changed.items():
                values[row] = cells.get(column, values[row])
            made[column] = pd.Series(values, dtype=object)
        if conditions:
            certainty, condition = made["certainty"].tolist(), made["condition"].tolist()
            for row, text in conditions.items():
                if certainty[row] == Certainty.CERTAIN:
                    certainty[row] = str(Certainty.CONDITIONAL)
                condition[row] = f"{condition[row]} and {text}" if condition[row] else text
            made["certainty"] = pd.Series(certainty, dtype=object)
            made["condition"] = pd.Series(condition, dtype=object)

    def _ways(self, mentioned: set[str], artifact: str) -> Iterator[tuple[dict[str, str], bool]]:
        """Qualifiers by name that a row may be about, each with whether its document says so."""
        ways: list[dict[str, str]] = [{}]
        sure = True
        for name in sorted(mentioned):
            said = self._found.names[name]
            if artifact in said:
                options = [said[artifact]]
            else:
                options, sure = sorted(set(said.values())), False
            ways = [{**way, name: at} for way in ways for at in options][:_MOST]
        return ((way, sure) for way in ways)

    def _mentioned(self, frame: str, cells: Mapping[str, str]) -> set[str]:
        found = {
            self._name(text)
            for column, change in _KEYS[frame].items()
            for text in key_cells.texts(cells[column], change)
        }
        return found - {""}

    def _name(self, text: str) -> str:
        """The ambiguous name that a key's holder has; empty where it has none of these."""
        if text not in self._names:
            key = keys.parse(text)
            name = "" if key is None or key.qualifier else key.holder_name
            self._names[text] = name if name in self._found.names else ""
        return self._names[text]

    def _renamed(
        self, frame: str, cells: Mapping[str, str], ways: Mapping[str, str]
    ) -> dict[str, str]:
        def new(text: str) -> str:
            name = self._name(text)
            key = keys.parse(text) if name else None
            return text if key is None else key.qualified(ways[name]).text

        return {column: change(cells[column], new) for column, change in _KEYS[frame].items()}
