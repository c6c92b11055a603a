"""What is known of one tool: the words of its subcommand, and what its options are."""

from collections.abc import Mapping
from dataclasses import field

from nhigraph.records import dataclass


def words(text: str) -> frozenset[str]:
    """Words of a text, as a set."""
    return frozenset(text.split())


def kept(text: str) -> dict[str, str]:
    """Options of a text of ``option=name`` to the names that they are kept under."""
    return {word.partition("=")[0]: word.partition("=")[2] for word in text.split()}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Attributes:
        words: Words of its subcommand.
        options: Options that are kept, to the names that they are kept under.
        takes_value: Options with a value that is not kept.
        flags: Options without a value.
        commands: Its subcommands, where they are known.
        many: Names of kept options that have all words up to the next option.
        marks: Options that are kept without a value, to the names that they are kept under.
        deeper: Subcommands with one word more.
        attached: Options whose value never is the next word.
    """

    words: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    takes_value: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=dict)
    deeper: frozenset[str] = frozenset()
    attached: frozenset[str] = frozenset()


def wrapper(takes_value: str = "", flags: str = "", behind: int = 0) -> Tool:
    """A program that runs what stands behind its options, and ``behind`` words after these."""
    return Tool(behind, {}, words(takes_value), words(flags))
