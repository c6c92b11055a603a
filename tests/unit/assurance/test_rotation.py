"""Which credential to rotate first: named cases, each a small estate of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance import analyse
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.planted import Held
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.planted_ways import PlantedWays
from nhigraph.assurance.rotation.rank import Ranked, ranked
from nhigraph.assurance.rotation.reasons import said
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.schema import kinds
from nhigraph.schema.types import EdgeKind, State
from tests.estate_files import write_estate

GL, CRM, TOOL = (f"dataset:postgres:erp.{name}" for name in ("fin.gl", "crm.people", "it.tool"))
POSTER, READER, ADMIN = "acme:poster", "acme:reader", "acme:admin"
OLD, NEW = {"created": "2024-01-01"}, {"created": "2026-11-01"}
TESTS = ("human", "enforced_by_target", "out_of_reach", "content_bound", "no_auto_threshold")
GATE = {
    "key": "acme:gate",
    "kind": "approval",
    "approvers": ["acme:ann"],
    "tests": dict.fromkeys((*TESTS, "log_out_of_reach"), True),
}
Estate = Callable[..., Judged]


def key(name: str, kind: str = "Secret", **fields: object) -> dict[str, Any]:
    return {"kind": kind, "key": f"acme:{name}", "name": name, **fields}


def edge(kind: str, source: str, target: str, **fields: object) -> dict[str, Any]:
    return {"kind": kind, "from": source, "to": target, **fields}


def opens(name: str, whom: str = POSTER, **fields: object) -> dict[str, Any]:
    return edge("AUTHENTICATES_AS", f"acme:{name}", whom, **fields)


def copy(source: str, target: str, transform: str = "copy") -> dict[str, Any]:
    return edge("FEEDS", f"acme:{source}", f"acme:{target}", transform=transform)


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    """A poster of the ledger, a reader of people, an admin of a tool, and what a case adds."""

    def made(
        *records: dict[str, Any], gaps: tuple[dict[str, Any], ...] = (), **scope: object
    ) -> Judged:
        nodes = [
            *(key(name, "ServiceAccount") for name in ("poster", "reader", "admin")),
            key("ann", "User"),
            key("store", "SecretStore"),
            *({"kind": "Dataset", "key": name} for name in (GL, CRM, TOOL)),
            *(record for record in records if "from" not in record),
        ]
        edges = [
            edge("CAN_WRITE", POSTER, GL, action="post"),
            edge("CAN_READ", READER, CRM),
            edge("CAN_WRITE", ADMIN, TOOL, action="update"),
            *(record for record in records if "from" in record),
        ]
        facts = {
            "nhigraph": "facts/1",
            "nodes": nodes,
            "edges": edges,
            "gates": [GATE],
            "gaps": list(gaps),
        }
        books = {"family": "financial-reporting", "icfr_basis": "own"}
        targets = [
            {**books, "id": "gl", "fs_role": "record", "select": [{"key": GL}]},
            {**books, "id": "tool", "fs_role": "itgc_tool", "select": [{"key": TOOL}]},
            {
                "id": "people",
                "family": "trust-service",
                "commitments": ["C"],
                "select": [{"key": CRM}],
            },
        ]
        claims = {
            "nhigraph": "scope/1",
            "as_of": "2026-11-23",
            "commitments": ["S", "A", "PI", "C"],
            "targets": targets,
            **scope,
        }
        write_estate(tmp_path, [facts], claims)
        return of_collection(collect([tmp_path]))

    return made


def by_name(found: Ranked) -> dict[str, RotationRow]:
    return {row.name: row for row in found.rotation.rows}


def order(found: Ranked) -> list[str]:
    return [row.name for row in found.rotation.rows]


def names(keys: tuple[str, ...]) -> list[str]:
    return [one.removeprefix("acme:") for one in keys]


# --- what somebody can do who knows it -----------------------------------------------------------


def test_who_knows_a_key_can_do_what_it_opens(estate: Estate) -> None:
    """And how the value came to be known adds nothing: reading a secret would give S."""
    row = by_name(ranked(estate(key("k", props=NEW), opens("k")).estate))["k"]
    assert (row.soc1, row.soc2, row.exposure) == ("direct", (), "open")
    assert (row.opens, row.effects, row.targets) == ((POSTER,), ("alter",), ("fin:gl",))


def test_to_read_people_is_to_disclose(estate: Estate) -> None:
    row = by_name(ranked(estate(key("k", props=NEW), opens("k", READER)).estate))["k"]
    assert (row.soc1, row.soc2, row.effects) == ("none", ("C",), ("disclose",))


def test_a_key_of_which_nobody_knows_what_it_opens_is_undetermined(estate: Estate) -> None:
    """With the gap, and never "none"."""
    gap = {"at": "acme:k", "reason": "what it opens is in no input", "states": ["READ"]}
    row = by_name(ranked(estate(key("k"), gaps=(gap,)).estate))["k"]
    assert (row.soc1, row.soc2) == ("undetermined", ("undetermined",))
    assert row.gaps == ("acme:k",)
    assert "what it opens is in no input (acme:k)" in row.reason


def test_an_answer_that_it_opens_nothing_closes_that_gap(estate: Estate) -> None:
    gap = {"at": "acme:k", "reason": "what it opens is in no input", "states": ["READ"]}
    closed = [{"gap": {"at": "acme:k"}, "is": "empty", "because": "known"}]
    row = by_name(ranked(estate(key("k"), gaps=(gap,), answers=closed).estate))["k"]
    assert (row.soc1, row.gaps) == ("none", ())


@pytest.mark.parametrize(
    "own",
    [
        (key("k", "ApiKey", nhi=True), edge("CAN_WRITE", "acme:k", GL)),
        (key("k", "ApiKey"), edge("CAN_WRITE", "acme:k", GL)),
        (
            *(key("k", "ApiKey"), key("g", "Grant")),
            *(edge("HOLDS", "acme:k", "acme:g"), edge("CAN_WRITE", "acme:g", GL)),
        ),
    ],
    ids=["marked as an identity", "with a right", "with a grant"],
)
def test_who_knows_a_key_with_rights_of_its_own_acts_as_it(
    own: tuple[dict[str, Any], ...], estate: Estate
) -> None:
    row = by_name(ranked(estate(*own).estate))["k"]
    assert (row.soc1, row.targets) == ("direct", ("fin:gl",))


def test_who_knows_a_secret_does_not_stop_what_promises_it(estate: Estate) -> None:
    """A secret that is itself promised is disclosed; it is not under anybody's control."""
    promise = {
        "id": "keys",
        "family": "trust-service",
        "commitments": ["C", "A"],
        "select": [{"key": "acme:k"}],
    }
    row = by_name(ranked(estate(key("k", props=NEW), targets=[promise]).estate))["k"]
    assert (row.soc2, row.effects) == (("C",), ("disclose",))


