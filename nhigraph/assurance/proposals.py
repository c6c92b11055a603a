"""Proposed targets, and the text of the scope that holds them.

``# `` stands before a line that can be confirmed, ``##`` before words for the reader: with all
marks taken off, the file is a valid scope. Names come from inputs and are quoted by YAML's rules;
none of them can end the line it stands on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nhigraph.assurance.select import Selector
from nhigraph.assurance.topics import PERSONAL, Topic
from nhigraph.records import dataclass
from nhigraph.schema.claims import UNKNOWN

#: Most targets that are proposed, and most selectors of one target.
TARGETS, SELECTORS = 40, 12
#: Most characters of a name that a comment shows.
_SHOWN = 80

_WHY_ROLE = {
    "record": "what it holds is in the books",
    "feeder": "the books take from it",
    "key_report": "its words are those of a report on which the statements rest",
    "itgc_tool": "it decides who may do what",
    "audit_trail": "it shows what was done",
    "unknown": "no name says which; none, if the statements do not rest on it",
}
_WHY_CATEGORY = {
    "[A]": "without it, data cannot be read or restored",
    "[C]": "who reads it discloses it",
    "[C, P]": "who reads it discloses it, and it is about people",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A selector item: its conditions, the nodes that match, and the reason for it."""

    conditions: dict[str, str]
    nodes: frozenset[int]
    why: str


