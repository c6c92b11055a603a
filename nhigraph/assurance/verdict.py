"""The verdict on one identity and one target: a pure function of what arrives there.

The decision table is R0 to R14 of the design; each function names the sentence it implements.
"""

from collections.abc import Iterable
from functools import lru_cache

from nhigraph.assurance.held import UNDETERMINED, Held, exposure
from nhigraph.records import dataclass
from nhigraph.schema.claims import CLASS_CATEGORY
from nhigraph.schema.controls import (
    ASSERTIONS,
    CATEGORIES,
    MISSING_ASSERTIONS,
    REPORT_ASSERTIONS,
)
from nhigraph.schema.types import State

#: Verdicts and exposures, worst first.
VERDICTS = ("both", "soc1", "soc2", "undetermined", "neither")
EXPOSURES = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")
#: soc1 from nothing to the books themselves.
SOC1_ORDER = ("none", UNDETERMINED, "indirect", "direct")


def mask(*states: State) -> int:
    """States as bits."""
    return sum(1 << state for state in states)


_C, _A, _O, _R, _H = (1 << state for state in State)
_CHANGING = _C | _A | _O
_ANY_HARM = _CHANGING | _H

#: fs_role -> (states that carry soc1, its value).
_SOC1 = {
    "record": (_ANY_HARM, "direct"),
    "feeder": (_ANY_HARM, "direct"),
    "logic": (_ANY_HARM, "direct"),
    "key_report": (_CHANGING, "direct"),
    "itgc_tool": (_CHANGING, "indirect"),
    "audit_trail": (_ANY_HARM, "indirect"),
    "none": (0, "none"),
    "unknown": (_ANY_HARM, UNDETERMINED),
}
#: Category -> states that affect it.
_AFFECTS = {
    "S": _ANY_HARM,
    "A": _C | _H,
    "PI": _CHANGING,
    "C": _C | _R,
    "P": _C | _R | _A | _O,
    "unknown": 0,
}
_GIVES_SECURITY = {"itgc_tool", "audit_trail"}


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What the scope says of a target, as far as the verdict needs it.

    Attributes:
        financial: A financial target; else one category of a trust target.
        fs_role: Role in financial reporting.
        category: Trust category, or ``unknown``.
        data_class: confidential, personal.
        assertions: Assertions the scope declares.
        unread: Fields of its record that could not be read; without a family it may be of either.
    """

    financial: bool
    fs_role: str
    category: str
    data_class: tuple[str, ...]
    assertions: tuple[str, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrives at a target for one identity.

    Attributes:
        may: States in *may*, as bits; likewise ``can``, ``open``, ``maybe_open``.
        can: See ``may``.
        open: See ``may``.
        maybe_open: See ``may``.
        assertions: Assertions at risk by ALTER, by its last transitions.
        by_authority: CONTROL, ALTER or OMIT by administer, alter or delete (R2).
        by_lineage: ALTER or OMIT by FEEDS or FILTERS (R3).
        by_logic: A COMPUTES that yields ALTER lies on a path (R4).
        weak: S by a hygiene weakness.
        enabled: S by an enabling action in *may*; likewise in *open* and *maybe-open*.
        enabled_open: See ``enabled``.
        enabled_maybe_open: See ``enabled``.
        crosses: A path crosses a carve-out.
        gap: The identity reaches a gap.
        carved_out: The identity itself is in a carve-out.
    """

    may: int
    can: int = 0
    open: int = 0
    maybe_open: int = 0
    assertions: frozenset[str] = frozenset()
    by_authority: bool = False
    by_lineage: bool = False
    by_logic: bool = False
    weak: bool = False
    enabled: bool = False
    enabled_open: bool = False
    enabled_maybe_open: bool = False
    crosses: bool = False
    gap: bool = False
    carved_out: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judged fields of one row, and the states that a path should be shown to."""

    verdict: str
    soc1: str
    soc2: tuple[str, ...]
    soc2_outside: tuple[str, ...]
    exposure: str
    certainty: str
    assertions: tuple[str, ...]
    rules: tuple[str, ...]
    goal: int

    @property
    def told(self) -> bool:
        """Whether a row of it is given unasked."""
        return self.verdict != "neither" or bool(self.soc2_outside)


def in_order(letters: Iterable[str]) -> tuple[str, ...]:
    """Categories in print order."""
    found = set(letters)
    return tuple(c for c in CATEGORIES if c in found)


def soc1_of(target: TargetFacts, states: int) -> str:
    """soc1 by effect: what these states mean at a target of this role (R2 to R9)."""
    if not target.financial:
        return "none"
    carrying, value = _SOC1[target.fs_role]
    return value if states & carrying else "none"


def letters_of(target: TargetFacts, states: int) -> frozenset[str]:
    """Categories affected by effect at the target, committed or not."""
    found = set()
    if target.financial:
        if target.fs_role in _GIVES_SECURITY and soc1_of(target, states) != "none":
            found.add("S")
        if "confidential" in target.data_class and states & _AFFECTS["C"]:
            found.add("C")
        if "personal" in target.data_class and states & _AFFECTS["P"]:
            found.add("P")
    elif states & _AFFECTS[target.category]:
        found.add(target.category)
    return frozenset(found)


def harming(facts: TargetFacts) -> frozenset[State]:
    """States at a target that a verdict other than neither may rest on; all if that is unknown."""
    found = _SOC1[facts.fs_role][0] if facts.financial else _AFFECTS[facts.category]
    for name in facts.data_class if facts.financial else ():
        found |= _AFFECTS[CLASS_CATEGORY.get(name, "unknown")]
    return frozenset(state for state in State if found >> state & 1) or frozenset(State)


def verdict_of(soc1: str, soc2: tuple[str, ...]) -> str:
    """A proven misstatement path is never hidden behind a gap beside it."""
    if soc1 == UNDETERMINED or (soc2 == (UNDETERMINED,) and soc1 == "none"):
        return UNDETERMINED
    has_soc1 = soc1 != "none"
    has_soc2 = bool(soc2) and soc2 != (UNDETERMINED,)
    if has_soc1:
        return "both" if has_soc2 else "soc1"
    return "soc2" if has_soc2 else "neither"


@lru_cache(maxsize=65536)
def judge(
    target: TargetFacts,
    arrival: Arrival,
    commitments: tuple[str, ...],
    doubted: tuple[str, ...] = (),
) -> Judgement:
    """Judge one identity at one target that it reaches in *may*.

    Args:
        target: What the scope says of the target.
        arrival: What arrives there.
        commitments: Categories committed to.
        doubted: Categories of which it is not known whether they are; none is in both.
    """
    committed = frozenset(commitments)
    possible = committed | frozenset(doubted)
    effect_soc1 = soc1_of(target, arrival.may)
    effect = letters_of(target, arrival.may)
    security = arrival.enabled or (arrival.weak and not arrival.carved_out)
    affected = effect | ({"S"} if security else frozenset())

    soc1, soc2 = effect_soc1, in_order(affected & committed)
    open_fact = effect_soc1 == UNDETERMINED
    if soc1 == "none" and arrival.gap and target.financial and target.fs_role != "none":
        soc1, open_fact = UNDETERMINED, True
    if not soc2 and (affected & possible or _could_still_come(target, arrival, possible)):
        soc2, open_fact = (UNDETERMINED,), True
    if arrival.carved_out:
        # What a carve-out's own identities do is for the subservice's report to say (R13).
        soc1 = UNDETERMINED if soc1 in {"direct", "indirect"} else soc1
        soc2 = (UNDETERMINED,) if soc2 else soc2
    verdict = verdict_of(soc1, soc2)
    return Judgement(
        verdict,
        soc1,
        soc2,
        in_order(affected - possible),
        _exposure(target, arrival, committed, verdict),
        _certainty(target, arrival),
        _assertions(target, arrival) if soc1 == "direct" else (),
        _rules(target, arrival, affected, open_fact=open_fact),
        _goal(target, arrival, committed),
    )


def _could_still_come(target: TargetFacts, arrival: Arrival, committed: frozenset[str]) -> bool:
    """Whether a committed category could still come where none has."""
    if not target.financial and target.category == "unknown":
        return bool(committed)
    possible = {"S"} | _by_effect(target) if arrival.gap else frozenset()
    return bool(possible & committed)


def _by_effect(target: TargetFacts) -> frozenset[str]:
    """Categories that some state at the target affects, as far as it can be read."""
    if "family" in target.unread or (not target.financial and target.category == "unknown"):
        return frozenset(CATEGORIES)
    if not target.financial:
        return frozenset({target.category})
    by_role = target.fs_role in _GIVES_SECURITY or "fs_role" in target.unread
    security = frozenset({"S"} if by_role else ())
    if "data_class" in target.unread:
        return security | frozenset(CLASS_CATEGORY.values())
    classes = (CLASS_CATEGORY[c] for c in target.data_class if c in CLASS_CATEGORY)
    return security | frozenset(classes)


def _exposure(
    target: TargetFacts, arrival: Arrival, committed: frozenset[str], verdict: str
) -> str:
    """First that holds, FORMATS *How rows are filled*."""
    if verdict == "neither":
        return "in-population"
    if arrival.carved_out:
        return "relies_on_subservice"
    if verdict == UNDETERMINED:
        return UNDETERMINED
    by_effect = (
        soc1_of(target, arrival.may) != "none" or letters_of(target, arrival.may) & committed
    )
    only_weak = not by_effect and not (arrival.enabled and "S" in committed)

    def passes(states: int, *, enabled: bool) -> bool:
        return bool(
            soc1_of(target, states) != "none"
            or letters_of(target, states) & committed
            or (enabled and "S" in committed)
            or (only_weak and states)
        )

    return exposure(
        passes=passes(arrival.open, enabled=arrival.enabled_open),
        may_pass=passes(arrival.maybe_open, enabled=arrival.enabled_maybe_open),
        gap=arrival.gap,
    )


def _certainty(target: TargetFacts, arrival: Arrival) -> str:
    held = Held(arrival.may, arrival.can, arrival.open, arrival.maybe_open)
    return held.certainty(lambda states: (soc1_of(target, states), letters_of(target, states)))


def _assertions(target: TargetFacts, arrival: Arrival) -> tuple[str, ...]:
    """Assertions at risk, narrowed by what the scope declares for the target."""
    found = set(arrival.assertions) if arrival.may & _A else set()
    if arrival.may & _C or (target.fs_role == "logic" and arrival.may & _A):
        found = set(ASSERTIONS)
    if arrival.may & (_O | _H):
        found |= set(MISSING_ASSERTIONS)
    if target.fs_role == "key_report":
        found = set(REPORT_ASSERTIONS)
    declared = found & set(target.assertions)
    return tuple(a for a in ASSERTIONS if a in (declared or found))


def _rules(
    target: TargetFacts, arrival: Arrival, affected: frozenset[str], *, open_fact: bool
) -> tuple[str, ...]:
    """Rule ids that hold, in numeric order."""
    role, states = target.fs_role if target.financial else "", arrival.may
    lineage_roles = {"record", "feeder", "logic"}
    holds = {
        "R0": open_fact,
        "R2": role == "record" and arrival.by_authority,
        "R3": role in lineage_roles and arrival.by_lineage,
        "R4": role in {*lineage_roles, "key_report"} and arrival.by_logic,
        "R5": role == "key_report" and bool(states & _CHANGING),
        "R6": role == "itgc_tool" and bool(states & _CHANGING),
        "R7": role == "audit_trail" and bool(states & _ANY_HARM),
        "R8": target.financial and bool(states & _R),
        "R9": (target.financial or target.category == "A") and bool(states & _H),
        "R10": "PI" in affected,
        "R11": bool(affected & {"C", "P"}),
        "R12": "S" in affected,
        "R13": arrival.carved_out or arrival.crosses,
    }
    return tuple(rule for rule, holding in holds.items() if holding)


def _goal(target: TargetFacts, arrival: Arrival, committed: frozenset[str]) -> int:
    """States the shown path leads to: they carry soc1, else a letter, else any."""
    if soc1_of(target, arrival.may) != "none":
        return arrival.may & _SOC1[target.fs_role][0]
    effect = letters_of(target, arrival.may)
    for letters in (effect & committed, effect):
        carrying = 0
        for letter in letters:
            carrying |= _AFFECTS[letter]
        if arrival.may & carrying:
            return arrival.may & carrying
    return arrival.may


def of_books(target: TargetFacts) -> bool:
    """Whether some state at the target may give soc1."""
    return "family" in target.unread or (target.financial and target.fs_role != "none")


@lru_cache(maxsize=4096)
def unsupported(target: TargetFacts, commitments: tuple[str, ...]) -> Judgement:
    """The row of a living identity inside the boundary at a dead target it does not reach.

    No node stands for the target, or not all it says was understood: nothing that was read can
    tell who else reaches it (FORMATS, *Dead targets*).

    Args:
        target: What could be read of it.
        commitments: Categories that are, or may be, committed to.
    """
    soc1 = UNDETERMINED if of_books(target) else "none"
    soc2 = (UNDETERMINED,) if _by_effect(target) & frozenset(commitments) else ()
    verdict = verdict_of(soc1, soc2)
    exposure = UNDETERMINED if verdict == UNDETERMINED else "in-population"
    rules = ("R0",) if verdict == UNDETERMINED else ()
    return Judgement(verdict, soc1, soc2, (), exposure, "may", (), rules, 0)


@lru_cache(maxsize=64)
def beyond(*, financial: bool, commitments: tuple[str, ...], carved_out: bool) -> Judgement:
    """The row ``*`` of an identity that reaches a gap: all targets without a row of their own.

    Args:
        financial: The scope has a financial target with a role other than none.
        commitments: Categories that are, or may be, committed to.
        carved_out: The identity is in a carve-out.
    """
    soc1 = UNDETERMINED if financial else "none"
    soc2 = (UNDETERMINED,) if commitments else ()
    verdict = verdict_of(soc1, soc2)
    exposure = "in-population" if verdict == "neither" else UNDETERMINED
    if carved_out and verdict != "neither":
        exposure = "relies_on_subservice"
    unsaid = ("R0",) if verdict != "neither" else ()
    rules = (*unsaid, "R13") if carved_out else unsaid
    return Judgement(verdict, soc1, soc2, (), exposure, "may", (), rules, 0)