def test_a_copy_opens_what_its_original_opens(estate: Estate) -> None:
    judged = estate(key("a"), key("b"), key("m"), opens("a"), copy("a", "b"))
    row = by_name(ranked(judged.estate))["b"]
    assert (row.soc1, row.opens) == ("direct", (POSTER,))


def test_a_masked_copy_opens_nothing(estate: Estate) -> None:
    judged = estate(key("a"), key("b"), opens("a"), copy("a", "b", "masked"))
    row = by_name(ranked(judged.estate))["b"]
    assert (row.soc1, row.opens) == ("none", ())


# --- which are listed, and in which order --------------------------------------------------------


def test_stores_and_dead_keys_are_not_listed(estate: Estate) -> None:
    """A store has no value of its own to change; a dead key opens nothing."""
    judged = estate(
        key("off", state="disabled"),
        key("past", expires="2026-11-22"),
        key("today", expires="2026-11-23"),
        key("kek", "EncryptionKey"),
        key("cert", "Certificate"),
    )
    assert sorted(order(ranked(judged.estate))) == ["cert", "kek", "today"]


def test_the_order_is_that_of_the_formats(estate: Estate) -> None:
    """Each differs from the next in the one thing that puts it first."""
    gap = {"at": "acme:7-unknown", "reason": "not exported", "states": ["READ"]}
    judged = estate(
        key("9-letters", props={**NEW, "exposed": True}),
        opens("9-letters"),
        opens("9-letters", READER),
        key("8-exposed", props={**NEW, "exposed": True}),
        opens("8-exposed", POSTER),
        key("z-older", props={"created": "2026-06-01"}),
        opens("z-older"),
        key("y-newer", props={"created": "2026-07-01"}),
        opens("y-newer"),
        key("x-ageless"),
        opens("x-ageless"),
        key("1-gated", props={**OLD, "exposed": True}),
        opens("1-gated", gate="acme:gate"),
        key("2-indirect", props=OLD),
        opens("2-indirect", ADMIN),
        key("7-unknown", props=OLD),
        key("0-none", props=OLD),
        gaps=(gap,),
    )
    assert order(ranked(judged.estate)) == [
        "9-letters",
        "8-exposed",
        "z-older",
        "y-newer",
        "x-ageless",
        "1-gated",
        "2-indirect",
        "7-unknown",
        "0-none",
    ]


