"""Targets as the scope claims them, and the assurance nodes that stand for them."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from nhigraph.assurance import lacking
from nhigraph.assurance.rows import Target
from nhigraph.assurance.select import items_of
from nhigraph.assurance.verdict import in_order
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Gate, Node, Value, about
from nhigraph.schema import kinds
from nhigraph.schema.claims import CLASS_CATEGORY, FINANCIAL, TRUST, UNKNOWN
from nhigraph.schema.controls import RECOVERY_TESTS
from nhigraph.schema.types import GateKind


def words(value: object) -> tuple[str, ...]:
    """A field of a claim that may be one word or many."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(v) for v in value) if isinstance(value, Iterable) else ()


def named_targets(
    claims: Iterable[Claim],
) -> tuple[list[tuple[str, Claim]], list[tuple[str, str, str]]]:
    """Claims of targets, each with an id of its own, and (artifact, pointer, reason) of others.

    Of two targets with one id in two files the first counts, and the other is refused: which of
    them is meant is not known. A copy of a file says nothing new. Ids are told apart by ``~2``;
    a target without one is called by its place.
    """
    usable: dict[str, Claim] = {}
    refused: list[tuple[str, Claim]] = []
    told: list[tuple[str, str, str]] = []
    for claim in sorted(about(claims, "target"), key=lambda claim: claim.evidence):
        name = str(claim.body["id"])
        first = usable.setdefault(name, claim) if not claim.body.get("refused") else None
        if first is None:
            place = claim.evidence.pointer.rpartition("/")[2]
            number = int(place) + 1 if place.isdecimal() else 1
            refused.append((name or f"unnamed-{number}", claim))
        elif first is not claim and first.body != claim.body:
            reason = f"id: a target of {first.evidence.artifact} has it too, and differs"
            told.append((claim.evidence.artifact, claim.evidence.pointer, reason))
            body = {**claim.body, "refused": reason}
            refused.append((name, Claim("target", body, claim.evidence)))
    named = dict(usable)
    for name, claim in refused:
        number, free = 1, name
        while free in named:
            number += 1
            free = f"{name}~{number}"
        named[free] = claim
    return list(named.items()), told


def why_lost(claim: Claim, selected: Collection[int]) -> str:
    """Why no node supports a target, if none of those selected is left."""
    if selected:
        return lacking.OUTSIDE
    return "" if any(items_of(claim.body.get("select"))) else lacking.EMPTY


def targets_of(name: str, claim: Claim, nodes: tuple[str, ...], lost: str) -> list[Target]:
    """Assurance nodes of one claim: one per category if it is of trust, else one.

    A refused record supports nothing, whatever it selects: what reaches half of a claim would be
    judged by words that nobody wrote. Each identity inside the boundary is told that it is open.
    """
    body = claim.body
    classes = tuple(c for c in words(body.get("data_class") or ()) if c in CLASS_CATEGORY)
    why = str(body.get("refused") or "")
    common = Target(
        "",
        name,
        str(body["family"] or UNKNOWN),
        process=str(body.get("process") or ""),
        data_class=classes,
        recoverable=str(body.get("recoverable") or ""),
        nodes=() if why else nodes,
        refused=why,
        lost="" if nodes or why else lost,
        unread=words(body.get("unread") or ()),
    )
    if common.family == UNKNOWN:
        return [replace(common, key=keys.UnreadTarget(name).text)]
    if common.family == FINANCIAL:
        return [
            replace(
                common,
                key=keys.Financial(name).text,
                fs_role=str(body.get("fs_role") or UNKNOWN),
                icfr_basis=str(body.get("icfr_basis") or UNKNOWN),
                assertions=words(body.get("assertions") or ()),
            )
        ]
    stated = body.get("commitments")
    # A word that nobody can read may have been any category.
    unknown = stated is None or UNKNOWN in words(stated) or "data_class" in common.unread
    categories = {*words(stated or ()), *(CLASS_CATEGORY[c] for c in classes)}
    ordered = [*in_order(categories), *([UNKNOWN] if unknown else [])]
    return [replace(common, key=keys.Trust(c, name).text, category=c) for c in ordered]


def assurance_facts(target: Target, evidence: Evidence) -> list[Fact]:
    """The node of a target, what supports it, and its recovery."""
    # Of unknown family: it may be the books.
    kind = kinds.TRUST_SERVICE if target.family == TRUST else kinds.FINANCIAL_REPORTING
    said: dict[str, Value] = {
        "process": target.process,
        "fs_role": target.fs_role,
        "icfr_basis": target.icfr_basis,
        "category": target.category,
        "assertions": target.assertions,
        "data_class": target.data_class,
        "recoverable": target.recoverable,
        "refused": target.refused,
    }
    props = {name: value for name, value in said.items() if value}
    node = Node(kind, target.key, evidence, name=target.id, props=props)
    supports = [Edge(kinds.SUPPORTS, key, target.key, evidence) for key in target.nodes]
    return [node, *supports, *_recovery(target, evidence)]


def _recovery(target: Target, evidence: Evidence) -> list[Fact]:
    """A tested recovery, on the scope's word: which move it stands on, ``gates`` says."""
    if target.recoverable != "tested":
        return []
    tests = dict.fromkeys(RECOVERY_TESTS, True)
    return [Gate(keys.Recovery(target.key).text, GateKind.RECOVERY, evidence, tests=tests)]
