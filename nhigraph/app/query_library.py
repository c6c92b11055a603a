"""The library of questions in Cypher: what each asks, what it takes, and what it answers with."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from nhigraph.app.bundled import bundled
from nhigraph.errors import UsageError
from nhigraph.records import dataclass

FOLDER: Final = "queries"
#: Columns that only a drawing can show.
PICTURE: Final = "picture"
_FIELD = re.compile(r"// (asks|params|returns|rule|command): (.*)")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        topic: Folder it lies in.
        stem: Name of its file.
        title: What it is called.
        asks: The question, in a sentence or two.
        params: Parameters it takes, each with its default; None where there is none.
        returns: Its columns; ``picture`` is for a drawing alone.
        rule: Rules of the verdict on which it bears; empty for none.
        command: Command that answers the same from a stored graph, with ``{param}`` in places.
        text: The file: comments, then one statement.
    """

    topic: str
    stem: str
    title: str
    asks: str
    params: Mapping[str, int | None]
    returns: tuple[str, ...]
    rule: str
    command: str
    text: str

    @property
    def name(self) -> str:
        """What it is asked by."""
        return f"{self.topic}/{self.stem}"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that a table can show."""
        return tuple(name for name in self.returns if name != PICTURE)

    def arguments(self, given: Mapping[str, object]) -> list[str]:
        """The command's own arguments, its parameters filled in; none where it has no command."""
        words = self.command.split()[1:]
        return [word.format_map(given) if word.startswith("{") else word for word in words]


def library() -> tuple[Query, ...]:
    """Every question, by topic and name.

    Raises:
        NoInputError: The package was installed without them.
    """
    folder = bundled(FOLDER)
    return tuple(_read(path) for path in sorted(folder.rglob("*.cypher")))


def find(name: str) -> Query:
    """A question by its name, with or without its topic.

    Raises:
        UsageError: There is none, or several are meant.
    """
    every = library()
    meant = name.removesuffix(".cypher")
    found = [one for one in every if meant in {one.name, one.stem}]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{name!r} could be any of: {', '.join(one.name for one in found)}")
    near = get_close_matches(meant, [one.stem for one in every], n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `nhigraph query list` names them"
    raise UsageError(f"no such question: {name!r}{hint}")


def filled(query: Query, words: tuple[str, ...]) -> dict[str, object]:
    """Parameters from words of the command line: ``name=value``, or values in their order.

    The snapshot is none of them: a server is asked which there are.

    Raises:
        UsageError: One is missing, unknown, or of the wrong type.
    """
    wanted = [name for name in query.params if name != "snapshot"]
    given: dict[str, object] = {}
    for word in words:
        name, sep, value = word.partition("=")
        if not sep or name not in query.params:
            left = [one for one in wanted if one not in given]
            if not left:
                raise UsageError(f"{query.name} takes no {word!r}: `{_usage(query, wanted)}`")
            name, value = left[0], word
        given[name] = value
    for name in wanted:
        default = query.params[name]
        if name not in given and default is None:
            raise UsageError(f"{query.name}: {name} is missing, as in `{_usage(query, wanted)}`")
        if default is not None:
            given[name] = _number(query, name, given.get(name, default))
    return given


def _number(query: Query, name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise UsageError(f"{query.name}: {name} is a whole number, not {value!r}") from None


def _usage(query: Query, wanted: list[str]) -> str:
    return " ".join(("nhigraph query run", query.name, *(name.upper() for name in wanted)))


def _read(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("// ")
    matches = (match for match in map(_FIELD.match, text.splitlines()) if match)
    said = {match[1]: match[2] for match in matches}
    return Query(
        path.parent.name,
        path.stem,
        title,
        said["asks"],
        _params(said["params"]),
        tuple(said["returns"].split(", ")),
        said.get("rule", ""),
        said.get("command", ""),
        text,
    )


def _params(text: str) -> dict[str, int | None]:
    pairs = (one.partition("=") for one in text.split(", ") if one != _NONE)
    return {name: int(default) if default else None for name, _, default in pairs}
