"""The text of a scope file: answers added to it, everything else left as its owner wrote it."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nhigraph.errors import UsageError
from nhigraph.output import line

_SECTION = "answers"


def with_answers(text: str, answers: Sequence[Mapping[str, Any]]) -> str:
    """The text of a scope with further answers; comments and layout stay.

    Args:
        text: YAML or JSON of a scope.
        answers: What to add.

    Raises:
        UsageError: The text is no scope that can be added to.
    """
    before = _loaded(text)
    if not isinstance(before, dict):
        raise UsageError("the scope file holds no mapping: nothing was written")
    made = _as_json(before, answers) if _is_json(text) else _as_yaml(text, answers)
    if "\r\n" in text:
        made = made.replace("\r\n", "\n").replace("\n", "\r\n")
    wanted = {**before, _SECTION: [*(before.get(_SECTION) or []), *answers]}
    if _loaded(made) != wanted:
        raise UsageError(
            "the scope file is written in a way that cannot be added to: nothing was written; "
            "paste the lines yourself"
        )
    return made


def _loaded(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError("the scope file is no YAML: nothing was written") from error


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _as_json(before: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> str:
    whole = {**before, _SECTION: [*(before.get(_SECTION) or []), *answers]}
    return json.dumps(whole, indent=2, ensure_ascii=False, default=str) + "\n"


def _as_yaml(text: str, answers: Sequence[Mapping[str, Any]]) -> str:
    root = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it was loaded as a mapping
    section = next((value for key, value in root.value if key.value == _SECTION), None)
    if section is None:
        end = "" if text.endswith("\n") else "\n"
        return f"{text}{end}{_SECTION}:\n" + "".join(f"  - {line(one)}\n" for one in answers)
    if isinstance(section, yaml.SequenceNode) and section.value and not section.flow_style:
        last, first = section.value[-1], section.value[0]
        at = _line_end(text, last.end_mark.index)
        dash = text.rfind("\n", 0, first.start_mark.index) + 1
        indent = text[dash : text.index("-", dash)]
        head = text[:at] if text[:at].endswith("\n") else f"{text[:at]}\n"
        return head + "".join(f"{indent}- {line(one)}\n" for one in answers) + text[at:]
    if isinstance(section, yaml.SequenceNode) and section.value:
        close = section.end_mark.index - 1
        more = "".join(f", {line(one)}" for one in answers)
        return text[: section.value[-1].end_mark.index] + more + text[close:]
    # Empty: a list in its place, whatever stood for it.
    start, stop = section.start_mark.index, section.end_mark.index
    block = "\n" + "".join(f"  - {line(one)}\n" for one in answers)
    after = text[stop:]
    return text[:start].rstrip(" ") + block.rstrip("\n") + (after or "\n")


def _line_end(text: str, at: int) -> int:
    """Where the line ends on which the last item does; its comment belongs to it."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


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
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, delete=False
        ) as file:
            file.write(text)
        made = Path(file.name)
        made.chmod(mode)
        made.replace(path)
    except OSError as error:
        raise UsageError(f"--scope: cannot be written: {error.strerror}") from error