# --- what documents say of it --------------------------------------------------------------------


def test_holders_users_and_what_breaks(estate: Estate) -> None:
    """What uses it, what needs it, and all that stops with these."""
    judged = estate(
        key("k", props={"rotated": "2026-11-13", "created": "2020-01-01"}),
        key("job", "CiJob"),
        key("batch", "Workload"),
        edge("CONTAINS", "acme:store", "acme:k"),
        edge("CAN_READ", "acme:job", "acme:k", action="use_secret"),
        edge("CAN_READ", "acme:reader", "acme:k"),
        edge("DEPENDS_ON", "acme:k", "acme:job"),
        edge("DEPENDS_ON", "acme:k", "acme:batch"),
        edge("COMPUTES", "acme:batch", GL),
    )
    row = by_name(ranked(judged.estate))["k"]
    assert (row.holder, row.age_days, row.used_by) == (("acme:store",), 10, 2)
    assert row.breaks == ("acme:batch", "acme:job", GL, "fin:gl")


def test_a_count_of_users_stands_where_it_is_larger(estate: Estate) -> None:
    judged = estate(
        key("k", props={"used_by": 7}),
        key("job", "CiJob"),
        edge("DEPENDS_ON", "acme:k", "acme:job"),
    )
    assert by_name(ranked(judged.estate))["k"].used_by == 7


def test_what_needs_more_than_the_key_does_not_break_with_it(estate: Estate) -> None:
    """An edge with a need is passed only where the need is met by stopping, too."""
    met = [{"at": "acme:one", "state": "HALT"}]
    unmet = [{"at": "acme:one", "state": "CONTROL"}]
    judged = estate(
        key("k"),
        key("one", "Workload"),
        key("two", "Workload"),
        key("three", "Workload"),
        edge("DEPENDS_ON", "acme:k", "acme:two", needs=met),
        edge("DEPENDS_ON", "acme:k", "acme:three", needs=unmet),
        edge("DEPENDS_ON", "acme:k", "acme:one"),
    )
    assert by_name(ranked(judged.estate))["k"].breaks == ("acme:one", "acme:two")


def test_a_cell_that_names_very_many_counts_the_rest(estate: Estate) -> None:
    jobs = [key(f"job-{number}", "CiJob") for number in range(4)]
    needing = [edge("DEPENDS_ON", "acme:k", job["key"]) for job in jobs]
    judged = estate(key("k"), *jobs, *needing)
    row = by_name(ranked(judged.estate, breaking=2))["k"]
    assert row.breaks == ("acme:job-0", "acme:job-1", "and 2 more")
    assert row.breaking == 4


def test_the_path_begins_at_the_credential(estate: Estate) -> None:
    """The thief is nobody's business: no imagined key is in what is printed."""
    found = ranked(estate(key("k", props=OLD), opens("k")).estate)
    steps = found.paths[by_name(found)["k"].path_id]
    assert [step.source for step in steps] == ["acme:k", POSTER, GL]
    assert steps[-1].target == "fin:gl"
    assert [step.step for step in steps] == [1, 2, 3]
    assert "imagined" not in str(found)


def test_paths_beyond_the_bound_are_not_named(estate: Estate) -> None:
    judged = estate(key("a"), opens("a"), key("b"), opens("b"))
    found = ranked(judged.estate, paths=1)
    assert [bool(row.path_id) for row in found.rotation.rows] == [True, False]
    assert len(found.paths) == 1


