"""A file of supposed changes, for ``what-if --changes``: what goes and comes, in YAML or JSON.

    nhigraph: changes/1
    remove:
      nodes: [role:postgres:erp/dbt_runner]                   # each with all its edges
      edges: [{kind: MEMBER_OF, from: KEY, to: KEY}]
      places: [{artifact: erp.postgres.json, pointer: /memberships/5}]
    add:
      nodes: []                                               # records of facts/1, and so are
      edges: []                                               # edges, gates and gaps
      files: [more.facts.yaml]                                # facts/1, beside this file

Names are those of the options: a key, a name or an unambiguous part of it. All keys may be left
out but the first; one that is not here is an error, as is a record that cannot be read. What
``cut --format json`` prints is such a file, too: the places of its rows go. A password in a name
is cut out of it, as it is wherever the graph has that name, and so it is in errors.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from nhigraph.app.questions.supposed import Supposed
from nhigraph.errors import InputError
from nhigraph.facts.evidence import Basis, Evidence
from nhigraph.facts.passwords import cut_key
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record, quoted, suggestion

FORM, CUT = "changes/1", "cut/1"
_REMOVE = ("nodes", "edges", "places")
#: Sections of facts/1 that an addition may have.
_FACTS = ("nodes", "edges", "gates", "gaps")


def read(path: Path) -> Supposed:
    """What a file supposes; names are not looked up yet.

    Raises:
        InputError: It is no such file, or has something in it that is not understood.
    """
    doc = Document(path, path.name)
    content = doc.content
    form = content.get("nhigraph") if isinstance(content, dict) else None
    if form not in (FORM, CUT):
        problem = f"expected nhigraph: {FORM}, or what `nhigraph cut --format json` prints"
        raise InputError(doc.artifact, "/nhigraph", problem, "say so at the top of the file")
    top = Record(doc, content, ())
    return _of_cut(top) if form == CUT else _of_changes(top, path.parent)


def _of_cut(top: Record) -> Supposed:
    found: dict[tuple[str, str], str] = {}
    for row in _records(top, "rows"):
        if "point" in row.body:
            problem = "expected a row of a cut, found a choke point"
            raise row.fail("point", f"{problem}; ask `nhigraph cut` without --choke-points")
        place = (_name(row, "artifact"), _name(row, "pointer"))
        found.setdefault(place, _where(row))
    if not found:
        raise top.fail("rows", "expected the rows of a cut, found none: nothing would change")
    return Supposed(places=tuple(found), said=dict(found))


def _of_changes(top: Record, folder: Path) -> Supposed:
    _known(top, ("nhigraph", "remove", "add"))
    gone, come = _mapping(top, "remove"), _mapping(top, "add")
    _known(gone, _REMOVE)
    _known(come, (*_FACTS, "files"))
    said: dict[object, str] = {}
    nodes, edges, places = [], [], []
    for number, name in enumerate(_texts(gone, "nodes")):
        nodes.append(cut_key(name))
        said.setdefault(nodes[-1], f"{_where(gone)}/nodes/{number}")
    for record in _records(gone, "edges"):
        _known(record, ("kind", "from", "to"))
        edge = (_name(record, "kind"), _name(record, "from"), _name(record, "to"))
        edges.append(edge)
        said.setdefault(edge, _where(record))
    for record in _records(gone, "places"):
        _known(record, ("artifact", "pointer"))
        place = (_name(record, "artifact"), _name(record, "pointer"))
        places.append(place)
        said.setdefault(place, _where(record))
    files = tuple(_files(come, folder))
    facts = [Added(top.doc)] if any(come.body.get(section) for section in _FACTS) else []
    if not (nodes or edges or places or files or facts):
        raise top.fail("remove", "expected something that goes here, or comes under /add")
    return Supposed(tuple(nodes), tuple(edges), tuple(places), files, tuple(facts), said)


def _name(record: Record, field: str) -> str:
    return cut_key(record.required(field))


def _files(come: Record, folder: Path) -> Iterator[Path]:
    for name in _texts(come, "files"):
        # One that is not there is told by its name, and that may be an address.
        path = folder / name
        yield path if path.exists() else folder / cut_key(name)


class Added(Document):
    """What comes, as a document of facts/1; its evidence is that of the file it stands in."""

    def __init__(self, whole: Document) -> None:
        """Take the section out of a file that is read already."""
        super().__init__(whole.path, whole.artifact, limits=whole.limits)
        self._whole = whole
        self.__dict__["data"], self.__dict__["sha256"] = whole.data, whole.sha256

    @cached_property
    def content(self) -> Any:  # noqa: ANN401 - a parsed document
        """The records."""
        added = self._whole.content["add"]
        return {"nhigraph": "facts/1"} | {name: added[name] for name in _FACTS if name in added}

    def at(self, *pointer: str | int, excerpt: bool = True, basis: Basis = "declared") -> Evidence:
        """Evidence below ``add``."""
        return self._whole.at("add", *pointer, excerpt=excerpt, basis=basis)


def _known(record: Record, known: Collection[str]) -> None:
    """Refuse fields that are none: one that is misspelt would change nothing, and say nothing."""
    for field in record.body:
        if field not in known:
            near = suggestion(field, known)
            listed = ", ".join(known)
            raise record.fail(field, f"unknown key {quoted(field)}{near}; there are {listed}")


def _mapping(record: Record, field: str) -> Record:
    body = record.body.get(field)
    if body is not None and not isinstance(body, dict):
        raise record.fail(field, "expected a mapping with named fields")
    return Record(record.doc, body or {}, (*record.pointer, field))


def _records(record: Record, field: str) -> Iterator[Record]:
    for number, body in enumerate(_list(record, field)):
        place = (*record.pointer, field, number)
        if not isinstance(body, dict):
            raise InputError(
                record.doc.artifact,
                record.doc.at(*place, excerpt=False).pointer,
                "expected a record with named fields",
            )
        yield Record(record.doc, body, place)


def _texts(record: Record, field: str) -> list[str]:
    found = []
    for number, value in enumerate(_list(record, field)):
        if not isinstance(value, str) or not value:
            raise record.fail(f"{field}/{number}", "expected a text")
        found.append(value)
    return found


def _list(record: Record, field: str) -> list[object]:
    value = record.body.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise record.fail(field, "expected a list")
    return value


def _where(record: Record) -> str:
    return f"{record.doc.artifact} at {record.evidence.pointer}"
