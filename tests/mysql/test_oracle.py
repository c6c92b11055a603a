"""The mysql source against a live server: every answer is really tried.

Answers come in two kinds. The policy says which *statements* a session may run: an account with
one role or none. The facts say which *effects* an account has on a table, by whatever role it may
take. Where an answer depends on a condition the truth must lie between what is certain and what
is possible; these are counted apart and not among the 2,000.
"""

from pathlib import Path

import pytest

from tests.mysql.comparison import Comparison, compare
from tests.mysql.server import Server

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

SEEDS = range(10)
ENOUGH = 2_000


@pytest.fixture(scope="module")
def found(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """All seeds together."""
    total = Comparison()
    for seed in SEEDS:
        one = compare(server, tmp_path_factory.mktemp("export"), seed)
        total.statements += one.statements
        total.unsure += one.unsure
        total.settled += one.settled
        total.open += one.open
        total.yes += one.yes
        total.tried += one.tried
        total.allowed += one.allowed
        total.differences += one.differences
    return total


def test_no_answer_differs_from_really_trying_it(found: Comparison) -> None:
    """Zero differences, of single statements and of accounts with all they can take."""
    assert found.differences == []


def test_enough_answers_were_compared(found: Comparison) -> None:
    """At least 2,000 statements that no condition leaves open, of both kinds, and effects."""
    settled = found.statements - found.unsure
    assert settled >= ENOUGH
    assert found.unsure < found.statements / 10
    assert found.allowed > found.tried / 10
    assert found.settled > 3 * found.open
    assert found.settled / 4 < found.yes < found.settled


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 160))
def test_no_answer_differs_in_many_more_worlds(server: Server, tmp_path: Path, seed: int) -> None:
    assert compare(server, tmp_path, seed).differences == []
