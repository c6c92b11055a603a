"""The nodes, edges and paths that the page holds, named and in the order of their keys."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from nhigraph.assurance.listed import listed
from nhigraph.assurance.rows import Assessment, IdentityRow, PopulationRow, Target, VerdictRow
from nhigraph.assurance.verdict import VERDICTS
from nhigraph.assurance.verdict_rows import UNKNOWN, VerdictRows
from nhigraph.output import card_id, clip, node_id, printable, spaced, words
from nhigraph.output.graph_html.facts import GraphEdge, GraphNode
from nhigraph.output.graph_html.held import Held, held
from nhigraph.output.graph_html.naming import code, group, sources, stroke, text, verb
from nhigraph.records import dataclass
from nhigraph.schema.pages import page_of
from nhigraph.schema.types import State

_NAME = 96
#: Reasons of the gaps of a node that are told.
_REASONS = 4


@dataclass(frozen=True, slots=True)
class Card:
    """A node as shown; ``id`` is made of its key and carries no text of others.

    Attributes:
        id: As in links.
        key: Its key; empty where the name says the same.
        name: Display name.
        kind: Its kind, in words.
        label: Label of its kind.
        code: Two letters for that.
        group: Its colour group.
        verdict: Of an identity, else empty; as are exposure, letters and card.
        exposure: A code.
        soc1: A code.
        soc2: Its letters.
        outside: Letters outside the commitments.
        card: Id of its card in the report.
        owner: Who answers for it.
        dates: Created, rotated, last used, expires.
        state: Where it is not active.
        environment: As records say.
        weaknesses: Codes.
        gaps: What was not seen at it.
        inward: Edges into it in the whole graph; -1 where that is not known.
        outward: Edges out of it.
    """

    id: str
    key: str
    name: str
    kind: str
    label: str
    code: str
    group: str
    verdict: str = ""
    exposure: str = ""
    soc1: str = ""
    soc2: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    card: str = ""
    owner: str = ""
    dates: tuple[str, ...] = ()
    state: str = ""
    environment: str = ""
    weaknesses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    inward: int = -1
    outward: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as shown.

    Attributes:
        source: Number of its card.
        target: Likewise.
        kind: Label of its kind; empty for a way to a gap, which is not printed.
        verb: Kind in words.
        stroke: How it is drawn.
        action: What it allows, in words.
        certainty: certain, conditional, assumed.
        condition: What documents cannot settle.
        needs: What else must be held, in words.
        gate: Key of the control on it.
        artifact: Document.
        pointer: Place in it.
        line: Line there.
        quote: What stands there.
        also: Other places that state it.
        page: The provider's page on what it states; empty where none is known.
    """

    source: int
    target: int
    kind: str
    verb: str
    stroke: str
    action: str = ""
    certainty: str = "certain"
    condition: str = ""
    needs: str = ""
    gate: str = ""
    artifact: str = ""
    pointer: str = ""
    line: int = 0
    quote: str = ""
    also: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Tail:
    """A step of a path.

    Attributes:
        line: Number of its edge.
        back: 1 where it goes against that.
        state: What is then held; empty for a word that is no state.
        unsure: 1 where the edge is certain and the step is not.
        next: Number of the step that follows, or -1.
    """

    line: int
    back: int
    state: str
    unsure: int
    next: int


