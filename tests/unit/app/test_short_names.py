"""The shortest tail of a key means that node alone, and is taken wherever a key is."""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.questions.names import find_node
from nhigraph.app.questions.short_names import ShortNames
from nhigraph.graph.named import Named
from nhigraph.graph.store import Graph
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.sample import INPUTS, REPOSITORY


@pytest.fixture(scope="module")
def sample() -> Graph:
    return collect([*INPUTS], repo=REPOSITORY).graph


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("role:postgres:erp/dbt_runner", "dbt_runner"),
        ("role:postgres:erp/erp_backend", "erp/erp_backend"),
        ("github:ledgerline/warehouse/job/nightly.yml#build", "nightly.yml#build"),
        ("github:ledgerline/warehouse/workflow/format.yml", "workflow/format.yml"),
        ("dataset:postgres:erp.fin.invoices", "fin.invoices"),
        ("cluster:postgres:erp", "cluster:postgres:erp"),
        ("role:postgres:nothing/like_it", "role:postgres:nothing/like_it"),
    ],
)
def test_a_short_name_is_what_a_person_would_say(sample: Graph, key: str, short: str) -> None:
    assert ShortNames(sample).of(key) == short


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("role:postgres:erp/jane.doe", "jane.doe"),
        ("acme:backup/2026.tar.gz", "2026.tar.gz"),
        ("dataset:postgres:erp.fin.gl", "gl"),
    ],
)
def test_a_name_with_a_dot_is_a_name(key: str, short: str) -> None:
    every = sorted(
        ["role:postgres:erp/jane.doe", "acme:backup/2026.tar.gz", "dataset:postgres:erp.fin.gl"]
    )
    named = Named(every, ["Dataset"] * 3, [""] * 3, {})
    assert ShortNames(named).of(key) == short


def test_every_short_name_of_the_sample_is_found_again(sample: Graph) -> None:
    _found_again(sample)


@pytest.mark.parametrize("seed", range(40))
def test_every_short_name_of_a_random_estate_is_found_again(seed: int, tmp_path: Path) -> None:
    facts, scope = estate(seed)
    write_estate(tmp_path, facts, scope)
    _found_again(collect([tmp_path]).graph)


def _found_again(graph: Graph) -> None:
    names = ShortNames(graph)
    for node, key in enumerate(graph.key_list):
        short = names.of(key)
        assert find_node(graph, short) == node
        assert key.endswith(short)
