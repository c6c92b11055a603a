"""An export that nobody supplied and that would settle something of what was."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """One export, for one thing that the inputs point at.

    Attributes:
        source: Name of the source that reads it.
        title: What it is, and of what.
        settles: What it would settle, as the end of "without it nobody can say …".
        wanted_by: Source whose documents leave this open.
        command: What makes it; empty where there is no one command.
        gate: Key of the gate whose tests it would answer; empty where it is about none.
        answer: What was answered to whoever asked for it; empty where nobody shows to have asked.
    """

    source: str
    title: str
    settles: str
    wanted_by: str
    command: str = ""
    gate: str = ""
    answer: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain form, an entry of ``absent`` in ``coverage.json``."""
        return {
            "source": self.source,
            "title": self.title,
            "settles": self.settles,
            "wanted_by": self.wanted_by,
            "command": self.command,
            "gate": self.gate,
            "answer": self.answer,
        }