@dataclass(frozen=True, slots=True)
class Path:
    """A path as shown; ``id`` is its path id where that is plain text.

    Attributes:
        id: As in links; of an alternative, that of its path, a point and its number.
        tail: Number of its first step.
        of: -1, or the number of the path it is an alternative of.
        row: What its row says: verdict, exposure, soc1, soc2, outside, certainty, steps.
    """

    id: str
    tail: int
    of: int
    row: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unprinted:
    """A row that has no path here: its identity, target (-1 for all others), and what it says."""

    identity: int
    target: int
    row: tuple[str, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the page holds, and how much it does not.

    Attributes:
        cards: Nodes, by key.
        lines: Edges, by the keys of their ends.
        tails: Steps.
        paths: Paths, worst first, each followed by its alternatives.
        unprinted: Rows without a path here.
        rows_left_out: Rows with a printed path that it does not hold.
        numbers: Key to number of card.
    """

    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    tails: tuple[Tail, ...]
    paths: tuple[Path, ...]
    unprinted: tuple[Unprinted, ...]
    rows_left_out: int
    numbers: Mapping[str, int]


def drawing(
    assessment: Assessment, nodes: Sequence[GraphNode] = (), edges: Sequence[GraphEdge] = ()
) -> Drawing:
    """Choose and name what the page holds."""
    has = held(assessment, edges)
    keys = sorted(has.keys | has.beside)
    numbers = {key: at for at, key in enumerate(keys)}
    lines, taken = _lines(assessment, has.edges, numbers)
    unprinted = _unprinted(assessment, has, numbers)
    gaps = {(row.identity, gap) for row in unprinted for gap in row.gaps if gap != row.identity}
    lines += [
        Line(source, target, "", "reaches what was not seen at", "gap")
        for source, target in sorted(gaps)
    ]
    return Drawing(
        cards=_cards(assessment, keys, {node.key: node for node in nodes}),
        lines=tuple(lines),
        tails=_tails(has, lines, taken, numbers),
        paths=_paths(has),
        unprinted=unprinted,
        rows_left_out=has.rows_left_out,
        numbers=numbers,
    )


def _lines(
    assessment: Assessment, edges: Sequence[GraphEdge], numbers: Mapping[str, int]
) -> tuple[list[Line], dict[tuple[object, ...], int]]:
    """Edges as shown, and the number of each by what it states."""
    lines: list[Line] = []
    taken: dict[tuple[object, ...], int] = {}
    read_by = sources(assessment)
    for edge in edges:
        if edge.source not in numbers or edge.target not in numbers:
            continue
        taken[(*edge.stated, edge.gate)] = len(lines)
        states = words()["state"]
        needs = (
            f"{states.get(state, state)}: {assessment.names.get(key) or key}"
            for state, key in edge.needs
        )
        lines.append(
            Line(
                source=numbers[edge.source],
                target=numbers[edge.target],
                kind=text(edge.kind),
                verb=verb(edge.kind),
                stroke=stroke(edge.kind),
                action=text(words()["action"].get(edge.action, edge.action)),
                certainty=text(edge.certainty),
                condition=text(edge.condition),
                needs=text("; ".join(needs)),
                gate=text(edge.gate),
                artifact=text(edge.artifact),
                pointer=text(edge.pointer),
                line=edge.line,
                quote=text(edge.quote),
                also=tuple(map(text, edge.also)),
                page=page_of(
                    read_by.get(edge.artifact, ""),
                    edge.kind,
                    assessment.kinds.get(edge.target, ""),
                ),
            )
        )
    return lines, taken


def _tails(
    has: Held,
    lines: Sequence[Line],
    taken: Mapping[tuple[object, ...], int],
    numbers: Mapping[str, int],
) -> tuple[Tail, ...]:
    found, of_edge = [], dict[GraphEdge, int]()
    for (step, following), edge in zip(has.tails.steps, has.walked, strict=True):
        line = of_edge.get(edge)
        if line is None:
            line = of_edge[edge] = taken[(*edge.stated, edge.gate)]
        back = numbers[step.source] != lines[line].source
        state = step.state if step.state in State.__members__ else ""
        unsure = step.certainty != "certain" and lines[line].certainty == "certain"
        found.append(Tail(line, int(back), state, int(unsure), following))
    return tuple(found)


def _paths(has: Held) -> tuple[Path, ...]:
    paths: list[Path] = []
    for row, tails in has.rows:
        digest = hashlib.sha256(row.path_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        plain = row.path_id.isascii() and row.path_id.isalnum()
        name, first = row.path_id if plain else digest, len(paths)
        for at, tail in enumerate(tails):
            own = f"{name}.{at}" if at else name
            paths.append(Path(own, tail, first if at else -1, () if at else said(row, row.steps)))
    return tuple(paths)


def said(row: VerdictRow, steps: int | None) -> tuple[str, ...]:
    """What a row says, as codes: verdict, exposure, soc1, soc2, outside, certainty, steps."""
    letters, many = (row.soc2, row.soc2_outside), "" if steps is None else str(steps)
    return _said(row.verdict, row.exposure, row.soc1, letters, row.certainty, many)


@lru_cache(maxsize=4096)  # rows that say the same are many
def _said(
    verdict: str,
    exposure: str,
    soc1: str,
    letters: tuple[tuple[str, ...], ...],
    certainty: str,
    steps: str,
) -> tuple[str, ...]:
    known = verdict if verdict in VERDICTS else ""
    cells = (known, exposure, soc1, *map(" ".join, letters), certainty, steps)
    return tuple(text(cell, 60) for cell in cells)


def _unprinted(
    assessment: Assessment, has: Held, numbers: Mapping[str, int]
) -> tuple[Unprinted, ...]:
    shown = {(row.identity, row.target) for row, _ in has.rows}
    rows = VerdictRows.of(assessment.verdicts)
    who = np.array([key in numbers for key in rows.keys], dtype=bool)
    held = np.array([one.target == "*" or one.target in numbers for one in rows.sorts], dtype=bool)
    some = np.flatnonzero(who[rows.who] & held[rows.sort])
    gaps = [
        tuple(sorted(numbers[gap] for gap in one.gaps if gap in numbers)) for one in rows.sorts
    ]
    columns = (column[some].tolist() for column in (rows.who, rows.sort, rows.steps))
    told = (
        (rows.keys[who], rows.sorts[sort], gaps[sort], None if steps == UNKNOWN else steps)
        for who, sort, steps in zip(*columns, strict=True)
    )
    return tuple(
        Unprinted(numbers[key], numbers.get(row.target, -1), said(row, steps), beside)
        for key, row, beside, steps in told
        if (key, row.target) not in shown
    )


def _cards(
    assessment: Assessment, keys: Sequence[str], told: Mapping[str, GraphNode]
) -> tuple[Card, ...]:
    rows = {row.identity: row for row in assessment.identities}
    population = {row.key: row for row in assessment.population}
    targets = {target.key: target for target in assessment.targets}
    weak = {row.credential: row.weaknesses for row in assessment.rotation.rows}
    in_report = {row.identity for row in listed(assessment.identities)}
    cards = []
    for key in keys:
        node, row = told.get(key), rows.get(key)
        label, name = _called(assessment, key, node, targets.get(key))
        colours = group(label, node.family if node else "")
        shown = printable(clip(name, _NAME))
        card = Card(
            id=node_id(key),
            key="" if shown == key else text(key),
            name=shown,
            kind=text(spaced(label)),
            label=text(label),
            code=code(label, colours),
            group=colours,
            owner=text(row.owner if row else node.owner if node else ""),
            weaknesses=tuple(map(text, row.weaknesses if row else weak.get(key, ()))),
            gaps=tuple(map(text, assessment.gap_reasons.get(key, ())[:_REASONS])),
            inward=node.inward if node else -1,
            outward=node.outward if node else -1,
        )
        cards.append(_aged(_answered(card, row, listed=key in in_report), population.get(key)))
    return tuple(cards)


def _called(
    assessment: Assessment, key: str, node: GraphNode | None, target: Target | None
) -> tuple[str, str]:
    """Label of a node's kind, and its name."""
    label = node.kind if node else assessment.kinds.get(key, "")
    if target is None:
        return label, (node.name if node else "") or assessment.names.get(key) or key
    category = words()["category"].get(target.category, target.category)
    label = label or ("TrustService" if category else "FinancialReporting")
    return label, f"{target.id}: {category}" if category else target.id


def _answered(card: Card, row: IdentityRow | None, *, listed: bool) -> Card:
    """The card with what was found of an identity, and its place in the report if it has one."""
    if row is None:
        return card
    return replace(
        card,
        verdict=row.verdict if row.verdict in VERDICTS else "",
        exposure=text(row.exposure),
        soc1=text(row.soc1),
        soc2=tuple(map(text, row.soc2)),
        outside=tuple(map(text, row.soc2_outside)),
        card=card_id(row.identity) if listed else "",
    )


def _aged(card: Card, row: PopulationRow | None) -> Card:
    """The card with what the population tells of its life."""
    if row is None:
        return card
    days = (row.created, row.rotated, row.last_used, row.expires)
    return replace(
        card,
        dates=tuple(text(day, 40) for day in days) if any(days) else (),
        state="" if row.state == "active" else text(row.state),
        environment=text(row.environment),
    )
