"""Records are dataclasses: whatever the standard's do, they do, and cost less to make."""

import copy
import dataclasses
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, InitVar, asdict, field, fields, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

import nhigraph
from nhigraph import records

_SWITCHES = ("frozen", "slots", "order")
_FORMS = {
    " ".join(on) or "plain": dict.fromkeys(on, True)
    for size in range(4)
    for on in combinations(_SWITCHES, size)
}


def _nothing() -> type:
    class Nothing:
        """No field at all."""

    return Nothing


def _one() -> type:
    class One:
        """One field, which a tuple of it compares."""

        a: object

    return One


def _many() -> type:
    class Many:
        """Defaults of every sort."""

        told: ClassVar[int] = 7
        a: int
        b: object = None
        c: list[int] = field(default_factory=list)
        d: int = field(default=4, kw_only=True)
        e: int = field(default=5, compare=False)
        f: int = field(default=6, repr=False)
        g: int = field(default=7, init=False)
        h: list[int] = field(default_factory=list, init=False)
        i: int = field(default=8, hash=False)

    return Many


def _checked() -> type:
    class Checked:
        """What is given is looked at."""

        a: int
        b: int = 2

        def __post_init__(self) -> None:
            if self.a == 0:
                raise ValueError("not 0")

    return Checked


def _own() -> type:
    class Own:  # noqa: PLW1641 - Python then says that there is no hash
        """An author's functions stay."""

        a: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and str(self.a) == str(other.a)

        def __repr__(self) -> str:
            return f"<{self.a}>"

    return Own


def _own_hash() -> type:
    class Hashed:
        """Equal and hash, both the author's."""

        a: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Hashed) and str(self.a) == str(other.a)

        def __hash__(self) -> int:
            return len(str(self.a))

    return Hashed


_GIVEN: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((), {}),
    ((0,), {}),
    ((1,), {}),
    ((2,), {}),
    ((float("nan"),), {}),
    (([],), {}),
    ((1, 2), {}),
    ((1, [2], [3]), {}),
    ((1, 2, [3], 5, 6, 9), {}),
    ((1, 2, [3], 5, 6, 9, 10, 11), {}),
    ((), {"a": 1}),
    ((1,), {"d": 9, "e": 1}),
    ((1,), {"unknown": 9}),
    ((1,), {"a": 9}),
)
#: Untyped, as classes here are made while tests run.
_ours: Callable[..., Any] = records.dataclass
_theirs: Callable[..., Any] = dataclasses.dataclass
_BODIES = (_nothing, _one, _many, _checked, _own, _own_hash)


def _outcome(done: Callable[[], object]) -> object:
    """What something gives, or what it says against it."""
    try:
        return done()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error).rpartition("<locals>.")[2]


def _said(made: type, args: tuple[Any, ...], named: dict[str, Any]) -> Iterator[object]:
    """Everything that can be asked of an instance."""
    try:
        one, other = made(*args, **named), made(*args, **named)
    except (TypeError, ValueError) as error:
        yield type(error), str(error).rpartition("<locals>.")[2]
        return
    cells = [(known.name, getattr(one, known.name)) for known in fields(one)]
    yield str(cells)
    yield repr(one).rpartition("<locals>.")[2]
    yield one == other, one == one, one != other, one == object()  # noqa: PLR0124 - nan's own
    yield _outcome(lambda: hash(one)), _outcome(lambda: hash(other))
    yield _outcome(lambda: (one < other, one <= other, one > other, one >= other))
    yield _outcome(lambda: one < object())
    yield str(asdict(one)), repr(copy.copy(one) == one), repr(copy.deepcopy(one) == one)
    yield _outcome(lambda: repr(replace(one, a=3)).rpartition("<locals>.")[2])
    names = [name for name, _ in cells]
    yield [_outcome(partial(setattr, one, name, 1)) for name in names]
    yield repr(one).rpartition("<locals>.")[2]
    yield [_outcome(partial(delattr, one, name)) for name in names]


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("body", _BODIES)
def test_a_record_does_what_a_dataclass_does(body: Callable[[], type], form: str) -> None:
    ours = _ours(**_FORMS[form])(body())
    theirs = _theirs(**_FORMS[form])(body())
    for args, named in _GIVEN:
        assert list(_said(ours, args, named)) == list(_said(theirs, args, named)), (args, named)
    about = ("__match_args__", "__slots__", "__dataclass_params__", "__doc__", "__hash__")
    for name in about:
        found = [str(getattr(one, name, "none")) for one in (ours, theirs)]
        if name == "__hash__":
            found = [told.partition(" at ")[0] for told in found]
        assert found[0].replace("first", "__hash__") == found[1], name


