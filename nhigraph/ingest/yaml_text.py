"""YAML with a plain schema and line numbers.

PyYAML's own loaders follow YAML 1.1: the key ``on`` becomes true, ``2026-01-01`` a date, ``1_0`` a
number. Workflow files and facts mean text there, so scalars are resolved here by the JSON subset
of the YAML 1.2 core schema (null, true, false, numbers), and nothing else.
"""

import re
from dataclasses import field
from typing import Any, Final

import yaml

from nhigraph.errors import InputError
from nhigraph.records import dataclass

Path = tuple[str | int, ...]

#: A list with this tag is a pointer into the document, as GitLab's pipelines have them; to whoever
#: does not ask it is a list (https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags).
REFERENCE: Final = "!reference"


class Reference(list[Any]):
    """A list that was written with that tag."""


_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_LONGEST_NUMBER = 32
_TAB: Final = "a tab stands here, and YAML is indented by spaces"


@dataclass(slots=True)
class Parsed:
    """A value, the one-based lines of its places, the line it starts on, and keys stated again."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    line: int = 1
    again: list[Path] = field(default_factory=list)


def scalar(text: str) -> Any:  # noqa: ANN401 - a YAML scalar is one of five types
    """Resolve a plain scalar by the core schema; whatever is not JSON stays text."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) <= _LONGEST_NUMBER:
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
    return text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Builder:
    """Builds values from parse events, so that size and depth can be limited on the way."""

    def __init__(self, artifact: str, *, depth: int, nodes: int, last: bool) -> None:
        self.artifact = artifact
        self.last = last
        self.again: list[Path] = []
        self.max_depth = depth
        self.max_nodes = nodes
        self.total = 0
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.lines: dict[Path, int] = {}

    def fail(self, event: yaml.Event, problem: str, advice: str = "") -> InputError:
        return InputError(self.artifact, f"line {_line(event)}", problem, advice)

    def spend(self, amount: int, event: yaml.Event) -> None:
        self.total += amount
        if self.total > self.max_nodes:
            raise self.fail(
                event,
                f"the document unfolds to more than {self.max_nodes} values",
                "split the file, or remove the nested aliases",
            )

    def node(self, events: Any, event: yaml.Event, path: Path) -> Any:  # noqa: ANN401 - YAML
        if len(path) > self.max_depth:
            raise self.fail(event, f"nested deeper than {self.max_depth} levels")
        self.lines.setdefault(path, _line(event))
        before = self.total
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                # Its name may be a secret that lacks its quotes.
                raise self.fail(
                    event, "unknown or recursive alias", "put a value that starts with * in quotes"
                )
            value, size = self.anchors[event.anchor]
            self.spend(size, event)
            return value
        self.spend(1, event)
        if isinstance(event, yaml.ScalarEvent):
            value = scalar(event.value) if event.implicit[0] else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(events, path)
            value = Reference(value) if event.tag == REFERENCE else value
        else:
            value = self.mapping(events, path)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = (value, self.total - before)
        return value

    def sequence(self, events: Any, path: Path) -> list[Any]:  # noqa: ANN401 - PyYAML's iterator
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            self.lines[(*path, len(items))] = _line(event)
            items.append(self.node(events, event, (*path, len(items))))
        return items

    def mapping(self, events: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 - see above
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self.fail(event, "a mapping key must be plain text")
            key = event.value
            self.spend(1, event)
            value_event = next(events)
            if key == "<<" and event.implicit[0]:
                value = self.node(events, value_event, (*path, key))
                for part in reversed(value if isinstance(value, list) else [value]):
                    if not isinstance(part, dict):
                        raise self.fail(event, "a merge key needs a mapping")
                    merged.update(part)
                continue
            if key in found and self.last:
                self.again.append((*path, key))
            elif key in found:
                first = self.lines[(*path, key)]
                problem = f"the key {key!r} stands here twice, first on line {first}"
                raise self.fail(event, problem, "keep one of the two, with what both say")
            self.lines[(*path, key)] = _line(event)
            found[key] = self.node(events, value_event, (*path, key))
        return {**merged, **found}


def parse(
    text: str,
    artifact: str,
    *,
    depth: int = 100,
    nodes: int = 2_000_000,
    last: bool = False,
) -> list[Parsed]:
    """Parse YAML documents, which may stand one after another; one at least, and may be empty.

    Args:
        text: The documents.
        artifact: Their file's name, for errors.
        depth: Deepest nesting allowed.
        nodes: Most values allowed after aliases are unfolded.
        last: Of a key that stands twice in a mapping the last value counts, as where its reader
            takes it; it is an error otherwise.

    Raises:
        InputError: Broken YAML, a duplicate key, a limit passed.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(artifact, depth=depth, nodes=nodes, last=last)
    found: list[Parsed] = []
    try:
        events = iter(yaml.parse(text, Loader=loader))
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                value = builder.node(events, next(events), ())
                found.append(Parsed(value, builder.lines, _line(event), builder.again))
                builder.lines, builder.anchors, builder.again = {}, {}, []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(
            artifact,
            f"line {mark.line + 1}" if mark else "",
            f"broken YAML: {_TAB if _tab(text, mark) else error.problem}",
            "mend the file or export it again",
        ) from None
    except yaml.reader.ReaderError:
        raise _no_character(text, artifact) from None
    except RecursionError:
        raise InputError(artifact, "", "nested too deep to read") from None
    return found or [Parsed(None)]


def _no_character(text: str, artifact: str) -> InputError:
    """What to say of a character that YAML has no place for, as every second one of UTF-16 is."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    at, what = (found.start(), f"U+{ord(found[0]):04X}") if found else (0, "one")
    return InputError(
        artifact,
        f"line {text.count(chr(10), 0, at) + 1}",
        f"broken YAML: a character that YAML does not allow, {what}",
        "save the file as UTF-8, or take the character out",
    )


def _tab(text: str, mark: Any) -> bool:  # noqa: ANN401 - yaml has no types
    """Whether a tab stands at a mark: the parser says of it that it begins no token."""
    if mark is None:
        return False
    lines = text.split("\n", mark.line + 1)
    at: str = lines[mark.line][mark.column : mark.column + 1] if len(lines) > mark.line else ""
    return at == "\t"
