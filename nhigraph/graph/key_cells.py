"""Keys where they stand in cells: alone, joined, in lists, in needs, anywhere in an end."""

import json
from collections.abc import Callable, Iterator

from nhigraph.graph import columns

#: Replaces a key, or gives back a text that is none.
Change = Callable[[str], str]


def joined(cell: str, key: Change) -> str:
    """Keys joined by ``;``."""
    return ";".join(map(key, cell.split(";")))


def approvers(cell: str, key: Change) -> str:
    """A sorted list of keys."""
    return columns.canonical(sorted({key(one) for one in json.loads(cell)}))


def needs(cell: str, key: Change) -> str:
    """Sorted pairs of a key and a state; empty where there are none."""
    if not cell:
        return cell
    pairs = [[key(at), state] for at, state in json.loads(cell)]
    return columns.canonical(sorted(pairs))


def body(cell: str, key: Change) -> str:
    """An end with the keys renamed that stand in it, wherever they stand."""

    def inside(value: object) -> object:
        if isinstance(value, str):
            return key(value)
        if isinstance(value, dict):
            return {name: inside(one) for name, one in value.items()}
        return [inside(one) for one in value] if isinstance(value, list) else value

    return columns.canonical(inside(json.loads(cell)))


def texts(cell: str, change: Callable[[str, Change], str]) -> Iterator[str]:
    """Texts of a cell that may be keys: what a change of it would be asked for."""
    found: list[str] = []

    def seen(text: str) -> str:
        found.append(text)
        return text

    change(cell, seen)
    return iter(found)
