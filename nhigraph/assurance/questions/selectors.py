"""Selectors for a set of keys: as short as can be, and matching nothing else."""

from collections.abc import Sequence

from nhigraph.facts import keys


def selectors(
    wanted: Sequence[str], listed: keys.Listed, others: Sequence[str], *, wide: bool = False
) -> list[str]:
    """Patterns of keys that match all that is wanted, and no other key there is.

    A pattern keeps the name: what comes later under another name is another question.

    Args:
        wanted: Keys, at least one.
        listed: All keys, by which patterns are tried.
        others: The same keys, by their number.
        wide: Everything that one holder has may be meant, whatever its name.
    """
    plain = sorted(set(wanted))
    if len(plain) == 1:
        return plain
    for one in _patterns(plain, wide=wide):
        if {others[number] for number in listed.matching(one)} == set(plain):
            return [one]
    return plain


def _patterns(wanted: Sequence[str], *, wide: bool) -> list[str]:
    """What the keys have in common at both ends, cut where a part ends."""
    head, tail = _common(wanted), _common([key[::-1] for key in wanted])[::-1]
    start = max(head.rfind("/"), head.rfind(":")) + 1
    end = min((at for at in (tail.find("/"), tail.find(":")) if at >= 0), default=len(tail))
    found = []
    if start and len(tail) > end:
        found.append(f"{head[:start]}*{tail[end:]}")
    if wide and head.rfind("/") > 0:
        found.append(f"{head[: head.rfind('/') + 1]}*")
    return found


def _common(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    for at, letter in enumerate(first):
        if at >= len(last) or last[at] != letter:
            return first[:at]
    return first