REASONS = {
    "as": "As poster, whoever knows it can change the books at gl, past no control that holds; "
    "its value is 22 days old, and no use of it is known.",
    "may": "As poster, whoever knows it may change the books at gl, past no control that holds; "
    "its value is 22 days old, and no use of it is known.",
    "gated": "As poster, whoever knows it can change the books at gl, but only past controls "
    "that hold; its value is 22 days old, and no use of it is known.",
    "indirect": "As admin, whoever knows it can weaken what the books rest on and break a promise "
    "(S) at tool, past no control that holds; it is exposed, its value is 1,057 days old, past "
    "the limit of 365, and no use of it is known.",
    "silent": "It reaches no target in what was read, and nothing that was read says what it "
    "opens; nobody says how old it is, and no use of it is known.",
    "kek": "It reaches no target in what was read; nobody says how old it is, and no use of it is "
    "known.",
    "young": "It reaches no target in what was read, and nothing that was read says what it "
    "opens; its value is 22 days old and said to be long-lived, and no use of it is known.",
    "wrapping": "It reaches no target in what was read; its value is 1,057 days old, and no use "
    "of it is known.",
    "stated": "It reaches no target in what was read, and nothing that was read says what it "
    "opens; it is said to be long-lived, and no use of it is known.",
}


def test_reasons_say_who_what_where_past_what_and_how_old(estate: Estate) -> None:
    judged = estate(
        key("as", props=NEW),
        opens("as"),
        key("may", props=NEW),
        opens("may", certainty="conditional", condition="if"),
        key("gated", props=NEW),
        opens("gated", gate="acme:gate"),
        key("indirect", props={**OLD, "exposed": True}),
        opens("indirect", ADMIN),
        key("silent"),
        key("kek", "EncryptionKey"),
        key("stated", weaknesses=["long_lived"]),
        key("young", props=NEW, weaknesses=["long_lived"]),
        key("wrapping", "EncryptionKey", props=OLD),
    )
    assert {row.name: row.reason for row in ranked(judged.estate).rotation.rows} == REASONS


# --- the fewest ----------------------------------------------------------------------------------


#: Why nothing else can be said, or who else there is, at the end of the sentence.
BESIDE = {
    "idle": "It reaches no target in what was read: gone, which it opens, does not count on the "
    "day; nobody says how old it is, and no use of it is known.",
    "not-yet": "It reaches no target in what was read: poster, which it opens, does not count on "
    "the day; nobody says how old it is, and no use of it is known.",
    "later": "As poster, whoever knows it can change the books at gl, past no control that holds; "
    "its value is of 2027-01-31, after the day asked about, and no use of it is known.",
    "one": "It reaches no target in what was read, and nothing that was read says what it opens; "
    "nobody says how old it is; job uses it, and nothing says that it stops without it.",
    "many": "It reaches no target in what was read, and nothing that was read says what it opens; "
    "nobody says how old it is; batch, job, pod and 1 more use it, and nothing says that they "
    "stop without it.",
    "counted": "It reaches no target in what was read, and nothing that was read says what it "
    "opens; nobody says how old it is; 1,200 use it, by what is said of it, and none of them is "
    "named.",
    "promises": "As both, whoever knows it can break a promise (S, C) at people, past no control "
    "that holds; nobody says how old it is, and no use of it is known.",
}


def test_reasons_say_what_does_not_count_on_the_day_and_who_else_uses_it(estate: Estate) -> None:
    """Whoever rotates a key has to know who is handed it, said to stop without it or not."""
    users = [("one", "job"), *(("many", name) for name in ("batch", "job", "pod", "runner"))]
    judged = estate(
        *(key(name) for name in ("idle", "not-yet", "one", "many", "promises")),
        key("later", props={"rotated": "2027-01-31", "created": "2020-01-01"}),
        key("counted", props={"used_by": 1200}),
        key("gone", "ServiceAccount", state="disabled"),
        key("both", "ServiceAccount"),
        *(key(name, "Workload") for name in ("batch", "job", "pod", "runner")),
        opens("idle", "acme:gone"),
        opens("not-yet", valid_from="2026-11-24"),
        opens("later"),
        opens("promises", "acme:both"),
        edge("CAN_ADMINISTER", "acme:both", CRM),
        *(edge("CAN_READ", f"acme:{who}", f"acme:{k}", action="use_secret") for k, who in users),
        targets=[
            {
                "id": "gl",
                "family": "financial-reporting",
                "fs_role": "record",
                "select": [{"key": GL}],
            },
            {
                "id": "people",
                "family": "trust-service",
                "commitments": ["S", "C"],
                "select": [{"key": CRM}],
            },
        ],
    )
    assert {row.name: row.reason for row in ranked(judged.estate).rotation.rows} == BESIDE


