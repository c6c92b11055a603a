"""What works through others, against a live server: every answer is really tried.

Triggers are really attached and run, keys really made, tables really made anew as dbt makes them.
``make nightly`` compares more databases.
"""

from pathlib import Path

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.planting import Planted, compare

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

KINDS = ("runs as", "attach", "refer", "rebuilt", "default")


def compared(cluster: Cluster, folder: Path, seeds: range) -> Planted:
    total = Planted()
    for seed in seeds:
        (folder / str(seed)).mkdir()
        one = compare(cluster, folder / str(seed), seed)
        total.answers += one.answers
        total.yes += one.yes
        total.differences += one.differences
    return total


def test_no_answer_differs_from_really_trying_it(cluster: Cluster, tmp_path: Path) -> None:
    """Zero differences in a database, with both answers of each kind."""
    found = compared(cluster, tmp_path, range(30, 31))

    assert found.differences == []
    assert found.answers.total() >= 800
    for kind in KINDS:
        assert 0 < found.yes[kind] < found.answers[kind], kind


@pytest.mark.nightly
def test_no_answer_of_many_differs_from_really_trying_it(cluster: Cluster, tmp_path: Path) -> None:
    """At least 3,000 answers."""
    found = compared(cluster, tmp_path, range(31, 37))

    assert found.differences == []
    assert found.answers.total() >= 3_000
