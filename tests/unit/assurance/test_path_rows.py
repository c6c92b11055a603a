"""What is said of an alternative beside the path shown."""

from itertools import pairwise

import pytest

from nhigraph.assurance.path_rows import Room, without
from nhigraph.assurance.rows import PathStep


def _path(text: str, state: str = "ALTER") -> tuple[PathStep, ...]:
    """A path over some keys: ``a b c``."""
    keys = text.split()
    return tuple(
        PathStep("p", at, one, "OWNS", other, state, "certain", "", "", "f", f"/{one}{other}", "0")
        for at, (one, other) in enumerate(pairwise(keys), 1)
    )


@pytest.mark.parametrize(
    ("why", "path", "other", "said"),
    [
        ("one step", "a b c", "a b x c", "without step 2"),
        ("several", "a b c d", "a x b y c d", "without steps 1, 2"),
        (
            "no more than six are named",
            "a b c d e f g h i",
            "a i",
            "without steps 1, 2, 3, 4, 5, 6, …",
        ),
        ("nothing where it takes them all", "a b c", "a b c d", ""),
    ],
)
def test_it_is_said_which_steps_it_does_without(
    why: str, path: str, other: str, said: str
) -> None:
    assert without(_path(path), _path(other)) == said, why


def test_a_step_that_yields_another_state_is_the_same_step() -> None:
    """The right is the same, whatever is held by it."""
    assert without(_path("a b c"), _path("a b c", "READ")) == ""


@pytest.mark.parametrize(
    ("paths", "lengths", "printed"),
    [
        (3, [5, 5, 5, 5], [True, True, True, False]),
        (1, [20_000], [True]),  # few paths may be long ones
        (9, [60_000, 60_000, 40_000, 1], [True, False, True, False]),
        (20_000, [100_001, 99_999, 1], [True, True, False]),
    ],
)
def test_paths_are_printed_while_there_is_room_for_their_steps(
    paths: int, lengths: list[int], printed: list[bool]
) -> None:
    room = Room.of(paths)
    assert [room.take(length) for length in lengths] == printed


def test_alternatives_take_room_for_steps_alone() -> None:
    room = Room.of(1)
    assert room.take(5)
    assert room.take(5, paths=0)
    assert not room.take(5)
    assert not room.take(100_000, paths=0)
