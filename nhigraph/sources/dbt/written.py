"""What a name in SQL stands for: a relation of the platform, or a bucket of files."""

from collections.abc import Sequence

from nhigraph.facts import keys
from nhigraph.policy.sql_usage.places import bucket

_WIDTH = 3
Parts = tuple[str, str, str]


def whole(parts: Sequence[str], own: Parts) -> Parts:
    """Database, schema and name; where a name does not say them, those of who names it."""
    if len(parts) > _WIDTH:
        parts = (".".join(parts[:-2]), *parts[-2:])
    found = (*own[: _WIDTH - len(parts)], *parts)
    return found[0], found[1], found[2]


def standing_for(platform: str, parts: Sequence[str], own: Parts) -> tuple[str, str]:
    """Key and label of what a name stands for."""
    if name := bucket(tuple(parts)):
        return keys.Bucket(name).text, parts[0]
    found = whole(parts, own)
    return keys.Dataset.of(platform, found).text, ".".join(part for part in found[1:] if part)


def is_searched(parts: Sequence[str]) -> bool:
    """Whether the search path decides which relation a name is."""
    return len(parts) == 1 and not bucket(tuple(parts))
