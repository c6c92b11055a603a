"""One row of verdicts.csv at a time, and how identities.csv adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .automaton import Closure, Walk
from .scope import Target
from .vocabulary import (
    ACCURACY,
    AFFECTED_BY,
    ALTER,
    ASSERTIONS,
    ASSERTIONS_OF_ACTION,
    AUTHORITY_EFFECTS,
    COMPLETENESS,
    CONTROL,
    CUT_OFF,
    ENABLING_ACTIONS,
    HALT,
    HYGIENE,
    LETTERS,
    OMIT,
    READ,
    SOC1_BY_ROLE,
    STATES,
)
from .weaknesses import (
    PathFacts,
    approvers_on,
    credentials_of,
    node_weaknesses,
    path_node_weaknesses,
)
from .world import World

IN_BOUNDARY = ("in", "inclusive")
SOC1_ORDER = ("none", "undetermined", "indirect", "direct")
EXPOSURE_ORDER = ("gated", "relies_on_subservice", "undetermined", "open")
RULES = ("R0", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13")


@dataclass
class Context:
    """What every row needs beside the identity and the target."""

    world: World
    boundary: dict[str, str]
    commitments: frozenset[str]
    thresholds: dict[str, Any]


@dataclass
class Identity:
    """One identity, walked."""

    key: str
    walk: Walk
    gaps: list[str]
    paths: dict[str, PathFacts]  # in *may*, by target key
    graph_weak: set[str]


def letters_text(letters: frozenset[str] | set[str]) -> str:
    """ "letters in the order S A PI C P"."""
    return ";".join(letter for letter in LETTERS if letter in letters)


def verdict_of(soc1: str, soc2: str) -> str:
    """DESIGN section 4: the verdict from the two values."""
    if soc1 == "undetermined" or (soc2 == "undetermined" and soc1 == "none"):
        return "undetermined"
    letters = soc2 not in ("", "undetermined")
    if soc1 != "none":
        return "both" if letters else "soc1"
    return "soc2" if letters else "neither"


def soc1_of(target: Target, states: frozenset[str]) -> str:
    """DESIGN section 4 "Financial node, by fs_role"."""
    if not target.financial:
        return "none"
    needed, result = SOC1_BY_ROLE[target.role]
    return result if states & needed else "none"


def effect_letters(target: Target, states: frozenset[str]) -> frozenset[str]:
    """Categories affected by the states at the target (trust), or by data class and role."""
    if not target.financial:
        affected = AFFECTED_BY.get(target.category, frozenset())
        return frozenset({target.category}) if states & affected else frozenset()
    found = {letter for letter in target.data_letters if states & AFFECTED_BY[letter]}
    if soc1_of(target, states) == "indirect":
        found.add("S")
    return frozenset(found)


def could_come(target: Target) -> frozenset[str]:
    """Categories that more states at this target could still bring; S can come by R12."""
    if target.category == "unknown":
        return frozenset(LETTERS)
    if target.category:
        return frozenset({"S", target.category})
    return frozenset({"S"}) | target.data_letters


def unknown_letters(target: Target, states: frozenset[str]) -> frozenset[str]:
    """At `trust:unknown`, any category: whatever is held there, its soc2 is undetermined."""
    if target.category != "unknown":
        return frozenset()
    return frozenset(LETTERS) if states else frozenset()


def enabling(ctx: Context, closure: Closure, target: Target) -> bool:
    """R12: an enabling action on a path to the target, its destination in the boundary."""
    _, moves = closure.cone(target.key)
    return any(
        move.edge is not None
        and move.edge.action in ENABLING_ACTIONS
        and ctx.boundary.get(move.edge.target) in IN_BOUNDARY
        for move in moves
    )


def weak_s(ctx: Context, identity: Identity, path: PathFacts) -> bool:
    """R12: a hygiene weakness on the NHI, its credential, a path node, or a gate's approver."""
    if ctx.boundary[identity.key] == "carve_out":
        return False  # R13: "no S by weakness"
    world, limits = ctx.world, ctx.thresholds
    by_node: list[tuple[str, set[str]]] = [
        (identity.key, node_weaknesses(world, limits, identity.key) | identity.graph_weak),
    ]
    by_node += [
        (key, node_weaknesses(world, limits, key)) for key in credentials_of(world, identity.key)
    ]
    by_node += [(key, path_node_weaknesses(world, limits, key)) for key in path.nodes(world)]
    by_node += [
        (key, node_weaknesses(world, limits, key))
        for key in approvers_on(world, path, recovery=True)
    ]
    return any(ctx.boundary[key] != "outside" and weak & HYGIENE for key, weak in by_node)