@dataclass(slots=True)
class Proposal:
    """A target that is proposed.

    Attributes:
        id: Id it would have.
        topic: What it is about.
        role: Role in financial reporting, or the lane of a trust target.
        why: What speaks for it.
        items: Its selector items, most nodes first.
        doubtful: Only its being a report speaks for it.
        upstream: Nodes from which lineage leads to it.
        followers: Nodes that take from it.
    """

    id: str
    topic: Topic
    role: str
    why: str
    items: list[Item]
    doubtful: bool = False
    upstream: int = 0
    followers: int = 0

    @property
    def nodes(self) -> set[int]:
        """All nodes that its items match, those left out included."""
        return set().union(*(item.nodes for item in self.items))


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a target that no export does.

    Attributes:
        basis: Whose statements it counts for; ``unknown`` where nobody said.
        role: What it is to the books, in place of what was proposed; empty for that.
    """

    basis: str = UNKNOWN
    role: str = ""


_NOTHING_SAID = Said()


def written(ranked: Sequence[Proposal], organization: str | None, selector: Selector) -> str:
    """The scope that proposes these targets, the first of them first."""
    lines = _head(organization, empty=not ranked)
    for number, proposal in enumerate(ranked[:TARGETS], 1):
        lines += _target(number, proposal, selector)
    if len(ranked) > TARGETS:
        lines += ["##", f"## {len(ranked) - TARGETS} more, less relied on, are left out."]
    return "\n".join([*lines, *_FOOT]) + "\n"


def _escaped(char: str) -> str:
    """A character as YAML escapes it; every one that is not plainly seen is."""
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    point = ord(char)
    if 0xD800 <= point <= 0xDFFF:  # noqa: PLR2004 - half a pair: no file can hold it
        return "?"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004 - as above


def quoted(text: str) -> str:
    """Text as a YAML scalar on one line."""
    return f'"{"".join(map(_escaped, text))}"'


def shown(text: str) -> str:
    """A name in a comment: one line, none of it an order to a terminal."""
    return quoted(text[:_SHOWN] + ("…" if len(text) > _SHOWN else ""))


def _count(number: int) -> str:
    return "1 node" if number == 1 else f"{number} nodes"


def _head(organization: str | None, *, empty: bool) -> list[str]:
    name = quoted(organization or "name of the organisation")
    return [
        "## A scope to start from, proposed from names, tags, owners, dbt exposures and lineage.",
        '## A name is a reason to look, no proof: nothing below is claimed yet. Take the "# " off',
        "## the lines you confirm, change what is wrong in them, delete the rest. Words behind",
        '## "##" are for the reader only. What lineage leads to most comes first.',
        "nhigraph: scope/1",
        f"organization: {name}" if organization else f"# organization: {name}",
        "# commitments: unknown  # the categories you promised, such as [S, A, C]: no export says",
        "targets: []  # no name, label or report points at any" if empty else "targets:",
    ]


_FOOT = (
    "##",
    "## Who else runs what is yours to answer for: whatever no list names is in your boundary.",
    "# boundary: {carve_out: [], inclusive: [], outside: []}  # no export says",
)


def confirmed(proposal: Proposal, selector: Selector, said: Said) -> list[str]:
    """Lines of a proposed target as an item of a list of YAML, no mark before them.

    Args:
        proposal: What is confirmed.
        selector: Counts what its selectors match.
        said: What else is known of it.
    """
    marked = _target(0, proposal, selector, said)
    return [one.removeprefix("#   ") for one in marked if not one.startswith("##")]


def is_books(proposal: Proposal) -> bool:
    """Whether a proposal is about financial reporting, and not a promise of trust."""
    return proposal.role in _WHY_ROLE


def _fields(proposal: Proposal, said: Said) -> Iterator[tuple[str, str]]:
    """Field and value, and the reason, of a proposed target."""
    topic = proposal.topic
    yield f"id: {proposal.id}", proposal.why
    if is_books(proposal):
        yield "family: financial-reporting", "a misstatement could come of it"
        if topic.process:
            yield f"process: {topic.process}", "where it usually belongs"
        role = said.role or proposal.role
        yield f"fs_role: {role}", _WHY_ROLE.get(role, "as you said")
        why = (
            "own, user_entity or both: no export says" if said.basis == UNKNOWN else "as you said"
        )
        yield f"icfr_basis: {said.basis}", why
    else:
        personal = topic.id in PERSONAL
        letters = "[A]" if proposal.role == "A" else "[C, P]" if personal else "[C]"
        yield "family: trust-service", "somebody may have been promised this"
        yield f"commitments: {letters}", _WHY_CATEGORY[letters]
    if topic.id in PERSONAL:
        yield "data_class: [confidential, personal]", "what such data usually holds"
    elif proposal.role == "C":
        yield "data_class: [confidential]", "what such data usually holds"


def _counted(selector: Selector, item: Item) -> Item:
    """The item with what its selector really matches, where that may be more than was seen."""
    if "dbt" in item.conditions or any("?" in value for value in item.conditions.values()):
        return replace(item, nodes=frozenset(selector.item(item.conditions)))
    return item


def _kept(proposal: Proposal, selector: Selector) -> list[Item]:
    return [_counted(selector, item) for item in proposal.items[:SELECTORS]]


def heading(number: int, proposal: Proposal, selector: Selector) -> str:
    """A proposal in one line: its number and id, how many nodes, and what leads to them."""
    kept = _kept(proposal, selector)
    matched = len(set().union(*(item.nodes for item in kept)))
    verb = "takes" if proposal.followers == 1 else "take"
    around = f"lineage leads to it from {proposal.upstream}, {proposal.followers} {verb} from it"
    return f"{number}. {proposal.id}: {_count(matched)}; {around}"


def _target(
    number: int, proposal: Proposal, selector: Selector, said: Said = _NOTHING_SAID
) -> list[str]:
    kept = _kept(proposal, selector)
    lines = ["##", f"## {heading(number, proposal, selector)}."]
    for at, (text, why) in enumerate(_fields(proposal, said)):
        lines.append(f"#   {'  ' if at else '- '}{text}  # {why}")
    lines.append("#     select:  # any of these")
    for item in kept:
        body = ", ".join(f"{name}: {quoted(value)}" for name, value in item.conditions.items())
        lines.append(f"#       - {{{body}}}  # {_count(len(item.nodes))}: {item.why}")
    if len(proposal.items) > SELECTORS:
        rest = proposal.items[SELECTORS:]
        nodes = _count(len(set().union(*(item.nodes for item in rest))))
        lines.append(f"##      left out: {len(rest)} more selectors, {nodes}")
    return lines
