"""Stored rows answer as computing them does, on random estates."""

import json
from pathlib import Path

import pytest

from nhigraph.app import stored_answers
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection, of_graph
from nhigraph.app.program import program
from nhigraph.app.questions import names, verdicts
from nhigraph.app.storing import Storing, store
from nhigraph.assurance.answer import Options
from nhigraph.errors import UsageError
from nhigraph.graph import json_form
from nhigraph.graph.snapshot_folder import digest_of
from tests.estate_files import write_estate
from tests.oracle.estates import estate

FIRST, ESTATES, CHUNK, ALL_NIGHT = 910_000, 6, 6, 300
DAY = "2026-11-23"


def _stored(folder: Path, seed: int, *, all_reached: bool) -> Path:
    facts, scope = estate(seed, None)
    if seed % 3 == 0:
        # One that nothing stands for, and one that cannot be read.
        scope["targets"] += [
            {"id": "gone", "family": "financial-reporting", "select": [{"key": "no:such"}]},
            {"id": "typo", "family": "financial-reprting", "select": [{"key": "*"}]},
        ]
    (folder / "in").mkdir(parents=True)
    write_estate(folder / "in", facts, scope)
    found = collect([folder / "in"])
    judged = of_collection(found, option=DAY)
    answered = assess(judged, Options(all_reached=all_reached))
    whole = bool(answered.coverage["complete"])
    by_scope = stored_answers.by_the_scope(judged.estate.graph, found.graph)
    Storing.of(folder / "graph", found.graph, found.claims).finish(
        judged,
        {**judged.coverage, "complete": whole},
        answers=stored_answers.lines(judged, by_scope, answered.verdicts, complete=whole),
    )
    return folder / "graph"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ESTATES else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ],
)
def test_every_target_is_answered_as_if_it_were_computed(first: int, tmp_path: Path) -> None:
    rows = 0
    for seed in range(first, first + CHUNK):
        graph = _stored(tmp_path / str(seed), seed, all_reached=seed % 2 == 0)
        told = stored_answers.opened(graph, None, include_disabled=False)
        assert told is not None
        judged = of_graph(graph)
        standing = ("date", "read", "unread", "gaps", "faults")
        assert [getattr(told, name) for name in standing] == [
            getattr(judged, name) for name in standing
        ]
        for reached in (False, True):
            assert told.complete_for(reached=reached) == judged.complete_for(reached=reached), seed
        whole = judged.estate.graph
        named = told.named
        assert named.key_list == whole.key_list
        assert named.kind_list == whole.kind_list
        assert named.name_list == whole.name_list
        for target in judged.estate.targets:
            nodes = [whole.node_id(key) for key in target.nodes]
            if not any(node is not None and judged.estate.alive[node] for node in nodes):
                # Nobody can hold it: why that is so, only the graph says.
                assert told.target(target.key) is None
                continue
            assert told.target(target.key) == target.key
            expected = verdicts.at_target(judged, target.key)
            assert told.at_target(target.key) == expected, (seed, target.key)
            rows += len(expected)
            for text in (target.id, target.key.upper()):
                try:
                    meant = names.find_goal(judged, text)[0]
                except UsageError:
                    meant = ""
                assert told.target(text) == (meant if meant in told.rows else None), seed
    assert rows


def test_what_is_stored_answers_for_its_own_day_program_and_graph_alone(tmp_path: Path) -> None:
    graph = _stored(tmp_path, FIRST + 1, all_reached=False)
    assert stored_answers.opened(graph, None, include_disabled=False)
    assert stored_answers.opened(tmp_path, None, include_disabled=False), "or what it lies in"
    assert stored_answers.opened(graph, DAY, include_disabled=False) is None
    assert stored_answers.opened(graph, None, include_disabled=True) is None
    assert stored_answers.opened(tmp_path / "none", None, include_disabled=False) is None

    answers, manifest = graph / "answers.jsonl", graph / "manifest.json"
    head, *others = answers.read_bytes().splitlines(keepends=True)
    content = {**json.loads(head), "program": "0"}
    answers.write_bytes(b"".join([json.dumps(content).encode() + b"\n", *others]))
    assert stored_answers.opened(graph, None, include_disabled=False) is None, "it was changed"
    stated = json.loads(manifest.read_bytes())
    stated["tables"]["answers.jsonl"] = digest_of(answers)
    manifest.write_bytes(json_form.dumped(stated))
    assert stored_answers.opened(graph, None, include_disabled=False) is None, "another program"
    content["program"] = program()
    answers.write_bytes(b"".join([json.dumps(content).encode() + b"\n", *others]))
    stated["tables"]["answers.jsonl"] = digest_of(answers)
    manifest.write_bytes(json_form.dumped(stated))
    assert stored_answers.opened(graph, None, include_disabled=False)

    edges = graph / "edges.parquet"
    edges.write_bytes(edges.read_bytes()[:-1] + b"?")
    assert stored_answers.opened(graph, None, include_disabled=False) is None, "a table was"


def test_a_graph_that_was_only_built_has_no_rows(tmp_path: Path) -> None:
    facts, scope = estate(FIRST, None)
    (tmp_path / "in").mkdir()
    write_estate(tmp_path / "in", facts, scope)
    found = collect([tmp_path / "in"])
    judged = of_collection(found, option=DAY)
    store(tmp_path / "graph", found.graph, found.claims, judged.date, judged.coverage)
    assert stored_answers.opened(tmp_path / "graph", None, include_disabled=False) is None
