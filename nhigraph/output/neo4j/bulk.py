"""Files for ``neo4j-admin database import``: a first fill of an empty database, offline.

Seen with 5.26.18: a list's delimiter cannot be escaped inside a value, so one is chosen that no
value holds; an empty list comes back absent; a missing end is an error with exit code 70; the
name of the database, if it stands behind --relationships, is taken for one more of their files.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from nhigraph.errors import UsageError
from nhigraph.output.neo4j.content import Content
from nhigraph.output.neo4j.values import Row
from nhigraph.output.neo4j.words import LOAD, SNAPSHOT

#: Characters of which one separates the items of lists: those that text hardly ever holds.
_DELIMITERS: Final = ("\x1f", "\x1e", "\x1d", "\x1c")
_LOAD_BYTES: Final = 32


def files(content: Content) -> Iterator[tuple[str, str]]:
    """Names and texts of all files; the last is the command that imports them.

    Raises:
        UsageError: Every delimiter stands in some value.
    """
    about = content.about
    load = str(about["digest"])[:_LOAD_BYTES]
    groups = [(group.labels, list(group.rows)) for group in content.groups()]
    links = [(one, list(one.rows)) for one in content.links()]
    rows = [row for _, many in groups for row in many]
    rows += [row for _, many in links for _, _, row in many]
    between = _delimiter([about, *rows])
    nodes, relationships = [], []
    own = [((SNAPSHOT,), [{**about, "uid": SNAPSHOT}])]
    own += [((LOAD,), [{"uid": LOAD, "snapshot": about["name"]}])]
    for number, (labels, many) in enumerate([*own, *groups]):
        if many:
            name = f"nodes-{number:03}-{labels[-1]}.csv"
            yield name, _nodes(labels, many, load, between)
            nodes.append(f"  --nodes={name} \\\n")
    for number, (one, many_links) in enumerate(links):
        if many_links:
            name = f"relationships-{number:03}-{one.type}.csv"
            yield (
                name,
                _relationships(one.type, (one.source, one.target), many_links, load, between),
            )
            relationships.append(f"  --relationships={name} \\\n")
    code = f"U+{ord(between):04X}"
    yield (
        "import.sh",
        "# Fills an empty database, while its server is down. Run it in this folder.\n"
        "neo4j-admin database import full neo4j --overwrite-destination \\\n"
        f"  --array-delimiter={code} --id-type=string --multiline-fields=true \\\n"
        + "".join((*nodes, *relationships)).removesuffix(" \\\n")
        + "\n",
    )


def _delimiter(rows: Iterable[Row]) -> str:
    texts = [item for row in rows for value in row.values() for item in _texts(value)]
    for one in _DELIMITERS:
        if not any(one in text for text in texts):
            return one
    raise UsageError("no character is left to separate the items of lists by: use neo4j push")


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


def _nodes(labels: tuple[str, ...], rows: list[Row], load: str, between: str) -> str:
    space = labels[0]
    rows = [{**row, "load": load} for row in rows]
    types = _types(rows)
    head = [f"uid:ID({space})", *(f"{name}:{kind}" for name, kind in types.items()), ":LABEL"]
    said = between.join(labels)
    lines = (
        [f"{load}|{row['uid']}", *(_cell(row.get(name), between) for name in types), said]
        for row in rows
    )
    return _csv(head, lines)


def _relationships(
    kind: str,
    spaces: tuple[str, str],
    rows: list[tuple[str, str, Row]],
    load: str,
    between: str,
) -> str:
    types = _types([said for _, _, said in rows])
    named = [f"{name}:{type_}" for name, type_ in types.items()]
    head = [f":START_ID({spaces[0]})", f":END_ID({spaces[1]})", *named, ":TYPE"]
    lines = (
        [
            f"{load}|{source}",
            f"{load}|{target}",
            *(_cell(said.get(n), between) for n in types),
            kind,
        ]
        for source, target, said in rows
    )
    return _csv(head, lines)


def _types(rows: Iterable[Row]) -> dict[str, str]:
    """Columns with the type that all their values have; text where they differ."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if name != "uid":
                found.setdefault(name, set()).add(_type(value))
    return {name: kinds.pop() if len(kinds) == 1 else "string" for name, kinds in found.items()}


def _type(value: Any) -> str:  # noqa: ANN401 - a property
    match value:
        case bool():
            return "boolean"
        case int():
            return "long"
        case float():
            return "double"
        case date():
            return "date"
        case list():
            return "string[]"
        case _:
            return "string"


def _cell(value: object, between: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return between.join(map(str, value))
        case _:
            return str(value)


def _csv(head: list[str], lines: Iterable[list[str]]) -> str:
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(head)
    written.writerows(lines)
    return text.getvalue()
