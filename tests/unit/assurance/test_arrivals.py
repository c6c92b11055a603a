"""What arrives at targets: bits of lanes, states and flags, and what a key of them means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest

from nhigraph.assurance.arrivals import Arrived, AtEnds
from nhigraph.assurance.verdict import Arrival
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach, Words, bits
from nhigraph.trace.product import Closure, state_id

C, A, O, R, H = State  # noqa: E741 - the letters of the design
WORDS = 2  # 128 lanes: more than one word, so that places in words are asked too


@dataclass
class Held:
    """Which lanes hold what, by product state."""

    lanes: dict[int, set[int]] = field(default_factory=dict)

    def words(self, states: Sequence[int]) -> Words:
        """One row of words a state."""
        rows = np.zeros((len(states), WORDS), dtype=np.uint64)
        for row, state in enumerate(states):
            for lane in self.lanes.get(state, ()):
                rows[row, lane // 64] |= np.uint64(1) << np.uint64(lane % 64)
        return rows


def held(*said: tuple[int, int, State]) -> Reach:
    """Lane, node, state."""
    lanes: dict[int, set[int]] = {}
    for lane, node, state in said:
        lanes.setdefault(state_id(node, state), set()).add(lane)
    return cast("Reach", Held(lanes))


def at_ends(ends: Sequence[int] = (7, 9), /, **closures: Reach) -> AtEnds:
    """Closures by name; one that is not named holds nothing."""
    return AtEnds({c: closures.get(c.name.lower(), held()) for c in Closure}, ends)


def pairs(found: AtEnds) -> list[tuple[int, int, bytes]]:
    """Place, lane and key of every pair."""
    places, lanes, keys = found.arrivals()
    told = (key.tobytes() for key in keys)
    return list(zip(places.tolist(), lanes.tolist(), told, strict=True))


def arrived(found: AtEnds) -> dict[tuple[int, int], Arrival]:
    """Place of the target and lane to what arrives."""
    return {
        (place, lane): Arrived(found, key).arrival(weak=False, gap=False, carved_out=False)
        for place, lane, key in pairs(found)
    }


def test_only_those_who_reach_a_target_in_may_arrive() -> None:
    """Whatever another closure holds; another node is no target."""
    found = at_ends(may=held((3, 7, A), (70, 9, R), (3, 8, C)), can=held((5, 7, A)))
    assert sorted(arrived(found)) == [(0, 3), (1, 70)]


@pytest.mark.parametrize(
    ("closure", "name"), [(c, c.name.lower()) for c in Closure if c is not Closure.MAY]
)
def test_each_closure_has_its_own_states(closure: Closure, name: str) -> None:
    """And no other closure gets them."""
    found = at_ends(may=held((0, 7, C), (0, 7, H)), **{name: held((0, 7, H))})
    arrival = arrived(found)[0, 0]
    assert arrival.may == 1 << C | 1 << H
    assert {c: getattr(arrival, c.name.lower()) for c in Closure if c is not Closure.MAY} == {
        c: 1 << H if c is closure else 0 for c in Closure if c is not Closure.MAY
    }


@pytest.mark.parametrize("state", State)
def test_each_state_has_its_own_bit(state: State) -> None:
    """States of a target are laid out in the order of the enumeration."""
    assert arrived(at_ends(may=held((64, 9, state))))[1, 64].may == 1 << state


@pytest.mark.parametrize(
    ("flag", "changed"),
    [
        ("authority", {"by_authority": True}),
        ("lineage", {"by_lineage": True}),
        ("logic", {"by_logic": True}),
        ("enabled", {"enabled": True}),
        ("enabled open", {"enabled_open": True}),
        ("enabled maybe-open", {"enabled_maybe_open": True}),
        ("carve-out", {"crosses": True}),
        ("assertion:completeness", {"assertions": frozenset({"completeness"})}),
        ("person", {}),
    ],
)
def test_a_flag_says_one_thing(flag: str, changed: dict[str, object]) -> None:
    """Of the target at which it is carried, in whatever state; and of nobody else."""
    found = at_ends(may=held((1, 7, A), (1, 9, A), (2, 7, A)))
    found.add("nothing", held())
    found.add(flag, held((1, 7, R)))
    plain = Arrival(may=1 << A)
    said = arrived(found)
    assert {name: getattr(said[0, 1], name) for name in changed} == changed
    assert said[1, 1] == said[0, 2] == plain
    assert (said[0, 1] == plain) == (not changed)


def test_weaknesses_and_hygiene_are_read_off_the_key() -> None:
    """The weaknesses by name; whether one of them is of hygiene is a flag of its own."""
    found = at_ends(may=held((0, 7, A)))
    found.add("weak:orphaned", held((0, 7, A)))
    found.add("weak:long_lived", held())
    found.add("hygiene", held((0, 7, A)))
    ((_, _, key),) = pairs(found)
    what = Arrived(found, key)
    assert (what.weaknesses, what.hygiene) == (frozenset({"orphaned"}), True)


def test_what_is_known_of_the_identity_is_added() -> None:
    """Each of the three by its name."""
    found = at_ends(may=held((0, 7, A)))
    ((_, _, key),) = pairs(found)
    what = Arrived(found, key)
    for name in ("weak", "gap", "carved_out"):
        asked = {"weak": False, "gap": False, "carved_out": False, name: True}
        arrival = what.arrival(**asked)
        assert {n: getattr(arrival, n) for n in asked} == asked


def test_all_flags_must_meet_at_one_target() -> None:
    """Preparing here and releasing there is no conflict."""
    found = at_ends()
    found.add("prepares", held((1, 7, A), (2, 7, A), (65, 9, A)))
    found.add("releases", held((1, 9, A), (2, 7, R), (65, 9, H)))
    assert [*bits(found.anywhere("prepares", "releases"))] == [2, 65]
    assert [*bits(found.anywhere("prepares"))] == [1, 2, 65]
    assert found.anywhere("prepares", "never added") == 0


def test_more_targets_than_are_laid_out_at_once() -> None:
    """Places go on from one part to the next."""
    ends = range(100, 230)
    said = [(5, end, A) for end in ends]
    assert sorted(arrived(at_ends(ends, may=held(*said)))) == [(n, 5) for n in range(len(ends))]


@pytest.mark.parametrize(
    ("lanes", "numbers"), [(0, []), (1, [0]), (0b1010, [1, 3]), (1 << 64 | 1 << 7, [7, 64])]
)
def test_numbers_of_set_bits_ascend(lanes: int, numbers: list[int]) -> None:
    """Also beyond one word."""
    assert [*bits(lanes)] == numbers
