"""Lanes and flags: who holds what, and who got there by way of something."""

import numpy as np
import pytest

from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import Closure
from tests.unit.trace.walked import Walked, walked

CHAIN = ["bot:a CAN_ASSUME bot:b", "bot:b CAN_ASSUME bot:c", "bot:c CAN_WRITE data:d"]


def _clauses(found: Walked, *ends: str) -> "np.typing.NDArray[np.bool_]":
    """Clauses of edges into some states."""
    states = [found.state(end) for end in ends]
    chosen: np.typing.NDArray[np.bool_] = np.isin(found.product.dst, states)
    return chosen


def _flag(
    found: Walked, states: list[str], clauses: list[str], carriers: list[str] | None = None
) -> Reach:
    reading = found.product.in_closure(Closure.MAY)
    carry = None if carriers is None else _clauses(found, *carriers)
    starts = [found.state(state) for state in states]
    return found.solver.flag(
        reading, found.reach(Closure.MAY), starts, _clauses(found, *clauses), carry
    )


#: What is said, lines, flagged states, flagged clauses (by their end), carriers, whether lane 0
#: carries the flag at ALTER@data:d.
FLAGS = [
    ("nothing flagged, nothing carried", CHAIN, [], [], None, False),
    ("from a state on the way", CHAIN, ["CONTROL@bot:b"], [], None, True),
    ("from the start itself", CHAIN, ["CONTROL@bot:a"], [], None, True),
    ("from the end itself", CHAIN, ["ALTER@data:d"], [], None, True),
    ("not from a state that nobody holds", CHAIN, ["READ@bot:b"], [], None, False),
    ("from a clause on the way", CHAIN, [], ["CONTROL@bot:c"], None, True),
    ("from the last clause", CHAIN, [], ["ALTER@data:d"], None, True),
    ("not past one that does not carry", CHAIN, [], ["CONTROL@bot:b"], ["ALTER@data:d"], False),
    ("through a clause that carries", CHAIN, [], ["CONTROL@bot:c"], ["ALTER@data:d"], True),
    (
        "not from a branch that leads elsewhere",
        [*CHAIN, "bot:b CAN_ASSUME bot:x"],
        ["CONTROL@bot:x"],
        [],
        None,
        False,
    ),
    (
        "from what satisfies a need",
        ["bot:a CAN_WRITE data:d needs=READ@key:k", "bot:a CAN_READ key:k"],
        ["READ@key:k"],
        [],
        None,
        True,
    ),
    (
        "from what defeats a gate",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_ASSUME user:u"],
        ["CONTROL@user:u"],
        [],
        None,
        True,
    ),
    (
        "round a circle",
        [*CHAIN, "bot:c CAN_ASSUME bot:b", "bot:b CAN_ASSUME bot:e", "bot:e CAN_ASSUME bot:b"],
        ["CONTROL@bot:e"],
        [],
        None,
        True,
    ),
]


@pytest.mark.parametrize(
    ("lines", "states", "clauses", "carriers", "carried"),
    [case[1:] for case in FLAGS],
    ids=[case[0] for case in FLAGS],
)
def test_a_flag_travels(
    lines: list[str],
    states: list[str],
    clauses: list[str],
    carriers: list[str] | None,
    carried: bool,
    engine: str,
) -> None:
    gates = {"g": "holds CONTROL@user:u"} if any("gate=g" in line for line in lines) else {}
    found = walked([*lines, "bot:z CAN_READ data:d"], "bot:a", "bot:z", gates=gates)
    flag = _flag(found, states, clauses, carriers)
    assert flag.holds(found.state("ALTER@data:d"), 0) is carried, engine
    assert not flag.holds(found.state("ALTER@data:d"), 1), "nothing is flagged that is not held"


def test_lanes_are_told_in_every_form(engine: str) -> None:
    """Seventy walkers in two words: integers, bits, rows of words and single lanes agree."""
    walkers = [f"bot:w{at:02}" for at in range(70)]
    lines = [f"{walker} CAN_WRITE data:d" for walker in walkers[::3]]
    lines += [f"{walker} CAN_READ data:e" for walker in walkers]
    found = walked(lines, *walkers)
    reach = found.reach(Closure.MAY)
    alter, read = found.state("ALTER@data:d"), found.state("READ@data:e")
    expected = sum(1 << at for at in range(0, 70, 3))
    assert reach.lanes(alter) == expected, engine
    assert reach.lanes(read) == (1 << 70) - 1
    assert [reach.holds(alter, lane) for lane in range(70)] == [at % 3 == 0 for at in range(70)]
    words = reach.words([alter, found.state("READ@data:d"), read])
    assert [int.from_bytes(row.tobytes(), "little") for row in words] == [
        expected,
        0,
        (1 << 70) - 1,
    ]
    assert reach.at_all(alter)
    assert not reach.at_all(found.state("HALT@data:d"))


def test_a_state_that_no_clause_touches_is_held_by_who_starts_there(engine: str) -> None:
    """A lonely node: its state is in no row of the compiled engine, and held all the same."""
    found = walked(["data:s FILTERS data:d", "bot:a CAN_READ data:s"], "bot:a", "data:s")
    reach = found.reach(Closure.MAY)
    lonely = found.state("CONTROL@data:s")
    assert reach.lanes(lonely) == 2, engine
    assert reach.holds(lonely, 1)
    assert not reach.holds(lonely, 0)
    assert reach.at_all(lonely)
    assert reach.words([lonely]).tolist() == [[2]]
    assert not reach.at_all(found.state("CONTROL@data:d"))