def _fewest(judged: Judged, until: str = "soc1") -> dict[str, list[str]]:
    found = ranked(judged.estate, until=until).rotation.fewest
    return {
        name: names(getattr(found, name)) for name in ("rotate", "copies", "undecided", "ageless")
    }


def test_the_fewest_are_those_that_reach_the_books_and_are_old_or_exposed(estate: Estate) -> None:
    gap = {"at": "acme:unknown", "reason": "not exported", "states": ["READ"]}
    judged = estate(
        key("old", props=OLD),
        opens("old"),
        key("exposed", props={**NEW, "exposed": True}),
        opens("exposed", ADMIN),
        key("new", props=NEW),
        opens("new"),
        key("ageless"),
        opens("ageless"),
        key("harmless", props=OLD),
        opens("harmless", READER),
        key("unknown", props=OLD),
        gaps=(gap,),
    )
    assert _fewest(judged) == {
        "rotate": ["old", "exposed"],
        "copies": [],
        "undecided": ["unknown"],
        "ageless": ["ageless"],
    }
    assert _fewest(judged, "soc2")["rotate"] == ["old", "exposed", "harmless"]


def test_of_two_of_which_one_reads_the_other_both_are_rotated(estate: Estate) -> None:
    """The new value lies where the old one lay, and whoever could read it there can again."""
    judged = estate(
        key("outer", props=OLD),
        opens("outer", ADMIN),
        edge("CAN_READ", ADMIN, "acme:inner"),
        key("inner", props=OLD),
        opens("inner"),
    )
    assert sorted(_fewest(judged)["rotate"]) == ["inner", "outer"]


def test_a_copy_is_dead_with_its_original(estate: Estate) -> None:
    judged = estate(
        key("original", props=OLD),
        opens("original"),
        key("copy", props=OLD),
        copy("original", "copy"),
    )
    assert _fewest(judged) == {
        "rotate": ["original"],
        "copies": ["copy"],
        "undecided": [],
        "ageless": [],
    }


def test_a_copy_that_opens_something_besides_is_rotated_itself(estate: Estate) -> None:
    judged = estate(
        key("original", props=OLD),
        opens("original"),
        key("copy", props=OLD),
        copy("original", "copy"),
        opens("copy", ADMIN),
    )
    assert sorted(_fewest(judged)["rotate"]) == ["copy", "original"]


def test_a_copy_that_lets_somebody_act_may_come_by_the_new_value(estate: Estate) -> None:
    """It opens nobody of importance, who reads the copy where it lies: rotated itself."""
    judged = estate(
        key("clerk", "ServiceAccount"),
        key("original", props=OLD),
        opens("original"),
        key("copy", props=OLD),
        copy("original", "copy"),
        opens("copy", "acme:clerk"),
        edge("CAN_READ", "acme:clerk", "acme:copy"),
    )
    assert sorted(_fewest(judged)["rotate"]) == ["copy", "original"]


def test_of_a_chain_of_copies_the_one_next_to_what_is_new_is_rotated(estate: Estate) -> None:
    """The original is not old, so it is not in question: its oldest copies are."""
    judged = estate(
        key("original", props=NEW),
        opens("original"),
        key("near", props=OLD),
        copy("original", "near"),
        key("far", props=OLD),
        copy("near", "far"),
    )
    found = _fewest(judged)
    assert (found["rotate"], found["copies"]) == (["near"], ["far"])


def test_the_sentences_of_the_fewest(estate: Estate) -> None:
    judged = estate(
        key("a", props=OLD),
        opens("a"),
        key("b", props=OLD),
        opens("b"),
        key("c", props=OLD),
        copy("a", "c"),
        key("d"),
        opens("d"),
    )
    rotation = ranked(judged.estate).rotation
    assert " ".join(said(rotation.fewest, rotation.rows)) == (
        "Rotate these 2 (ranks 1, 2) and no long-lived or exposed credential reaches the books: "
        "searched again without them. "
        "One more (rank 3) is a copy of one of these. "
        "One more (rank 4) reaches the books, and nobody says how old it is."
    )


def test_nothing_to_rotate_is_said_of_what_is_known(estate: Estate) -> None:
    judged = estate(key("a"), opens("a"), key("b"), opens("b"))
    rotation = ranked(judged.estate).rotation
    assert said(rotation.fewest, rotation.rows) == (
        "No credential known to be long-lived or exposed reaches the books.",
        "2 (ranks 1, 2) reach the books, and nobody says how old they are.",
    )


