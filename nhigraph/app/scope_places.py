"""Where in a scope file an issue stands, by line and column, as an editor counts them.

A claim's place is its record. What is doubtful is most often one word of it, which the issue
quotes: that word is where the cursor should go.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from nhigraph.assurance.rows import ScopeIssue
from nhigraph.facts.evidence import member
from nhigraph.records import dataclass

_QUOTED = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"")
#: Conditions of a selector item, as an issue quotes them: ``kind: Dataset, tag: ledger``.
_CONDITION = re.compile(r"(?:^|, )[a-z_]+: ")
_FIELD = re.compile(r"(?:[a-z]+: )?([a-z_]+)(?:/(\d+))?(?:: | is )")
_LINE = re.compile(r"line (\d+)\Z")


@dataclass(frozen=True, slots=True)
class PlacedIssue(ScopeIssue):
    """An issue, and where an editor finds it.

    Attributes:
        file: The file, as it was given on the command line; empty where it is about no file.
        line: Line of the word, from 1; 0 where it is not known.
        column: Column of the word, from 1; 0 where it is not known.
    """

    file: str = ""
    line: int = 0
    column: int = 0


def placed(issues: Iterable[ScopeIssue], inputs: Sequence[Path]) -> list[PlacedIssue]:
    """Issues with their places, in their order.

    Args:
        issues: What is doubtful.
        inputs: Files and folders as they were given.
    """
    files: dict[str, _File] = {}
    found = []
    for issue in issues:
        if issue.artifact not in files:
            files[issue.artifact] = _File(_path(issue.artifact, inputs))
        file = files[issue.artifact]
        line, column = file.place(issue)
        said = (issue.level, issue.target, issue.artifact, issue.pointer)
        name = issue.artifact if file.path is None else file.path.as_posix()
        found.append(PlacedIssue(*said, issue.problem, issue.advice, name, line, column))
    return found


def _path(artifact: str, inputs: Sequence[Path]) -> Path | None:
    """The file that a name in the coverage is, where it is one."""
    if not artifact:
        return None
    given = (path for path in inputs if path.name == artifact and path.is_file())
    below = (path / artifact for path in inputs if (path / artifact).is_file())
    return next(given, None) or next(below, None)


class _File:
    """A scope file, parsed when a place in it is asked for."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.root = None if path is None else _composed(path)

    def place(self, issue: ScopeIssue) -> tuple[int, int]:
        """Line and column of what an issue is about."""
        stated = _LINE.match(issue.pointer)
        if stated:
            return int(stated[1]), 1
        if self.root is None or not issue.artifact:
            return 0, 0
        key, node = _at(self.root, issue.pointer)
        mark = (_word(key, node, issue) or key or node).start_mark
        return mark.line + 1, mark.column + 1


def _composed(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, OSError, RecursionError, ValueError):
        return None


def _at(root: yaml.Node, pointer: str) -> tuple[yaml.Node | None, yaml.Node]:
    """The node at a pointer or the nearest above it, and its name where it has one."""
    key: yaml.Node | None = None
    node = root
    for part in pointer.split("/")[1:]:
        name = member(part)
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == name), None)
        elif isinstance(node, yaml.SequenceNode) and name.isdecimal():
            items = node.value[int(name) : int(name) + 1]
            pair = (None, items[0]) if items else None
        else:
            pair = None
        if pair is None:
            break
        key, node = pair
    return key, node


def _word(key: yaml.Node | None, node: yaml.Node, issue: ScopeIssue) -> yaml.Node | None:
    """The word that an issue quotes, else the value of the field that it begins with."""
    below = [*([key] if key is not None else []), *_scalars(node, set())]
    for word in _quoted(issue.problem):
        found = next((one for one in below if one.value == word), None)
        if found is not None:
            return found
    field = _FIELD.match(issue.problem)
    return None if field is None else _field(node, field[1], field[2])


def _field(node: yaml.Node, name: str, index: str | None) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    found: yaml.Node | None = next((value for one, value in pairs if one.value == name), None)
    if index is not None and isinstance(found, yaml.SequenceNode):
        return next(iter(found.value[int(index) : int(index) + 1]), found)
    return found


def _quoted(problem: str) -> Iterator[str]:
    """Words that a problem quotes; of conditions, their values."""
    for single, double in _QUOTED.findall(problem):
        whole = single or double
        yield whole
        yield from (part for part in _CONDITION.split(whole) if part and part != whole)


def _scalars(node: yaml.Node, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    """Every name and value below a node, each once, in the order of the file."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _scalars(part, seen)
    else:
        for part in node.value:
            yield from _scalars(part, seen)
