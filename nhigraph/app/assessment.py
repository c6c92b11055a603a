"""The assessment of an estate: rows, names, population and what was not seen."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from nhigraph.app.ask import Asked, next_best
from nhigraph.app.findings import told
from nhigraph.app.judged import Judged
from nhigraph.assurance.analyse import Analysis, Progress
from nhigraph.assurance.answer import Answer, Options, answer
from nhigraph.assurance.controls import sentence
from nhigraph.assurance.cut_rows import Cuts
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.found import Register
from nhigraph.assurance.path_rows import passed
from nhigraph.assurance.question_rows import AnswerRow
from nhigraph.assurance.rows import Assessment, PopulationRow
from nhigraph.graph.columns import last_day
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.properties import POPULATION


def assess(
    judged: Judged,
    options: Options | None = None,
    progress: Progress | None = None,
    analysis: Analysis | None = None,
) -> Assessment:
    """Judge an estate.

    Args:
        judged: The estate and what stands behind it.
        options: Which rows and paths to give.
        progress: Told how many identities are traced, of how many.
        analysis: That of the estate, where there is one.
    """
    return shaped(judged, answer(analysis or Analysis(judged.estate), options, progress))


def shaped(judged: Judged, found: Answer) -> Assessment:
    """An answer with everything a reader needs beside it."""
    estate, graph = judged.estate, judged.estate.graph
    mentioned = _mentioned(found)
    nodes = {key: node for key in mentioned if (node := graph.node_id(key)) is not None}
    complete = judged.complete and not any(row.gaps for row in found.identities)
    coverage = {
        **judged.coverage,
        "complete": complete,
        "paths_left_out": found.left_out,
        "alternatives_left_out": found.alternatives_left_out,
    }
    return Assessment(
        organization=estate.organization,
        as_of=judged.date.day,
        as_of_source=judged.date.source,
        commitments=estate.commitments,
        targets=estate.targets,
        identities=tuple(found.identities),
        verdicts=found.verdicts,
        paths=found.paths,
        paths_left_out=found.left_out,
        alternatives=found.alternatives,
        population=population(estate, judged.coverage),
        people=people(estate, judged.coverage),
        coverage=coverage,
        names={key: graph.name_list[node] or key for key, node in nodes.items()},
        kinds={key: graph.kind_list[node] for key, node in nodes.items()},
        gap_reasons=gap_reasons(estate, mentioned),
        gate_notes={row.gate: sentence(estate, row) for row in found.controls},
        controls=found.controls,
        models=models(graph, nodes.values()),
        issues=judged.issues,
        doubted=estate.doubted,
        unread=judged.unread,
    )


def with_questions(
    assessment: Assessment, asked: Asked, answers: tuple[AnswerRow, ...]
) -> Assessment:
    """The assessment with what to settle first, and what was taken on somebody's word."""
    listed = [asdict(one) for one in answers]
    coverage = {**assessment.coverage, "answers": listed, "next": next_best(asked)}
    return replace(assessment, questions=asked.rows, answers=answers, coverage=coverage)


def with_cuts(assessment: Assessment, estate: Estate, found: Cuts) -> Assessment:
    """The assessment with the smallest cut of each target, and which were not looked for."""
    coverage = {**assessment.coverage, "cuts": [asdict(one) for one in found.told]}
    ends = [key for row in found.rows for key in (row.source, row.destination)]
    ends += [key for row in found.points for key in (row.source, row.destination)]
    return naming(replace(assessment, cuts=found, coverage=coverage), estate, ends, ())


def with_findings(assessment: Assessment, found: Register) -> Assessment:
    """The assessment with what the rules say of it."""
    coverage = {**assessment.coverage, "findings": told(found)}
    return replace(assessment, findings=found, coverage=coverage)


