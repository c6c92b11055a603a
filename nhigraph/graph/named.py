"""The names of a graph's nodes, without the graph."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from nhigraph.graph.json_form import unspelt
from nhigraph.graph.snapshot_folder import NODES
from nhigraph.records import dataclass

#: The property of other names.
KNOWN_AS: Final = "known_as"


class Names(Protocol):
    """What a name is looked up in: a graph, or what is known of one."""

    @property
    def key_list(self) -> list[str]:
        """Keys of the nodes, ascending."""

    @property
    def name_list(self) -> list[str]:
        """Names of the nodes, in the order of their keys."""

    @property
    def known_as(self) -> Mapping[str, Sequence[str]]:
        """Keys of nodes that people know by other names, and these."""

    def node_id(self, key: str) -> int | None:
        """Row number of a key, or None."""


@dataclass(frozen=True)
class Named:
    """Nodes by key and name.

    Attributes:
        key_list: Keys of the nodes, ascending.
        kind_list: Their kinds.
        name_list: Their names.
        known_as: Keys of nodes that people know by other names, and these.
    """

    key_list: list[str]
    kind_list: list[str]
    name_list: list[str]
    known_as: Mapping[str, Sequence[str]]

    def node_id(self, key: str) -> int | None:
        """Row number of a key, or None."""
        return place_of(key, self.key_list)


def place_of(key: str, ascending: Sequence[str]) -> int | None:
    """Place of a key among others; None where it is none of them."""
    at = bisect_left(ascending, key)
    return at if at < len(ascending) and ascending[at] == key else None


def of_folder(place: Path) -> Named:
    """Names in the folder of a snapshot, whose digests were looked at."""
    from pyarrow import parquet  # noqa: PLC0415 - late: what needs no names is answered sooner

    table = parquet.read_table(place / NODES, columns=["key", "kind", "name", "props"])
    columns = {}
    for field in table.schema:
        texts = table.column(field.name).to_pylist()
        spelt = (field.metadata or {}).get(b"nhigraph") == b"spelt"
        columns[field.name] = [unspelt(text) for text in texts] if spelt else texts
    keys, mark = columns["key"], f'"{KNOWN_AS}":'
    told = (at for at, props in enumerate(columns["props"]) if mark in props)
    known = {keys[at]: other_names(json.loads(columns["props"][at])) for at in told}
    return Named(keys, columns["kind"], columns["name"], known)


def other_names(props: Mapping[str, object]) -> tuple[str, ...]:
    """What a node's properties say that people know it by, besides its name."""
    said = props.get(KNOWN_AS)
    return tuple(map(str, said)) if isinstance(said, list | tuple) else ()
