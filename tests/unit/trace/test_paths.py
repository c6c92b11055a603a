"""Which of several ways is shown, and what it is called."""

import random

import pytest

from nhigraph.trace import lanes, trees
from nhigraph.trace.paths import Paths
from nhigraph.trace.product import Closure
from tests.unit.trace.walked import walked

#: What is said, lines, goals, keys that the path enters.
CASES = [
    (
        "the shorter of two ways",
        ["bot:a CAN_WRITE data:d", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        ["ALTER@data:d"],
        ["data:d"],
    ),
    (
        "a longer way without a condition before a shorter one with it",
        ["bot:a CAN_WRITE data:d conditional", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        ["ALTER@data:d"],
        ["bot:b", "data:d"],
    ),
    (
        "a longer way without a gate before a shorter one with it",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        ["ALTER@data:d"],
        ["bot:b", "data:d"],
    ),
    (
        "a gate before a condition",
        [
            "bot:a CAN_WRITE data:d conditional",
            "bot:a CAN_ASSUME bot:b gate=g",
            "bot:b CAN_WRITE data:d gate=g",
        ],
        ["ALTER@data:d"],
        ["bot:b", "data:d"],
    ),
    (
        "of equal ways the one over the smaller key",
        [
            "bot:a CAN_ASSUME bot:z",
            "bot:z CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
        ],
        ["ALTER@data:d"],
        ["bot:b", "data:d"],
    ),
    (
        "the support of a target is no step, so a direct way is as short as its node",
        [
            "bot:a CAN_WRITE data:d",
            "data:d SUPPORTS fin:x",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_ASSUME fin:x",
        ],
        ["ALTER@fin:x"],
        ["data:d", "fin:x"],
    ),
    (
        "to the nearest of several goals",
        ["bot:a CAN_READ data:d", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        ["ALTER@data:d", "READ@data:d"],
        ["data:d"],
    ),
    (
        "not over an edge whose need is not held, though it is shorter",
        [
            "bot:a CAN_WRITE data:d needs=CONTROL@grant:g",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
        ],
        ["ALTER@data:d"],
        ["bot:b", "data:d"],
    ),
    (
        "over it where the need is held",
        [
            "bot:a CAN_WRITE data:d needs=CONTROL@grant:g",
            "bot:a HOLDS grant:g",
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d",
        ],
        ["ALTER@data:d"],
        ["data:d"],
    ),
    (
        "not over the second of two unmet needs, found only when the first is out of the way",
        [
            "bot:a CAN_WRITE data:d needs=CONTROL@grant:g",
            "bot:a CAN_ASSUME bot:b needs=CONTROL@grant:h",
            "bot:b CAN_WRITE data:d",
            "bot:a CAN_ASSUME bot:c",
            "bot:c CAN_ASSUME bot:e",
            "bot:e CAN_WRITE data:d",
        ],
        ["ALTER@data:d"],
        ["bot:c", "bot:e", "data:d"],
    ),
    (
        "a need deep on the way counts as well as one at its start",
        [
            "bot:a CAN_ASSUME bot:b",
            "bot:b CAN_WRITE data:d needs=CONTROL@grant:g",
            "bot:a CAN_ASSUME bot:c",
            "bot:c CAN_ASSUME bot:e",
            "bot:e CAN_WRITE data:d",
        ],
        ["ALTER@data:d"],
        ["bot:c", "bot:e", "data:d"],
    ),
]


@pytest.mark.parametrize(
    ("lines", "goals", "way"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_path_shown_is(
    lines: list[str], goals: list[str], way: list[str], engine: str
) -> None:
    gates = {"g": "holds"} if any("gate=g" in line for line in lines) else {}
    assert walked(lines, "bot:a", gates=gates).way(*goals) == way, engine


#: Two walkers of one graph: what the one may pass and the other may not.
SHARED = [
    "bot:a CAN_ASSUME bot:m",
    "bot:b CAN_ASSUME bot:m",
    "bot:b HOLDS grant:g",
    "bot:m CAN_WRITE data:d needs=CONTROL@grant:g",
    "bot:m CAN_ASSUME bot:n",
    "bot:n CAN_WRITE data:d",
]


def test_lanes_that_meet_different_needs_have_different_paths(engine: str) -> None:
    """One tree is shared; whoever its path does not fit gets a path of its own."""
    found = walked(SHARED, "bot:a", "bot:b")
    assert found.way("ALTER@data:d", lane=0) == ["bot:m", "bot:n", "data:d"], engine
    assert found.way("ALTER@data:d", lane=1) == ["bot:m", "data:d"], engine


def test_lanes_beyond_the_first_word_are_told_apart(engine: str) -> None:
    """Seventy walkers: lanes 0 to 63 are one machine word, the rest another."""
    lines = [*SHARED]
    walkers = [f"bot:w{at:02}" for at in range(70)]
    lines += [f"{walker} CAN_ASSUME bot:m" for walker in walkers]
    lines += [f"{walker} HOLDS grant:g" for walker in walkers[::2]]
    found = walked(lines, *walkers)
    for lane in (0, 1, 63, 64, 65, 68, 69):
        way = ["bot:m", "data:d"] if lane % 2 == 0 else ["bot:m", "bot:n", "data:d"]
        assert found.way("ALTER@data:d", lane=lane) == way, (lane, engine)


def test_a_walker_at_the_goal_walks_no_step(engine: str) -> None:
    found = walked(["bot:a CAN_WRITE data:d"], "bot:a")
    paths, way = found.best("CONTROL@bot:a")
    assert way is not None
    assert (way.steps, way.name, paths.walk(way)) == (0, "", []), engine


def test_there_is_no_path_to_what_nothing_leads_to(engine: str) -> None:
    found = walked(["bot:a CAN_READ data:d", "bot:b CAN_WRITE data:d"], "bot:a")
    assert found.best("ALTER@data:d")[1] is None, engine


def test_support_and_moves_inside_a_node_are_no_steps(engine: str) -> None:
    lines = ["bot:a CAN_WRITE bot:b", "bot:b CAN_WRITE data:d", "data:d SUPPORTS fin:x"]
    found = walked(lines, "bot:a")
    paths, way = found.best("ALTER@fin:x")
    assert way is not None
    assert way.steps == 2, engine
    assert [step.state.name for step in paths.walk(way)] == ["ALTER", "ALTER", "ALTER"]


def test_a_backward_step_leaves_the_destination_of_its_edge(engine: str) -> None:
    """Reading a copy reads its source: the step goes against the edge, and says so."""
    found = walked(["data:s FEEDS data:c", "bot:a CAN_READ data:c"], "bot:a")
    paths, way = found.best("READ@data:s")
    assert way is not None
    last = paths.walk(way)[-1]
    keys = found.graph.key_list
    assert (keys[last.source], keys[last.target], last.certain) == ("data:c", "data:s", False)
    assert engine


LINES = ["bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d", "data:d SUPPORTS fin:x"]


@pytest.mark.parametrize(
    ("why", "lines", "same"),
    [
        ("another order of the lines", LINES[::-1], True),
        ("an unrelated node before all others", ["bot:A CAN_READ data:0", *LINES], True),
        ("another action", [LINES[0], f"{LINES[1]} action=post", LINES[2]], False),
        ("a condition", [LINES[0], f"{LINES[1]} conditional", LINES[2]], False),
        ("a gate", [LINES[0], f"{LINES[1]} gate=g", LINES[2]], False),
        ("another kind of the first step", ["bot:a MEMBER_OF bot:b", *LINES[1:]], False),
        ("another state at the end", [LINES[0], "bot:b CAN_DELETE data:d", LINES[2]], False),
    ],
)
def test_a_path_keeps_its_id_exactly_while_its_steps_are_the_same(
    why: str, lines: list[str], same: bool, engine: str
) -> None:
    gates = {"g": "holds"} if any("gate=g" in line for line in lines) else {}

    def name(of: list[str]) -> str:
        found = walked(of, "bot:a", gates=gates if of is lines else {})
        goal = "ALTER@fin:x" if found.held(Closure.MAY, "fin:x") == "ALTER" else "OMIT@fin:x"
        way = found.best(goal)[1]
        assert way is not None
        return way.name

    assert (name(lines) == name(LINES)) is same, (why, engine)


def _tangle(rng: random.Random) -> list[str]:
    """Ways side by side and one after another, most of them needing something."""
    bots = [f"bot:{letter}" for letter in "abcdef"]
    lines = [f"{rng.choice(bots)} HOLDS grant:{rng.randrange(5)}" for _ in range(6)]
    for _ in range(16):
        one, other = rng.sample(bots, 2)
        line = rng.choice([f"{one} CAN_ASSUME {other}", f"{one} CAN_WRITE data:d"])
        needs = rng.sample(range(5), rng.choice((0, 1, 1, 2)))
        if needs:
            line += " needs=" + "+".join(f"CONTROL@grant:{at}" for at in needs)
        lines.append(line + rng.choice(("", "", " conditional")))
    return [*lines, *(f"{bot} CAN_READ data:d" for bot in bots)]


def _names(lines: list[str], walkers: list[str]) -> list[str | None]:
    """Per lane, the name of the best path to what it alters; None where it alters nothing."""
    found = walked(lines, *walkers)
    may, tree = found.reach(Closure.MAY), Paths(found.graph, found.product)
    goal = found.state("ALTER@data:d")
    names: list[str | None] = []
    for lane, walker in enumerate(walkers):
        way = None
        if may.holds(goal, lane):
            way = tree.best(may, lane, (goal,), [found.state(f"CONTROL@{walker}")])
            assert way is not None
        names.append(way.name if way else None)
    return names


def test_both_engines_show_the_same_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """On tangles, most of whose edges need something."""
    walkers = [f"bot:{letter}" for letter in "abcdef"]
    reached = 0
    for seed in range(60):
        lines = _tangle(random.Random(seed))
        with monkeypatch.context() as forced:
            forced.setattr(lanes, "COMPILE_FROM", 0)
            forced.setattr(trees, "COMPILE_AFTER", 0)
            compiled = _names(lines, walkers)
        plain = _names(lines, walkers)
        assert plain == compiled, seed
        reached += sum(name is not None for name in plain)
    assert reached > 60
