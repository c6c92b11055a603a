"""What an answer rests on, whether it was computed or stored."""

from typing import Protocol

from nhigraph.app.as_of import AsOf
from nhigraph.assurance.rows import Unread
from nhigraph.graph.named import Names


class Standing(Protocol):
    """What stands behind an answer; ``Judged`` and ``StoredAnswers`` are of this form."""

    @property
    def date(self) -> AsOf:
        """The date of every answer."""

    @property
    def read(self) -> int:
        """Documents that were read whole."""

    @property
    def unread(self) -> Unread:
        """What was given and could not be read."""

    @property
    def gaps(self) -> int:
        """Gaps that no answer of the scope closes."""

    @property
    def faults(self) -> int:
        """Errors of the scope."""

    @property
    def scoped(self) -> bool:
        """Whether a scope was read; without one nothing is judged, which is no error of it."""

    @property
    def named(self) -> Names:
        """Every node, by name."""

    def complete_for(self, *, reached: bool = False) -> bool:
        """Whether nothing is open that an answer could turn on."""
