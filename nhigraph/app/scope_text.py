"""The text of a scope file: items added to a list of it, everything else as its owner wrote it.

Nothing is parsed and printed anew: the items are put in between the owner's own characters, so
comments, order, quoting and fields that this tool does not know stay. What was made is read again,
and must say what was there and the items; else nothing is written.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nhigraph.app.whole_file import write_whole
from nhigraph.errors import UsageError
from nhigraph.output import line

_ANSWERS = "answers"
_CANNOT = (
    "the scope file is written in a way that cannot be added to: nothing was written; "
    "paste the lines yourself"
)


def with_answers(text: str, answers: Sequence[Mapping[str, Any]]) -> str:
    """The text of a scope with further answers; comments and layout stay.

    Args:
        text: YAML or JSON of a scope.
        answers: What to add.

    Raises:
        UsageError: The text is no scope that can be added to.
    """
    return with_items(text, _ANSWERS, [[f"- {line(one)}"] for one in answers])


def with_items(text: str, section: str, blocks: Sequence[Sequence[str]]) -> str:
    """The text of a scope with further items in one of its lists.

    Args:
        text: YAML or JSON of a scope.
        section: Name of the list; it is made where it is not there.
        blocks: Items as lines of YAML, the first of each with its dash in the first column.

    Raises:
        UsageError: The text is no scope that can be added to.
    """
    before = loaded(text)
    if not isinstance(before, dict):
        raise UsageError("the scope file holds no mapping: nothing was written")
    items = [one for block in blocks for one in yaml.safe_load("\n".join(block))]
    wanted = {**before, section: [*(before.get(section) or []), *items]}
    if _is_json(text):
        made = json.dumps(wanted, indent=2, ensure_ascii=False, default=str) + "\n"
    else:
        made = _spliced(text, section, blocks, items)
    if "\r\n" in text:
        made = made.replace("\r\n", "\n").replace("\n", "\r\n")
    if loaded(made) != wanted:
        raise UsageError(_CANNOT)
    return made


def loaded(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """What the text of a scope file says.

    Raises:
        UsageError: It is no YAML.
    """
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError("the scope file is no YAML: nothing was written") from error


def _is_json(text: str) -> bool:
    """Whether it is JSON, which has no comments and one layout."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _spliced(
    text: str, section: str, blocks: Sequence[Sequence[str]], items: Sequence[object]
) -> str:
    """YAML with items put into one list of it."""
    root = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it was loaded as a mapping
    found = next((value for key, value in root.value if key.value == section), None)
    flow = ", ".join(map(line, items))  # type: ignore[arg-type]  # whatever they are, it dumps
    if found is None:
        return _new_section(text, root, section, blocks, flow)
    if isinstance(found, yaml.SequenceNode) and found.value and not found.flow_style:
        at = _line_end(text, found.value[-1].end_mark.index)
        return text[:at] + _on_lines(text[:at], blocks, _indent(text, found)) + text[at:]
    start, stop = found.start_mark.index, found.end_mark.index
    if root.flow_style or (isinstance(found, yaml.SequenceNode) and text[start:stop].strip("[] ")):
        return _inside(text, found, flow)
    # Empty: a list in its place, whatever stood for it.
    indent = " " * (root.start_mark.column + 2)
    block = "\n" + "".join(_block(blocks, indent)).rstrip("\n")
    return text[:start].rstrip(" ") + block + (text[stop:] or "\n")


def _new_section(
    text: str, root: yaml.MappingNode, section: str, blocks: Sequence[Sequence[str]], flow: str
) -> str:
    if root.flow_style:
        at = root.value[-1][1].end_mark.index if root.value else root.start_mark.index + 1
        before = ", " if root.value else ""
        return f"{text[:at]}{before}{section}: [{flow}]{text[at:]}"
    # What ends the document, such as `...`, stays behind it.
    at = root.end_mark.index if text[root.end_mark.index :].strip() else len(text)
    margin = " " * root.start_mark.column
    head = f"{margin}{section}:\n"
    return text[:at] + _on_lines(text[:at], blocks, f"{margin}  ", head) + text[at:]


def _inside(text: str, found: yaml.Node, flow: str) -> str:
    """Items put into the brackets of a list, behind the last one; in place of nothing, a list."""
    if not isinstance(found, yaml.SequenceNode):
        start, stop = found.start_mark.index, found.end_mark.index
        space = "" if text[:start].endswith(" ") else " "
        return f"{text[:start]}{space}[{flow}]{text[stop:]}"
    if found.value:
        at = found.value[-1].end_mark.index
        return f"{text[:at]}, {flow}{text[at:]}"
    at = found.start_mark.index + 1
    return f"{text[:at]}{flow}{text[at:]}"


def _indent(text: str, found: yaml.SequenceNode) -> str:
    """What stands before the dash of the first item."""
    dash = text.rfind("\n", 0, found.value[0].start_mark.index) + 1
    return text[dash : text.index("-", dash)]


def _on_lines(before: str, blocks: Sequence[Sequence[str]], indent: str, head: str = "") -> str:
    end = "" if before.endswith("\n") or not before else "\n"
    return end + head + "".join(_block(blocks, indent))


def _block(blocks: Sequence[Sequence[str]], indent: str) -> list[str]:
    return [f"{indent}{one}\n" for block in blocks for one in block]


def _line_end(text: str, at: int) -> int:
    """Where the line ends on which the last item does; its comment belongs to it."""
    start = text.rfind("\n", 0, at) + 1
    if not text[start:at].strip():
        return start  # A mapping ends where the next thing begins, behind its margin.
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def read(path: Path) -> str:
    """The text of a scope file, to be added to.

    Raises:
        UsageError: It cannot be read, or is another file: nothing of ours is written into that.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"--scope: {path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError("--scope: it is no UTF-8 text: nothing was written") from error
    said = loaded(text)
    if not isinstance(said, dict) or not str(said.get("nhigraph")).startswith("scope/"):
        raise UsageError(
            f"--scope: {path.name} is no scope/1, which says `nhigraph: scope/1` on top: "
            "nothing was written"
        )
    return text


def create(path: Path, text: str) -> None:
    """Make a file that is not there yet.

    Raises:
        UsageError: It cannot be made, or is there.
    """
    made = False
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            made = True
            file.write(text)
    except OSError as error:
        if made:  # a part of a scope claims less than was accepted
            path.unlink(missing_ok=True)
        raise UsageError(f"--scope: cannot be made: {error.strerror}") from error


def write(path: Path, text: str) -> None:
    """Replace a file as a whole; its mode stays.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        # A link stays a link: what it names is replaced.
        path = path.resolve(strict=True)
        mode = path.stat().st_mode & 0o777
        if not mode & 0o222:
            raise UsageError("--scope: the file may only be read: nothing was written")
        write_whole(path, text.encode())
    except OSError as error:
        raise UsageError(f"--scope: cannot be written: {error.strerror}") from error
