"""What is drawn: the nodes and edges of the worst printed paths, named, grouped and placed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance.rows import Assessment, PathStep, VerdictRow
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS
from nhigraph.output import clip, printable, words
from nhigraph.output.graph_html.layout import layered
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.types import Effect

#: More nodes than this are no picture; the paths left out are counted on the page.
NODE_LIMIT = 600
_PATH_LIMIT = 2000
_STEP_LIMIT = 20_000
_NAME = 96
_TEXT = 240

_LAST = 1 << 30

#: How an effect is drawn; every effect has its dash beside its colour.
_STROKES = {
    Effect.BECOME: "become",
    Effect.REVEAL: "become",
    Effect.ADMINISTER: "authority",
    Effect.ALTER: "authority",
    Effect.DELETE: "authority",
    Effect.HALT: "authority",
    Effect.READ: "read",
    Effect.EXECUTE: "run",
    Effect.COMPUTE: "run",
    Effect.FEED_DIRECT: "flow",
    Effect.FEED_INDIRECT: "flow",
    Effect.CONTAIN: "hold",
    Effect.DEPEND: "hold",
    Effect.SUPPORT: "hold",
    Effect.INERT: "hold",
}


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node that may be drawn.

    Attributes:
        key: Its key.
        kind: Label of its kind.
        name: Display name.
        family: Value of its kind's family.
        verdict: Of an identity, its verdict; else empty.
        exposure: Of an identity, its exposure; else empty.
    """

    key: str
    kind: str
    name: str
    family: str
    verdict: str = ""
    exposure: str = ""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An edge that may be drawn.

    Attributes:
        source: Key of the node it leaves.
        target: Key of the node it enters.
        kind: Label of its kind.
        action: Its action, where it has one.
        certainty: certain, conditional or assumed.
        gate: Key of the gate on it, or empty.
        evidence_place: File and line that state it.
    """

    source: str
    target: str
    kind: str
    action: str = ""
    certainty: str = "certain"
    gate: str = ""
    evidence_place: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A node as drawn; ``id`` is its place in a stable order and carries no text of others."""

    id: str
    key: str
    name: str
    kind: str
    code: str
    group: str
    verdict: str
    exposure: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as drawn."""

    id: str
    source: str
    target: str
    verb: str
    stroke: str
    action: str
    certain: bool
    gate: str
    place: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step in words."""

    source: str
    verb: str
    target: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class Path:
    """A printed path as drawn; ``id`` is its path id where that is plain text."""

    id: str
    title: str
    verdict: str
    exposure: str
    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the page shows, and how much it does not.

    Attributes:
        cards: Nodes, by id.
        lines: Edges, by id.
        paths: Paths, worst first.
        paths_left_out: Printed paths beyond the limit of nodes or paths.
        unprinted: Pairs whose path is not printed at all.
        unreached: Identities without any printed path.
        off_paths: Nodes given that no printed path passes.
    """

    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    paths: tuple[Path, ...]
    paths_left_out: int
    unprinted: int
    unreached: int
    off_paths: int


def drawing(
    assessment: Assessment, nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]
) -> Drawing:
    """Choose, name and place what is drawn."""
    ranked = _ranked(assessment)
    chosen = _chosen(ranked, assessment.paths)
    steps = [step for row in chosen for step in assessment.paths[row.path_id]]
    known = {node.key: node for node in nodes}
    keys = sorted({step.source for step in steps} | {step.target for step in steps})
    ids = {key: f"n{at}" for at, key in enumerate(keys)}
    lines, between = _lines(assessment, steps, edges, ids)
    cards = _cards(assessment, keys, known, ids, lines)
    names = {key: card.name for key, card in zip(keys, cards, strict=True)}
    started = {row.identity for row in ranked}
    return Drawing(
        cards=cards,
        lines=lines,
        paths=tuple(_path(assessment, row, ids, between, names) for row in chosen),
        paths_left_out=len(ranked) - len(chosen),
        unprinted=assessment.paths_left_out,
        unreached=sum(row.identity not in started for row in assessment.identities),
        off_paths=len(known.keys() - ids.keys()),
    )


def _ranked(assessment: Assessment) -> list[VerdictRow]:
    """Rows with a printed path, worst first."""
    rows = [row for row in assessment.verdicts if assessment.paths.get(row.path_id)]
    return sorted(
        rows,
        key=lambda row: (
            row.verdict == "neither",
            EXPOSURES.index(row.exposure),
            VERDICTS.index(row.verdict),
            row.soc1 != "direct",
            _LAST if row.steps is None else row.steps,
            row.identity,
            row.target,
        ),
    )


def _chosen(
    ranked: Sequence[VerdictRow], paths: Mapping[str, Sequence[PathStep]]
) -> list[VerdictRow]:
    """The worst rows whose paths together stay within the limits.

    A path that no longer fits is passed over; a later one along nodes already drawn may.
    """
    drawn: set[str] = set()
    chosen: list[VerdictRow] = []
    steps = 0
    for row in ranked:
        if len(chosen) == _PATH_LIMIT:
            break
        length = len(paths[row.path_id])
        passed = {key for step in paths[row.path_id] for key in (step.source, step.target)}
        if len(drawn | passed) <= NODE_LIMIT and steps + length <= _STEP_LIMIT:
            drawn |= passed
            steps += length
            chosen.append(row)
    return chosen


def _lines(
    assessment: Assessment,
    steps: Sequence[PathStep],
    edges: Sequence[GraphEdge],
    ids: Mapping[str, str],
) -> tuple[tuple[Line, ...], dict[tuple[str, str, str], str]]:
    """Edges to draw, one per pair of ends and kind, and the id of the edge each step took."""
    told: dict[tuple[str, str, str], GraphEdge] = {}
    for edge in edges:
        told.setdefault((edge.source, edge.target, edge.kind), edge)
    taken: dict[tuple[str, str, str], GraphEdge] = {}
    for step in steps:
        along = (step.source, step.target, step.edge_kind)
        against = (step.target, step.source, step.edge_kind)
        at = against if along not in told and against in told else along
        taken.setdefault(at, told.get(at) or _edge(step))
    lines: list[Line] = []
    between: dict[tuple[str, str, str], str] = {}
    for number, (ends, edge) in enumerate(sorted(taken.items())):
        lines.append(_line(assessment, f"e{number}", edge, ids))
        between[ends] = f"e{number}"
    for (source, target, kind), line in list(between.items()):
        # Reading flows against a feed: the step from its end to its start is this edge too.
        between.setdefault((target, source, kind), line)
    return tuple(lines), between


def _edge(step: PathStep) -> GraphEdge:
    return GraphEdge(
        step.source,
        step.target,
        step.edge_kind,
        step.action,
        step.certainty,
        step.gate,
        _place(step),
    )


def _line(assessment: Assessment, line_id: str, edge: GraphEdge, ids: Mapping[str, str]) -> Line:
    kind = EDGE_KINDS.get(edge.kind)
    note = assessment.gate_notes.get(edge.gate) or edge.gate
    return Line(
        id=line_id,
        source=ids[edge.source],
        target=ids[edge.target],
        verb=_text(words()["edge"].get(edge.kind, edge.kind.replace("_", " ").lower())),
        stroke=_STROKES[kind.effect] if kind else "hold",
        action=_text(words()["action"].get(edge.action, edge.action)),
        certain=edge.certainty == "certain",
        gate=_text(note),
        place=_text(edge.evidence_place),
    )


def _cards(
    assessment: Assessment,
    keys: Sequence[str],
    known: Mapping[str, GraphNode],
    ids: Mapping[str, str],
    lines: Sequence[Line],
) -> tuple[Card, ...]:
    rows = {row.identity: row for row in assessment.identities}
    targets = {target.key: target for target in assessment.targets}
    groups = {}
    made = []
    for key in keys:
        node = known.get(key)
        kind = node.kind if node else assessment.kinds.get(key, "")
        target, row = targets.get(key), rows.get(key)
        if target is not None:
            category = words()["category"].get(target.category, target.category)
            name = f"{target.id}: {category}" if category else target.id
            kind = kind or ("TrustService" if category else "FinancialReporting")
        else:
            name = (node.name if node else "") or assessment.names.get(key) or key
        groups[ids[key]] = _group(kind, node.family if node else "")
        verdict = row.verdict if row else node.verdict if node else ""
        exposure = row.exposure if row else node.exposure if node else ""
        made.append((key, name, kind, verdict, exposure))
    places = layered(
        sorted(groups),
        [(line.source, line.target) for line in lines],
        first={ids[key] for key in keys if key in rows},
        last={ids[key] for key in keys if key in targets},
    )
    return tuple(
        Card(
            id=ids[key],
            key=_text(key),
            name=printable(clip(name, _NAME)),
            kind=_text(kind),
            code=_code(kind, groups[ids[key]]),
            group=groups[ids[key]],
            verdict=verdict if verdict in VERDICTS else "",
            exposure=_text(words()["exposure"].get(exposure, exposure)),
            x=places[ids[key]][0],
            y=places[ids[key]][1],
        )
        for key, name, kind, verdict, exposure in made
    )


def _group(kind: str, family: str) -> str:
    """The colour group of a kind: its family, the two assurance families apart."""
    if kind == "FinancialReporting":
        return "books"
    if kind == "TrustService":
        return "trust"
    known = NODE_KINDS.get(kind)
    family = known.family.value if known else family
    return {"change path": "change"}.get(family, family) if family in _FAMILIES else "data"


_FAMILIES = {"identity", "credential", "change path", "data", "grant"}


def _code(kind: str, group: str) -> str:
    """Two letters for a kind, so that no kind is told by its colour alone."""
    if group in {"books", "trust"}:
        return "S1" if group == "books" else "S2"
    capitals = "".join(char for char in kind if char.isascii() and char.isupper())
    letters = "".join(char for char in kind if char.isascii() and char.isalpha())
    return (capitals if len(capitals) > 1 else letters.upper())[:2] or "??"


def _path(
    assessment: Assessment,
    row: VerdictRow,
    ids: Mapping[str, str],
    between: Mapping[tuple[str, str, str], str],
    names: Mapping[str, str],
) -> Path:
    steps = assessment.paths[row.path_id]
    digest = hashlib.sha256(row.path_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Path(
        id=row.path_id if row.path_id.isascii() and row.path_id.isalnum() else digest,
        title=f"{names[steps[0].source]} → {names[steps[-1].target]}",
        verdict=row.verdict if row.verdict in VERDICTS else "",
        exposure=_text(words()["exposure"].get(row.exposure, row.exposure)),
        nodes=(ids[steps[0].source], *(ids[step.target] for step in steps)),
        edges=tuple(between[step.source, step.target, step.edge_kind] for step in steps),
        steps=tuple(_step(assessment, step, names) for step in steps),
    )


def _step(assessment: Assessment, step: PathStep, names: Mapping[str, str]) -> Step:
    backwards = words()["edge_backwards"] if step.state == "READ" else {}
    verb = backwards.get(step.edge_kind) or words()["edge"].get(step.edge_kind)
    notes = []
    if step.gate:
        notes.append(f"control: {assessment.gate_notes.get(step.gate) or step.gate}")
    if step.certainty != "certain":
        said = words()["certainty"].get(step.certainty, step.certainty)
        notes.append(f"{said}: {step.residual}" if step.residual else said)
    return Step(
        source=names[step.source],
        verb=_text(verb or step.edge_kind.replace("_", " ").lower()),
        target=names[step.target],
        place=_place(step),
        note=_text("; ".join(notes)),
    )


def _place(step: PathStep) -> str:
    return _text(f"{step.artifact}:{step.line}" if step.line else step.artifact)


def _text(text: str) -> str:
    return printable(clip(text, _TEXT))
