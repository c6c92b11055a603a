"""Forges that packages bring: held to their types, and to an answer whatever they stumble over.

Joins ask a forge in the middle of their work: where a rule of somebody else's raises or answers
with something of another type, the answer is the one from which more follows.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from nhigraph.errors import SchemaError
from nhigraph.facts.keys.forge import Owned
from nhigraph.facts.keys.parts import Key
from nhigraph.facts.missing import Missing
from nhigraph.policy.forge import Exports, Forge, Lines
from nhigraph.policy.forges import FORGES
from nhigraph.policy.rights import Right

_P = ParamSpec("_P")
_T = TypeVar("_T")
#: More levels than any forge follows would only cost time.
_MOST_LEVELS: Final = 50


def check(forge: Forge) -> None:
    """Whether the fields of a forge are what they should be; nobody checked its types.

    Raises:
        SchemaError: One of them is not.
    """
    texts = ("source", "starts", "pushes", "identity_tokens", "nothing_inherited")
    places = ("job_at", "action_at", "default_at", "environments_at")
    right = {
        **{name: isinstance(getattr(forge, name), str) for name in (*texts, *places)},
        **{name: _words(getattr(forge, name), frozenset) for name in ("by_callers", "on_demand")},
        **{name: _words(getattr(forge, name), tuple) for name in ("usual_branches", "guards")},
        **{
            name: callable(getattr(forge, name))
            for name in ("inherits", "covers", "opens", "scopes", "owners")
        },
        "levels": type(forge.levels) is int and 0 < forge.levels <= _MOST_LEVELS,
        "of_caller": _forms(forge.of_caller),
        "makes_environments": isinstance(forge.makes_environments, bool),
        "hands_all": isinstance(forge.hands_all, bool),
        "exports": isinstance(forge.exports, Exports),
    }
    wrong = [name for name, good in right.items() if not good]
    if wrong:
        raise SchemaError(f"its '{wrong[0]}' is not of the type that it should be")


def _words(many: object, kind: type) -> bool:
    return isinstance(many, kind) and all(isinstance(one, str) and one for one in many)  # type: ignore[attr-defined]  # a frozenset or tuple


def _forms(many: object) -> bool:
    return isinstance(many, tuple) and all(
        isinstance(one, type) and issubclass(one, Key) for one in many
    )


def add(forge: Forge) -> None:
    """Let joins ask that forge from now on, in place of an earlier one of its platform."""
    FORGES[forge.platform] = replace(
        forge,
        inherits=_held(forge.inherits, lambda said: isinstance(said, bool), otherwise=True),
        covers=_held(forge.covers, lambda said: isinstance(said, bool), otherwise=False),
        scopes=_held(forge.scopes, lambda said: isinstance(said, bool), otherwise=True),
        owners=_held(forge.owners, lambda said: _all(said, Owned), otherwise=()),
        opens=_held(forge.opens, lambda said: _all(said, Right), otherwise=()),
        exports=_Held(forge.exports),
    )


def _all(many: object, kind: type) -> bool:
    return isinstance(many, tuple) and all(isinstance(one, kind) for one in many)


def _held(
    asked: Callable[_P, _T], good: Callable[[object], bool], *, otherwise: _T
) -> Callable[_P, _T]:
    @wraps(asked)
    def held(*told: _P.args, **named: _P.kwargs) -> _T:
        try:
            said = asked(*told, **named)
            return said if good(said) else otherwise
        except Exception:  # noqa: BLE001 - whatever a rule of somebody else raises
            return otherwise

    return held


class _Held(Exports):
    """Exports of somebody else: no line where theirs is none."""

    def __init__(self, own: Exports) -> None:
        for name in (one for one in vars(Exports) if not one.startswith("_")):
            lines: Callable[..., Lines] = getattr(own, name)
            setattr(self, name, _held(lines, lambda said: _all(said, Missing), otherwise=()))