def test_ranks_of_many_are_told_in_runs(estate: Estate) -> None:
    """A sentence stays one, however many are to be rotated."""
    names_ = [f"{number:02}" for number in range(40)]
    old = [key(name, props=OLD if int(name) % 5 or int(name) > 19 else NEW) for name in names_]
    judged = estate(*old, *(opens(name) for name in names_))
    rotation = ranked(judged.estate).rotation
    assert said(rotation.fewest, rotation.rows)[0].startswith(
        "Rotate these 36 (ranks 1 to 36) and"
    )
    some = replace(rotation.fewest, rotate=tuple(row.credential for row in rotation.rows[::2]))
    assert said(some, rotation.rows)[0].startswith(
        "Rotate these 20 (ranks 1, 3, 5, 7, 9, 11 and 14 more) and"
    )
    two = replace(rotation.fewest, rotate=tuple(row.credential for row in rotation.rows[4:6]))
    assert said(two, rotation.rows)[0].startswith("Rotate these 2 (ranks 5, 6) and")


# --- planting ------------------------------------------------------------------------------------


#: Whatever follows from control; what supports a target, the scope alone says.
_HOLDING = [
    kind
    for kind in kinds.EDGE_KINDS.values()
    if kind is not kinds.SUPPORTS
    and any(before == State.CONTROL for before, _ in kinds.TRANSITIONS[kind.effect])
]


@pytest.mark.parametrize("turned", [False, True], ids=["walked", "turned"])
@pytest.mark.parametrize("kind", _HOLDING, ids=lambda kind: kind.label)
def test_whoever_is_imagined_is_judged_as_whoever_is_there(
    kind: EdgeKind, turned: bool, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows and its path are those of an identity that the facts name, which holds the same.

    What an answer closes stays closed for both, and a gap that it reaches is one for both.
    """
    held = [GL, CRM, TOOL, "acme:k", POSTER, READER, ADMIN, "acme:store", "zeta:open", "zeta:shut"]
    judged = estate(
        key("k", props=OLD),
        opens("k"),
        *({"kind": "ServiceAccount", "key": name} for name in ("zeta:open", "zeta:shut")),
        *(key(f"who{number}", "ServiceAccount") for number, _ in enumerate(held)),
        edge("CAN_WRITE", "zeta:open", GL),
        edge("CAN_WRITE", "acme:poster", TOOL, action="grant"),
        edge("CONTAINS", "acme:store", "acme:k"),
        *(edge(kind.label, f"acme:who{number}", at) for number, at in enumerate(held)),
        gaps=tuple({"at": at, "reason": "not exported"} for at in ("zeta:open", "zeta:shut")),
        answers=[{"gap": {"at": "zeta:open"}, "is": "empty", "because": "known"}],
        boundary={"carve_out": [{"key": "zeta:*"}]},
    )
    graph, analysis = judged.estate.graph, Analysis(judged.estate)
    told = answer(analysis)
    if turned:  # as large graphs do
        for name, value in (("TURN_FROM", 0), ("BLOCK", 0), ("FEWER", 1 << 30)):
            monkeypatch.setattr(analyse, name, value)
    nodes = [graph.node_id(one) for one in held]
    planted = Planted(analysis, [[Held(kind, node)] for node in nodes if node is not None])
    asked = {
        (number, row.target): wanted
        for number, one in enumerate(planted.outcomes)
        for row in one.verdicts
        if (wanted := planted.asked(number, row)) is not None
    }
    ways = PlantedWays(planted, asked)
    for number, one in enumerate(planted.outcomes):
        name = f"acme:who{number}"
        (own,) = (row for row in told.identities if row.identity == name)
        assert one.row == replace(own, identity="", kind="", name="", owner="")
        rows = [row for row in told.verdicts if row.identity == name]
        bare = [replace(row, identity="", steps=None, path_id="") for row in rows]
        assert [replace(row, steps=None) for row in one.verdicts] == bare
        for row in (row for row in rows if row.path_id):
            onward = [step.target for step in told.paths[row.path_id]][1:]
            steps = planted.paths.steps(ways.clauses((number, row.target)))
            assert [graph.key_list[step.target] for step in steps] == onward
