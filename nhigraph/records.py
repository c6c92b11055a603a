"""Dataclasses that cost little to make: what a class can do is compiled when it is first done.

The standard ``dataclass`` compiles up to a dozen functions for every class, in 0.4 ms. Of the five
hundred classes that an assessment imports, most never make an instance, and hardly any is
compared. Here what needs a compiler waits for its first call, and the rest are closures. A frozen
instance is made in half the time, too: slots are set by their descriptors, where the standard
calls ``object.__setattr__`` name by name.

All else is the standard's: fields, slots, ``replace``, ``asdict``, and the whole of a class that
asks for more than is here, or inherits from another dataclass. To a type checker this is the
standard ``dataclass``; a test compares what both do.
"""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import MISSING, FrozenInstanceError, InitVar
from reprlib import recursive_repr
from types import FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_PARAMS = "__dataclass_params__"
_KNOWN = {"frozen", "slots", "order"}
_COMPARED = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type[Any] | None = None, /, **said: bool) -> Any:  # noqa: ANN401 - class or decorator
        """As the standard's, with its arguments."""

        def made(cls: type[Any]) -> type[Any]:
            if said.keys() - _KNOWN or any(hasattr(base, _PARAMS) for base in cls.__mro__[1:]):
                return dataclasses.dataclass(**said)(cls)
            return _made(cls, **said)

        return made if cls is None else made(cls)


def _made(
    given: type[Any], *, frozen: bool = False, slots: bool = False, order: bool = False
) -> type[Any]:
    """The class with its fields, as the standard makes it, and with functions that wait."""
    own = set(vars(given))
    if vars(given).get("__hash__") is None and "__eq__" in own:
        own.discard("__hash__")  # Python's, not the author's: who says equal says no hash
    cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(given)
    every = cls.__dataclass_fields__.values()
    if any(one.type is InitVar or isinstance(one.type, InitVar) for one in every):
        raise TypeError(f"{cls.__qualname__}: an InitVar is for the standard dataclass")
    params = getattr(cls, _PARAMS)
    params.init = params.repr = params.eq = True
    params.frozen, params.order = frozen, order
    found: dict[str, Any] = {
        "__init__": _later(cls, "__init__", _init),
        "__repr__": _later(cls, "__repr__", _repr),
    }
    for name in _COMPARED if order else ("__eq__",):
        found[name] = _later(cls, name, _comparison)
    found["__hash__"] = _later(cls, "__hash__", _hash) if frozen else None
    if frozen:
        found |= _guards(cls)
        if slots:
            found |= {"__getstate__": _state, "__setstate__": _set_state}
    for name, function in found.items():
        if name not in own:
            setattr(cls, name, function)
    return cls


def _later(cls: type[Any], name: str, compiled: Callable[[type[Any], str], Any]) -> Any:  # noqa: ANN401 - a method of any form
    """A function that puts the compiled one in its own place when it is first called."""

    def first(self: object, /, *args: object, **named: object) -> object:
        function = compiled(cls, name)
        setattr(cls, name, function)
        return function(self, *args, **named)

    return _called(cls, name, first)


def _called(cls: type[Any], name: str, function: Any) -> Any:  # noqa: ANN401 - as above
    function.__name__, function.__qualname__ = name, f"{cls.__qualname__}.{name}"
    function.__module__ = cls.__module__
    return function


def _compiled(
    cls: type[Any], name: str, arguments: str, body: Iterable[str], known: dict[str, object]
) -> FunctionType:
    lines = "\n ".join(body) or "pass"
    exec(f"def {name}({arguments}):\n {lines}", known)  # noqa: S102 - of names of fields alone
    function: FunctionType = _called(cls, name, known[name])
    return function


def _init(cls: type[Any], name: str) -> FunctionType:
    """What sets every field, in the order that they are declared in."""
    params: list[str] = []
    by_name: list[str] = []
    known: dict[str, object] = {"_unset": MISSING, "_set": object.__setattr__}
    frozen, lines = getattr(cls, _PARAMS).frozen, []
    for one in dataclasses.fields(cls):
        field, value = one.name, one.name
        default = ""
        if one.default is not MISSING:
            known[f"_default_{field}"], default = one.default, f"=_default_{field}"
        elif one.default_factory is not MISSING:
            known[f"_make_{field}"], default = one.default_factory, "=_unset"
            value = f"_make_{field}() if {field} is _unset else {field}"
        if one.init:
            (by_name if one.kw_only else params).append(field + default)
        elif not default:
            continue
        else:
            value = default[1:] if one.default is not MISSING else f"_make_{field}()"
        slot = vars(cls).get(field)
        if not frozen:
            lines.append(f"self.{field} = {value}")
        elif isinstance(slot, MemberDescriptorType):
            known[f"_set_{field}"] = slot.__set__
            lines.append(f"_set_{field}(self, {value})")
        else:
            lines.append(f"_set(self, {field!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    arguments = ", ".join(["self", *params, *(["*"] if by_name else ()), *by_name])
    return _compiled(cls, name, arguments, lines, known)


def _comparison(cls: type[Any], name: str) -> FunctionType:
    names = [one.name for one in dataclasses.fields(cls) if one.compare]
    ours, theirs = _tuple("self", names), _tuple("other", names)
    body = (
        "if other.__class__ is self.__class__:",
        f" return {ours} {_COMPARED[name]} {theirs}",
        "return NotImplemented",
    )
    return _compiled(cls, name, "self, other", body, {})


def _hash(cls: type[Any], name: str) -> FunctionType:
    told = dataclasses.fields(cls)
    names = [one.name for one in told if (one.compare if one.hash is None else one.hash)]
    return _compiled(cls, name, "self", (f"return hash({_tuple('self', names)})",), {})


def _tuple(whose: str, names: list[str]) -> str:
    return "(" + "".join(f"{whose}.{name}, " for name in names) + ")"


def _repr(cls: type[Any], name: str) -> Callable[[Any], str]:
    shown = (one.name for one in dataclasses.fields(cls) if one.repr)
    cells = ", ".join(f"{field}={{self.{field}!r}}" for field in shown)
    body = (f'return f"{{self.__class__.__qualname__}}({cells})"',)
    return recursive_repr()(_compiled(cls, name, "self", body, {}))


def _guards(cls: type[Any]) -> dict[str, Any]:
    """What keeps an instance as it was made."""
    names = frozenset(one.name for one in dataclasses.fields(cls))

    def set_(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {
        "__setattr__": _called(cls, "__setattr__", set_),
        "__delattr__": _called(cls, "__delattr__", delete),
    }


def _state(self: Any) -> list[object]:  # noqa: ANN401 - an instance of any of the classes
    """What a frozen instance with slots is pickled as."""
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _set_state(self: Any, state: list[object]) -> None:  # noqa: ANN401 - as above
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
