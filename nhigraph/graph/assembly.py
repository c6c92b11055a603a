"""Records laid into columns: nodes first, edges between them, then gates and gaps.

The result does not depend on the order, the splitting or the repetition of the records.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap
from nhigraph.facts.refused import starting_states
from nhigraph.graph import columns, dangling, frames
from nhigraph.graph.late import pd
from nhigraph.graph.one_record import one_gate, one_node
from nhigraph.graph.store import Graph, Ints, cells_of, frame_of
from nhigraph.graph.tally import Built
from nhigraph.schema import kinds
from nhigraph.schema.types import Origin

_PLACE = ["artifact", "pointer", "row"]
#: Field of a gate -> what the node it names does for it.
_KEPT = {"at": "enforces it", "log": "keeps its decisions"}
#: Identities that one line names.
_NAMED = 20


def assemble(
    records: frames.Records, because: dict[int, tuple[Evidence, ...]] | None = None
) -> Built:
    """A graph from records; ``because`` holds further places of edges, by their record."""
    none = pd.DataFrame()
    empty = Graph(none, none, none, none, none, none, none)
    built = Built(empty, [], {})
    assembly = Assembly(built)
    assembly.nodes(records.nodes)
    waiting = assembly.edges(records.edges, because or {})
    assembly.gates(records.gates)
    assembly.gaps(records.gaps, waiting)
    assembly.ends(records.ends)
    built.graph = assembly.graph()
    return built


class Assembly:
    """Builds the columns one after another; edges need nodes, gaps need both.

    Attributes:
        built: Where the account of the records is kept.
        frames: What is laid, by the name of its table.
        index: Keys of nodes in the order of their numbers; other than those that are laid where
            these are a part of a greater graph.
    """

    def __init__(self, built: Built) -> None:
        """Nothing is laid."""
        self.built = built
        self.evidence: list[pd.DataFrame] = []
        self.frames: dict[str, pd.DataFrame] = {}
        self.index: pd.Index[str] = pd.Index([], dtype=object)

    def numbers(self, keys: Iterable[str]) -> Ints:
        """Numbers of nodes by key; -1 where no record describes one."""
        return self.index.get_indexer(pd.Index(keys, dtype=object))

    # -- nodes ----------------------------------------------------------------------------------

    def nodes(self, frame: pd.DataFrame) -> None:
        """Lay the nodes, one a key."""
        frame = frame.sort_values(["key", *_PLACE], kind="stable", ignore_index=True)
        first = ~frame["key"].duplicated()
        ids = first.cumsum().to_numpy() - 1
        merged = frame.loc[first, list(columns.NODES)].reset_index(drop=True)
        self._merged(frame.drop_duplicates(list(columns.NODES)), merged)
        self.frames["nodes"] = merged
        self.index = pd.Index(merged["key"], dtype=object)
        self._aside(frame, merged)
        self._places("node", frame, ids, first, counted=_counted(frame))

    def _merged(self, distinct: pd.DataFrame, merged: pd.DataFrame) -> None:
        """Say of keys of several records what these come to; records stand key by key."""
        several = distinct[distinct["key"].duplicated(keep=False)]
        if several.empty:
            return
        keys = several["key"].to_numpy(dtype=object)
        begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        records = {name: several[name].to_numpy(dtype=object) for name in columns.NODES}
        rows = merged["key"].searchsorted(keys[begins])
        found: dict[str, dict[int, str]] = {}
        for row, begin, end in zip(rows, begins, [*begins[1:], len(keys)], strict=True):
            own = {name: cells[begin:end] for name, cells in records.items()}
            cells, disagreed = one_node(own)
            for name, cell in cells.items():
                found.setdefault(name, {})[int(row)] = cell
            if disagreed:
                reason = f"{keys[begin]}: records disagree on {'; '.join(disagreed)}"
                self._conflict(several.iloc[begin:end], reason)
        for name, told in found.items():
            column = merged[name].to_numpy(dtype=object, copy=True)
            column[list(told)] = list(told.values())
            merged[name] = pd.Series(column, index=merged.index, dtype=object)

    def _aside(self, frame: pd.DataFrame, merged: pd.DataFrame) -> None:
        """A line a document for the identities that people say are none.

        A provider's own export that says so of a role knows what the role is.
        """
        out = merged[merged["nhi"] == "false"]
        out = out[out["kinds"].map(_is_nhi).astype(bool)]
        said = frame[(frame["nhi"] == "false") & frame["key"].isin(out["key"])]
        said = said[said["kinds"].map(_by_people).astype(bool)]
        said = said.drop_duplicates(["artifact", "key"])
        for artifact, group in said.sort_values(["artifact", "key"]).groupby("artifact"):
            places = [pointer or f"row {row}" for pointer, row in group[["pointer", "row"]].values]
            named = [f"{key} ({at})" for key, at in zip(group["key"], places, strict=True)]
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            number = "1 identity is" if len(named) == 1 else f"{len(named)} identities are"
            reason = f"{number} taken out of the population by nhi: false: "
            reason += f"{', '.join(named[:_NAMED])}{more}"
            self.built.tally(str(artifact)).aside.append((places[0], reason))

    # -- edges ----------------------------------------------------------------------------------

    def edges(self, frame: pd.DataFrame, because: dict[int, tuple[Evidence, ...]]) -> list[Gap]:
        """Lay the edges; returns the gaps that those which dangle leave behind."""
        gaps: list[Gap] = []
        frame["src"] = self.numbers(frame["from"])
        frame["dst"] = self.numbers(frame["to"])
        unknown = self._unknown_needs(frame)
        bad = (frame["src"] < 0) | (frame["dst"] < 0) | (unknown != "")
        for record, missing in zip(frame[bad].to_dict("records"), unknown[bad], strict=True):
            self._dangling(record, missing, gaps)
        gaps = dangling.waiting_together(gaps)
        frame["record"] = np.arange(len(frame))
        good = frame[~bad]
        order, ids, first = _group(good, list(columns.EDGES))
        good = good.iloc[order].reset_index(drop=True)
        # Inside one edge the smallest place is the one that is "accepted".
        self.frames["edges"] = good.loc[first, list(columns.EDGES)].reset_index(drop=True)
        self._places("edge", good, ids, first, counted=_counted(good))
        if because:
            self._because(because, dict(zip(good["record"], ids, strict=True)))
        return gaps

    def _unknown_needs(self, frame: pd.DataFrame) -> pd.Series:
        """Per edge, the key of a needed node that no input describes; else empty."""
        answer = {"": ""}
        for cell in frame["needs"].unique():
            needed = [at for at, _ in json.loads(cell)] if cell else []
            missing = [at for at in needed if at not in self.index]
            answer[cell] = missing[0] if missing else ""
        return frame["needs"].map(answer).fillna("")

    def _dangling(self, cells: dict[Hashable, Any], missing: str, gaps: list[Gap]) -> None:
        pointer = cells["pointer"] or f"row {cells['row']}"
        source_unknown = cells["src"] < 0
        name = cells["from"] if source_unknown else missing
        if not source_unknown and cells["dst"] < 0:
            name = cells["to"]
        reason = f"{cells['kind']}: no input describes {name}"
        self.built.tally(cells["artifact"]).refused.append((pointer, reason))
        if source_unknown:
            return
        row = f"row {cells['row']}" if cells["row"] else ""
        evidence = Evidence(
            cells["artifact"],
            cells["pointer"] or row,
            cells["sha256"],
            cells["excerpt"],
            cells["basis"],
            int(cells["line"]),
        )
        what, asks = dangling.hides(cells, self.index)
        # An edge that is not in force on the day hides nothing on that day.
        days = (_day(cells["valid_from"]), _day(cells["valid_until"]))
        states = starting_states(kinds.EDGE_KINDS[cells["kind"]])
        gaps.append(Gap(cells["from"], what, evidence, states, *days, asks))

    def _because(self, because: dict[int, tuple[Evidence, ...]], ids: dict[int, int]) -> None:
        rows = [
            (e.artifact, e.sha256, e.pointer, 0, e.excerpt, e.basis, e.line, ids[record])
            for record, many in because.items()
            if record in ids
            for e in many
        ]
        names = ["artifact", "sha256", "pointer", "row", "excerpt", "basis", "line", "id"]
        frame = pd.DataFrame(rows, columns=names)
        frame["of"] = "edge"
        self.evidence.append(frame)

    # -- gates and gaps -------------------------------------------------------------------------

    def gates(self, frame: pd.DataFrame) -> None:
        """Lay the gates, one a key."""
        if self._none("gates", columns.GATES, frame):
            return
        frame = frame.sort_values(["key", *_PLACE], kind="stable", ignore_index=True)
        first = ~frame["key"].duplicated()
        rows = []
        for key, group in frame.groupby("key", sort=True):
            cells, disagreed = one_gate(str(key), group)
            rows.append(cells)
            if disagreed:
                what = f"{key}: records of the gate disagree on {', '.join(disagreed)}"
                self._conflict(group, what)
        self.frames["gates"] = pd.DataFrame(rows, columns=list(columns.GATES))
        ids = first.cumsum().to_numpy() - 1
        self._places("gate", frame, ids, first, counted=_counted(frame))
        self._untested(frame)

    def _untested(self, frame: pd.DataFrame) -> None:
        """A line for every place a gate is kept at that nothing describes.

        Whoever controls it would defeat the gate, and cannot be found: what holds, holds on the
        word of its tests alone.
        """
        for field, does in _KEPT.items():
            named = frame[frame[field] != ""]
            for record in named[self.numbers(named[field]) < 0].to_dict("records"):
                what = f"{record['key']}: no input describes {record[field]}, which {does}"
                what += ": who controls it is not tested"
                pointer = record["pointer"] or f"row {record['row']}"
                self.built.tally(record["artifact"]).untested.append((pointer, what))

    def _conflict(self, group: pd.DataFrame, what: str) -> None:
        """A line at the last place of the records that disagree."""
        last = group.sort_values(_PLACE).iloc[-1]
        pointer = last["pointer"] or f"row {last['row']}"
        self.built.tally(last["artifact"]).conflicts.append((pointer, what))

    def gaps(self, stated: pd.DataFrame, left: Sequence[Gap]) -> None:
        """Lay the gaps; those that documents state are records, those left by edges are not."""
        if not left and self._none("gaps", columns.GAPS, stated):
            return
        gaps_frame = pd.concat(
            [
                stated.assign(counted=_counted(stated)),
                frames.gap_frame(left).assign(counted=False),
            ],
            ignore_index=True,
        )
        gaps_frame["node"] = self.numbers(gaps_frame["at"])
        unknown = gaps_frame["node"] < 0
        for record in gaps_frame[unknown & _counted(gaps_frame)].itertuples(index=False):
            reason = f"gap: no input describes {record.at}"
            self.built.tally(str(record.artifact)).refused.append((str(record.pointer), reason))
        good = gaps_frame[~unknown]
        order, ids, first = _group(good, list(columns.GAPS))
        good = good.iloc[order].reset_index(drop=True)
        for record in good[~_counted(good)].itertuples(index=False):
            line = str(record.pointer), f"{record.at}: {record.reason}"
            self.built.tally(str(record.artifact)).gaps.append(line)
        self.frames["gaps"] = good.loc[first, list(columns.GAPS)].reset_index(drop=True)
        self._places("gap", good, ids, first, counted=_counted(good))

    def ends(self, stated: pd.DataFrame) -> None:
        """Lay the ends; they belong to records of nodes and are counted with these."""
        if self._none("ends", columns.ENDS, stated):
            return
        frame = stated.assign(node=self.numbers(stated["at"]))
        good = frame[frame["node"] >= 0]
        order, ids, first = _group(good, list(columns.ENDS))
        good = good.iloc[order].reset_index(drop=True)
        self.frames["ends"] = good.loc[first, list(columns.ENDS)].reset_index(drop=True)
        uncounted = pd.Series(data=False, index=good.index)
        self._places("end", good, ids, first, counted=uncounted)

    def _none(self, table: str, names: Iterable[str], frame: pd.DataFrame) -> bool:
        """Whether there is no record of a sort; its table is then laid, and the work is done."""
        if len(frame):
            return False
        self.frames[table] = frame_of(
            {n: np.empty(0, np.int64 if n in columns.INTEGERS else object) for n in names}
        )
        return True

    # -- evidence -------------------------------------------------------------------------------

    def _places(
        self,
        of: str,
        frame: pd.DataFrame,
        ids: Ints,
        first: pd.Series,
        *,
        counted: pd.Series[bool],
    ) -> None:
        places = frame[["artifact", "sha256", "pointer", "row", "excerpt", "basis", "line"]]
        self.evidence.append(places.assign(of=of, id=ids))
        records = frame.loc[counted, "artifact"]
        for artifact, number in records[first].value_counts().items():
            self.built.tally(str(artifact)).accepted += int(number)
        for artifact, number in records[~first].value_counts().items():
            self.built.tally(str(artifact)).merged += int(number)

    def graph(self) -> Graph:
        """What is laid, and where it was said."""
        evidence = pd.concat(self.evidence, ignore_index=True)
        documents = (
            evidence[["artifact", "sha256"]]
            .drop_duplicates()
            .sort_values(["artifact", "sha256"], ignore_index=True)
        )
        number = {pair: i for i, pair in enumerate(documents.itertuples(index=False, name=None))}
        pairs = zip(evidence["artifact"], evidence["sha256"], strict=True)
        evidence["doc"] = [number[pair] for pair in pairs]
        names = list(columns.EVIDENCE)
        evidence = evidence[names].sort_values(names, ignore_index=True).drop_duplicates()
        frames = {**self.frames, "documents": documents, "evidence": evidence}
        return Graph(**{name: frame_of(cells_of(frame)) for name, frame in frames.items()})


def _is_nhi(cell: str) -> bool:
    """Whether one of the kinds in a cell is one of identities."""
    return any(kinds.NODE_KINDS[label].nhi for _, label in columns.kinds_of(cell))


def _by_people(cell: str) -> bool:
    """Whether a record is none of a provider's own export."""
    return any(origin != Origin.NATIVE for origin, _ in columns.kinds_of(cell))


def _counted(frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are records: none is what a refused one or a dangling edge leaves."""
    if "counted" in frame:
        return frame["counted"].astype(bool)
    return pd.Series(data=True, index=frame.index)


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _group(frame: pd.DataFrame, names: list[str]) -> tuple[Ints, Ints, pd.Series[bool]]:
    """Sort order by columns then place, a group number per sorted row, and its first rows."""
    codes: list[Ints] = [
        frame[name].to_numpy(dtype=np.int64)
        if name in {"src", "dst", "node"}
        else pd.factorize(frame[name], sort=True)[0]
        for name in (names if "src" not in names else ["src", "dst", *names])
    ]
    place = [pd.factorize(frame[name], sort=True)[0] for name in _PLACE]
    order = np.lexsort([*reversed(place), *reversed(codes)])
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for code in codes:
        ordered = code[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    first: pd.Series[bool] = pd.Series(new.tolist(), dtype=bool)
    return order, np.cumsum(new) - 1, first
