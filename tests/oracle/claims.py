"""One target of scope/1: is its record refused, and what of it can still be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .records import Facts
from .vocabulary import ASSERTION_ALIASES, ASSERTIONS, LETTERS, NODE_KINDS, SOC1_BY_ROLE

FAMILIES = ("financial-reporting", "trust-service")
BASES = ("own", "user_entity", "both", "unknown")
DATA_CLASSES = ("confidential", "personal")
CONDITIONS = ("key", "kind", "owner", "tag", "label", "dbt", "downstream_of")


@dataclass(frozen=True)
class Claim:
    """A target as far as it can be read, and the fields that have a word nobody knows."""

    read: Facts
    unread: frozenset[str]

    @property
    def refused(self) -> bool:
        """One unknown word refuses the record; what is readable of it is kept."""
        return bool(self.unread)


def _known(words: object, known: tuple[str, ...]) -> tuple[list[str], bool]:
    """The words that are known, and whether all are."""
    if words is None:
        return [], True
    if not isinstance(words, list):
        return [], False
    found = [word for word in words if word in known]
    return found, len(found) == len(words)


def _item_is_sound(item: object) -> bool:
    """A selector item: known conditions; a kind is a word (globs apart)."""
    if not isinstance(item, dict) or not set(item) <= set(CONDITIONS):
        return False
    kind = item.get("kind")
    return not isinstance(kind, str) or bool(set(kind) & {"*", "?"}) or kind in NODE_KINDS


def read_target(entry: Facts) -> Claim:
    """FORMATS 'Dead targets': a refused target keeps what is readable of it."""
    read, unread = dict(entry), set()
    if entry.get("family") not in FAMILIES:
        del read["family"]
        unread.add("family")
    words: dict[str, tuple[str, ...]] = {"fs_role": tuple(SOC1_BY_ROLE), "icfr_basis": BASES}
    if entry.get("family") == "trust-service":
        words = {}  # they say nothing there
    for name, known in words.items():
        if entry.get(name) is not None and entry[name] not in known:
            del read[name]
            unread.add(name)
    lists: dict[str, tuple[str, ...]] = {
        "assertions": (*ASSERTIONS, *ASSERTION_ALIASES),
        "data_class": DATA_CLASSES,
    }
    if entry.get("family") == "trust-service" and entry.get("commitments") != "unknown":
        lists["commitments"] = (*LETTERS, "unknown")
    for name, known in lists.items():
        found, sound = _known(entry.get(name), known)
        if not sound:
            read[name] = [] if name == "assertions" else found
            unread.add(name)
    items: Any = entry.get("select")
    items = [items] if isinstance(items, dict) else items
    if not isinstance(items, list) or not all(map(_item_is_sound, items)):
        del read["select"]
        unread.add("select")
    return Claim(read, frozenset(unread))
