"""Questions at nodes: names, what is held, and what is not known."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.findings import described, found_rules
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions import names, reach, verdicts
from nhigraph.app.questions.explain import explain, explain_word, find_path
from nhigraph.app.questions.meanings import told
from nhigraph.app.questions.rows import ANY, ReachRow
from nhigraph.app.questions.why import why
from nhigraph.errors import UsageError
from nhigraph.findings.rule import HEADINGS
from nhigraph.schema.controls import RULES

KINDS = {"bot": "ServiceAccount", "user": "User", "data": "Dataset", "key": "Secret"}
KINDS |= {"off": "ServiceAccount", "job": "CiJob", "flow": "Workflow", "log": "AuditLog"}
TARGETS: list[dict[str, Any]] = [
    {
        "id": "gl",
        "family": "financial-reporting",
        "fs_role": "record",
        "icfr_basis": "own",
        "select": [{"key": "data:gl"}],
    }
]
TESTS = (
    "human",
    "enforced_by_target",
    "out_of_reach",
    "content_bound",
    "no_auto_threshold",
    "log_out_of_reach",
)
#: ``holds`` passes all its tests, ``unknown`` lacks one, ``fails`` fails one.
GATES: list[dict[str, Any]] = [
    {
        "key": key,
        "kind": "protection",
        "tests": {test: key != "fails" for test in TESTS if key != "unknown" or test != "human"},
    }
    for key in ("holds", "unknown", "fails")
]


def judged(folder: Path, lines: list[str], *gaps: str, **scope: object) -> Judged:
    """An estate of lines such as ``bot:a CAN_WRITE data:d gate=holds``; a gap is ``STATE@key``."""
    edges, keys = [], set()
    for line in lines:
        source, kind, target, *marks = line.split()
        edge: dict[str, Any] = {"kind": kind, "from": source, "to": target}
        if "conditional" in marks:
            edge |= {"certainty": "conditional", "condition": "an address"}
        edge |= dict(mark.split("=", 1) for mark in marks if "=" in mark)
        edges.append(edge)
        keys |= {source, target}
    keys.add("data:gl")
    holes = [gap.split("@") for gap in gaps]
    keys |= {key for _, key in holes}
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": KINDS[key.partition(":")[0]], "key": key, "name": key.partition(":")[2]}
            | ({"state": "disabled"} if key.startswith("off:") else {})
            for key in sorted(keys)
        ],
        "edges": edges,
        "gates": GATES,
        "gaps": [
            {"at": key, "states": [state], "reason": f"{key} is not told"} for state, key in holes
        ],
    }
    claims = {"nhigraph": "scope/1", "commitments": ["S", "A"], "as_of": "2026-11-23"}
    body = {**claims, "targets": TARGETS, **scope}
    (folder / "a.facts.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "scope.json").write_text(json.dumps(body), encoding="utf-8")
    return of_collection(collect([folder]))


def _node(found: Judged, key: str) -> int:
    node = found.estate.graph.node_id(key)
    assert node is not None
    return node


def _said(row: ReachRow) -> tuple[str, str, str]:
    return row.states, row.certainty, row.exposure


#: What is said, lines, gaps, what ``who data:d`` says of bot:a; None: nothing.
HELD = [
    ("a plain right", ["bot:a CAN_WRITE data:d"], (), ("ALTER", "can", "open")),
    ("a condition", ["bot:a CAN_WRITE data:d conditional"], (), ("ALTER", "may", "open")),
    (
        "one certain right of two",
        ["bot:a CAN_WRITE data:d conditional", "bot:a CAN_READ data:d"],
        (),
        ("ALTER+READ", "may", "open"),
    ),
    ("a gate that holds", ["bot:a CAN_WRITE data:d gate=holds"], (), ("ALTER", "can", "gated")),
    (
        "a gate that is not known to hold",
        ["bot:a CAN_WRITE data:d gate=unknown"],
        (),
        ("ALTER", "can", "undetermined"),
    ),
    ("a gate that fails", ["bot:a CAN_WRITE data:d gate=fails"], (), ("ALTER", "can", "open")),
    (
        "a gate that holds, beside a gap: another way may lead around it",
        ["bot:a CAN_WRITE data:d gate=holds"],
        ("CONTROL@bot:a",),
        ("ALTER", "can", "undetermined"),
    ),
    ("a gap and no right", [], ("CONTROL@bot:a",), ("", "may", "undetermined")),
    ("a gap for a state that is not held", [], ("READ@bot:a",), None),
    (
        "a gap that is reached on the way",
        ["bot:a CAN_READ key:k"],
        ("READ@key:k",),
        ("", "may", "undetermined"),
    ),
    ("neither right nor gap", ["bot:a CAN_READ key:k"], (), None),
    ("somebody else's gap", [], ("CONTROL@bot:b",), None),
]


@pytest.mark.parametrize(
    ("lines", "gaps", "said"), [case[1:] for case in HELD], ids=[case[0] for case in HELD]
)
def test_who_and_reach_say_of_a_node(
    lines: list[str], gaps: tuple[str, ...], said: tuple[str, str, str] | None, tmp_path: Path
) -> None:
    found = judged(tmp_path, [*lines, "bot:a CAN_READ data:x", "bot:z CAN_READ data:d"], *gaps)
    told = {row.identity: row for row in reach.who(found, _node(found, "data:d"))}
    assert (_said(told["bot:a"]) if "bot:a" in told else None) == said
    rows = reach.reach_one(found, _node(found, "bot:a"), "data:d")
    assert [_said(row) for row in rows] == ([said] if said else [])
    steps = why(found, _node(found, "bot:a"), "data:d")
    assert steps.exposure == (said[2] if said else "")
    assert bool(steps.steps) is bool(said and said[0])
    assert [row.exposure for row in steps.rows()] == ([said[2]] if said else [])


OPEN = ["bot:a CAN_READ key:k", "bot:b CAN_WRITE data:gl", "user:u CAN_READ key:k"]


def test_the_closing_row_stands_last_and_names_the_gap(tmp_path: Path) -> None:
    found = judged(tmp_path, OPEN, "READ@key:k")
    for walker in ("bot:a", "user:u", "key:k"):
        last = reach.reach(found, _node(found, walker))[-1]
        assert (last.node, last.states, last.exposure, last.verdict) == (
            ANY,
            "",
            "undetermined",
            "undetermined",
        )
        assert (last.gaps, last.reasons) == (("key:k",), ("key:k is not told",))
        assert reach.blast(found, _node(found, walker))[-1] == last
    assert ANY not in {row.node for row in reach.reach(found, _node(found, "bot:b"))}


def test_a_gap_with_a_scope_without_targets_leaves_what_is_reached_open(tmp_path: Path) -> None:
    """There is no verdict to give, and still it is not known what lies behind the gap."""
    found = judged(tmp_path, OPEN, "READ@key:k", targets=[], commitments=[])
    last = reach.reach(found, _node(found, "bot:a"))[-1]
    assert (last.node, last.exposure, last.verdict) == (ANY, "undetermined", "neither")


def test_blast_begins_with_targets_and_leaves_out_plain_data(tmp_path: Path) -> None:
    lines = ["key:k AUTHENTICATES_AS bot:a", "bot:a CAN_WRITE data:gl", "bot:a CAN_READ data:x"]
    found = judged(tmp_path, lines)
    rows = reach.blast(found, _node(found, "key:k"))
    assert [(row.node, row.verdict) for row in rows] == [("fin:gl", "soc1"), ("bot:a", "")]


def test_reach_is_nearest_first(tmp_path: Path) -> None:
    lines = ["bot:a CAN_ASSUME bot:z", "bot:z CAN_ASSUME bot:b", "bot:b CAN_READ data:x"]
    found = judged(tmp_path, lines)
    rows = reach.reach(found, _node(found, "bot:a"))
    assert [(row.node, row.steps) for row in rows] == [("bot:z", 1), ("bot:b", 2), ("data:x", 3)]


def test_an_identity_of_a_carve_out_relies_on_the_subservice_in_every_answer(
    tmp_path: Path,
) -> None:
    boundary = {"carve_out": [{"key": "bot:a"}]}
    found = judged(tmp_path, ["bot:a CAN_WRITE data:gl"], "CONTROL@bot:a", boundary=boundary)
    (row,) = verdicts.at_target(found, "fin:gl")
    (one,) = reach.reach_one(found, _node(found, "bot:a"), "fin:gl")
    told = why(found, _node(found, "bot:a"), "fin:gl")
    assert {row.exposure, one.exposure, told.exposure} == {"relies_on_subservice"}


def test_who_at_a_target_lists_neither_who_only_reads_nor_who_is_cleared(tmp_path: Path) -> None:
    lines = ["bot:r CAN_READ data:gl", "bot:w CAN_WRITE data:gl", "bot:n CAN_READ data:x"]
    found = judged(tmp_path, lines, "CONTROL@bot:g")
    rows = verdicts.at_target(found, "fin:gl")
    assert [(row.identity, row.target, row.verdict) for row in rows] == [
        ("bot:w", "fin:gl", "soc1"),
        ("bot:g", ANY, "undetermined"),
    ]


def test_a_reader_still_has_a_path_to_show_and_a_verdict(tmp_path: Path) -> None:
    found = judged(tmp_path, ["bot:r CAN_READ data:gl"])
    told = why(found, _node(found, "bot:r"), "fin:gl")
    assert told.verdict is not None
    assert (told.verdict.verdict, told.exposure) == ("neither", "in-population")
    assert [step.state for step in told.steps] == ["READ", "READ"]


def test_several_reasons_at_one_node_are_told_together_once(tmp_path: Path) -> None:
    found = judged(tmp_path, [], "CONTROL@bot:a", "CONTROL@bot:a", "ALTER@bot:a")
    told = why(found, _node(found, "bot:a"), "data:gl")
    assert told.gaps == {"bot:a": "bot:a is not told"}


@pytest.mark.parametrize(
    ("why_", "lines", "gaps", "reached", "said"),
    [
        ("nothing open", ["bot:a CAN_WRITE data:gl"], (), False, True),
        ("the walker reaches a gap", ["bot:a CAN_WRITE data:gl"], (), True, False),
        ("an identity does", ["bot:a CAN_WRITE data:gl"], ("CONTROL@bot:a",), False, False),
        ("nobody does", ["bot:a CAN_WRITE data:gl"], ("READ@bot:a",), False, True),
        ("only a person does", ["bot:a CAN_READ data:gl"], ("CONTROL@user:u",), False, True),
    ],
)
def test_an_answer_is_complete_unless(
    why_: str, lines: list[str], gaps: tuple[str, ...], reached: bool, said: bool, tmp_path: Path
) -> None:
    assert judged(tmp_path, lines, *gaps).complete_for(reached=reached) is said, why_


def test_a_target_that_stands_for_nothing_makes_an_answer_incomplete(tmp_path: Path) -> None:
    dead = [{**TARGETS[0], "select": [{"key": "data:nothing"}]}]
    assert judged(tmp_path, [], targets=dead).complete_for() is False


@pytest.mark.parametrize("walker", ["bot:a", "user:u"])
def test_links_that_could_not_be_read_are_as_good_as_a_gap(walker: str, tmp_path: Path) -> None:
    """They may have opened any way, for everybody inside the boundary."""
    link = {"kind": "CAN_WRITE", "from": "bot:a", "to": "data:gl"}
    lines = ["bot:a CAN_WRITE data:d gate=holds", "user:u CAN_WRITE data:d gate=holds"]
    found = judged(tmp_path, lines, lniks=[link])
    node = _node(found, walker)
    (row,) = reach.reach_one(found, node, "fin:gl")
    assert (row.states, row.verdict, row.exposure) == ("", "undetermined", "undetermined")
    (gated,) = reach.reach_one(found, node, "data:d")
    assert gated.exposure == "undetermined", "a way around the gate may be what was not read"
    told = why(found, node, "fin:gl")
    assert (told.unread, told.gaps, told.exposure) == (True, {}, "undetermined")
    assert [r.verdict for r in told.rows()] == ["undetermined"]
    assert [(r.identity, r.target) for r in verdicts.at_target(found, "fin:gl")] == [
        ("bot:a", ANY)
    ]
    assert found.complete_for() is False


def test_a_dead_target_leaves_everybody_undetermined_in_every_answer(tmp_path: Path) -> None:
    dead = [{**TARGETS[0], "select": [{"key": "data:nothing"}]}]
    found = judged(tmp_path, ["bot:a CAN_WRITE data:d"], targets=dead)
    assert [r.identity for r in verdicts.at_target(found, "fin:gl")] == ["bot:a"]
    node = _node(found, "bot:a")
    (one,) = reach.reach_one(found, node, "fin:gl")
    everywhere = {row.node: row for row in reach.reach(found, node)}
    told = why(found, node, "fin:gl")
    assert {one.verdict, everywhere["fin:gl"].verdict, told.exposure} == {"undetermined"}
    assert [row.verdict for row in told.rows()] == ["undetermined"]
    assert [row.node for row in reach.blast(found, node)] == ["fin:gl"]


@pytest.mark.parametrize("select", ["data:gl", "data:nothing"])
def test_an_inactive_identity_reaches_nothing_and_nothing_is_open(
    select: str, tmp_path: Path
) -> None:
    """It holds no state, so neither a gap on it nor a target that is dead leaves it open."""
    targets = [{**TARGETS[0], "select": [{"key": select}]}]
    found = judged(tmp_path, ["off:a CAN_WRITE data:gl"], "CONTROL@off:a", targets=targets)
    node = _node(found, "off:a")
    told = why(found, node, "fin:gl")
    assert (told.verdict, told.exposure, told.rows()) == (None, "", [])
    assert reach.reach(found, node) == reach.blast(found, node) == []
    assert reach.reach_one(found, node, "fin:gl") == []
    assert verdicts.at_target(found, "fin:gl") == []


NAMED = [
    "job:a/build CAN_ASSUME bot:x",
    "flow:a/build EXECUTES job:a/build",
    "bot:x CAN_READ data:x",
]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("bot:x", "bot:x"),
        ("a/build", "job:a/build"),
        ("BUILD", "job:a/build"),
        ("flow:a/build", "flow:a/build"),
        ("GL", "data:gl"),
    ],
)
def test_a_walker_is_found_by_key_name_or_part_and_is_the_identity_among_several(
    text: str, node: str, tmp_path: Path
) -> None:
    found = judged(tmp_path, NAMED, targets=[])
    assert found.estate.graph.key_list[names.find_walker(found, text)[0]] == node
    assert names.find_walker(found, "a/build")[1] is True
    assert names.find_walker(found, "bot:x")[1] is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("build", "could be any of: 1\\) flow:a/build, 2\\) job:a/build"),
        ("x", "could be any of: 1\\) bot:x, 2\\) data:x"),
        ("buidl", "no node 'buidl' in this graph; did you mean"),
        ("JOB:A/BULD", "did you mean job:a/build?"),
        ("fs_role", "no node 'fs_role' in this graph$"),
    ],
)
def test_a_name_that_is_none_or_several_is_refused_with_what_comes_close(
    text: str, said: str, tmp_path: Path
) -> None:
    found = judged(tmp_path, [*NAMED, "bot:x CAN_ASSUME bot:roles"], targets=[])
    with pytest.raises(UsageError, match=said):
        names.find_node(found.estate.graph, text)


def test_a_name_of_several_identities_is_not_guessed(tmp_path: Path) -> None:
    found = judged(tmp_path, ["job:a/build CAN_ASSUME bot:a/build"])
    with pytest.raises(UsageError, match="could be any of: 1\\) bot:a/build, 2\\) job:a/build"):
        names.find_walker(found, "a/build")


def test_only_eight_of_many_are_listed(tmp_path: Path) -> None:
    found = judged(tmp_path, [f"bot:same{at} CAN_READ data:x" for at in range(11)])
    with pytest.raises(UsageError, match="bot:same6 and 3 more"):
        names.find_node(found.estate.graph, "same")


def test_a_node_is_explained_by_its_fields_gaps_and_edges_with_places(tmp_path: Path) -> None:
    lines = ["bot:a CAN_WRITE data:gl conditional gate=holds", "user:u CAN_ASSUME bot:a"]
    found = judged(tmp_path, lines, "CONTROL@bot:a")
    told = [(said.field, said.value) for said in explain(found, _node(found, "bot:a")).facts]
    assert ("gap", "bot:a is not told") in told
    assert ("boundary", "in") in told
    marks = "(an address; conditional; gate holds)"
    assert ("CAN_WRITE", f"→ data:gl {marks}  [a.facts.json /edges/0]") in told
    assert ("CAN_ASSUME", "← user:u  [a.facts.json /edges/1]") in told


def test_an_edge_is_explained_with_its_days_and_whether_it_holds(tmp_path: Path) -> None:
    lines = [
        "bot:a CAN_WRITE data:gl valid_until=2026-11-22",
        "bot:a CAN_READ data:gl valid_until=2026-11-23",
        "bot:a CAN_DELETE data:gl valid_from=2026-11-24",
        "bot:a CAN_ADMINISTER data:gl valid_from=2026-11-01 valid_until=2027-01-01",
    ]
    found = judged(tmp_path, lines)
    told = {said.field: said.value for said in explain(found, _node(found, "bot:a")).facts}
    for kind, marks in (
        ("CAN_WRITE", "(until 2026-11-22; not on 2026-11-23)"),
        ("CAN_READ", "(until 2026-11-23)"),
        ("CAN_DELETE", "(from 2026-11-24; not on 2026-11-23)"),
        ("CAN_ADMINISTER", "(from 2026-11-01; until 2027-01-01)"),
    ):
        assert told[kind].startswith(f"→ data:gl {marks}  ["), told[kind]


def test_a_path_is_found_by_its_id_and_by_nothing_else(tmp_path: Path) -> None:
    found = judged(tmp_path, ["bot:a CAN_WRITE data:gl"])
    (row,) = verdicts.at_target(found, "fin:gl")
    steps = find_path(found, row.path_id)
    assert steps is not None
    assert [step.target for step in steps] == ["data:gl", "fin:gl"]
    for other in ("0" * 16, row.path_id[:15], row.path_id.upper() + "x", "bot:a"):
        assert find_path(found, other) is None


def test_rules_and_weaknesses_are_explained_without_a_graph() -> None:
    assert told("r8")[0] == ("R8", RULES["R8"])
    assert "gives S on a path to a target" in str(explain_word("long_lived"))
    assert "P6.1 where personal" in str(explain_word("exfil_path"))
    assert "names an effect" in str(explain_word("log_tamper"))
    assert explain_word("R99") is None


@pytest.mark.parametrize(
    ("ident", "said"),
    [
        ("cc6.2", "CC6.2: access is registered"),
        ("NHI-03", "NHI7:2025: a secret stays the same for too long"),
        ("IA-9", "not in the moderate baseline; weaknesses: weak_auth"),
        ("AC-5", "; in the moderate baseline; weaknesses: overprivileged, sod_conflict"),
        ("P6.1", "weaknesses: exfil_path"),
        ("CC1.1", "CC1.1; Trust services criteria"),
        ("PR.AT-1", "no weakness maps to it"),
    ],
)
def test_identifiers_are_explained_in_one_line_of_ours(ident: str, said: str) -> None:
    assert said in str(explain_word(ident))


def test_what_is_no_identifier_is_left_to_the_graph() -> None:
    assert explain_word("CC6.9") is None
    assert explain_word("NHI-07") is None


@pytest.mark.parametrize("name", sorted(found_rules()))
def test_a_rule_is_explained_under_its_headings(name: str) -> None:
    told = described(name)
    assert told is not None
    assert list(told) == ["In short", *HEADINGS, "Controls"]
    assert all("``" not in text and "\n" not in text and len(text) > 2 for text in told.values())
    assert told["Controls"].split() == list(found_rules()[name].maps.ids)


def test_what_is_no_rule_is_not_described() -> None:
    assert described("R12") is None
