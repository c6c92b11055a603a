"""The answer of a memo in a sentence or two: what is proven, what is open, what was not judged.

The two sides are told apart, as they are in the columns: a promise that can be broken is said
where the books are not decided, and "no path" only of a side that was decided, and of which the
scope has a target. ``can`` stands where documents settle it, ``may`` where a condition remains.
"""

from collections.abc import Iterable, Sequence

from nhigraph.assurance.certainty import CAN, MAY, NONE, UNDETERMINED
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.output import words
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """How an answer stands on one side, the books or the promises.

    Attributes:
        settled: can, may, undetermined or none.
        unjudged: Why nothing was judged there; empty where something was.
    """

    settled: str = NONE
    unjudged: str = ""

    @property
    def proven(self) -> bool:
        """Whether a path is shown, with a condition or without."""
        return self.settled in {CAN, MAY}

    @property
    def open(self) -> bool:
        """Whether it could not be decided."""
        return self.settled == UNDETERMINED


#: A side of which nothing was found.
NOTHING = Side()


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of one side."""

    report: str
    goal: str
    done: str
    plain: str


def answer(row: WhichRow, name: str, books: Side, trust: Side) -> str:
    """What a memo says in its box.

    Args:
        row: The subject's row.
        name: What people call it.
        books: How it stands on the books.
        trust: How it stands on promises.
    """
    if not row.active:
        return f"Neither: {name} is not active on the day, so nobody holds it."
    of_books = _Words("SOC 1", "the books", _books(row), "change the books")
    of_trust = _Words("SOC 2", "a promise", _trust(row), "break a promise")
    sides = ((books, of_books), (trust, of_trust))
    if not books.proven and not trust.proven:
        return _nothing(name, sides)
    reports = " and ".join(said.report for side, said in sides if side.proven)
    reports += "".join(f", {said.report} not decided" for side, said in sides if side.open)
    rest = [_left(side, said, "they", "") for side, said in sides if not side.proven]
    proven = f"{reports}: whoever takes over {name} {_and(tuple(_done(sides)))}"
    exposure = words()["exposure"].get(row.exposure, row.exposure)
    meaning = words()["exposure_meaning"].get(row.exposure, row.exposure)
    return f"{'; '.join([proven, *rest])}. It is {exposure}: {meaning}."


def _done(sides: Iterable[tuple[Side, _Words]]) -> Iterable[str]:
    before = ""
    for side, said in sides:
        if side.proven:
            yield said.done if side.settled == before else f"{side.settled} {said.done}"
            before = side.settled


def _left(side: Side, said: _Words, who: str, start: str) -> str:
    """A side of which nothing is shown, in half a sentence."""
    if side.open:
        return f"whether {who} can {said.plain} could not be told from what was read"
    if side.unjudged:
        return f"whether {who} can {said.plain} was not judged: {side.unjudged}"
    return f"nothing that was read shows a path {start}to {said.goal}"


def _nothing(name: str, sides: Sequence[tuple[Side, _Words]]) -> str:
    """The sentence where neither side is shown: what is open first, then what is not judged."""
    if all(side.open for side, _ in sides):
        return f"Not decided: what {name} bears on could not be told from what was read."
    if not any(side.open or side.unjudged for side, _ in sides):
        return f"Neither: nothing that was read shows a path from {name} to books or promises."
    head = "Not decided" if any(side.open for side, _ in sides) else "Neither, of what was judged"
    if all(side.unjudged for side, _ in sides):
        head = "Not judged"
    ordered = sorted(sides, key=lambda pair: (not pair[0].open, bool(pair[0].unjudged)))
    names = ((f"whoever takes over {name}", f"from {name} "), ("they", ""))
    told = [_left(*pair, *named) for pair, named in zip(ordered, names, strict=True)]
    return f"{head}: {'; '.join(told)}."


def _books(row: WhichRow) -> str:
    return (
        "change the books" if row.soc1 == "direct" else "change what controls of the books rest on"
    )


def _trust(row: WhichRow) -> str:
    known = words()["category"]
    named = [known[letter].lower() for letter in row.soc2 if letter in known]
    return f"break a promise of {_and(named)}" if named else "break a promise"


def _and(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
