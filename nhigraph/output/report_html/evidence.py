"""What the page says of the places that a path rests on, within a budget."""

from collections.abc import Sequence

from nhigraph.assurance.proofs import Filed, Stated, filed, numbered, places
from nhigraph.assurance.rows import PathStep
from nhigraph.output import clip, counted
from nhigraph.output.report_html.steps import rests
from nhigraph.records import dataclass

#: Characters of evidence on one page: the worst paths come first, the rest is `explain`'s.
BUDGET = 120_000
#: Characters of markup around one place, and around one document with its digest.
_PLACE, _DOCUMENT = 70, 170
_TEXT = 300


@dataclass(frozen=True, slots=True)
class At:
    """A place, as a page quotes it."""

    steps: str
    line: int
    inside: str
    quotes: tuple[str, ...]
    unquoted: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a path rests on, with its places."""

    artifact: str
    sha256: str
    places: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """What the steps of one path rest on.

    Attributes:
        documents: The documents; none where the page had no room for them.
        more: Further places that state the same steps.
        path_id: The path, which ``explain`` tells in full.
    """

    documents: tuple[Document, ...]
    more: int
    path_id: str

    @property
    def count(self) -> str:
        """Places and documents, in words."""
        number = sum(len(one.places) for one in self.documents)
        return f"{counted(number, 'place')} in {counted(len(self.documents), 'document')}"


class Budget:
    """What a page may still spend on evidence."""

    def __init__(self, characters: int = BUDGET) -> None:
        """Nothing is spent."""
        self._left = characters

    def evidence(self, steps: Sequence[PathStep]) -> Filing | None:
        """What the steps of a path rest on; without documents where that exceeds what is left."""
        targets = frozenset(step.step for step in steps if rests(step))
        shown = tuple(_document(one, targets) for one in filed(steps))
        if not shown:
            return None
        cost = sum(map(_cost, shown))
        more = sum(places(step)[1] for step in steps)
        if cost > self._left:
            return Filing((), more, steps[0].path_id)
        self._left -= cost
        return Filing(shown, more, steps[0].path_id)


def _document(one: Filed, targets: frozenset[int]) -> Document:
    listed = tuple(_at(stated, targets) for stated in one.places)
    return Document(clip(one.artifact, _TEXT), one.sha256, listed)


def _at(stated: Stated, targets: frozenset[int]) -> At:
    place = stated.place
    steps = [number for number in stated.steps if number not in targets]
    said = [numbered(steps)] if steps else []
    said += ["target"] if len(steps) < len(stated.steps) else []
    quotes = tuple(clip(line, _TEXT) for line in place.quotes)
    return At(", ".join(said), place.line, clip(place.inside, _TEXT), quotes, place.unquoted)


def _cost(one: Document) -> int:
    texts = (len(text) for at in one.places for text in (at.steps, at.inside, *at.quotes))
    return _DOCUMENT + len(one.artifact) + _PLACE * len(one.places) + sum(texts)