def assertions_text(target: Target, states: frozenset[str], path: PathFacts) -> str:
    """FORMATS "Assertions": by the last transitions, then narrowed by the declaration."""
    found: set[str] = set()
    if CONTROL in states or (target.role == "logic" and ALTER in states):
        found |= set(ASSERTIONS)
    if OMIT in states or HALT in states:
        found |= {COMPLETENESS, CUT_OFF}
    for move in path.arrivals:
        if move.target[1] == ALTER and move.edge is not None:
            if move.edge.effect == "feed":
                found.add(ACCURACY)
            elif move.edge.effect == "compute":
                found |= set(ASSERTIONS)
            else:
                found |= set(ASSERTIONS_OF_ACTION.get(move.edge.action or "", ASSERTIONS))
    if target.role == "key_report":
        found = {COMPLETENESS, ACCURACY}
    narrowed = found & target.declared
    return ";".join(name for name in ASSERTIONS if name in (narrowed or found))


def rules_of(
    ctx: Context,
    target: Target,
    states: frozenset[str],
    path: PathFacts,
    *,
    unknown: bool,
    security: bool,
    carve_out: bool,
) -> str:
    """FORMATS "`rules`, in numeric order, from *may*"."""
    found = {"R0"} if unknown else set()
    change = {CONTROL, ALTER, OMIT}
    for move in path.arrivals:
        effect = move.edge.effect if move.edge is not None else ""
        state = move.target[1]
        if target.role == "record" and effect in AUTHORITY_EFFECTS and state in change:
            found.add("R2")
        by_lineage = effect in ("feed", "filter") and state in (ALTER, OMIT)
        if target.role in ("record", "feeder", "logic") and by_lineage:
            found.add("R3")
    computed = any(
        move.edge is not None and move.edge.effect == "compute" and move.target[1] == ALTER
        for move in path.moves
    )
    if target.role in ("record", "feeder", "logic", "key_report") and computed:
        found.add("R4")
    if target.role == "key_report" and states & change:
        found.add("R5")
    if target.role == "itgc_tool" and states & change:
        found.add("R6")
    if target.role == "audit_trail" and states & (change | {HALT}):
        found.add("R7")
    if target.financial and READ in states:
        found.add("R8")
    if HALT in states and (target.financial or target.category == "A"):
        found.add("R9")
    letters = effect_letters(target, states)
    if "PI" in letters:
        found.add("R10")
    if letters & {"C", "P"}:
        found.add("R11")
    if security:
        found.add("R12")
    if carve_out or any(ctx.boundary[key] == "carve_out" for key in path.nodes(ctx.world)):
        found.add("R13")
    return ";".join(rule for rule in RULES if rule in found)


def exposure_of(
    ctx: Context, identity: Identity, target: Target, verdict: str, *, only_weak: bool
) -> str:
    """FORMATS "How rows are filled": `exposure`, first that holds."""
    if verdict == "neither":
        return "in-population"
    if ctx.boundary[identity.key] == "carve_out":
        return "relies_on_subservice"
    if verdict == "undetermined":
        return "undetermined"

    def stands_in(closure: Closure) -> bool:
        states = closure.states_at(target.key)
        if only_weak:  # "the row is open if the target is reached in *open*"
            return bool(states)
        committed = effect_letters(target, states) & ctx.commitments
        by_action = "S" in ctx.commitments and enabling(ctx, closure, target)
        return soc1_of(target, states) != "none" or bool(committed) or by_action

    if stands_in(identity.walk.open):
        return "open"
    if stands_in(identity.walk.maybe_open) or identity.gaps:
        return "undetermined"
    return "gated"


def letters_at(ctx: Context, identity: Identity, target: Target) -> set[str]:
    """All letters of a row, committed or not: by effect, and S by action or weakness."""
    may = identity.walk.may
    security = enabling(ctx, may, target) or weak_s(ctx, identity, identity.paths[target.key])
    effect = effect_letters(target, may.states_at(target.key))
    return set(effect) | ({"S"} if security else set())


def shown_goals(ctx: Context, identity: Identity, target: Target) -> set[str]:
    """The path shown: to a state that carries the soc1, else a letter, else to any state."""
    states = identity.walk.may.states_at(target.key)
    all_letters = letters_at(ctx, identity, target)

    def carriers(letters: set[str]) -> set[str]:
        return {s for s in states if effect_letters(target, frozenset({s})) & letters}

    goals = {s for s in states if soc1_of(target, frozenset({s})) != "none"}
    goals = goals or carriers(all_letters & ctx.commitments) or carriers(all_letters)
    return goals or set(states)


