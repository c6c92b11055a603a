"""Snapshots: a graph on disk, whole or not there at all.

A folder of Parquet tables, ``claims.json``, ``coverage.json`` and a manifest with a digest of
each. The same input gives the same bytes, for one set of installed versions; the graph's own
digest is made of its cells and does not depend on how they are packed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nhigraph.errors import InputError, NoInputError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim
from nhigraph.graph import columns, json_form, swap
from nhigraph.graph.snapshot_folder import (
    ANSWERS,
    FORMAT,
    MANIFEST,
    SPELT,
    damaged,
    digest_of,
    place,
)
from nhigraph.graph.snapshot_folder import manifest as manifest_of
from nhigraph.graph.store import Cells, Graph, frame_of, objects, same
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import pandas as pd

CLAIMS: Final = "claims.json"
COVERAGE: Final = "coverage.json"
TABLES: Final[Mapping[str, Sequence[str]]] = {
    "nodes": columns.NODES,
    "edges": columns.EDGES,
    "gates": columns.GATES,
    "gaps": columns.GAPS,
    "ends": columns.ENDS,
    "documents": columns.DOCUMENTS,
    "evidence": columns.EVIDENCE,
}
_ROW_GROUP = 1 << 18


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot holds.

    Attributes:
        graph: The merged graph.
        meta: What the caller said about it.
        claims: The scope's claims, in the order of their places.
        coverage: What was read and what was not.
        digest: Digest of the graph's cells.
    """

    graph: Graph
    meta: Mapping[str, Any]
    claims: tuple[Claim, ...]
    coverage: Mapping[str, Any]
    digest: str


# -- writing ------------------------------------------------------------------------------------


def save(
    folder: Path,
    graph: Graph,
    *,
    meta: Mapping[str, object],
    claims: Sequence[Claim],
    coverage: Mapping[str, Any],
    answers: Sequence[bytes] = (),
) -> str:
    """Write a snapshot beside the folder, then put it in the folder's place.

    Args:
        folder: Where to.
        graph: The graph.
        meta: What the caller says about it.
        claims: The scope.
        coverage: What was read.
        answers: Lines of what was made of it, for whoever need not load it.

    Returns:
        Digest of the graph.

    Raises:
        UsageError: The folder holds something else than a snapshot.
    """
    with swap.replacing(folder, _files_of) as fresh:
        begun = Begun.of(fresh, graph)
        begun.finish(meta=meta, claims=claims, coverage=coverage, answers=answers)
    return begun.digest


@dataclass(frozen=True, slots=True)
class Begun:
    """A snapshot whose tables are written: the graph that they are of need not be kept.

    Without its manifest it is none; ``finish`` writes that.

    Attributes:
        folder: Where it is being written.
        digest: Digest of the graph.
        files: Digests of the tables, by the names of their files.
    """

    folder: Path
    digest: str
    files: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path, graph: Graph) -> "Begun":
        """Write the tables of a graph into a folder that is not yet in its place."""
        digest, files = hashlib.sha256(FORMAT.encode()), {}
        for name, names in TABLES.items():
            table = _table(graph, name, names)
            _digest(digest, name, table)
            path = folder / f"{name}.parquet"
            pq.write_table(table, path, row_group_size=_ROW_GROUP, **_packing(table))
            files[path.name] = digest_of(path)
        return cls(folder, digest.hexdigest(), files)

    def finish(
        self,
        *,
        meta: Mapping[str, object],
        claims: Sequence[Claim],
        coverage: Mapping[str, Any],
        answers: Sequence[bytes] = (),
    ) -> None:
        """Write all but the tables; the arguments are those of ``save``."""
        files = dict(self.files)
        texts = {CLAIMS: [_claim_record(claim) for claim in claims], COVERAGE: coverage}
        for name, content in texts.items():
            (self.folder / name).write_bytes(json_form.dumped(content))
            files[name] = digest_of(self.folder / name)
        if answers:
            with (self.folder / ANSWERS).open("wb") as file:
                file.writelines(answers)
            files[ANSWERS] = digest_of(self.folder / ANSWERS)
        manifest = {"nhigraph": FORMAT, "tables": files, "digest": self.digest}
        (self.folder / MANIFEST).write_bytes(json_form.dumped({**manifest, "meta": meta}))


def _table(graph: Graph, name: str, names: Sequence[str]) -> pa.Table:
    frame = getattr(graph, name)
    fields, arrays = [], []
    for column in names:
        metadata = None
        if column in columns.INTEGERS:
            array = pa.array(frame[column].to_numpy(dtype=np.int64))
        else:
            cells = frame[column].to_numpy(dtype=object)
            try:
                array = _texts(cells)
            except UnicodeEncodeError:
                cells = objects([json_form.spelt(cell) for cell in cells])
                array, metadata = pa.array(cells, pa.large_string()), SPELT
        arrays.append(array)
        fields.append(pa.field(column, array.type, nullable=False, metadata=metadata))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _packing(table: pa.Table) -> dict[str, Any]:
    """How columns are packed: texts by their words, and numbers, which mostly rise, by steps."""
    texts = [f.name for f in table.schema if f.name not in columns.INTEGERS]
    numbers = [f.name for f in table.schema if f.name in columns.INTEGERS]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "write_statistics": False,
        "use_dictionary": texts,
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    }


