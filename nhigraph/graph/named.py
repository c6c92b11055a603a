"""The names of a graph's nodes, without the graph."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nhigraph.graph.json_form import unspelt
from nhigraph.graph.snapshot_folder import NODES


class Names(Protocol):
    """What a name is looked up in: a graph, or what is known of one."""

    @property
    def key_list(self) -> list[str]:
        """Keys of the nodes, ascending."""

    @property
    def name_list(self) -> list[str]:
        """Names of the nodes, in the order of their keys."""

    def node_id(self, key: str) -> int | None:
        """Row number of a key, or None."""


@dataclass(frozen=True)
class Named:
    """Nodes by key and name.

    Attributes:
        key_list: Keys of the nodes, ascending.
        kind_list: Their kinds.
        name_list: Their names.
    """

    key_list: list[str]
    kind_list: list[str]
    name_list: list[str]

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

    table = parquet.read_table(place / NODES, columns=["key", "kind", "name"])
    columns = []
    for field in table.schema:
        texts = table.column(field.name).to_pylist()
        spelt = (field.metadata or {}).get(b"nhigraph") == b"spelt"
        columns.append([unspelt(text) for text in texts] if spelt else texts)
    return Named(*columns)
