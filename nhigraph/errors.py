"""The exception tree; nothing else.

An error names the artifact, the place in it, what was expected there and what to do.
"""


class NhigraphError(Exception):
    """Everything this package raises on purpose."""


class InputError(NhigraphError):
    """A document, or a record of one, cannot be used; the rest goes on.

    Attributes:
        artifact: Relative name of the document, as the user gave it.
        pointer: Place in it: an RFC 6901 pointer, ``line N``, ``row N`` or ``byte N``.
        problem: What is wrong there and what was expected.
        advice: What to do about it; may be empty.
    """

    def __init__(self, artifact: str, pointer: str, problem: str, advice: str = "") -> None:
        """Keep the four parts apart, so that coverage can print them in columns."""
        super().__init__(artifact, pointer, problem, advice)
        self.artifact = artifact
        self.pointer = pointer
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        """One line for a person."""
        place = f"{self.artifact}{f' at {self.pointer}' if self.pointer else ''}"
        return f"{place}: {self.problem}{f' ({self.advice})' if self.advice else ''}"


class SchemaError(NhigraphError):
    """A fact says something the schema has no word for."""


class UsageError(NhigraphError):
    """The question cannot be asked that way (exit code 2)."""


class NoInputError(NhigraphError):
    """No readable input, or no graph where one was named (exit code 3)."""


class ServerError(NhigraphError):
    """A server cannot be used, or stopped answering (exit code 3)."""