def _texts(cells: Cells) -> pa.Array:
    """Cells as Arrow has them; many columns say one thing in every row.

    Raises:
        UnicodeEncodeError: One of them has no UTF-8.
    """
    if len(cells) > 1 and (same(cells) or bool((cells == cells[0]).all())):
        return pa.repeat(pa.scalar(cells[0], pa.large_string()), len(cells))
    return pa.array(cells, pa.large_string())


def _digest(digest: "hashlib._Hash", name: str, table: pa.Table) -> None:
    digest.update(f"\n{name} {table.num_rows}".encode())
    for field, column in zip(table.schema, table.columns, strict=True):
        digest.update(f"\n{field.name} ".encode())
        for chunk in column.chunks:
            for buffer in chunk.buffers():
                if buffer is not None:
                    digest.update(buffer)


def _claim_record(claim: Claim) -> dict[str, object]:
    place = claim.evidence
    return {
        "subject": claim.subject,
        "body": claim.body,
        "evidence": {name: getattr(place, name) for name in Evidence.__slots__},
    }


# -- reading ------------------------------------------------------------------------------------


def load(folder: Path) -> Snapshot:
    """Read a snapshot; nothing in it is executed, and what is damaged is refused.

    A run that replaces the folder meanwhile is no damage: what then stands there is read.

    Args:
        folder: A snapshot, or an output folder with one in it.

    Raises:
        NoInputError: The folder is no snapshot and holds none.
        InputError: A file of it is missing, damaged, or of another version.
    """
    while True:
        there = swap.standing(folder)
        before = _stamp(there)
        try:
            return _read(there)
        except (NoInputError, InputError):
            if _stamp(swap.standing(folder)) == before:
                raise


def _stamp(folder: Path) -> tuple[int, int] | None:
    """What tells one folder in a place from its successor there."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read(folder: Path) -> Snapshot:
    return _content(*place(folder))


def _content(folder: Path, manifest: Mapping[str, Any]) -> Snapshot:
    files = manifest.get("tables")
    if not isinstance(files, dict) or not isinstance(manifest.get("meta"), dict):
        raise damaged(MANIFEST, "expected the members tables and meta")
    frames = {name: _frame(folder, name, files) for name in TABLES}
    try:
        claims = tuple(
            Claim(str(c["subject"]), c["body"], Evidence(**c["evidence"]))
            for c in json_form.loaded(_checked(folder, CLAIMS, files))
        )
        coverage = json_form.loaded(_checked(folder, COVERAGE, files))
        meta = json_form.restored(manifest["meta"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(CLAIMS, "expected claims and coverage") from error
    return Snapshot(_graph(frames), meta, claims, coverage, str(manifest.get("digest")))


def _frame(folder: Path, name: str, files: Mapping[str, object]) -> "pd.DataFrame":
    file, names = f"{name}.parquet", TABLES[name]
    content = _checked(folder, file, files)
    try:
        table = pq.read_table(pa.BufferReader(content))
        return frame_of({column: _cells(table, column) for column in names})
    except (pa.ArrowException, KeyError, ValueError, TypeError) as error:
        raise damaged(file, f"expected the columns {', '.join(names)}") from error


def _graph(frames: Mapping[str, "pd.DataFrame"]) -> Graph:
    return Graph(
        nodes=frames["nodes"],
        edges=frames["edges"],
        gates=frames["gates"],
        gaps=frames["gaps"],
        ends=frames["ends"],
        documents=frames["documents"],
        evidence=frames["evidence"],
    )


def _files_of(folder: Path) -> set[str] | None:
    """Names of a snapshot's own files, or None where the folder is none."""
    try:
        manifest = manifest_of(folder)
    except InputError:
        manifest = {"tables": None}  # a broken manifest beside the tables is one of ours
    if not manifest:
        return None
    known = {f"{name}.parquet" for name in TABLES} | {CLAIMS, COVERAGE, ANSWERS, MANIFEST}
    tables = manifest.get("tables")
    return known | set(tables) if isinstance(tables, dict) else known


def _checked(folder: Path, file: str, files: Mapping[str, object]) -> bytes:
    try:
        content = (folder / file).read_bytes()
    except FileNotFoundError:
        raise damaged(file, "the file is missing") from None
    if hashlib.sha256(content).hexdigest() != files.get(file):
        raise damaged(file, "the digest is not the one in manifest.json: the file was changed")
    return content


def _cells(table: pa.Table, name: str) -> Cells:
    """Cells of one column; equal texts are one object."""
    column = table.column(name)
    if name in columns.INTEGERS:
        numbers: Cells = column.cast(pa.int64()).to_numpy()
        return numbers
    cells = np.empty(len(column), dtype=object)
    at = 0
    for chunk in column.cast(pa.large_string()).chunks:
        coded = chunk.dictionary_encode()
        texts = coded.dictionary.to_pylist()
        if (table.schema.field(name).metadata or {}).get(b"nhigraph") == b"spelt":
            texts = [json_form.unspelt(text) for text in texts]
        cells[at : at + len(chunk)] = objects(texts)[coded.indices.to_numpy()]
        at += len(chunk)
    return cells
