"""What is lost of a document, where nobody knows whom that was about: anything that it names.

A document that breaks off, or has a record of which not even the subject can be read, may have
said more of each thing in it. So each has a gap there, and nobody is cleared by what was lost.
"""

from collections.abc import Iterable, Iterator, Sequence

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.tables import FactTable
from nhigraph.records import dataclass

_REST = "its document could not be read to its end, and may say more of it"
_RECORD = "a record of its document could not be read, and may be about it"


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of a document that could not be read.

    Attributes:
        evidence: Where it stands.
        rest: It is all that comes behind.
    """

    evidence: Evidence
    rest: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What was read of a document, and what was not.

    Attributes:
        source: The source that read it.
        facts: Its facts.
        tables: Facts in bulk.
        lost: What may be about anything that it names.
    """

    source: str
    facts: Sequence[Fact]
    tables: Sequence[FactTable]
    lost: Sequence[Lost]

    @property
    def nodes(self) -> set[str]:
        """Keys of what it describes."""
        found = {fact.key for fact in self.facts if isinstance(fact, Node)}
        return found.union(_cells(self.tables, "nodes", "key"))

    @property
    def starts(self) -> set[str]:
        """Keys of that from which its edges go out."""
        found = {fact.source for fact in self.facts if isinstance(fact, Edge)}
        return found.union(_cells(self.tables, "edges", "from"))


def gaps(documents: Sequence[Told]) -> Iterator[Gap]:
    """A gap at whatever a lost part may be about, one for each document.

    A document that describes nothing, such as a table of edges, is about what others of its
    source describe.
    """
    for one in documents:
        if not one.lost:
            continue
        first = next((part for part in one.lost if part.rest), one.lost[0])
        own = one.nodes
        if not own:
            own = own.union(*(other.nodes for other in documents if other.source == one.source))
        for key in sorted(own | one.starts):
            yield Gap(key, _REST if first.rest else _RECORD, first.evidence)


def _cells(tables: Iterable[FactTable], what: str, column: str) -> Iterator[str]:
    for table in tables:
        if table.what == what:
            yield from table.cells.column(column).unique().to_pylist()