@pytest.mark.parametrize("form", _FORMS)
def test_instances_of_two_classes_are_neither_equal_nor_in_order(form: str) -> None:
    one, other = (_ours(**_FORMS[form])(_one())(1) for _ in range(2))
    assert one != other
    with pytest.raises(TypeError):
        assert one < other


@pytest.mark.parametrize("slots", [True, False])
def test_what_is_frozen_takes_no_other_attribute_either(slots: bool) -> None:
    one = _ours(frozen=True, slots=slots)(_one())(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'z'"):
        one.z = 1
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'z'"):
        del one.z


def test_a_class_that_inherits_from_a_record_has_its_fields_and_more() -> None:
    base = _ours(frozen=True, slots=True)(_one())
    for made in (_ours, _theirs):

        @made(frozen=True, slots=True)
        class More(base):  # type: ignore[misc, valid-type]
            """One more."""

            b: int = 2

        assert repr(More(1)).endswith("More(a=1, b=2)")
        assert hash(More(1)) == hash((1, 2))
        with pytest.raises(FrozenInstanceError):
            More(1).a = 2
    with pytest.raises(TypeError, match="cannot inherit non-frozen dataclass from a frozen one"):
        _theirs(type("Open", (base,), {"__annotations__": {"b": int}}))


def test_a_class_of_no_fields_of_its_own_keeps_what_a_record_does() -> None:
    base = _ours(frozen=True, slots=True)(_checked())

    class Named(base):  # type: ignore[misc, valid-type]
        """A name more, no field more."""

    assert Named(1) == Named(1)
    assert Named(1) != base(1)
    assert hash(Named(1)) == hash(base(1))
    with pytest.raises(ValueError, match="not 0"):
        Named(0)
    with pytest.raises(FrozenInstanceError):
        Named(1).a = 2


@records.dataclass(frozen=True, slots=True)
class Stored:
    """What a pickle finds by its name."""

    a: int
    b: tuple[int, ...] = ()


def test_a_frozen_record_with_slots_is_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ModuleType("stored")
    monkeypatch.setattr(there, "Stored", Stored, raising=False)
    monkeypatch.setitem(sys.modules, "stored", there)
    monkeypatch.setattr(Stored, "__module__", "stored")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(Stored(1, (2,)), protocol)) == Stored(1, (2,))  # noqa: S301


def test_a_record_that_holds_itself_is_shown() -> None:
    made = _ours(_one())
    one = made(None)
    one.a = [one]
    assert repr(one).endswith("One(a=[...])")


def test_an_argument_that_is_no_field_is_left_to_the_standard() -> None:
    with pytest.raises(TypeError, match="InitVar"):
        _ours(type("Told", (), {"__annotations__": {"a": InitVar[int]}}))


def test_nothing_is_compiled_before_it_is_called() -> None:
    made = _ours(frozen=True, slots=True, order=True)(_one())
    waiting = {name: vars(made)[name] for name in ("__init__", "__eq__", "__hash__", "__lt__")}
    one = made(1)
    assert vars(made)["__init__"] is not waiting.pop("__init__")
    assert all(vars(made)[name] is function for name, function in waiting.items())
    assert hash(one) == hash((1,))
    assert vars(made)["__hash__"] is not waiting["__hash__"]
    assert vars(made)["__eq__"] is waiting["__eq__"]


def test_every_dataclass_of_nhigraph_is_such_a_record() -> None:
    folder = Path(nhigraph.__file__).parent
    pattern = re.compile(
        r"^from dataclasses import .*\bdataclass\b|dataclasses\.dataclass\(", re.MULTILINE
    )
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if pattern.search(file.read_text("utf-8"))
    }
    assert found == {"records.py"}, "take `dataclass` from nhigraph.records"
