"""What a forge of somebody else's answers where its rule is at fault: whatever hides less."""

from collections.abc import Callable
from typing import Any

import pytest

from nhigraph.errors import SchemaError
from nhigraph.facts import keys
from nhigraph.facts.missing import Missing
from nhigraph.ingest import brought_forge
from nhigraph.policy.forge import Exports, Forge
from nhigraph.policy.forges import FORGES
from nhigraph.schema import kinds as k

ERP = keys.repository("acme/erp")
LINE = Missing("mill", "grain", "how much there is", "mill")


#: Whatever a stranger's rule answers.
Odd = Any


def brought(forge: Forge) -> Forge:
    """What joins ask once a forge was brought; nothing stays behind."""
    brought_forge.add(forge)
    return FORGES.pop(forge.platform)


def _raises(*_: object) -> bool:
    raise LookupError("CANARY-not-to-be-told")


class _Good(Exports):
    def workflows(self, repository: object) -> tuple[Missing, ...]:
        return (LINE,)


class _Odd(Exports):
    def workflows(self, repository: object) -> Odd:
        return [LINE]

    def secrets(self, repository: object, environment: str = "") -> Odd:
        return (LINE, "a line")

    def environments(self, repository: object, gate: str) -> Odd:
        raise LookupError


@pytest.mark.parametrize("rule", [_raises, lambda *_: "no", lambda: False, lambda *_: None])
def test_a_rule_at_fault_hides_nothing(rule: Callable[..., Odd]) -> None:
    forge = brought(Forge("mill", inherits=rule, covers=rule, opens=rule))
    assert forge.inherits(ERP, ERP) is True  # whatever is handed over may be
    assert forge.covers("main", (), "main") is False  # so its gate stays unknown
    assert forge.opens("push") == ()


def test_a_rule_that_answers_is_heard() -> None:
    rights = FORGES["github"].opens("push")
    said = Forge(
        "mill",
        inherits=lambda *_: False,
        covers=lambda *_: True,
        opens=lambda _: rights,
        exports=_Good(),
    )
    forge = brought(said)
    assert forge.inherits(ERP, ERP) is False
    assert forge.covers("x", (), "y") is True
    assert forge.opens("push") == rights
    assert rights[0].kind is k.CAN_WRITE
    assert forge.exports.workflows(ERP) == (LINE,)
    assert forge.exports.secrets(ERP) == ()


def test_an_export_that_is_no_line_is_left_out() -> None:
    exports = brought(Forge("mill", exports=_Odd())).exports
    assert exports.workflows(ERP) == ()
    assert exports.secrets(ERP) == ()
    assert exports.environments(ERP, "gate") == ()


WRONG: dict[str, Odd] = {
    "source": 1,
    "by_callers": {"book"},
    "on_demand": frozenset({1}),
    "usual_branches": "main",
    "guards": ("",),
    "levels": True,
    "inherits": None,
    "of_caller": (str,),
    "makes_environments": 1,
    "job_at": None,
    "exports": object(),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_field_of_another_type_is_told(field: str) -> None:
    with pytest.raises(SchemaError, match=f"its '{field}' is not of the type"):
        brought_forge.check(Forge("mill", **{field: WRONG[field]}))


def test_the_forges_of_ours_pass_the_same_check() -> None:
    for forge in FORGES.values():
        brought_forge.check(forge)
