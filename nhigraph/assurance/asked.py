"""Of what a scope's targets let anybody be judged: books, promises, and promises kept nowhere.

"None" may only be said of what was looked at. Without a target of a family, or of a category that
was committed to, nothing is looked at there, and that is what a reader is told.
"""

from collections.abc import Iterable, Sequence

from nhigraph.assurance.rows import Target
from nhigraph.assurance.verdict import in_order
from nhigraph.schema.claims import CLASS_CATEGORY, FINANCIAL
from nhigraph.schema.controls import CATEGORIES

#: In place of letters: no promise at all.
ALL = ("*",)


def books(targets: Iterable[Target]) -> list[Target]:
    """Targets at which the books can be changed; one of unknown family may be such a one."""
    return [t for t in targets if t.fs_role != "none" and not t.category]


def promises(targets: Iterable[Target]) -> list[Target]:
    """Trust-service targets; one of unknown family may be such a one."""
    return [t for t in targets if t.family != FINANCIAL]


def unkept(targets: Sequence[Target], commitments: Iterable[str]) -> tuple[str, ...]:
    """Committed categories that no target stands for, in print order.

    A trust target stands for its category and for S, which is common to all of them; one whose
    categories are not known, for any. A financial one stands for the classes of its data.
    """
    trust = promises(targets)
    stood = {target.category for target in trust} | ({"S"} if trust else set())
    if stood - set(CATEGORIES):
        return ()
    stood |= {CLASS_CATEGORY[name] for target in targets for name in target.data_class}
    return in_order(set(commitments) - stood)


def why_no_books(targets: Sequence[Target]) -> str:
    """Why the books were not judged; empty where they were."""
    if books(targets):
        return ""
    if any(target.family == FINANCIAL for target in targets):
        return "no financial target of the scope has a role in them"
    return "the scope names no financial target"


def unjudged(
    targets: Sequence[Target], commitments: Sequence[str], doubted: Sequence[str]
) -> tuple[tuple[str, ...], str]:
    """Promises of which nothing was judged, and why; ``("*",)`` where that holds of all.

    Args:
        targets: The scope's.
        commitments: What is promised.
        doubted: What may be promised besides.
    """
    if not commitments and not doubted:
        return ALL, "the scope states no commitments"
    left = unkept(targets, commitments or doubted)
    if len(left) == len(commitments or doubted):
        any_target = "target" if promises(targets) else "trust-service target"
        return ALL, f"no {any_target} of the scope stands for one"
    if not left or not commitments:
        return (), ""
    return left, f"no target stands for {'it' if len(left) == 1 else 'them'}"


def why_no_promise(
    targets: Sequence[Target], commitments: Sequence[str], doubted: Sequence[str]
) -> str:
    """Why no promise was judged; empty where some were."""
    left, why = unjudged(targets, commitments, doubted)
    return why if left == ALL else ""


def not_judged(
    targets: Sequence[Target], commitments: Sequence[str], doubted: Sequence[str]
) -> tuple[str, ...]:
    """What nobody was judged of, in sentences without a capital and a full stop; the books first.

    Args:
        targets: The scope's.
        commitments: What is promised.
        doubted: What may be promised besides.
    """
    books = why_no_books(targets)
    found = [f"the books were not judged: {books}"] if books else []
    left, why = unjudged(targets, commitments, doubted)
    if left == ALL:
        found.append(f"promises were not judged: {why}")
    elif left:
        found.append(f"as to {', '.join(left)} nothing was judged: {why}")
    return tuple(found)
