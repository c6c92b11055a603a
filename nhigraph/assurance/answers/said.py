"""What answers say, thing by thing: the form in which they are weighed."""

from nhigraph.assurance.answers.given import Given
from nhigraph.facts.facts import Fact
from nhigraph.records import dataclass
from nhigraph.schema.types import State

#: A gap, by its node and reason: rows are numbered anew when a graph grows.
GapName = tuple[str, str]


#: Where an edge that is none would have been entered: a node, by its key, and the states there.
Stop = tuple[str, tuple[State, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer that counts.

    Attributes:
        given: The answer.
        gaps: Gaps that it closes.
        away: Where the edges that it takes away would have been entered.
        gates: Keys of the gates that it speaks of.
    """

    given: Given
    gaps: tuple[GapName, ...] = ()
    away: tuple[Stop, ...] = ()
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class OfGap:
    """A gap of that name."""

    name: GapName


@dataclass(frozen=True, slots=True, order=True)
class OfEdge:
    """An edge, by its row, and the condition of it that is meant."""

    row: int
    condition: str


@dataclass(frozen=True, slots=True, order=True)
class OfGate:
    """One test of a gate."""

    gate: str
    test: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer comes to for one thing.

    Attributes:
        means: What is compared: two answers that mean one thing agree.
        facts: What is so by it.
    """

    means: object
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against an answer.

    Attributes:
        problem: In a sentence.
        advice: What to do.
        facts: What is left open by it.
    """

    problem: str
    advice: str = "the document stands: correct the answer, or give the newer export"
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class OfHolders:
    """Two holders, by the names that an answer has for them: what it says is merged already."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class OfSecret:
    """What a secret opens of which no gap asks that."""

    secret: str


Thing = OfGap | OfEdge | OfGate | OfHolders | OfSecret
Said = tuple[Thing, Outcome] | Against
