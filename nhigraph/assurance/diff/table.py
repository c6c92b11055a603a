"""Differences as rows: answers by their cause, then everything else that differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nhigraph.assurance.diff.answers import NOTHING, turn, worse_in
from nhigraph.assurance.diff.atoms import Item
from nhigraph.assurance.diff.causes import Differences, Verdict
from nhigraph.assurance.diff.mixed import Mixed
from nhigraph.assurance.diff.rows import CauseRow, Differing, DiffRow
from nhigraph.assurance.diff.search import grouped
from nhigraph.graph.store import Graph


def told(found: Differences) -> Differing:
    """Differences as rows."""
    by_pair = {one.pair: one for one in found.verdicts}
    causes = {one.pair: one.cause for one in found.verdicts if one.cause is not None}
    groups = {
        changes: [by_pair[pair] for pair in pairs] for changes, pairs in grouped(causes).items()
    }
    # What got worse is read first.
    order = sorted(groups, key=lambda changes: -_worse(groups[changes]))
    number = {changes: at for at, changes in enumerate(order, 1)}
    rows: list[DiffRow] = []
    told_: list[CauseRow] = []
    for changes, at in number.items():
        many = groups[changes]
        rows += (_verdict(one, (str(at),)) for one in many)
        own = [causes[one.pair] for one in many]
        bound, others = min(one.bound for one in own), max(one.others for one in own)
        told_.append(CauseRow(at, len(changes), bound, others, len(many), _worse(many)))
    left = [one for one in found.verdicts if one.cause is None]
    rows += (_verdict(one, ()) for one in left)
    part: dict[int, list[str]] = {}
    comes: dict[int, list[str]] = {}
    brought = _brought(found.mixed)
    for changes, at in number.items():
        new = {one for change in changes for one in brought[change]}
        for change in sorted({*changes, *new}):
            part.setdefault(change, []).append(str(at))
        for change in sorted(new.difference(changes)):
            comes.setdefault(change, []).append(str(at))
    for change, atom in enumerate(found.mixed.atoms):
        causes_of, with_it = (tuple(one.get(change, ())) for one in (part, comes))
        rows += (
            replace(_item(item, causes_of), part=change + 1, brought=with_it)
            for item in atom.items
        )
    rows += _moved(found.mixed.before.graph, found.mixed.after.graph)
    return Differing(tuple(told_), tuple(rows), len(left))


def _brought(mixed: Mixed) -> list[list[int]]:
    """Per change, the changes that say that a node came which this one brings."""
    new = {
        a.comes[0][1]: at
        for at, a in enumerate(mixed.atoms)
        if a.comes[:1] and a.comes[0][0] == "node"
    }
    return [
        [new[node] for node in atom.nodes if node in new] if atom.comes else []
        for atom in mixed.atoms
    ]


def _worse(many: Iterable[Verdict]) -> int:
    return sum(1 for one in many if turn(one.before, one.after) == "worse")


def _verdict(one: Verdict, cause: tuple[str, ...]) -> DiffRow:
    change = "added" if one.before == NOTHING else "removed" if one.after == NOTHING else "changed"
    fields = ";".join(one.before.differing(one.after)) if change == "changed" else ""
    identity, target = one.pair
    said = (one.before.against(one.after), one.after.against(one.before))
    way, worse = turn(one.before, one.after), worse_in(one.before, one.after)
    named = (identity, "", target, fields, *said, "", "")
    return DiffRow(
        cause, "verdict", change, way, *named, worse=worse, was=one.before, now=one.after
    )


def _item(item: Item, cause: tuple[str, ...]) -> DiffRow:
    place = item.place
    at = (place.artifact, place.pointer, place.line) if place is not None else ("", "", 0)
    named = (item.subject, item.kind, item.target, item.field, item.before, item.after)
    return DiffRow(cause, item.what, item.change, "", *named, *at)


def _moved(before: Graph, after: Graph) -> Iterator[DiffRow]:
    """Documents of one content under another name: no change of anything that they say."""
    old, new = _names(before), _names(after)
    for digest in sorted(old.keys() & new.keys(), key=lambda digest: old[digest]):
        gone, come = (
            [name for name in one[digest] if name not in other[digest]]
            for one, other in ((old, new), (new, old))
        )
        for one, other in zip(gone, come, strict=False):
            said = (one, "", other, "", "", "", other, "")
            yield DiffRow((), "document", "moved", "", *said)


def _names(graph: Graph) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    pairs: Iterable[tuple[str, str]] = graph.documents.itertuples(index=False, name=None)
    for artifact, digest in sorted(pairs):
        found.setdefault(digest, []).append(artifact)
    return found
