"""What the steps of a path rest on, document by document: what an auditor files."""

from collections.abc import Iterable, Sequence

from nhigraph.assurance.rows import PathStep
from nhigraph.facts.evidence import Evidence
from nhigraph.records import dataclass

#: Places of one step that are told. Several documents may state the same, and one of each is.
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Stated:
    """A place, and the numbers of the steps that it states."""

    place: Evidence
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A document, and the places of it that a path rests on."""

    artifact: str
    sha256: str
    places: tuple[Stated, ...]


def places(step: PathStep) -> tuple[tuple[Evidence, ...], int]:
    """Places of a step, the smallest first, and how many more there are.

    The first of each document stands before further ones of the same.
    """
    found = step.places
    first = {one.artifact: one for one in reversed(found)}
    ranked = sorted(found, key=lambda one: first[one.artifact] is not one)
    told = sorted(ranked[:MOST_PLACES], key=lambda one: (one.artifact, one.line, one.pointer))
    return tuple(told), len(found) - len(told)


def beside(step: PathStep) -> tuple[Evidence, ...]:
    """The first place of every further document that states a step."""
    told = {one.artifact: one for one in reversed(places(step)[0])}
    return tuple(sorted(one for one in told.values() if one.artifact != step.artifact))


def filed(steps: Iterable[PathStep]) -> tuple[Filed, ...]:
    """What the steps rest on, by document, in the order of the steps; each place once."""
    found: dict[tuple[str, str], Evidence] = {}
    numbers: dict[tuple[str, str], dict[int, None]] = {}
    documents: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for step in steps:
        for place in places(step)[0]:
            at = (place.artifact, place.pointer)
            found.setdefault(at, place)
            numbers.setdefault(at, {})[step.step] = None
            documents.setdefault((place.artifact, place.sha256), {})[at] = None
    return tuple(
        Filed(*document, tuple(Stated(found[at], tuple(numbers[at])) for at in listed))
        for document, listed in documents.items()
    )


def numbered(steps: Sequence[int]) -> str:
    """``step 1``, ``steps 1, 3``."""
    return f"step{'s' if len(steps) > 1 else ''} {', '.join(map(str, steps))}"
