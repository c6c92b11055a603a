"""What is doubtful about a scope: claims that match nothing, contradict, or leave answers open.

What it misses: whether a claim that matches is true. That is the user's to know.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from nhigraph.assurance.proposals import shown
from nhigraph.assurance.rows import Target
from nhigraph.assurance.scope import FINANCIAL, Resolved
from nhigraph.assurance.select import Selector
from nhigraph.assurance.verdict import in_order
from nhigraph.graph.store import Graph
from nhigraph.schema.controls import CATEGORIES

LEVELS = ("error", "warning", "note")
#: Issues for which close names are looked up: each costs a look at every key.
_ADVISED = 25
#: Candidates that are compared letter by letter.
_COMPARED = 1000
#: Longest name that is compared: the comparison is quadratic.
_LONGEST = 200

_CONDITION = re.compile(r"(?:^|, )(key|kind|name|tag|label|group|owner|dbt|downstream_of): ")
_MISSING = re.compile(r"no input describes (.+)\Z", re.DOTALL)
_CLASSES = {"confidential": "C", "personal": "P"}


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
        for name, many in self.by_id.items():
            if not any(target.nodes for target in many):
                advice = "correct its selectors, or give the export that describes its nodes"
                yield self._issue("error", name, "no node supports this target", advice)
            elif led_to is not None and not any(led_to.get(target.key) for target in many):
                problem = "no identity reaches this target in what was read"
                advice = "worth no more than the coverage: see what was not supplied"
                yield self._issue("note", name, problem, advice)
            for target in many:
                yield from self._unsaid(name, target)

    def _unsaid(self, name: str, target: Target) -> Iterator[ScopeIssue]:
        advice = "say it, and answers that are undetermined for want of it are settled"
        if target.family == FINANCIAL:
            for field in ("fs_role", "icfr_basis"):
                if getattr(target, field) == "unknown":
                    yield self._issue("warning", name, f"{field} is unknown", advice)
        elif target.category == "unknown":
            yield self._issue("warning", name, "its commitments are unknown", advice)

    def commitments(self) -> Iterator[ScopeIssue]:
        """Categories of targets nobody committed to, and commitments without a target."""
        committed = set(self.estate.commitments)
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
                said = ", ".join(f"{t.id} as {t.fs_role}" for t in many)
                problem = f"the same nodes stand for {said}"
                yield self._issue("warning", many[0].id, problem, "keep one role for one thing")

    def conflicts(self) -> Iterator[ScopeIssue]:
        """Nodes that several lists of the boundary name."""
        for key in self.resolved.conflicts:
            problem = f"several lists of the boundary name {shown(key)}"
            advice = "carve_out stands before inclusive, and inclusive before outside"
            yield ScopeIssue("warning", "", "", "", problem, advice)


class _Near:
    """Names close to one that was not found."""

    def __init__(self, graph: Graph, selector: Selector) -> None:
        self.graph, self.selector = graph, selector

    def advice(self, selector_text: str) -> str:
        """What a selector item that matches nothing may have meant."""
        parts = _CONDITION.split(selector_text)
        conditions = dict(zip(parts[1::2], parts[2::2], strict=False))
        key = conditions.get("key") or conditions.get("downstream_of")
        if key:
            close = self.keys(key)
            return _meant(close) or "no key looks like it: is its export among the inputs?"
        return "look for a misspelling"

    def keys(self, name: str) -> list[str]:
        """Keys close to a name, among those that begin as it does."""
        plain = name.strip("*?")[:_LONGEST]
        head = plain[: plain.rfind(":") + 1]
        known = self.graph.key_list
        first, last = bisect_left(known, head), bisect_right(known, head + "\U0010ffff")
        candidates = [key for key in known[first:last] if len(key) <= _LONGEST]
        if len(candidates) > _COMPARED:
            # Compared letter by letter are only those that share a longer beginning.
            at = bisect_left(candidates, plain)
            half = _COMPARED // 2
            candidates = candidates[max(0, at - half) : at + half]
        return get_close_matches(plain, candidates, n=3, cutoff=0.6)


def _meant(close: Sequence[str]) -> str:
    return f"did you mean {', '.join(shown(key) for key in close)}?" if close else ""


def _line(text: str) -> str:
    return " ".join(shown(text).split())
