"""One record out of several of a key: what stands, and what they disagree on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from nhigraph.graph import columns
from nhigraph.graph.late import pd
from nhigraph.graph.merge import merge_cell, merge_kinds, merge_props, merge_tests
from nhigraph.graph.store import Cells
from nhigraph.schema import properties
from nhigraph.schema.controls import tests_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ONE_OF_A_GATE = ("kind", "at", "log")


def one_node(group: Mapping[str, Cells]) -> tuple[dict[str, str], list[str]]:
    """Cells of a node of several records, and what these disagree on.

    Args:
        group: Columns of its records.
    """
    cells: dict[str, str] = {}
    disagreed: list[str] = []
    cells["kinds"], cells["kind"] = merge_kinds(group["kinds"])
    others = sorted({label for _, label in columns.kinds_of(cells["kinds"])} - {cells["kind"]})
    if others:
        both = f"what holds of {' and '.join(others)} stays"
        disagreed.append(f"kind: {cells['kind']} stands, and {both}")
    for name in ("name", "owner", "nhi", "state", "expires"):
        values = {value for value in group[name] if value}
        cells[name] = merge_cell(name, values)
        if len(values) > 1:
            disagreed.append(f"{name}: {cells[name]} stands")
    props, conflicts = merge_props(columns.props_of(cell) for cell in group["props"])
    cells["props"] = columns.props_cell(props)
    disagreed += [_stands(name, props[name]) for name in conflicts]
    return cells, disagreed


def one_gate(key: str, group: pd.DataFrame) -> tuple[tuple[str, ...], list[str]]:
    """Cells of a gate of several records: the approvers of all, every doubt; and what disagrees.

    Args:
        key: Its key.
        group: Its records.
    """
    answers = _answers(group)
    stated = {name: {value for value in group[name] if value} for name in _ONE_OF_A_GATE}
    disagreed = [
        name
        for name in sorted({name for one in answers for name in one})
        if len({one[name] for one in answers if one.get(name) is not None}) > 1
    ]
    disagreed += [name for name, values in stated.items() if len(values) > 1]
    approvers = sorted({a for cell in group["approvers"] for a in json.loads(cell)})
    cells = (
        key,
        merge_cell("gate kind", stated["kind"]),
        columns.canonical(approvers),
        merge_cell("at", stated["at"]),
        merge_cell("log", stated["log"]),
        columns.canonical(merge_tests(answers)),
    )
    return cells, disagreed


def _answers(group: pd.DataFrame) -> list[dict[str, bool | None]]:
    """Answers of every record to the tests that its own kind has.

    What could not be read stays unknown, whatever its kind. A gate of one record keeps its other
    answers: nobody asks for them, and where only its kind changes nothing else does.
    """
    answers = [columns.props_of(cell) for cell in group["tests"]]
    if len(answers) == 1:
        return answers
    asked = [tests_of(kind) for kind in group["kind"]]
    return [
        {name: answer for name, answer in one.items() if name in known or answer is None}
        for one, known in zip(answers, asked, strict=True)
    ]


def _stands(name: str, value: object) -> str:
    """What a conflict came to; a value that may be secret is not told."""
    declared = properties.declared(name)
    told = declared is not None and declared.told
    words = declared.words if declared is not None else ()
    plain = isinstance(value, int | float) or value in words or _DAY.fullmatch(str(value))
    return f"{name}: {value} stands" if told and plain else name
