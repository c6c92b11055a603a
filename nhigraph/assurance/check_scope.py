"""What is doubtful about a scope: claims that match nothing, contradict, or leave answers open.

What it misses: whether a claim that matches is true. That is the user's to know.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property

from nhigraph.assurance import lacking
from nhigraph.assurance.asked import unkept
from nhigraph.assurance.inactive import ADVICE, inactive
from nhigraph.assurance.near import LISTED, Near, meant
from nhigraph.assurance.proposals import shown
from nhigraph.assurance.rows import ScopeIssue, Target
from nhigraph.assurance.scope import Resolved
from nhigraph.assurance.select import Selector
from nhigraph.assurance.verdict import in_order
from nhigraph.facts import keys
from nhigraph.schema.claims import CLASS_CATEGORY, FINANCIAL
from nhigraph.schema.controls import CATEGORIES

LEVELS = ("error", "warning", "note")
#: Issues for which close names are looked up: each costs a look at every key.
_ADVISED = 25

_MISSING = re.compile(r"no input describes (.+)\Z", re.DOTALL)


def check(resolved: Resolved, led_to: Mapping[str, int] | None) -> list[ScopeIssue]:
    """Everything doubtful about a scope, worst first, then in the order of the file.

    Args:
        resolved: The scope on its graph.
        led_to: Target key to the number of identities that reach it; None where it was not asked.
    """
    checker = _Checker(resolved)
    found = {
        *checker.unmatched,
        *checker.refused(),
        *checker.unread(),
        *checker.targets(led_to),
        *checker.commitments(),
        *checker.twins(),
        *checker.conflicts(),
        *checker.aliases(),
        *resolved.problems,
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
        self.near = Near(self.graph, Selector(self.graph, self.estate.day))
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

    @cached_property
    def unmatched(self) -> list[ScopeIssue]:
        """Selector items that match no node; what one of a target names is lost to the answer."""
        found = []
        for number, (artifact, pointer, text) in enumerate(sorted(set(self.resolved.unmatched))):
            target = self.at.get((artifact, pointer), "")
            section = pointer.split("/")[1] if "/" in pointer else ""
            subject = {
                "boundary": "a boundary that matches no node",
                "owners": "an owner of no node",
                "cuts": "a word on cuts that means no edge that could be taken away",
            }.get(section, "a selector that matches no node")
            # Of a target that stands, a part is missing and nobody would see it; of a dead one,
            # it is the reason, and the target itself is the error.
            stands = target in self.by_id and not self.by_id[target][0].dead
            level = "error" if stands else "warning"
            asked = self.near.of_edge if section == "cuts" else self.near.advice
            advice = asked(text) if number < _ADVISED else "look for a misspelling"
            problem = f"{subject}: {shown(text)}"
            found.append(ScopeIssue(level, target, artifact, pointer, problem, advice))
        return found

    def refused(self) -> Iterator[ScopeIssue]:
        """Links and other facts of the scope that could not be joined."""
        for number, (artifact, pointer, reason) in enumerate(sorted(set(self.resolved.refused))):
            if (artifact, pointer) in self.at:
                continue  # a target: told there
            missing = _MISSING.search(reason)
            close = self.near.keys(missing[1]) if missing and number < _ADVISED else []
            advice = meant(close) or "give the export that describes it, or correct the key"
            problem = f"not joined: {_line(reason)}"
            yield ScopeIssue("error", "", artifact, pointer, problem, advice)

    def unread(self) -> Iterator[ScopeIssue]:
        """What of the scope could not be read, or has no effect."""
        for level, artifact, pointer, reason in self.resolved.unread:
            target = self.at.get((artifact, pointer), "")
            advice = "correct it, or take it out: it has no effect"
            yield ScopeIssue(level, target, artifact, pointer, _line(reason), advice)

    # -- targets --------------------------------------------------------------------------------

    def targets(self, led_to: Mapping[str, int] | None) -> Iterator[ScopeIssue]:
        """Targets that rest on nothing, that nothing leads to, or that say too little."""
        for artifact, pointer, name, refused in self.resolved.idle:
            advice = "say which categories are relied on there"
            problem, level = "it names no category, so nothing can affect it", "warning"
            if refused:
                problem, level = f"this target was not understood: {_line(refused)}", "error"
            yield ScopeIssue(level, name, artifact, pointer, problem, advice)
        if not self.by_id:
            advice = "declare one; `nhigraph scope suggest` proposes some"
            said = "no declared target names what is relied on" if self.resolved.idle else ""
            problem = f"{said or 'no target is declared'}, so nothing is judged"
            yield self._issue("error", "", problem, advice)
        for name, many in self.by_id.items():
            if many[0].refused:
                problem = f"this target was not understood: {_line(many[0].refused)}"
                advice = "correct the record: until then nobody is cleared of it"
                yield self._issue("error", name, problem, advice)
                continue
            if many[0].dead:
                problem, advice = self._nothing_supports(name)
                yield self._issue("error", name, problem, advice)
            elif asleep := inactive(self.estate, many[0].key):
                advice = f"take it out if it is out of use; {ADVICE}"
                yield self._issue("warning", name, asleep, advice)
            elif led_to is not None and not any(led_to.get(target.key) for target in many):
                problem = "no identity reaches this target in what was read"
                advice = "worth no more than the coverage: see what was not supplied"
                yield self._issue("note", name, problem, advice)
            for target in many:
                yield from self._unsaid(name, target)

    def _nothing_supports(self, name: str) -> tuple[str, str]:
        """What a dead target suffers from, and what to do."""
        problem, lost = "no node supports this target", self.by_id[name][0].lost
        if lost == lacking.OUTSIDE:
            advice = "take the target out, or what it selects out of the boundary's `outside`"
            return f"{problem}: the boundary says that all it selects is outside", advice
        tried = [issue for issue in self.unmatched if issue.target == name]
        close = next((i.advice for i in tried if i.advice.startswith("did you mean")), "")
        if lost == lacking.EMPTY:
            problem = f"{problem}: it selects nothing"
        advice = "correct its selectors, or give the export that describes its nodes"
        return problem, close or advice

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
            effect = "is not decided" if self.estate.doubted else "stays empty"
            problem = f"the organisation's commitments are unknown: soc2 {effect}"
            yield self._issue("warning", "", problem, "state the scope's commitments")
        for name, many in self.by_id.items():
            found = {target.category for target in many if target.category in CATEGORIES}
            found |= {CLASS_CATEGORY[c] for target in many for c in target.data_class}
            outside = in_order(found - committed - set(self.estate.doubted))
            if outside:
                problem = f"the organisation did not commit to {', '.join(outside)}"
                shown = "this letter" if len(outside) == 1 else "these letters"
                advice = f"its rows show {shown} as outside the commitments"
                yield self._issue("note", name, problem, advice)
        # S is not idle: weaknesses and enabling actions affect it at any target.
        for letter in unkept(self.estate.targets, committed - {"S"}):
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
                said = ", ".join(f"{shown(t.id)} as {t.fs_role}" for t in many[:LISTED])
                problem = f"the same nodes stand for {said}"
                yield self._issue("warning", many[0].id, problem, "keep one role for one thing")

    def aliases(self) -> Iterator[ScopeIssue]:
        """Names of servers of a platform that nothing lies on."""
        known = self._platforms()
        for artifact, pointer, platform in self.resolved.aliases:
            if platform not in known:
                close = get_close_matches(platform, sorted(known), 1)
                problem = f"an alias on a platform that no input has: {shown(platform)}"
                level = "error" if close else "warning"
                advice = meant(close) or "correct it, or give the export that describes it"
                yield ScopeIssue(level, "", artifact, pointer, problem, advice)

    def _platforms(self) -> set[str]:
        """Platforms of tables and roles, where somebody asks."""
        held = (keys.Dataset, keys.Role)
        names = self.graph.key_list if self.resolved.aliases else ()
        found = (kind.parse(name) for name in names for kind in held)
        return {one.database.platform for one in found if one is not None}

    def conflicts(self) -> Iterator[ScopeIssue]:
        """Nodes that several lists of the boundary name."""
        advice = "carve_out stands before inclusive, and inclusive before outside"
        named = sorted(set(self.resolved.conflicts))
        for key in named[:LISTED]:
            problem = f"several lists of the boundary name {shown(key)}"
            yield self._issue("warning", "", problem, advice)
        if len(named) > LISTED:
            problem = f"several lists of the boundary name {len(named) - LISTED} more nodes"
            yield self._issue("warning", "", problem, advice)


def _line(text: str) -> str:
    """Words of ours with names of theirs: whole, on one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
