"""FORMATS "`identities.csv` adds up": one row per identity from its rows of verdicts.csv."""

from __future__ import annotations

from .rows import (
    EXPOSURE_ORDER,
    IN_BOUNDARY,
    SOC1_ORDER,
    Context,
    Identity,
    letters_text,
    verdict_of,
)
from .vocabulary import HYGIENE
from .weaknesses import approvers_on, credentials_of, node_weaknesses, path_node_weaknesses


def basis_of(rows: list[dict[str, str]]) -> str:
    """Over rows with soc1 other than none: own and user_entity make both; unknown yields."""
    bases = {row["icfr_basis"] for row in rows if row["soc1"] != "none"} - {""}
    known = bases - {"unknown"}
    if "both" in known or {"own", "user_entity"} <= known:
        return "both"
    return min(known) if known else min(bases, default="")


def listed_weaknesses(ctx: Context, identity: Identity) -> set[str]:
    """ "own, of credentials that authenticate as it, and of paths to reached targets"."""
    world, limits = ctx.world, ctx.thresholds
    if not world.active(identity.key):
        return set()  # "no weaknesses counted"
    found = node_weaknesses(world, limits, identity.key) | identity.graph_weak
    for key in credentials_of(world, identity.key):
        found |= node_weaknesses(world, limits, key)
    for path in identity.paths.values():
        for key in path.nodes(world):
            found |= path_node_weaknesses(world, limits, key)
        for key in approvers_on(world, path, recovery=True):
            found |= node_weaknesses(world, limits, key)
    return found


def own_weaknesses(ctx: Context, identity: Identity) -> set[str]:
    """ "On the identity's node or on a credential that authenticates as it: both give S"."""
    world, limits = ctx.world, ctx.thresholds
    found = node_weaknesses(world, limits, identity.key) | identity.graph_weak
    if not world.active(identity.key):
        return found
    for key in credentials_of(world, identity.key):
        if ctx.boundary[key] != "outside":
            found |= node_weaknesses(world, limits, key)
    return found


def identity_row(ctx: Context, identity: Identity, rows: list[dict[str, str]]) -> dict[str, str]:
    """The row of identities.csv."""
    world, key = ctx.world, identity.key
    node = world.nodes[key]
    soc1 = max((row["soc1"] for row in rows), key=SOC1_ORDER.index, default="none")
    printed = [row["soc2"] for row in rows]
    committed = {
        letter
        for text in printed
        if text != "undetermined"
        for letter in text.split(";")
        if letter
    }
    outside = {letter for row in rows for letter in row["soc2_outside"].split(";") if letter}
    if ctx.boundary[key] in IN_BOUNDARY and own_weaknesses(ctx, identity) & HYGIENE:
        (committed if "S" in ctx.commitments else outside).add("S")
    soc2 = letters_text(committed) or ("undetermined" if "undetermined" in printed else "")
    verdict = verdict_of(soc1, soc2)
    counted = [row for row in rows if row["verdict"] != "neither"]
    exposure = max(
        (row["exposure"] for row in counted),
        key=EXPOSURE_ORDER.index,
        default="in-population" if verdict == "neither" else "open",
    )
    return {
        "identity": key,
        "kind": node.kind,
        "name": ";".join(sorted(node.names)),
        "owner": ";".join(sorted(node.owners)),
        "verdict": verdict,
        "soc1": soc1,
        "soc2": soc2,
        "soc2_outside": letters_text(outside),
        "exposure": exposure,
        "icfr_basis": basis_of(rows),
        "targets": ";".join(sorted(row["target"] for row in counted if row["target"] != "*")),
        "weaknesses": ";".join(sorted(listed_weaknesses(ctx, identity))),
        "gaps": ";".join(identity.gaps),
        "boundary": ctx.boundary[key],
    }
