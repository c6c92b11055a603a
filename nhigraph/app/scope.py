"""Propose a scope from what was read, write what is confirmed of it, and check one against it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path

from nhigraph.app.assess import problem, require_read, require_scope, with_scope
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.scope_places import PlacedIssue, placed
from nhigraph.app.scope_text import create, loaded, read, with_items, write
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.check_scope import check
from nhigraph.assurance.day import Day
from nhigraph.assurance.proposals import TARGETS, Proposal, Said, confirmed, heading, quoted
from nhigraph.assurance.select import Selector
from nhigraph.assurance.suggest import proposed, suggest
from nhigraph.errors import UsageError
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass

_TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class Head:
    """What a scope says of itself, where nobody says it in a file yet.

    Attributes:
        organization: Its name; empty where nobody said.
        commitments: Letters of the categories that it promised; empty where nobody said.
        as_of: ISO date of every answer; empty for that of the newest export.
    """

    organization: str = ""
    commitments: tuple[str, ...] = ()
    as_of: str = ""


@dataclass(frozen=True)
class Proposals:
    """What the inputs propose, in the order and under the numbers of ``text``.

    Attributes:
        graph: What was read.
        unread: Documents that could not be read, each with what is wrong with it.
    """

    graph: Graph
    unread: tuple[str, ...] = ()

    @cached_property
    def ranked(self) -> list[Proposal]:
        """The proposals; the first has number 1."""
        return proposed(self.graph)[:TARGETS]

    def text(self, organization: str | None = None) -> str:
        """Text of a scope file, every target commented out."""
        return suggest(self.graph, organization)

    @cached_property
    def selector(self) -> Selector:
        """What counts the nodes that they select."""
        return Selector(self.graph, Day(""))

    def heading(self, number: int) -> str:
        """A proposal in one line: how many nodes it selects, and what leads there."""
        return heading(number, self.ranked[number - 1], self.selector)

    def lines(self, number: int, said: Said) -> list[str]:
        """A proposal as an item of a list of targets."""
        return confirmed(self.ranked[number - 1], self.selector, said)


def proposals(inputs: Sequence[Path], *, repo: str | None = None) -> Proposals:
    """What the inputs propose as targets."""
    found = collect(inputs, repo=repo)
    return Proposals(found.graph, tuple(problem(one) for one in found.coverage.bad))


def numbers(text: str, most: int) -> list[int]:
    """Numbers of proposals, such as ``1,2,5-7``, each once and in their order.

    Raises:
        UsageError: It is no such list, or one of them is no proposal.
    """
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise UsageError(f"--accept: {part!r} is no number; expected a list such as 1,2,5-7")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= most:
            said = f"there are {most}, 1 to {most}" if most else "there are none"
            raise UsageError(f"--accept: {part} names no proposal; {said}")
        found.update(range(low, high + 1))
    return sorted(found)


@dataclass(slots=True)
class Written:
    """What became of a scope file.

    Attributes:
        made: It was not there before.
        added: Ids of targets that were added.
        there: Ids that it had already; what it says of them stands.
    """

    made: bool = False
    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)


def accept(
    path: Path, found: Proposals, chosen: Mapping[int, Said], head: Head | None = None
) -> Written:
    """Write proposals into a scope file, which is made where it is not there.

    Args:
        path: The file; all that it says stays, comments included.
        found: The proposals.
        chosen: Number of each that is confirmed, and what else is said of it.
        head: What a file that is made says of itself.

    Raises:
        UsageError: The file cannot be read, added to or written.
    """
    done = Written(made=not path.exists())
    text = _head(head or Head()) if done.made else read(path)
    before = () if done.made else _ids(text)
    blocks = []
    for number, said in sorted(chosen.items()):
        name = found.ranked[number - 1].id
        if name in before:
            done.there.append(name)
        else:
            done.added.append(name)
            blocks.append(found.lines(number, said))
    if blocks:
        text = with_items(text, _TARGETS, blocks)
    if done.made:
        create(path, text)
    elif blocks:
        write(path, text)
    return done


def _ids(text: str) -> Collection[str]:
    stated = loaded(text)
    targets = stated.get(_TARGETS) if isinstance(stated, dict) else None
    return {str(one.get("id")) for one in targets or () if isinstance(one, dict)}


def _head(head: Head) -> str:
    letters = ", ".join(head.commitments)
    lines = [
        "# What is claimed here is yours: which things are the books, and what was promised.",
        "nhigraph: scope/1",
        f"organization: {quoted(head.organization)}"
        if head.organization
        else '# organization: "name of the organisation"',
        f"commitments: [{letters}]  # what the organisation promised"
        if letters
        else "commitments: unknown  # the categories you promised, such as [S, A, C]",
    ]
    if head.as_of:
        lines.append(f"as_of: {head.as_of}")
    return "\n".join(lines) + "\n"


def checked(
    inputs: Sequence[Path],
    *,
    scope: Path | None = None,
    option: str | None = None,
    repo: str | None = None,
    include_disabled: bool = False,
) -> tuple[Judged, list[PlacedIssue]]:
    """What a scope leaves open on these inputs.

    Args:
        inputs: Files and folders.
        scope: The scope file, where it does not lie among them.
        option: ISO date that overrides scope and extracts.
        repo: ``owner/name`` of a checkout without a GitHub remote.
        include_disabled: Inactive nodes count as active.

    Raises:
        UsageError: There is no scope, or the one that was given could not be read.
    """
    inputs = with_scope(inputs, scope)
    found = collect(inputs, repo=repo)
    require_read(scope, found)
    require_scope(found)
    judged = of_collection(found, option=option, include_disabled=include_disabled)
    rows = answer(Analysis(judged.estate), Options(all_reached=True, paths=0)).verdicts
    led_to = Counter(row.target for row in rows if row.target != "*")
    return judged, placed(check(judged.resolved, led_to), inputs)
