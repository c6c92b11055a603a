"""The sentences of questions."""

from collections.abc import Sequence

from nhigraph.assurance.question_rows import Proposal
from nhigraph.assurance.questions.question import Kind, Question
from nhigraph.facts.keys import forge
from nhigraph.policy.known_names import Known
from nhigraph.schema.claims import NOTHING
from nhigraph.schema.types import GateKind

NOTHING_LABEL = NOTHING
#: Stands in an answer for the key that whoever answers knows.
KEY = "KEY"
#: How what an export would settle begins, where it tells who trusts tokens.
TRUSTING = "which identities trust the tokens"
#: Of exports that no source reads.
_UNREADABLE = "No source of this version reads that export: an answer settles it."
#: Names that a sentence lists.
_LISTED = 3

_TESTS = {
    "human": "Does a person decide",
    "enforced_by_target": "Does the rule stand",
    "out_of_reach": "Is the rule out of reach of those it holds back",
    "content_bound": "Is what is approved the content that then runs",
    "no_auto_threshold": "Is nothing let through without a decision",
    "log_out_of_reach": "Is its log out of reach of those it holds back",
    "restorable": "Can what it keeps be restored",
    "tested": "Was the recovery tested",
}


def listed(names: Sequence[str]) -> str:
    """A few names in words."""
    several = sorted(set(names))
    shown = ", ".join(several[:_LISTED])
    return shown if len(several) <= _LISTED else f"{shown} and {len(several) - _LISTED} more"


def secret(
    names: Sequence[str],
    count: int,
    known: Known | None,
    handed: tuple[str, Known] | None = None,
) -> str:
    """What do secrets of one name, of one provider, or of one login open?

    Args:
        names: Their names.
        count: How many secrets there are.
        known: What the catalogue knows of the names.
        handed: Else a name under which one is handed on, with what the catalogue knows of that.
    """
    of = "of that name" if len(names) == 1 else "of these names"
    at = f" ({count} secrets {of})" if count > len(names) else ""
    asked = f"What {'does' if len(names) == 1 else 'do'} {listed(names)}{at} open?"
    its, whose, be = (
        ("its name", "its", "it is") if len(names) == 1 else ("their names", "their", "they are")
    )
    if known is not None:
        return f"{asked} By {its} {be} of {known.title}: {whose} holder {_may(known)}."
    if handed is not None:
        name, of_name = handed
        told = f"handed on as {name}, which is of {of_name.title}"
        return f"{asked} {told[0].upper()}{told[1:]}: its holder {_may(of_name)}."
    return asked


def _may(known: Known) -> str:
    return f"may {known.opens[0].lower()}{known.opens[1:].rstrip('.')}"


def trusted(repositories: Sequence[str], unread: Sequence[str], *, some: bool) -> str:
    """Who trusts tokens?

    Args:
        repositories: Whose tokens.
        unread: Exports that would tell and that no source reads, as "cloud: what it has".
        some: Whether one is read.
    """
    clouds = " and ".join(sorted({title.partition(":")[0] for title in unread}))
    rest = f" No source of this version reads the export of {clouds}." if unread else ""
    rest = rest if some or not unread else f" {_UNREADABLE}"
    return f"Which cloud identities trust the identity tokens of {listed(repositories)}?{rest}"


def variable(setting: str) -> str:
    """What is a variable?"""
    key = forge.Variable.parse(setting)
    name = setting if key is None else f"{key.name} of {key.repository.path}"
    return f"Which machine does the variable {name} name?"


def runner(home: str) -> str:
    """Where do jobs run?"""
    of = forge.home_of(home)
    return f"Do all jobs of {home if of is None else of.path} run on the provider's own machines?"


def same(one: str, other: str, closes: frozenset[int]) -> Question:
    """Are two holders one?"""
    pair = sorted((one, other))
    answers = (
        Proposal("different", {"answers": [{"different": pair}]}),
        Proposal("same", {"answers": [{"same": pair}]}),
    )
    text = f"Are {pair[0]} and {pair[1]} one server?"
    return Question(Kind.SAME, " and ".join(pair), text, closes, answers=answers)


def export(title: str, settles: str, names: Sequence[str], *, readable: bool = True) -> str:
    """Can an export be given?"""
    told = f" It tells {settles}." if settles else f" It tells of {listed(names)}."
    if not readable:
        return f"What does this say: {title}?{told} {_UNREADABLE}"
    return f"Can you give this: {title}?{told}"


def unread(names: Sequence[str], reasons: Sequence[str]) -> str:
    """What is at places that were not understood?"""
    return f"What is at {listed(names)}? Not known: {_ended(reasons)}"


def needs(
    names: Sequence[str], needed: Sequence[tuple[str, str]], edges: Sequence[Sequence[str]]
) -> str:
    """Does somebody hold what edges need?

    Args:
        names: Whoever it is asked of.
        needed: Key and state of what is needed.
        edges: Kind and end of the edges that need it.
    """
    many = len(set(names)) > 1
    held = " and ".join(f"{state} at {at}" for at, state in sorted(set(needed)))
    right = listed([f"{kind} to {to}" for kind, to in edges])
    asked = f"{'Do' if many else 'Does'} {listed(names)} hold {held}?"
    where = "them" if len({at for at, _ in needed}) > 1 else "it"
    need = "need" if len(edges) > 1 else "needs"
    return f"{asked} {right} {need} that, and no input describes {where}."


def leads(to: str, names: Sequence[str], kinds: Sequence[str]) -> str:
    """What is at a node that no input describes?

    Args:
        to: Its key.
        names: From where edges lead there.
        kinds: Of which kinds they are.
    """
    lead = "leads" if len(set(names)) == 1 else "lead"
    return (
        f"What is {to}? {listed(names)} {lead} there ({listed(kinds)}), and no input describes it."
    )


def becomes(names: Sequence[str], reasons: Sequence[str]) -> str:
    """Whom do jobs become elsewhere?"""
    verb = "does" if len(set(names)) == 1 else "do"
    return f"Whom {verb} {listed(names)} become? Not known: {_ended(reasons)}"


def _ended(reasons: Sequence[str]) -> str:
    """Reasons as the end of a sentence; one that asks back has its own mark."""
    told = "; ".join(reasons)
    return told if told.endswith(("?", ".")) else f"{told}."


def deciders(gate: str) -> str:
    """Who decides at a gate?"""
    return f"Who decides at {gate}? No input names anybody, so that nobody knows if it holds."


def condition(text: str, names: Sequence[str]) -> str:
    """Does a condition hold?"""
    return f"Is it so that {text}? It is asked for {listed(names)}."


def token_default(path: str) -> str:
    """What may tokens write by default?"""
    return f"Is the default of GITHUB_TOKEN in {path} to read only, or to write?"


def branch(path: str, name: str) -> str:
    """Is a branch guarded?"""
    which = "the default branch" if name == forge.UNNAMED else f"branch {name}"
    return f"Does a review stand before {which} of {path}?"


def gate(key: str, kind: GateKind, test: str) -> str:
    """Does a gate hold?"""
    unsaid = ", which no input describes" if kind is GateKind.CONTROL else ""
    return f"{_TESTS[test]}: the {kind} {key}{unsaid}?"