def verdict_row(ctx: Context, identity: Identity, target: Target) -> dict[str, str]:
    """The row of one reached (identity, target) pair."""
    walk, path = identity.walk, identity.paths[target.key]
    states = walk.may.states_at(target.key)
    carve_out = ctx.boundary[identity.key] == "carve_out"
    effect = effect_letters(target, states)
    by_action = enabling(ctx, walk.may, target)
    letters, goals = letters_at(ctx, identity, target), shown_goals(ctx, identity, target)
    committed, outside = letters & ctx.commitments, letters - ctx.commitments

    soc1 = proven = soc1_of(target, states)
    unknown = soc1 == "undetermined"
    if soc1 == "none" and identity.gaps and target.financial and target.role != "none":
        soc1, unknown = "undetermined", True
    soc2 = letters_text(committed)
    possible = unknown_letters(target, states)
    possible |= could_come(target) if identity.gaps else frozenset()
    if not soc2 and possible & ctx.commitments:
        soc2, unknown = "undetermined", True
    if carve_out:  # R13
        soc1 = "undetermined" if soc1 in ("direct", "indirect") else soc1
        soc2 = "undetermined" if soc2 else ""

    can_states = walk.can.states_at(target.key)
    certain = (
        bool(can_states)
        and soc1_of(target, can_states) == proven
        and effect_letters(target, can_states) == effect
    )
    verdict = verdict_of(soc1, soc2)
    only_weak = proven == "none" and not effect & ctx.commitments and not by_action
    return {
        "identity": identity.key,
        "target": target.key,
        "verdict": verdict,
        "soc1": soc1,
        "soc2": soc2,
        "soc2_outside": letters_text(outside),
        "exposure": exposure_of(ctx, identity, target, verdict, only_weak=only_weak),
        "certainty": "can" if certain else "may",
        "states": "+".join(state for state in STATES if state in states),
        "assertions": assertions_text(target, states, path) if soc1 == "direct" else "",
        "icfr_basis": target.basis,
        "rules": rules_of(
            ctx,
            target,
            states,
            path,
            unknown=unknown,
            security="S" in letters,
            carve_out=carve_out,
        ),
        "steps": str(walk.may.steps_to((target.key, state) for state in goals)),
        "path_id": "",
        "gaps": ";".join(identity.gaps),
    }


def dead_row(ctx: Context, identity: Identity, target: Target) -> dict[str, str] | None:
    """FORMATS "Dead targets": "gives each living identity inside the boundary one row for it".

    "If it has a value undetermined": soc1 of a financial target whose role is not none, soc2
    where a committed category could be affected by effect.
    """
    living = ctx.world.active(identity.key) and ctx.boundary[identity.key] in IN_BOUNDARY
    soc1_open = target.unread or (target.financial and target.role != "none")
    soc1 = "undetermined" if soc1_open else "none"
    soc2 = "undetermined" if target.by_effect & ctx.commitments else ""
    verdict = verdict_of(soc1, soc2)
    if not living or verdict == "neither":
        return None
    return {
        "identity": identity.key,
        "target": target.key,
        "verdict": verdict,
        "soc1": soc1,
        "soc2": soc2,
        "soc2_outside": "",
        "exposure": "undetermined",
        "certainty": "may",
        "states": "",
        "assertions": "",
        "icfr_basis": target.basis,
        "rules": "R0",
        "steps": "0",
        "path_id": "",
        "gaps": ";".join(identity.gaps),
    }


def star_row(ctx: Context, identity: Identity, targets: list[Target]) -> dict[str, str]:
    """The row `*` of an identity that reaches a gap, "for all targets without a row"."""
    financial = any(
        target.unread or (target.financial and target.role != "none") for target in targets
    )
    soc1 = "undetermined" if financial else "none"
    soc2 = "undetermined" if ctx.commitments else ""
    verdict = verdict_of(soc1, soc2)
    carve_out = ctx.boundary[identity.key] == "carve_out"
    rules = (["R0"] if verdict == "undetermined" else []) + (["R13"] if carve_out else [])
    exposure = "in-population"
    if verdict != "neither":
        exposure = "relies_on_subservice" if carve_out else "undetermined"
    return {
        "identity": identity.key,
        "target": "*",
        "verdict": verdict,
        "soc1": soc1,
        "soc2": soc2,
        "soc2_outside": "",
        "exposure": exposure,
        "certainty": "may",
        "states": "",
        "assertions": "",
        "icfr_basis": "",
        "rules": ";".join(rules),
        "steps": "0",
        "path_id": "",
        "gaps": ";".join(identity.gaps),
    }
