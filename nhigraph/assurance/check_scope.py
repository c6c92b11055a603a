"""What is doubtful about a scope: claims that match nothing, contradict, or leave answers open.

What it misses: whether a claim that matches is true. That is the user's to know.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from nhigraph.assurance.proposals import shown
from nhigraph.assurance.rows import Target
from nhigraph.assurance.scope import FINANCIAL, Resolved
from nhigraph.assurance.select import Selector
from nhigraph.assurance.verdict import in_order
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.controls import CATEGORIES
from nhigraph.schema.types import Family

LEVELS = ("error", "warning", "note")
#: Issues for which close names are looked up: each costs a look at every key.
_ADVISED = 25
#: Candidates that are compared letter by letter, and things of one sort that are listed.
_COMPARED, _LISTED = 1000, 20
#: Longest name that is compared: the comparison is quadratic.
_LONGEST = 200

_CONDITION = re.compile(r"(?:^|, )(key|kind|name|tag|label|group|owner|dbt|downstream_of): ")
_MISSING = re.compile(r"no input describes (.+)\Z", re.DOTALL)
_CLASSES = {"confidential": "C", "personal": "P"}
_ASSURANCE = {k.label for k in kinds.NODE_KINDS.values() if k.family is Family.ASSURANCE}


@dataclass(frozen=True, slots=True)
class ScopeIssue:
    """One thing to look at.

    Attributes:
        level: ``error`` (a claim without effect), ``warning`` (answers stay open or may be
            wrong) or ``note`` (worth knowing).
        target: Id of the target in the scope; empty where it is about something else.
        artifact: The scope file; empty where it is about the scope as a whole.
        pointer: Place in it.
        problem: What was found.
        advice: What to do.
    """

    level: str
    target: str
    artifact: str
    pointer: str
    problem: str
    advice: str


def check(resolved: Resolved, led_to: Mapping[str, int] | None) -> list[ScopeIssue]:
    """Everything doubtful about a scope, worst first, then in the order of the file.

    Args:
        resolved: The scope on its graph.
        led_to: Target key to the number of identities that reach it; None where it was not asked.
    """
    checker = _Checker(resolved)
    found = {
        *checker.unmatched(),
        *checker.refused(),
        *checker.targets(led_to),
        *checker.commitments(),
        *checker.twins(),
        *checker.conflicts(),
    }
    return sorted(found, key=_order)


def _order(issue: ScopeIssue) -> tuple[int, str, list[tuple[int, str]], str, str]:
    parts = re.split(r"(\d+)", issue.pointer)
    # Numbers in a pointer are places in a list: 10 comes after 9.
    natural = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    level = LEVELS.index(issue.level)
    return level, issue.artifact, natural, issue.target, issue.problem


class _Checker:
    """The checks of one scope."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.estate = resolved.estate
        self.graph = resolved.estate.graph
        self.near = _Near(self.graph, Selector(self.graph, self.estate.day))
        #: Target id to one target per category; in the order of their keys.
        self.by_id: dict[str, list[Target]] = {}
        for target in self.estate.targets:
            self.by_id.setdefault(target.id, []).append(target)
        self.places = {name: self._place(many) for name, many in self.by_id.items()}
        self.at = {place: name for name, places in self.places.items() for place in places}

    def _place(self, targets: Iterable[Target]) -> list[tuple[str, str]]:
        """Where a target is claimed, smallest place first."""
        ids = (self.graph.node_id(target.key) for target in targets)
        found = {
            (evidence.artifact, evidence.pointer)
            for node in ids
            if node is not None
            for evidence in self.graph.evidence_of("node", node)
        }
        return sorted(found)

    def _issue(self, level: str, target: str, problem: str, advice: str) -> ScopeIssue:
        artifact, pointer = next(iter(self.places.get(target, ())), ("", ""))
        return ScopeIssue(level, target, artifact, pointer, problem, advice)

    # -- what matches nothing -------------------------------------------------------------------

    def unmatched(self) -> Iterator[ScopeIssue]:
        """Selector items that match no node."""
        for number, (artifact, pointer, text) in enumerate(sorted(set(self.resolved.unmatched))):
            target = self.at.get((artifact, pointer), "")
            section = pointer.split("/")[1] if "/" in pointer else ""
            subject = {
                "boundary": "a boundary that matches no node",
                "owners": "an owner of no node",
            }.get(section, "a selector that matches no node")
            advice = self.near.advice(text) if number < _ADVISED else "look for a misspelling"
            problem = f"{subject}: {shown(text)}"
            yield ScopeIssue("warning", target, artifact, pointer, problem, advice)

    def refused(self) -> Iterator[ScopeIssue]:
        """Links and other facts of the scope that could not be joined."""
        for number, (artifact, pointer, reason) in enumerate(sorted(set(self.resolved.refused))):
            missing = _MISSING.search(reason)
            close = self.near.keys(missing[1]) if missing and number < _ADVISED else []
            advice = _meant(close) or "give the export that describes it, or correct the key"
            problem = f"not joined: {_line(reason)}"
            yield ScopeIssue("error", "", artifact, pointer, problem, advice)

    # -- targets --------------------------------------------------------------------------------

    def targets(self, led_to: Mapping[str, int] | None) -> Iterator[ScopeIssue]:
        """Targets that rest on nothing, that nothing leads to, or that say too little."""
        if not self.by_id:
            advice = "declare one; `nhigraph scope suggest` proposes some"
            yield self._issue("error", "", "no target is declared, so nothing is judged", advice)
        for name, many in self.by_id.items():
            if not any(target.nodes for target in many):
                problem = f"no node supports this target{self._why_empty(name)}"
                advice = "correct its selectors, or give the export that describes its nodes"
                yield self._issue("error", name, problem, advice)
            elif led_to is not None and not any(led_to.get(target.key) for target in many):
                problem = "no identity reaches this target in what was read"
                advice = "worth no more than the coverage: see what was not supplied"
                yield self._issue("note", name, problem, advice)
            for target in many:
                yield from self._unsaid(name, target)

    def _why_empty(self, name: str) -> str:
        missed = {(artifact, pointer) for artifact, pointer, _ in self.resolved.unmatched}
        if missed.isdisjoint(self.places[name]):
            return ": it selects nothing, or only what the boundary says is outside"
        return ""

    def _unsaid(self, name: str, target: Target) -> Iterator[ScopeIssue]:
        advice = "say it, and answers that are undetermined for want of it are settled"
        if target.family == FINANCIAL:
            for field in ("fs_role", "icfr_basis"):
                # On what the statements do not rest, no basis is to be stated.
                if getattr(target, field) == "unknown" and target.fs_role != "none":
                    yield self._issue("warning", name, f"{field} is unknown", advice)
        elif target.category == "unknown":
            yield self._issue("warning", name, "its commitments are unknown", advice)

    def commitments(self) -> Iterator[ScopeIssue]:
        """Categories of targets nobody committed to, and commitments without a target."""
        committed = set(self.estate.commitments)
        if not committed:
            problem = "the organization's commitments are unknown: soc2 stays empty"
            yield self._issue("warning", "", problem, "state the scope's commitments")
        covered: set[str] = {"S"}  # security is common to all targets
        for name, many in self.by_id.items():
            found = {target.category for target in many if target.category in CATEGORIES}
            found |= {_CLASSES[c] for target in many for c in target.data_class}
            covered |= found
            outside = in_order(found - committed)
            if outside:
                problem = f"the organization did not commit to {', '.join(outside)}"
                advice = "its rows show these letters as outside the commitments"
                yield self._issue("note", name, problem, advice)
        for letter in in_order(committed - covered):
            problem = f"no target stands for the commitment {letter}"
            advice = "name the nodes it is kept on, or nothing can affect it"
            yield self._issue("warning", "", problem, advice)

    def twins(self) -> Iterator[ScopeIssue]:
        """Financial targets on the same nodes with different roles."""
        roles: dict[tuple[str, ...], list[Target]] = {}
        for target in self.estate.targets:
            if target.family == FINANCIAL and target.nodes:
                roles.setdefault(target.nodes, []).append(target)
        for many in roles.values():
            if len({target.fs_role for target in many}) > 1:
                said = ", ".join(f"{shown(t.id)} as {t.fs_role}" for t in many[:_LISTED])
                problem = f"the same nodes stand for {said}"
                yield self._issue("warning", many[0].id, problem, "keep one role for one thing")

    def conflicts(self) -> Iterator[ScopeIssue]:
        """Nodes that several lists of the boundary name."""
        advice = "carve_out stands before inclusive, and inclusive before outside"
        named = sorted(set(self.resolved.conflicts))
        for key in named[:_LISTED]:
            problem = f"several lists of the boundary name {shown(key)}"
            yield self._issue("warning", "", problem, advice)
        if len(named) > _LISTED:
            problem = f"several lists of the boundary name {len(named) - _LISTED} more nodes"
            yield self._issue("warning", "", problem, advice)


