"""The search for causes against every subset, on answers drawn for each set of changes."""

from collections.abc import Collection, Mapping
from itertools import combinations
from random import Random

import pytest

from nhigraph.assurance.diff.search import Cause, Changes, Search

Answers = Mapping[str, int]


class World:
    """Questions whose answers hang on the changes that are relevant to each, in any way at all."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.number = rng.randint(1, 6)
        self.relevant = {
            name: tuple(n for n in range(self.number) if rng.random() < 0.7) or (0,)
            for name in ("a", "b", "c")
        }
        dense = rng.choice((0.1, 0.3, 0.6))
        self.answer = {
            (name, frozenset(some)): int(rng.random() < dense)
            for name, own in self.relevant.items()
            for size in range(len(own) + 1)
            for some in combinations(own, size)
        }
        for name, own in self.relevant.items():
            self.answer[name, frozenset()], self.answer[name, frozenset(own)] = 0, 1
        self.asked: list[Changes] = []

    def ask(self, changes: Changes, names: Collection[str]) -> Answers:
        """Nothing is said of a question that is not asked."""
        self.asked.append(changes)
        return {n: self.answer[n, changes & frozenset(self.relevant[n])] for n in names}

    def smallest(self, name: str) -> int:
        own = self.relevant[name]
        sizes = range(1, len(own) + 1)
        return next(
            size
            for size in sizes
            if any(self.answer[name, frozenset(some)] for some in combinations(own, size))
        )

    def causes(self, trials: int) -> Mapping[str, Cause]:
        search = Search(self.ask, dict.fromkeys(self.relevant, 1), self.relevant, trials)
        return search.causes()


@pytest.mark.parametrize("seed", range(300))
def test_causes_are_smallest_where_trials_last(seed: int) -> None:
    world = World(seed)
    for name, cause in world.causes(10_000).items():
        assert world.answer[name, frozenset(cause.changes)] == 1
        assert cause.bound == len(cause.changes) == world.smallest(name)
        assert cause.smallest


@pytest.mark.parametrize("trials", [2, 7, 20])
@pytest.mark.parametrize("seed", range(100))
def test_where_trials_end_the_bound_is_true_and_nothing_can_be_left_out(
    seed: int, trials: int
) -> None:
    world = World(seed)
    found = world.causes(trials)
    assert set(found) == set(world.relevant)
    for name, cause in found.items():
        assert world.answer[name, frozenset(cause.changes)] == 1
        assert cause.bound <= world.smallest(name) <= len(cause.changes)
        whole = len(world.asked) < 2 * trials
        for one in cause.changes if whole and len(cause.changes) > 1 else ():
            assert world.answer[name, frozenset(cause.changes) - {one}] == 0


def test_other_single_changes_that_do_as_well_are_counted() -> None:
    def ask(changes: Changes, _asked: Collection[str]) -> Answers:
        return {"a": int(bool(changes & {1, 3}))}

    found = Search(ask, {"a": 1}, {"a": (0, 1, 2, 3)}, 100).causes()
    assert found == {"a": Cause((1,), 1, 1)}


def test_of_changes_that_do_as_well_the_one_is_named_that_explains_most() -> None:
    def ask(changes: Changes, _asked: Collection[str]) -> Answers:
        return {"a": int(bool(changes & {0, 3})), "b": int(3 in changes), "c": int(1 in changes)}

    every = dict.fromkeys("abc", (0, 1, 2, 3))
    found = Search(ask, dict.fromkeys(every, 1), every, 100).causes()
    assert {name: cause.changes for name, cause in found.items()} == {
        "a": (3,),
        "b": (3,),
        "c": (1,),
    }


def test_an_answer_that_rests_on_something_else_has_no_cause() -> None:
    assert Search(lambda *_: {"a": 0}, {"a": 1}, {"a": (0, 1)}, 100).causes() == {}


def test_changes_that_matter_to_nobody_together_are_tried_at_once() -> None:
    asked: list[Changes] = []

    def ask(changes: Changes, _asked: Collection[str]) -> Answers:
        asked.append(changes)
        return {str(one): int(one in changes) for one in range(50)}

    questions = {str(one): (one,) for one in range(50)}
    found = Search(ask, dict.fromkeys(questions, 1), questions, 1000).causes()
    assert {name: cause.changes for name, cause in found.items()} == {
        name: (int(name),) for name in questions
    }
    # All at once, then each by itself: the word of what is relevant is not taken for it.
    assert asked == [frozenset(range(50)), *(frozenset({one}) for one in range(50))]


def test_more_changes_than_trials_end_in_bounded_time() -> None:
    """One that counts among thousands is found by halves; two that must go together, too."""
    asked: list[Changes] = []

    def ask(changes: Changes, _asked: Collection[str]) -> Answers:
        asked.append(changes)
        return {"one": int(1234 in changes), "two": int({5, 4321} <= changes)}

    every = tuple(range(5_000))
    found = Search(ask, {"one": 1, "two": 1}, {"one": every, "two": every}, 200).causes()
    assert found == {"one": Cause((1234,), 1), "two": Cause((5, 4321), 1)}
    assert len(asked) < 400
