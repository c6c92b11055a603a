r"""A memo as Markdown: CommonMark with GitHub's tables.

What comes from inputs is made printable (no line break is left in it) and then escaped, so that
it reads as text everywhere: a backslash before any ASCII punctuation takes its meaning
(CommonMark 0.31, *Backslash escapes*). Marks that mean something only at the beginning of a line
are escaped there; an underscore within a word means nothing; ``://`` and ``www.`` are broken so
that nothing becomes a link by itself (GitHub's extended autolinks).
"""

import re
from collections.abc import Iterable

from nhigraph.output import printable
from nhigraph.output.memo.document import Block, Facts, Grid, Items, Memo, Paragraph

_ALWAYS = re.compile(r"[\\`*\[\]<>|~&$^]")
#: A run of blanks may mean code at the beginning of a line, and a break at its end.
_BLANKS = re.compile(r"\s+")
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LINK = re.compile(r":(?=//)|(?<=[wW]{3})\.|@")
_START = re.compile(r"\A(\s*)([-+#=!:]|\d{1,9}[.)])")


def escaped(text: str) -> str:
    """Text of an input as Markdown that shows it and nothing else."""
    found = _ALWAYS.sub(r"\\\g<0>", _BLANKS.sub(" ", printable(text)).strip())
    found = _UNDERSCORE.sub(r"\\_", found)
    found = _LINK.sub(lambda mark: f"\\{mark[0]}", found)
    return _START.sub(_at_start, found)


def _at_start(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}\\{mark}" if len(mark) == 1 else f"{found[1]}{mark[:-1]}\\{mark[-1]}"


def markdown(memo: Memo) -> str:
    """The memo as Markdown."""
    lines = [f"# {escaped(memo.title)}", "", *_facts(memo.head), f"**{escaped(memo.answer)}**", ""]
    for part in memo.parts:
        lines += [f"## {escaped(part.heading)}", ""]
        for block in part.blocks:
            lines += _block(block)
    lines += ["## Signed", ""]
    signed = tuple((who, "", "", "") for who in memo.signatures)
    lines += _block(Grid(("", "Name", "Date", "Signature"), signed))
    lines += ["---", ""]
    for text in memo.foot:
        lines += [escaped(text), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> Iterable[str]:
    match block:
        case Paragraph(text):
            return [escaped(text), ""]
        case Facts():
            return _facts(block)
        case Items(items, numbered):
            marks = (f"{number}." if numbered else "-" for number in range(1, len(items) + 1))
            return [*(f"{m} {escaped(one)}" for m, one in zip(marks, items, strict=True)), ""]
        case Grid(headers, rows):
            cells = [headers, *rows]
            told = [f"| {' | '.join(escaped(c) or ' ' for c in row)} |" for row in cells]
            return [told[0], f"|{'---|' * len(headers)}", *told[1:], ""]


def _facts(facts: Facts) -> list[str]:
    return [*(f"- {escaped(name)}: {escaped(value)}" for name, value in facts.pairs), ""]
