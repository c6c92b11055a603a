"""A path drawn as a tree: who begins it, every step below, and beside each step what proves it."""

from collections.abc import Iterator, Sequence

from nhigraph.assurance.proofs import beside, filed, places
from nhigraph.assurance.rows import PathStep
from nhigraph.output import counted, printable
from nhigraph.output.terminal import HEAD, RULE, cell_width, folded, painted

#: A step's line and those below it, in front of any step but the last, and of the last.
_BRANCH, _LAST = ("├─ ", "│    "), ("└─ ", "     ")
#: A line has at least so much room, however narrow the terminal.
_LEAST = 24


def drawn(
    start: str,
    steps: Sequence[PathStep],
    *,
    width: int | None = None,
    colour: bool = False,
    quoted: bool = False,
) -> str:
    """The path, a step a branch.

    A step that fits on a line has its places behind it in brackets; else each has a line below.

    Args:
        start: Where it begins.
        steps: Its steps.
        width: Columns of the terminal; None where nothing is broken (a pipe, a file).
        colour: Who begins stands out, and places stand back.
        quoted: Whether each place is quoted, and the digests of the documents follow.
    """
    lines = [painted(printable(start), HEAD if colour else "")] if steps else []
    for at, step in enumerate(steps):
        branch, below = _LAST if at == len(steps) - 1 else _BRANCH
        lines += _step(branch, below, step, width, colour=colour, quoted=quoted)
    if quoted:
        lines += _digests(steps)
    return "".join(f"{line}\n" for line in lines)


def _step(
    branch: str, below: str, step: PathStep, width: int | None, *, colour: bool, quoted: bool
) -> Iterator[str]:
    marks = [step.action, "" if step.certainty == "certain" else step.certainty]
    marks += [f"if {step.condition}" if step.condition else ""]
    marks += [f"past gate {step.gate}" if step.gate else ""]
    said = "; ".join(mark for mark in marks if mark)
    does = f"{step.edge_kind}{f' ({said})' if said else ''} → {step.target}"
    head = f"{printable(does)}  {step.state}"
    told = [printable(step.place), *(printable(one.full_place) for one in beside(step))]
    place = f"[{'; '.join(told)}]"
    if not quoted and (width is None or cell_width(f"{branch}{head}  {place}") <= width):
        yield f"{branch}{head}  {painted(place, RULE if colour else '')}"
        return
    first, *more = _broken(head, len(branch), width)
    yield branch + first
    yield from (below + line for line in more)
    for line in _quotes(step) if quoted else told:
        indent = below + " " * (len(line) - len(line.lstrip()))
        for part in _broken(line.lstrip(), len(indent), width):
            yield indent + painted(part, RULE if colour else "")


def _broken(text: str, indent: int, width: int | None) -> list[str]:
    """Lines that have room beside what stands in front of them."""
    if width is None:
        return [text]
    return [line.rstrip() for line in folded(text, max(width - indent, _LEAST))]


def _quotes(step: PathStep) -> Iterator[str]:
    """The places that state a step, and what stands there."""
    told, more = places(step)
    for place in told:
        yield printable(place.full_place)
        for line in place.quotes or (f"({place.unquoted})",):
            yield f"  {printable(line)}"
    if more:
        yield f"and {counted(more, 'more place', 'more places')}"


def _digests(steps: Sequence[PathStep]) -> Iterator[str]:
    """Digest and name of each document, as sha256sum prints and checks them."""
    documents = filed(steps)
    if documents:
        yield "sha256 of these documents:"
    for one in documents:
        yield printable(f"  {one.sha256}  {one.artifact}")
