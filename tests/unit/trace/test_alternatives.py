"""What is left beside the path shown, once something of it is taken away."""

import random

import pytest

from nhigraph.trace import lanes, ways
from tests.unit.trace.walked import walked

#: What is said, lines, goal, keys that each alternative enters.
CASES = [
    (
        "a longer way",
        ["bot:a CAN_WRITE data:d", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        "ALTER@data:d",
        ["b d"],
    ),
    (
        "none where all ways pass one right",
        ["bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        "ALTER@data:d",
        [],
    ),
    (
        "the certain before the conditional, then the ungated, then the short",
        [
            "bot:a CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d conditional",
            "bot:a CAN_ASSUME bot:c",
            "bot:c CAN_WRITE data:d gate=g",
            "bot:a CAN_ASSUME bot:e",
            "bot:e CAN_ASSUME bot:f",
            "bot:f CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:h",
            "bot:h CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        ["h d", "e f d", "c d", "b d"],
    ),
    (
        "of equal ones the one over the smaller key first",
        [
            "bot:a CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:c",
            "bot:c CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        ["b d", "c d"],
    ),
    (
        "one that shares a right with the path, as long as it does without another",
        [
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
            "bot:b CAN_ASSUME bot:c",
            "bot:c CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        ["b c d"],
    ),
    (
        "none that has all of the path and more: whatever stops the path stops it",
        [
            "bot:a CAN_WRITE data:x",
            "data:x FEEDS data:d",
            "data:x FEEDS logic:m",
            "logic:m COMPUTES data:d",
        ],
        "ALTER@data:d",
        [],
    ),
    (
        "none that differs in how the data flow, which nobody takes away",
        [
            "bot:a CAN_WRITE data:x",
            "data:x FEEDS data:y",
            "data:y FEEDS data:d",
            "data:x FEEDS data:z",
            "data:z FEEDS data:d",
        ],
        "ALTER@data:d",
        [],
    ),
    (
        "what a job computes by its own right may be taken away",
        ["bot:a COMPUTES data:d", "bot:a CAN_WRITE data:d conditional"],
        "ALTER@data:d",
        ["d"],
    ),
    (
        "none over another edge that the same place states: it goes with the first",
        [
            "bot:a CAN_WRITE data:d at=/owner",
            "bot:a CAN_ASSUME bot:b at=/owner",
            "bot:b CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        [],
    ),
    (
        "none that needs what only the path's right gives",
        [
            "bot:a CAN_ASSUME bot:b",
            "bot:b FEEDS data:d",
            "bot:a CAN_ASSUME bot:c needs=CONTROL@bot:b",
            "bot:c CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        [],
    ),
    (
        "one whose need is met in another way, too",
        [
            "bot:a CAN_WRITE data:d needs=CONTROL@grant:g",
            "bot:a HOLDS grant:g",
            "bot:a CAN_ASSUME bot:b needs=CONTROL@grant:g",
            "bot:b CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        ["b d"],
    ),
    (
        "one that does without what a flow of the path needs",
        [
            "bot:a CAN_WRITE data:x",
            "data:x FEEDS data:d needs=CONTROL@grant:g",
            "bot:a HOLDS grant:g",
            "data:x FEEDS data:y",
            "data:y FEEDS data:d",
        ],
        "ALTER@data:d",
        ["x y d"],
    ),
    (
        "whichever of the path's rights goes, what is left then is among them",
        [
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:c",
            "bot:c CAN_ASSUME bot:e",
            "bot:e CAN_ASSUME bot:b",
            "bot:b CAN_ASSUME bot:f",
            "bot:f CAN_ASSUME bot:h",
            "bot:h CAN_ASSUME bot:i",
            "bot:i CAN_WRITE data:d",
        ],
        "ALTER@data:d",
        ["c e b d", "b f h i d", "c e b f h i d"],
    ),
]


@pytest.mark.parametrize(
    ("lines", "goal", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_alternatives_are(
    lines: list[str], goal: str, expected: list[str], engine: str
) -> None:
    gates = {"g": "holds"} if any("gate=g" in line for line in lines) else {}
    assert walked(lines, "bot:a", gates=gates).others(goal) == expected, engine


def test_no_more_are_given_than_are_wanted() -> None:
    lines = [f"bot:a CAN_ASSUME bot:{c}" for c in "bcef"]
    found = walked([*lines, *(f"bot:{c} CAN_WRITE data:d" for c in "bcef")], "bot:a")
    assert found.others("ALTER@data:d", 2) == ["c d", "e d"]
    assert found.beside("ALTER@data:d", 2).whole
    assert found.others("ALTER@data:d", 0) == []


def test_the_changes_that_stop_the_path_are_counted() -> None:
    lines = ["bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:x", "bot:a HOLDS grant:g"]
    found = walked([*lines, "data:x FEEDS data:d needs=CONTROL@grant:g"], "bot:a")
    assert found.beside("ALTER@data:d").stops == 3


def test_where_the_work_does_not_do_it_is_said() -> None:
    lines = [f"bot:a CAN_ASSUME bot:{c}" for c in "bcef"]
    found = walked([*lines, *(f"bot:{c} CAN_WRITE data:d" for c in "bcef")], "bot:a")
    some = found.beside("ALTER@data:d", work=30)
    assert not some.whole
    assert some.paths == found.beside("ALTER@data:d").paths[: len(some.paths)]


def test_a_walker_at_the_goal_has_no_alternative() -> None:
    found = walked(["bot:a CAN_ASSUME bot:b", "bot:b CAN_ASSUME bot:a"], "bot:a")
    assert found.beside("CONTROL@bot:a").paths == ()


def test_a_chain_without_a_way_around_is_not_searched_link_by_link() -> None:
    """Every one of its changes stops all: that is seen in one look along it."""
    lines = [f"bot:{at:04} CAN_ASSUME bot:{at + 1:04}" for at in range(2_000)]
    found = walked(lines, "bot:0000").beside("CONTROL@bot:2000")
    assert (found.paths, found.whole, found.stops) == ((), True, 2_000)
    assert found.work < 20 * len(lines)


def _tangle(rng: random.Random) -> list[str]:
    bots = [f"bot:{letter}" for letter in "abcdef"]
    lines = [f"{rng.choice(bots)} HOLDS grant:{rng.randrange(3)}" for _ in range(5)]
    for _ in range(18):
        one, other = rng.sample(bots, 2)
        line = rng.choice([f"{one} CAN_ASSUME {other}", f"{one} CAN_WRITE data:d"])
        line += f" needs=CONTROL@grant:{rng.randrange(3)}" if rng.random() < 0.3 else ""
        lines.append(line + rng.choice(("", "", " conditional")))
    return [*lines, "bot:a CAN_WRITE data:d conditional"]


def test_compiled_and_plain_searches_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    several = 0
    for seed in range(60):
        lines = _tangle(random.Random(seed))
        found = walked(lines, "bot:a")
        plain, told = found.others("ALTER@data:d"), found.beside("ALTER@data:d")
        with monkeypatch.context() as forced:
            forced.setattr(ways, "COMPILE_AFTER", 0)
            assert found.others("ALTER@data:d") == plain, seed
            forced.setattr(ways, "COMPILE_AFTER", 200)  # from some look on
            assert found.others("ALTER@data:d") == plain, seed
        with monkeypatch.context() as forced:
            forced.setattr(lanes, "COMPILE_FROM", 0)
            words = walked(lines, "bot:a")
            assert words.others("ALTER@data:d") == plain, seed
            # The same looks, too: of a budget that runs out, the same is left.
            assert words.beside("ALTER@data:d") == told, seed
        several += len(plain) > 1
    assert several > 30
