"""How much falls with every identity: what is not known is told, and no number sounds calm."""

from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph.app.judged import Judged
from nhigraph.app.questions.radius import radius
from nhigraph.assurance import reached
from tests.unit.app.test_questions import judged

LINES = [
    "bot:a CAN_ASSUME bot:b",
    "bot:b CAN_WRITE data:gl",
    "bot:b CAN_WRITE data:x conditional",
    "bot:z CAN_READ key:k",
    "off:d CAN_WRITE data:gl",
]


def test_the_worst_is_first_and_the_disabled_hold_nothing(tmp_path: Path) -> None:
    rows = radius(judged(tmp_path, LINES))
    assert [(row.identity, row.nodes, row.at_least) for row in rows] == [
        ("bot:a", 5, "no"),
        ("bot:b", 4, "no"),
        ("bot:z", 2, "no"),
    ]
    first = rows[0]
    assert (first.kind, first.name, first.owner) == ("ServiceAccount", "a", "")
    assert (first.control, first.alter, first.omit) == (2, 3, 0)
    assert (first.identities, first.data, first.targets) == (2, 2, 1)
    assert (rows[2].read, rows[2].credentials, rows[2].targets) == (1, 1, 0)


def test_only_certain_ways_count_where_they_are_asked_for(tmp_path: Path) -> None:
    rows = radius(judged(tmp_path, LINES), "can")
    assert {row.identity: row.nodes for row in rows} == {"bot:a": 4, "bot:b": 3, "bot:z": 2}


def test_a_way_past_a_control_that_holds_is_not_open(tmp_path: Path) -> None:
    found = judged(tmp_path, ["bot:a CAN_WRITE data:gl gate=holds", "bot:b CAN_WRITE data:gl"])
    assert {row.identity: row.nodes for row in radius(found, "open")} == {"bot:a": 1, "bot:b": 3}


@pytest.mark.parametrize("turn_from", [0, 10**9])
def test_who_reaches_a_gap_may_have_more(
    turn_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the certain ways, too: what a gap hides may be certain."""
    monkeypatch.setattr(reached, "TURN_FROM", turn_from)
    found = judged(tmp_path, LINES, "ALTER@data:x", "READ@data:x", "READ@key:k")
    for ways in ("may", "can"):
        told = {row.identity: (row.at_least, row.gaps) for row in radius(found, ways)}
        assert told == {
            "bot:a": ("yes", ("data:x",)),
            "bot:b": ("yes", ("data:x",)),
            "bot:z": ("yes", ("key:k",)),
        }


def test_of_equal_numbers_the_one_that_may_be_more_is_first(tmp_path: Path) -> None:
    found = judged(tmp_path, ["bot:a CAN_READ key:j", "bot:z CAN_READ key:k"], "READ@key:k")
    assert [row.identity for row in radius(found)] == ["bot:z", "bot:a"]


def test_of_many_gaps_ten_are_named_and_the_others_counted(tmp_path: Path) -> None:
    keys = [f"key:{at:02}" for at in range(13)]
    lines = [*(f"bot:a CAN_READ {key}" for key in keys), "bot:b CAN_READ key:00"]
    rows = radius(judged(tmp_path, lines, *(f"READ@{key}" for key in keys)))
    assert rows[0].gaps == (*keys[:10], "and 3 more")
    assert rows[1].gaps == ("key:00",)


def test_a_scope_that_was_not_read_may_hide_ways_of_all_inside(tmp_path: Path) -> None:
    found = judged(tmp_path, LINES)
    told = radius(replace(found, estate=replace(found.estate, unread=True)))
    inside = {row.identity: found.estate.in_boundary(_node(found, row.identity)) for row in told}
    assert any(inside.values())
    assert {row.identity: row.at_least == "yes" for row in told} == inside
    assert {row.gaps for row in told} == {()}


def _node(found: Judged, key: str) -> int:
    node = found.estate.graph.node_id(key)
    assert node is not None
    return node


def test_nobody_has_no_row(tmp_path: Path) -> None:
    assert radius(judged(tmp_path, ["off:d CAN_WRITE data:gl"])) == []
