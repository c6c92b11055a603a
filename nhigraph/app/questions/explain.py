"""Everything the inputs say of one thing, and what the words of the rows mean."""

from collections.abc import Sequence

import numpy as np

from nhigraph.app.judged import Judged
from nhigraph.app.questions.which import find_path as find_path_of_subject
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.day import Day
from nhigraph.assurance.rows import PathStep
from nhigraph.assurance.which.evidence import WORDS, identifiers
from nhigraph.facts.evidence import Evidence, full_place
from nhigraph.graph.columns import needs_of
from nhigraph.graph.late import pd
from nhigraph.records import dataclass
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.frameworks import BASELINE, SP800_53, canonical, in_baseline
from nhigraph.schema.gists import GISTS

#: Characters of a path id.
PATH_ID = 16


@dataclass(frozen=True, slots=True)
class Said:
    """One field of an explanation."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What the inputs say of one node, edge or path.

    Attributes:
        title: One line.
        facts: Field and value.
        evidence: Places that say so.
    """

    title: str
    facts: list["Said"]
    evidence: list[Evidence]


def explain(judged: Judged, node: int) -> Explained:
    """Everything the inputs say of a node."""
    estate = judged.estate
    graph = estate.graph
    record = graph.nodes.iloc[node]
    facts = [(name, str(record[name])) for name in graph.nodes.columns if name != "props"]
    facts = [(name, value) for name, value in facts if value]
    facts += [(name, _said(value)) for name, value in sorted(graph.props(node).items())]
    facts.append(("boundary", str(estate.boundary[node])))
    if not estate.alive[node]:
        facts.append(("on the day", "inactive: it holds no state"))
    for gap in np.flatnonzero(graph.gaps["node"].to_numpy() == node).tolist():
        marks = _dates(graph.gaps, gap, estate.day)
        marks += ["an answer of the scope closes it"] if gap in estate.closed else []
        facts.append(("gap", f"{graph.gaps['reason'].iat[gap]}{_marked(marks)}"))
    for end, other, arrow in (("src", "dst", "→"), ("dst", "src", "←")):
        rows = np.flatnonzero(graph.edges[end].to_numpy() == node).tolist()
        for row in rows:
            edge = graph.edges.iloc[row]
            said = f"{arrow} {graph.key_list[int(edge[other])]}"
            marks = [edge[name] for name in ("action", "condition") if edge[name]]
            marks += [edge["certainty"]] if edge["certainty"] != "certain" else []
            marks += [f"needs {state.name} at {at}" for at, state in needs_of(edge["needs"])]
            marks += [f"gate {edge['gate']}"] if edge["gate"] else []
            marks += _dates(graph.edges, row, estate.day)
            place = graph.evidence_of("edge", row)[0].full_place
            facts.append((edge["kind"], f"{said}{_marked(marks)}  [{place}]"))
    fields = [Said(name, value) for name, value in facts]
    return Explained(f"{record['kind']} {record['key']}", fields, graph.evidence_of("node", node))


def _dates(frame: pd.DataFrame, row: int, day: Day) -> list[str]:
    """From when to when a row holds, and whether the day lies elsewhere."""
    said = frame.iloc[[row]]
    cells = (("from", said["valid_from"].iat[0]), ("until", said["valid_until"].iat[0]))
    marks = [f"{word} {cell!s}" for word, cell in cells if cell]
    return marks if day.covers(said)[0] else [*marks, f"not on {day.as_of}"]


def _marked(marks: Sequence[str]) -> str:
    return f" ({'; '.join(marks)})" if marks else ""


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def find_path(judged: Judged, ident: str) -> list[PathStep] | None:
    """The steps of a path of verdicts.csv or which.csv by its id; None where it is none."""
    if len(ident) != PATH_ID or not set(ident) <= set("0123456789abcdef"):
        return None
    everything = Options(all_reached=True, paths=10**9)
    steps = answer(Analysis(judged.estate), everything).paths.get(ident)
    return list(steps) if steps is not None else find_path_of_subject(judged, ident)


def explain_path(ident: str, steps: Sequence[PathStep]) -> Explained:
    """A path by its id, a field for each step."""
    facts = [Said("from", steps[0].source)] if steps else []
    for step in steps:
        marks = "".join(f"; {mark}" for mark in (step.condition, step.gate) if mark)
        place = full_place(step.artifact, step.pointer, step.line)
        said = f"{step.edge_kind} → {step.target}  {step.state}{marks}  [{place}]"
        facts.append(Said(f"step {step.step}", said))
    return Explained(f"Path {ident}", facts, [one for step in steps for one in step.places])


def explain_word(ident: str) -> str | None:
    """What a weakness, a word of evidence or an identifier means; None for others."""
    if ident in WORDS:
        return evidence_said(ident)
    weakness = WEAKNESSES.get(ident)
    if weakness is None:
        return _identifier(ident)
    gives = "gives S on a path to a target" if weakness.hygiene else "names an effect"
    more = "".join(f"; {found} where {of}" for of, found in weakness.also)
    return f"{ident}: {gives}; {' '.join(weakness.ids())}{more}"


def _identifier(ident: str) -> str | None:
    """One line of ours about an identifier, where it has one, and the weaknesses behind it."""
    found = canonical(ident)
    if found is None:
        return None
    framework, name = found
    conditions = ("personal", "storage")
    behind = [w.id for w in WEAKNESSES.values() if name in w.ids(conditions)]
    parts = [f"{name}: {GISTS[name]}" if name in GISTS else name, framework.title]
    if framework is SP800_53:
        parts.append(f"{'' if in_baseline(name) else 'not '}in the {BASELINE} baseline")
    parts.append(f"weaknesses: {', '.join(behind)}" if behind else "no weakness maps to it")
    return "; ".join(parts)


def evidence_said(word: str) -> str:
    """What a word of evidence of which.csv asks for, with the identifiers of its controls."""
    one = WORDS[word]
    listed = " ".join(identifiers([word], (), books=True, trust=True))
    return f"{word} ({one.side}): {one.asks}{f' {listed}' if listed else ''}"
