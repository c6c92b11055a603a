"""What ``--select`` and ``--exclude`` take, as dbt itself says (``selections.py``)."""

import json

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.demo import REPOSITORY, inputs
from nhigraph.joins.builds import Project
from nhigraph.joins.view import View
from nhigraph.policy.selection import Selectable, Selection
from tests.unit.joins.selections import ANSWERS, ATOMS, choices

CASES = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project() -> Project:
    """The sample's project, as the joins see it."""
    view = View(collect(inputs(), repo=REPOSITORY).graph)
    node = view.node("project:dbt:ledgerline%2Fwarehouse/ledgerline")
    assert node is not None
    return Project(view, node)


def test_every_selection_takes_what_dbt_takes(project: Project) -> None:
    different = []
    for case in CASES:
        taken = project.selection.taken(case["select"], case["exclude"] or None)
        for which in (taken.certain, taken.possible):
            names = sorted(key.rpartition(".")[2] for key in which & project.built.keys())
            if names != case["takes"]:
                different.append((case["select"], case["exclude"], case["takes"], names))
    assert different == []


def test_the_answers_are_those_of_the_choices() -> None:
    """Nobody edits them: every choice was put to dbt, and every atom is among them."""
    assert [(case["select"], case["exclude"]) for case in CASES] == choices()
    assert len(CASES) >= 150
    assert set(ATOMS) <= {case["select"] for case in CASES}
    assert any(case["takes"] == [] for case in CASES)


@pytest.mark.parametrize("term", ["state:modified+", "config.materialized:table", "result:error"])
def test_what_depends_on_other_runs_is_possible_and_not_certain(
    project: Project, term: str
) -> None:
    taken = project.selection.taken(term)
    assert taken.certain == frozenset()
    assert taken.possible >= project.built.keys()
    excluded = project.selection.taken(None, term)
    assert excluded.certain == frozenset()
    assert excluded.possible >= project.built.keys()


def test_a_lineage_in_a_circle_ends() -> None:
    """No dbt project has one; a graph of several sources may."""
    circle = {"a": ["b"], "b": ["a"]}
    both = {key: Selectable(frozenset({key}), name=key, type="model") for key in circle}
    selection = Selection(both, circle.__getitem__, circle.__getitem__)
    assert selection.taken("+a+").certain == {"a", "b"}