def _mentioned(found: Answer) -> set[str]:
    keys = {row.identity for row in found.identities}
    keys |= {key for row in found.identities for key in (*row.targets, *row.gaps)}
    keys |= {key for row in found.controls for key in (row.at, row.log, *row.targets) if key}
    for step in passed(found.paths, found.alternatives):
        keys |= {step.source, step.target, *(key for _, key in step.needs)}
    return keys


def naming(
    assessment: Assessment, estate: Estate, keys: Iterable[str], gaps: Iterable[str]
) -> Assessment:
    """The assessment with names and kinds of further nodes, and reasons of further gaps.

    Args:
        assessment: The assessment.
        estate: The estate that it is of.
        keys: Keys that a reader is shown; those of no node are passed over.
        gaps: Keys of nodes whose gaps a reader is shown.
    """
    graph = estate.graph
    nodes = {
        key: node
        for key in sorted(set(keys) - assessment.names.keys())
        if (node := graph.node_id(key)) is not None
    }
    return replace(
        assessment,
        names=assessment.names
        | {key: graph.name_list[node] or key for key, node in nodes.items()},
        kinds=assessment.kinds | {key: graph.kind_list[node] for key, node in nodes.items()},
        gap_reasons=assessment.gap_reasons | gap_reasons(estate, gaps),
    )


def gap_reasons(estate: Estate, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Reasons of the gaps at each node: of those of the day that no answer closes."""
    told = estate.gap_reasons
    return {key: told[key] for key in sorted(set(keys)) if key in told}


def models(graph: Graph, mentioned: Iterable[int]) -> dict[str, str]:
    """Names of the models that compute the nodes a reader is shown."""
    wanted = set(mentioned)
    rows = np.flatnonzero(graph.edges["kind"].to_numpy(dtype=object) == kinds.COMPUTES.label)
    found: dict[str, set[str]] = {}
    ends = (graph.edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
    for source, target in zip(*ends, strict=True):
        if target in wanted and kinds.MODEL.label in graph.kinds(source):
            name = graph.name_list[source] or graph.key_list[source]
            found.setdefault(graph.key_list[target], set()).add(name)
    return {key: ", ".join(sorted(names)) for key, names in sorted(found.items())}


def population(estate: Estate, coverage: Mapping[str, Any]) -> tuple[PopulationRow, ...]:
    """Every identity and credential, whatever its state."""
    return _records(estate, coverage, np.flatnonzero(estate.nhi | estate.credential).tolist())


def people(estate: Estate, coverage: Mapping[str, Any]) -> tuple[PopulationRow, ...]:
    """Everybody who is walked through and never judged: people and groups."""
    return _records(estate, coverage, np.flatnonzero(estate.people).tolist())


def _records(
    estate: Estate, coverage: Mapping[str, Any], nodes: Iterable[int]
) -> tuple[PopulationRow, ...]:
    graph = estate.graph
    sources = {a["artifact"]: a["source"] or "" for a in coverage.get("artifacts", ())}
    expires, states = (graph.nodes[name].tolist() for name in ("expires", "state"))
    rows, many = [], [*nodes]
    places = graph.stated_places("node", np.array(many, dtype=np.int64))
    told = {
        node: {name: _cell(props.get(name)) for name in POPULATION}
        for node, props in graph.nodes_with_property(*POPULATION)
    }
    nothing = dict.fromkeys(POPULATION, "")
    for node, ((artifact, pointer), *_) in zip(many, places, strict=True):
        said = told.get(node, nothing)
        rows.append(
            PopulationRow(
                graph.key_list[node],
                graph.kind_list[node],
                graph.name_list[node],
                graph.owner_list[node],
                said["created"],
                said["last_used"],
                said["rotated"],
                last_day(expires[node]),
                states[node] or "active",
                said["environment"],
                sources.get(artifact, ""),
                artifact,
                pointer,
            )
        )
    return tuple(rows)


def _cell(value: object) -> str:
    """A property as a cell: several values, where records disagree, are joined."""
    many = value if isinstance(value, list | tuple) else (value,)
    return ";".join(str(item) for item in many if item is not None)
