"""Everything the page holds, as the JSON it reads: columns, where every text stands once."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter

from nhigraph.assurance.rows import Assessment
from nhigraph.output import words
from nhigraph.output.graph_html.drawing import Drawing, Path, Tail, Unprinted
from nhigraph.output.graph_html.marked import cuts, gates, points
from nhigraph.output.graph_html.vis import edges, nodes
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS, REMOVABLE, TRANSITIONS
from nhigraph.schema.types import Effect

#: The words that the page itself chooses among.
_WORDS = (
    *("verdict", "verdict_mark", "verdict_meaning", "exposure", "exposure_meaning", "category"),
    *("state", "certainty", "weakness", "gate_test", "edge_backwards", "group"),
)
#: Writes a cell as ``json.dumps`` does, which would make one anew for each.
_JSON = json.JSONEncoder(sort_keys=True)
#: Edges along which data goes, whoever holds it.
_FLOWS = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT}


def embedded(value: object) -> str:
    """JSON that is text to an HTML parser and a literal to JavaScript, whatever it holds."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def data(assessment: Assessment, drawn: Drawing) -> dict[str, object]:
    """What the page's script is given."""
    cards, lines = nodes(drawn), edges(drawn)
    kinds = {str(kind) for kind in lines["kind"]}
    sorts = {str(sort) for sort in cards["sort"]}
    return {
        "nodes": packed(cards),
        "edges": packed(lines),
        "tails": packed(_told(Tail, drawn.tails)),
        "paths": packed(_told(Path, drawn.paths)),
        "rows": packed(_told(Unprinted, drawn.unprinted)),
        "cuts": cuts(assessment, drawn),
        "points": points(assessment, drawn),
        # None of a page for which nobody looked is not the same as none.
        "pointsSought": sum(one.points for one in assessment.cuts.told),
        "gates": gates(assessment, drawn),
        "edgeKinds": {
            kind: [known.doc, known.example, REMOVABLE.get(known.effect, "")]
            for kind, known in sorted(EDGE_KINDS.items())
            if kind in kinds
        },
        "nodeKinds": {kind: one.doc for kind, one in sorted(NODE_KINDS.items()) if kind in sorts},
        "words": {name: words()[name] for name in _WORDS},
        "flows": _flows(kinds),
        "asOf": assessment.as_of,
    }


def _flows(kinds: Collection[str]) -> dict[str, list[list[str]]]:
    """What flows of data carry, by kind of edge: state before, state after."""
    return {
        kind: [[before.name, after.name] for before, after in TRANSITIONS[known.effect]]
        for kind, known in sorted(EDGE_KINDS.items())
        if kind in kinds and known.effect in _FLOWS
    }


def _told(kind: type, rows: Sequence[object]) -> dict[str, list[object]]:
    """Columns of rows of plain fields."""
    return {one.name: [*map(attrgetter(one.name), rows)] for one in fields(kind)}


def packed(told: Mapping[str, list[object]]) -> dict[str, object]:
    """Columns as they are written: each is its cells, or the distinct ones and which each is."""
    made = {name: _column(cells) for name, cells in told.items()}
    return {"length": len(next(iter(told.values()))), "columns": made}


def _column(cells: list[object]) -> object:
    types = set(map(type, cells))
    if len(types) == 1 and types <= {str, int}:
        # Of one plain type: what is written alike is equal, and need be written once.
        return _plain(cells)
    # Cells that are one object are written once: rows that say the same share what they say.
    known: dict[int, str] = {}
    for cell in cells:
        if id(cell) not in known:
            known[id(cell)] = _JSON.encode(cell)
    texts = [known[id(cell)] for cell in cells]
    distinct = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    numbers = [distinct[text] for text in texts]
    packed = sum(map(len, distinct)) + sum(map(len, map(str, numbers)))
    if packed < sum(map(len, texts)):
        return {"of": [json.loads(text) for text in distinct], "at": numbers}
    return cells


def _plain(cells: list[object]) -> object:
    distinct = {cell: at for at, cell in enumerate(dict.fromkeys(cells))}
    lengths = [len(_JSON.encode(cell)) for cell in distinct]
    numbers = [distinct[cell] for cell in cells]
    packed = sum(lengths) + sum(map(len, map(str, numbers)))
    if packed < sum(map(lengths.__getitem__, numbers)):
        return {"of": list(distinct), "at": numbers}
    return cells
