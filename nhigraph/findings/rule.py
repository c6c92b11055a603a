"""What a rule is.

A rule selects and explains. Whether a weakness is there was decided below (``assurance``): a rule
repeats no threshold and walks no path of its own.
"""

from collections.abc import Callable, Iterable

from nhigraph.assurance.rows import VerdictRow
from nhigraph.findings.endings import Ends
from nhigraph.findings.seen import Seen
from nhigraph.records import dataclass
from nhigraph.schema.crosswalk import Mapped

#: Headings of a rule's docstring, in their order; each is a line of its own that ends in a colon.
HEADINGS = (
    "What it finds",
    "Why it matters",
    "What it needs",
    "When it is silent",
    "How to end it",
    "Sources",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule found something.

    Attributes:
        subject: Node id of what has the weakness, or of who has the effect.
        says: What was found there, after the rule's title; may be empty.
        row: What the subject can do at the target; None where it leads to none.
        apart: It is about the subject as a whole, not about the target of the row.
        ends: Finds the edges whose removal ends it; None where no edge does.
        conditions: Conditions of the crosswalk that hold (``Mapped.also``).
    """

    subject: int
    says: str = ""
    row: VerdictRow | None = None
    apart: bool = False
    ends: Ends | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A rule cannot say, because the inputs do not.

    Attributes:
        subject: Node id of whom it is about.
        reason: What is not told, as the end of "not known: …".
    """

    subject: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; its name is that of its module.

    Attributes:
        title: What it finds, in a line.
        maps: Identifiers that a finding maps to.
        find: Yields what it finds and what it cannot know.
    """

    title: str
    maps: Mapped
    find: Callable[[Seen], Iterable[Hit | Unknown]]
