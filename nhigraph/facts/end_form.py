"""Ends as JSON, in which a graph keeps what they say."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Final, get_args, get_origin, get_type_hints

from nhigraph.facts import values
from nhigraph.facts.ends import TYPES, Condition, End, Endpoint
from nhigraph.facts.evidence import Evidence


def body(end: End) -> dict[str, object]:
    """What an end says, as JSON; without the node it is about and where it was said."""
    return {
        one.name: _encoded(getattr(end, one.name))
        for one in fields(end)
        if one.name not in ("at", "evidence") and getattr(end, one.name) != _default(one)
    }


def _default(one: Field[Any]) -> object:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _encoded(cell: object) -> object:
    if isinstance(cell, str | bool | int) or cell is None:
        return cell
    if isinstance(cell, Mapping):
        return {name: _encoded(inner) for name, inner in cell.items()}
    if isinstance(cell, Endpoint | Condition):
        return {one.name: _encoded(getattr(cell, one.name)) for one in fields(cell)}
    if isinstance(cell, tuple):
        return [_encoded(inner) for inner in cell]
    return values.encoded(cell)  # type: ignore[arg-type]


def end(name: str, at: str, evidence: Evidence, said: Mapping[str, Any]) -> End:
    """The end of which ``body`` gave that.

    Raises:
        KeyError: No type of that name is known.
    """
    made = TYPES[name]
    hints = _hints(made)
    return made(at, evidence, **{one: _decoded(hints[one], cell) for one, cell in said.items()})


_HINTS: Final[dict[object, dict[str, Any]]] = {}


def _hints(made: Callable[..., object]) -> dict[str, Any]:
    """Types of fields; kept, because to look them up takes longer than to decode an end."""
    if made not in _HINTS:
        _HINTS[made] = get_type_hints(made)
    return _HINTS[made]


def _decoded(hint: Any, cell: Any) -> Any:  # noqa: ANN401 - a field of any type
    """A cell of JSON as what its field is declared to be."""
    inner = get_args(hint)
    if get_origin(hint) is tuple:
        return tuple(_decoded(inner[0], one) for one in cell)
    if get_origin(hint) is Mapping:
        return {name: _decoded(inner[1], one) for name, one in cell.items()}
    if isinstance(cell, Mapping):
        hints = _hints(hint)
        return hint(**{name: _decoded(hints[name], one) for name, one in cell.items()})
    return values.decoded(cell) if isinstance(cell, list) else cell
