"""Pages of documents, and how their fenced blocks are run.

``console`` holds commands after ``$`` and what they print, where ``…`` stands for anything: for
lines on a line of its own, for text inside one. ``nhigraph …; echo $?`` prints the exit code last;
without it, it must be 0. ``python`` is run, one page in one namespace. ``yaml title="NAME"`` is
written to a file of that name. ``sh needs="…"`` is not run: it needs a network, a server, or the
whole checkout.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.docs.command import nhigraph
from tests.docs.reading import Fence, fences

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_ANY = "…"
#: Behind a blank: a mark inside a word, as in ``nightly.yml#build``, begins no comment.
_COMMENT = re.compile(r"\s#\s.*$")


def blocks(page: Path) -> list[Fence]:
    """Fenced blocks of a page."""
    return fences(page.read_text(encoding="utf-8"))


def title(fence: Fence) -> str:
    """Name of the file that a block is."""
    found = re.search(r'title="([^"]+)"', fence.title)
    return found[1] if found else ""


def needs(fence: Fence) -> str:
    """What a block needs that a test has not."""
    found = re.search(r'needs="([^"]+)"', fence.title)
    return found[1] if found else ""


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Commands of a console, each with what it is said to print."""
    command, told = "", list[str]()
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, told
            command, told = line[2:], []
        elif command.endswith("\\"):
            command = command[:-1] + line.strip()
        else:
            told.append(line)
    if command:
        yield command, told


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a command of a page; its exit code, and what it printed."""
    words, asks = shlex.split(_COMMENT.sub("", command)), False
    if words[-2:] == ["echo", "$?"] and words[-3].endswith(";"):
        words, asks = [*words[:-3], words[-3][:-1]], True
    if ">" in words:
        at = words.index(">")
        words, into = words[:at], folder / words[at + 1]
    else:
        into = None
    program, *arguments = words
    if program == "cp":
        source, target = (folder / name for name in arguments)
        shutil.copy(source, target)
        return 0, ""
    assert program in {"nhigraph", ".venv/bin/nhigraph"}, f"nothing runs {program}"
    ran = nhigraph(*arguments, cwd=folder)
    printed = ran.err if into else ran.out + ran.err
    if into is not None:
        into.unlink(missing_ok=True)  # It may be another name of a file that all pages share.
        into.write_text(ran.out, encoding="utf-8")
    return (0, f"{printed}{ran.code}\n") if asks else (ran.code, printed)


def fits(told: list[str], printed: str) -> bool:
    """Whether what was printed is what a page says."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == _ANY else f"{_line(line)}\n"
        for line in told
    ]  # fmt: skip
    return re.fullmatch("".join(parts), printed) is not None


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.rstrip().split(_ANY)) + " *"
