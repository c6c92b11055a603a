"""Rows and what they add up to, each case a small estate of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.rows import IdentityRow, VerdictRow
from tests.estate_files import judged, write_estate

GL, TB, PEOPLE = (f"dataset:postgres:erp.fin.{name}" for name in ("gl", "tb", "people"))
BOT = "acme:bot"
OLD = {"rotated": "2020-01-01"}
HOLDS = dict.fromkeys(
    (
        *("human", "enforced_by_target", "out_of_reach", "content_bound"),
        *("no_auto_threshold", "log_out_of_reach"),
    ),
    True,
)
TRUST = {"family": "trust-service"}
LEDGER = {"id": "gl", "family": "financial-reporting", "fs_role": "record", "icfr_basis": "own"}
Assess = Callable[..., tuple[dict[str, IdentityRow], dict[tuple[str, str], VerdictRow]]]


def node(key: str, kind: str = "ServiceAccount", **fields: object) -> dict[str, Any]:
    return {"kind": kind, "key": key, **fields}


def edge(kind: str, source: str, target: str, **fields: object) -> dict[str, Any]:
    return {"kind": kind, "from": source, "to": target, **fields}


def target(name: str = "gl", *keys: str, **fields: object) -> dict[str, Any]:
    return {**LEDGER, "id": name, "select": [{"key": key} for key in keys], **fields}


def promise(name: str, category: str, *keys: str) -> dict[str, Any]:
    select = [{"key": key} for key in keys]
    return {"id": name, "family": "trust-service", "commitments": [category], "select": select}


@pytest.fixture
def assess(tmp_path: Path) -> Assess:
    """Judge a bot, three datasets, and what a case adds."""

    def made(
        *edges: dict[str, Any],
        targets: list[dict[str, Any]],
        nodes: tuple[dict[str, Any], ...] = (node(BOT),),
        commitments: object = ("S", "A", "PI", "C", "P"),
        gaps: tuple[dict[str, Any], ...] = (),
        **scope: object,
    ) -> tuple[dict[str, IdentityRow], dict[tuple[str, str], VerdictRow]]:
        data = [node(key, "Dataset") for key in (GL, TB, PEOPLE)]
        gates = [
            {"key": "acme:gate", "kind": "approval", "approvers": ["acme:ann"], "tests": HOLDS}
        ]
        facts = {
            "nhigraph": "facts/1",
            "nodes": [*nodes, *data, node("acme:ann", "User")],
            "edges": list(edges),
            "gates": gates,
            "gaps": list(gaps),
        }
        claims = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": targets, **scope}
        if commitments is not None:
            claims["commitments"] = commitments
        write_estate(tmp_path, [facts], json.loads(json.dumps(claims)))
        found = judged(tmp_path)
        pairs = {(row.identity, row.target): row for row in found.verdicts}
        return {row.identity: row for row in found.identities}, pairs

    return made


WRITE, READ = edge("CAN_WRITE", BOT, GL), edge("CAN_READ", BOT, PEOPLE)
GAP = {"at": BOT, "reason": "not exported"}


# --- rows ----------------------------------------------------------------------------------------


def test_a_target_that_is_not_reached_has_no_row(assess: Assess) -> None:
    """And the identity is neither, in the population."""
    identities, pairs = assess(targets=[target("gl", GL)])
    assert pairs == {}
    assert (identities[BOT].verdict, identities[BOT].exposure) == ("neither", "in-population")


def test_a_dead_target_has_a_row_for_each_living_identity_inside(assess: Assess) -> None:
    """Not for the dead, the carved out, the outside."""
    nodes = (
        node(BOT),
        node("acme:off", state="disabled"),
        node("proc:bot"),
        node("ext:bot"),
        node("sub:bot"),
    )
    boundary = {
        "carve_out": [{"key": "proc:*"}],
        "outside": [{"key": "ext:*"}],
        "inclusive": [{"key": "sub:*"}],
    }
    identities, pairs = assess(targets=[target("gl", "x:y")], nodes=nodes, boundary=boundary)
    assert sorted(pairs) == [(BOT, "fin:gl"), ("sub:bot", "fin:gl")]
    row = pairs[BOT, "fin:gl"]
    assert (row.verdict, row.soc1, row.soc2) == ("undetermined", "undetermined", ())
    assert (row.exposure, row.certainty, row.states, row.assertions) == (
        "undetermined",
        "may",
        "",
        (),
    )
    assert (row.icfr_basis, row.rules, row.steps, row.path_id) == ("own", ("R0",), 0, "")
    assert identities[BOT].targets == ("fin:gl",)
    assert identities[BOT].icfr_basis == "own"
    assert identities["acme:off"].verdict == identities["proc:bot"].verdict == "neither"


def test_a_dead_target_stands_beside_what_is_proven(assess: Assess) -> None:
    """A misstatement stays; what is open is a row more."""
    identities, pairs = assess(WRITE, targets=[target("gl", GL), target("tb", "x:y")])
    assert sorted(key for _, key in pairs) == ["fin:gl", "fin:tb"]
    assert (identities[BOT].soc1, identities[BOT].verdict) == ("direct", "soc1")
    assert identities[BOT].targets == ("fin:gl", "fin:tb")


def test_a_dead_target_is_not_the_star_row(assess: Assess) -> None:
    """An identity that reaches a gap has both, and the gap stands in both."""
    identities, pairs = assess(targets=[target("gl", "x:y")], gaps=(GAP,))
    assert sorted(key for _, key in pairs) == ["*", "fin:gl"]
    assert pairs[BOT, "fin:gl"].gaps == pairs[BOT, "*"].gaps == (BOT,)
    assert identities[BOT].targets == ("fin:gl",)


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"fs_role": "recrod"}, ["fin:gl"]),
        ({"family": "finance"}, ["target:gl"]),
        ({"colour": "red"}, ["fin:gl"]),
        ({"assertions": ["completness"]}, ["fin:gl"]),
        ({"fs_role": "none", "colour": "red"}, []),
        ({"fs_role": "none", "data_class": ["personel"]}, ["fin:gl"]),
        ({**TRUST, "commitments": ["C", "X"]}, ["trust:C/gl", "trust:unknown/gl"]),
        ({**TRUST, "commitments": ["C"], "data_class": ["x"]}, ["trust:C/gl", "trust:unknown/gl"]),
        ({**TRUST, "comitments": ["C"]}, ["trust:unknown/gl"]),
    ],
)
def test_a_refused_target_leaves_open_what_can_be_read_of_it(
    assess: Assess, fields: dict[str, object], keys: list[str]
) -> None:
    _, pairs = assess(targets=[{**target("gl", GL), **fields}])
    assert sorted(key for _, key in pairs) == keys
    assert all(row.verdict == "undetermined" and row.states == "" for row in pairs.values())


@pytest.mark.parametrize(
    "fields",
    [{"colour": "red"}, {"fs_role": "recrod"}, {"select": [{"key": GL}, {"kye": GL}]}],
)
def test_a_refused_target_supports_nothing_whatever_it_selects(
    assess: Assess, fields: dict[str, object]
) -> None:
    """Whoever writes what it selects has the same row as everybody (FORMATS, Dead targets)."""
    identities, pairs = assess(WRITE, targets=[{**target("gl", GL), **fields}])
    row = pairs[BOT, "fin:gl"]
    assert identities[BOT].soc1 == "undetermined"
    assert (row.soc1, row.certainty, row.states, row.rules, row.steps) == (
        "undetermined",
        "may",
        "",
        ("R0",),
        0,
    )


def test_a_target_that_was_not_promised_is_open_in_no_column(assess: Assess) -> None:
    """A dead target of a category nobody committed to could change nothing."""
    identities, pairs = assess(targets=[promise("x", "A", "x:y")], commitments=["C"])
    assert pairs == {}
    assert identities[BOT].verdict == "neither"


# --- a scope of which a part is lost -------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "verdict"),
    [
        ({}, "neither"),
        ({"thresholds": {"shared_bye": 2}}, "undetermined"),
        ({"owners": [{"owner": "x"}]}, "undetermined"),
        ({"aliases": [{"platform": "postgres"}]}, "undetermined"),
        ({"linsk": []}, "undetermined"),
        ({"boundary": {"outsde": []}}, "neither"),
        ({"organisation": "x"}, "neither"),
        ({"remarks": "x"}, "neither"),
    ],
)
def test_a_part_of_the_scope_that_may_hide_a_path_is_a_gap_of_everybody_inside(
    assess: Assess, scope: dict[str, object], verdict: str
) -> None:
    """A lost boundary hides none: it only lets more in."""
    identities, pairs = assess(targets=[target("gl", GL)], **scope)
    assert identities[BOT].verdict == verdict
    assert [key for _, key in pairs] == ([] if verdict == "neither" else ["*"])
    assert identities[BOT].gaps == ()


@pytest.mark.parametrize(
    ("commitments", "soc2", "outside"),
    [
        (["C"], ("C",), ()),
        (["S"], (), ("C",)),
        ([], (), ("C",)),
        (None, (), ("C",)),
        ("unknown", ("undetermined",), ()),
        (["S", "X"], ("undetermined",), ()),
        (["C", "X"], ("C",), ()),
    ],
)
def test_what_is_promised_decides_and_what_is_not_known_leaves_open(
    assess: Assess, commitments: object, soc2: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    """Absent commitments promise nothing; unknown ones may promise anything."""
    identities, _ = assess(READ, targets=[promise("p", "C", PEOPLE)], commitments=commitments)
    assert (identities[BOT].soc2, identities[BOT].soc2_outside) == (soc2, outside)


# --- sums ----------------------------------------------------------------------------------------


def test_soc1_is_the_highest_and_soc2_the_union(assess: Assess) -> None:
    """Of rows at several targets, whatever their order."""
    identities, _ = assess(
        WRITE,
        READ,
        edge("CAN_WRITE", BOT, TB),
        targets=[
            target("a", TB, fs_role="audit_trail"),
            target("b", GL),
            promise("p", "C", PEOPLE),
        ],
    )
    assert (identities[BOT].soc1, identities[BOT].soc2) == ("direct", ("S", "C"))
    assert identities[BOT].targets == ("fin:a", "fin:b", "trust:C/p")


def test_exposure_is_the_worst_of_the_rows(assess: Assess) -> None:
    """Open before gated; a gated row alone is gated."""
    gated = edge("CAN_WRITE", BOT, GL, gate="acme:gate")
    both, _ = assess(gated, edge("CAN_WRITE", BOT, TB), targets=[target("a", GL), target("b", TB)])
    assert both[BOT].exposure == "open"
    one, _ = assess(gated, targets=[target("a", GL)])
    assert one[BOT].exposure == "gated"
    dead, _ = assess(gated, targets=[target("a", GL), target("b", "x:y")])
    assert dead[BOT].exposure == "undetermined"


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        (["own"], "own"),
        (["own", "user_entity"], "both"),
        (["both", "own"], "both"),
        (["unknown", "own"], "own"),
        (["unknown"], "unknown"),
    ],
)
def test_icfr_basis_adds_up_over_rows_with_a_soc1(
    assess: Assess, bases: list[str], expected: str
) -> None:
    """Own and user entity make both; unknown yields."""
    targets = [target(f"t{at}", GL, icfr_basis=basis) for at, basis in enumerate(bases)]
    identities, _ = assess(WRITE, targets=[*targets, target("x", PEOPLE, icfr_basis="both")])
    assert identities[BOT].icfr_basis == expected


# --- own weakness --------------------------------------------------------------------------------

KEY = node("acme:key", "ApiKey", props=OLD)
OPENS = edge("AUTHENTICATES_AS", "acme:key", BOT)


def test_a_weak_credential_gives_s_even_if_nothing_is_reached(assess: Assess) -> None:
    """As a weakness of the node itself does; nothing stands before it."""
    identities, pairs = assess(OPENS, targets=[target("gl", GL)], nodes=(node(BOT), KEY))
    found = identities[BOT]
    assert (found.soc2, found.verdict, found.exposure) == (("S",), "soc2", "open")
    assert found.weaknesses == ("long_lived",)
    assert pairs == {}
    own, _ = assess(targets=[target("gl", GL)], nodes=(node(BOT, weaknesses=["orphaned"]),))
    assert own[BOT].soc2 == ("S",)


@pytest.mark.parametrize(
    ("boundary", "soc2"),
    [
        ({"outside": [{"key": "acme:key"}]}, ()),
        ({"carve_out": [{"key": "acme:key"}]}, ("S",)),
        ({"outside": [{"key": BOT}]}, ()),
        ({"carve_out": [{"key": BOT}]}, ()),
        ({"inclusive": [{"key": BOT}]}, ("S",)),
    ],
)
def test_a_weak_credential_gives_s_by_the_rules_of_the_boundary(
    assess: Assess, boundary: dict[str, object], soc2: tuple[str, ...]
) -> None:
    """One that is outside gives none; an identity that is not ours gets none."""
    identities, _ = assess(
        OPENS, targets=[target("gl", GL)], nodes=(node(BOT), KEY), boundary=boundary
    )
    assert identities[BOT].soc2 == soc2
    assert identities[BOT].weaknesses == ("long_lived",)


@pytest.mark.parametrize(
    ("commitments", "soc2", "outside"),
    [(["A"], (), ("S",)), ("unknown", ("undetermined",), ()), (["S"], ("S",), ())],
)
def test_own_s_counts_as_promised(
    assess: Assess, commitments: object, soc2: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    """Outside where it was not, open where that is not known."""
    identities, _ = assess(
        OPENS, targets=[target("gl", GL)], nodes=(node(BOT), KEY), commitments=commitments
    )
    assert (identities[BOT].soc2, identities[BOT].soc2_outside) == (soc2, outside)


@pytest.mark.parametrize(
    "weak",
    [
        node("acme:key", "ApiKey", props=OLD, state="disabled"),
        node("acme:key", "ApiKey", props={"rotated": "2026-11-01"}),
        node("acme:key", "ApiKey", weaknesses=["log_tamper"]),
    ],
    ids=["dead", "fresh", "no-hygiene"],
)
def test_a_credential_without_a_living_hygiene_weakness_gives_none(
    assess: Assess, weak: dict[str, Any]
) -> None:
    """Only the first twelve of the crosswalk, only while the key works."""
    identities, _ = assess(OPENS, targets=[target("gl", GL)], nodes=(node(BOT), weak))
    assert identities[BOT].soc2 == ()


def test_a_dead_identity_keeps_its_row_and_no_weakness(assess: Assess) -> None:
    """Neither, in the population, nothing counted."""
    gone = node(BOT, state="deleted", weaknesses=["orphaned"])
    identities, pairs = assess(OPENS, targets=[target("gl", "x:y")], nodes=(gone, KEY))
    assert (identities[BOT].verdict, identities[BOT].weaknesses) == ("neither", ())
    assert pairs == {}


def test_a_link_from_nowhere_may_be_meant_of_anybody(assess: Assess) -> None:
    """One wrong letter in its start hides the only path there is; its other end is known."""
    links = [{"kind": "CAN_WRITE", "from": f"{BOT}x", "to": GL}]
    identities, pairs = assess(targets=[target("gl", GL)], links=links)
    assert identities[BOT].verdict == "undetermined"
    assert pairs[BOT, "*"].soc1 == "undetermined"
    right = [{"kind": "CAN_WRITE", "from": BOT, "to": GL}]
    identities, _ = assess(targets=[target("gl", GL)], links=right)
    assert identities[BOT].soc1 == "direct"


# --- controls ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "rests"),
    [("CAN_WRITE", 1), ("CAN_READ", 0)],
    ids=["who may write the books", "who only reads them"],
)
def test_only_rows_that_say_something_rest_on_a_control(
    tmp_path: Path, kind: str, rests: int
) -> None:
    """READ at a financial target is reached, and its verdict is neither: it counts on no gate."""
    facts = {
        "nhigraph": "facts/1",
        "nodes": [node(BOT), node(GL, "Dataset")],
        "edges": [edge(kind, BOT, GL, gate="acme:gate")],
        "gates": [{"key": "acme:gate", "kind": "protection", "tests": HOLDS}],
    }
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target("gl", GL)]}
    write_estate(tmp_path, [facts], {**scope, "commitments": ["S"]})
    (control,) = judged(tmp_path).controls
    assert (control.identities, len(control.targets)) == (rests, rests)