def _meant(close: Sequence[str]) -> str:
    return f"did you mean {' or '.join(map(shown, close))}?" if close else ""


def _line(text: str) -> str:
    """Words of ours with names of theirs: whole, on one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# -- what was meant -----------------------------------------------------------------------------


class _Near:
    """Names of a graph that are like a name that is not in it; the cost has a bound."""

    def __init__(self, graph: Graph, selector: Selector) -> None:
        self.graph, self.selector = graph, selector

    def advice(self, text: str) -> str:
        """What to do about a selector item that matches nothing.

        Args:
            text: Its conditions, as ``Resolved`` writes them.
        """
        item = _conditions(text)
        if not item:
            return "give it a condition; an empty one matches nothing"
        alone = {name: bool(self.selector.item({name: value})) for name, value in item.items()}
        if len(item) > 1 and all(alone.values()):
            return "each condition matches nodes, no node matches all: select them apart"
        for name, value in item.items():
            if not alone[name]:
                return _meant(self._like(name, value)) or self._otherwise(name, value)
        return "look for a misspelling"

    def _otherwise(self, name: str, value: str) -> str:
        if name == "downstream_of" and self.selector.item({"key": value}):
            return "the start exists, and no lineage leaves it: give the export that shows it"
        if name == "kind":
            present = sorted(set(self.graph.kind_list) - _ASSURANCE)
            return f"the inputs have {', '.join(present[:_LISTED]) or 'no nodes'}"
        return f"no {name} in the inputs is like it: give the export that describes it"

    def _like(self, name: str, value: str) -> list[str]:
        if name in {"key", "downstream_of"}:
            return [] if self._flows(name, value) else self.keys(value)
        if name == "kind":
            return _close(value, sorted(set(self.graph.kind_list) - _ASSURANCE))
        if name in {"name", "owner"}:
            return _close(value, sorted({*self.graph.nodes[name].tolist()} - {""}))
        if name == "dbt":
            return self._dbt(value)
        return _close(value, self._words({"tag": "tags", "label": "labels"}.get(name, name)))

    def _flows(self, name: str, value: str) -> bool:
        return name == "downstream_of" and bool(self.selector.item({"key": value}))

    def _words(self, name: str) -> list[str]:
        found: set[str] = set()
        for _, props in self.graph.nodes_with_property(name):
            words = props.get(name, ())
            if isinstance(words, str):
                found.update(words.split(";"))
            elif isinstance(words, list | tuple):
                found.update(str(word) for word in words)
        return sorted(found)

    def _dbt(self, value: str) -> list[str]:
        method, colon, rest = value.partition(":")
        if colon and method in {"tag", "group"}:
            words = self._words("tags" if method == "tag" else "group")
            return [f"{method}:{word}" for word in _close(rest, words)]
        mark = "report:dbt:" if method == "exposure" and colon else "model:dbt:"
        first, last = self._span(mark)
        tails = [key.removeprefix(mark) for key in self._keys[first:last]]
        if method == "exposure" and colon:
            return [f"exposure:{word}" for word in _close(rest, tails)]
        return _close(value, sorted({*self._words("dbt"), *(t.rpartition(".")[2] for t in tails)}))

    # -- keys -----------------------------------------------------------------------------------

    def keys(self, wanted: str) -> list[str]:
        """Keys that begin as the wanted one does and are most like it, or end as it does.

        Of many that share a beginning, those are compared that lie nearest in the sorted list.
        """
        literal = re.split(r"[*?]", wanted.rstrip("*"), maxsplit=1)[0]
        # Where only the end is open, only as much of a key is compared.
        size = len(literal) if literal != wanted else _LONGEST
        first, last, at = self._neighbours(literal)
        first, last = max(first, at - _COMPARED // 2), min(last, at + _COMPARED // 2)
        candidates = {key[:size]: key for key in reversed(self._keys[first:last])}
        close = [candidates[text] for text in _close(literal, candidates)]
        tail = _tail(literal)
        return [*close, *(k for k in self._tails.get(tail, ()) if tail and k not in close)][:2]

    def _neighbours(self, literal: str) -> tuple[int, int, int]:
        """Nodes with the longest beginning that any key shares, and where the text would stand."""
        low, high = 0, len(literal)
        while low < high:
            middle = (low + high + 1) // 2
            first, last = self._span(literal[:middle])
            low, high = (middle, high) if first < last else (low, middle - 1)
        # A name's own beginning tells less than the mark before it: one letter may be wrong.
        low = max((literal.rfind(mark, 0, low) + 1 for mark in ".:/_-"), default=0)
        return *self._span(literal[:low]), bisect_left(self._keys, literal)

    def _span(self, prefix: str) -> tuple[int, int]:
        size = len(prefix)
        first = bisect_left(self._keys, prefix)
        return first, bisect_right(self._keys, prefix, first, key=lambda key: key[:size])

    @cached_property
    def _keys(self) -> list[str]:
        pairs = zip(self.graph.key_list, self.graph.kind_list, strict=True)
        return [key for key, kind in pairs if kind not in _ASSURANCE]

    @cached_property
    def _tails(self) -> dict[str, list[str]]:
        """Keys by their last part, whatever its case."""
        found: dict[str, list[str]] = {}
        for key in self._keys:
            several = found.setdefault(_tail(key), [])
            if len(several) < 2:  # noqa: PLR2004 - as many as are shown
                several.append(key)
        return found


def _tail(key: str) -> str:
    return re.split(r"[.:/]", key)[-1].casefold()


def _conditions(text: str) -> dict[str, str]:
    """Conditions of an item from its text; values that look like conditions are guessed at."""
    parts = _CONDITION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _close(wanted: str, words: Collection[str]) -> list[str]:
    """At most two words that are like the wanted one, whatever the case; bounded in cost."""
    folded = wanted.casefold()
    if len(folded) > _LONGEST:
        return []
    same = [word for word in words if word.casefold() == folded]
    if same or len(words) > _COMPARED:
        begin = [w for w in words if w.casefold().startswith(folded[:4])][:_COMPARED]
        words = same or begin
    by_folded = {word.casefold(): word for word in words if len(word) <= _LONGEST}
    return [by_folded[close] for close in get_close_matches(folded, by_folded, 2, 0.7)]
