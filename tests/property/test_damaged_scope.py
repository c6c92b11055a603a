"""One wrong word in a scope clears nobody: every word of valid scopes is misspelt in turn."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.app import gate
from nhigraph.app.assess import Done, require_targets
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.rows import Assessment
from nhigraph.cli.assess import leave
from nhigraph.errors import UsageError
from nhigraph.output.report_html import answer
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.features import misspelt
from tests.oracle.scope import boundaries, select
from tests.oracle.vocabulary import LETTERS
from tests.oracle.world import World, build_world

AS_OF = "2026-11-23"
Scope = dict[str, Any]
Place = tuple[str | int, ...]
#: Fields whose value is free text: another text is another text, and no word is misspelt.
FREE = frozenset({"id", "organization", "process", "owner", "condition", "confirmed_by"})
#: Fields of a target of which each word is known, so that a misspelt one is seen to be one.
WORDS = frozenset({"family", "fs_role", "icfr_basis", "assertions", "commitments", "data_class"})
ORDER = ("none", "undetermined", "indirect", "direct")


def sound(seed: int) -> tuple[list[dict[str, Any]], Scope]:
    """An estate whose scope has no error, and of whose targets each is of effect."""
    facts, scope = estate(seed, "bare_conditions")
    world = build_world(facts, scope, AS_OF)
    scope["commitments"] = list(LETTERS)
    scope["links"] = [
        link
        for link in scope.get("links", [])
        if link["from"] in world.nodes and link["to"] in world.nodes
    ]
    boundary = boundaries(world, scope)
    for target in scope["targets"]:
        if target.get("fs_role") == "none":
            target["fs_role"] = "record"
        if target.get("commitments") == []:
            target["commitments"] = ["C"]
        inside = [item for item in target["select"] if select(world, [item])]
        if not {key for key in select(world, inside) if boundary[key] != "outside"}:
            inside = [{"key": next(key for key in world.nodes if boundary[key] != "outside")}]
        target["select"] = inside
    return facts, scope


def words(value: object, place: Place = ()) -> Iterator[tuple[Place, str, bool]]:
    """Every word: its place, itself, and whether it is the name of a field."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*place, name), name, True
            yield from words(inner, (*place, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from words(inner, (*place, at))
    elif isinstance(value, str):
        yield place, value, False


def damaged(scope: Scope, place: Place, wrong: str, *, name: bool) -> Scope:
    """A copy with one word misspelt; fields keep their order."""
    found = copy.deepcopy(scope)
    holder: Any = found
    for step in place[:-1]:
        holder = holder[step]
    if not name:
        holder[place[-1]] = wrong
        return found
    renamed = {wrong if field == place[-1] else field: value for field, value in holder.items()}
    holder.clear()
    holder.update(renamed)
    return found


def damages(seed: int, scope: Scope, world: World) -> Iterator[tuple[Place, str, bool]]:
    """Every misspelling that is one: a word that still means something is another word."""
    rng = Random(seed)
    for place, word, name in words(scope):
        if place == ("nhigraph",) or (not name and FREE.intersection(map(str, place[-1:]))):
            continue
        wrong = misspelt(rng, word) if len(word) > 1 else word + "x"
        if not name and place == ("as_of",):
            wrong = word + "x"
        changed: Any = damaged(scope, place, wrong, name=name)
        if name and len(changed) == len(scope) and wrong in scope:
            continue
        if not name and place[-1] in ("from", "to", "gate", "action") and wrong in world.nodes:
            continue
        if not name and "select" in place and place[-1] != "kind":
            item = changed
            for step in place[:-1]:
                item = item[step]
            if select(world, [item]):
                continue
        if not name and place[0] == "boundary" and select(world, [{str(place[-1]): wrong}]):
            continue
        yield place, wrong, name


def ask(folder: Path) -> tuple[Judged, Assessment] | None:
    """What ``assess`` says; None where it refuses to judge (exit 2)."""
    found = collect([folder])
    try:
        require_targets(found)
    except UsageError:
        return None
    judged = of_collection(found, option=AS_OF)
    return judged, assess(judged)


def code(done: Done, fail_on: str | None, *, strict: bool) -> int:
    """The exit code of ``assess``, where it is not 0."""
    with pytest.raises(SystemExit) as left:
        leave(gate.of_assessment(done, fail_on, strict=strict))
    return int(left.value.code or 0)


def calm(row: Any) -> tuple[int, frozenset[str]]:  # noqa: ANN401 - a row
    """soc1 by its order, and the letters."""
    return ORDER.index(row.soc1), frozenset(row.soc2)


def never_calmer(before: Assessment, after: Assessment, living: set[str]) -> None:
    """Without an error in the scope, nobody inside loses a soc1 or a letter."""
    was = {row.identity: row for row in before.identities}
    for row in after.identities:
        old = was.get(row.identity)
        if old is None or row.identity not in living or row.boundary not in ("in", "inclusive"):
            continue
        (soc1, letters), (old_soc1, old_letters) = calm(row), calm(old)
        assert soc1 >= old_soc1, row
        assert bool(letters) >= bool(old_letters), row
        assert old_letters - {"undetermined"} <= letters or "undetermined" in letters, row


#: What would clear everybody of either side.
_CALM = {"financial-reporting": "none can change", "trust-service": "none can break"}


def loud(judged: Judged, found: Assessment, place: Place, scope: Scope) -> None:
    """An error of the scope: exit 3 when asked to be strict or to fail, never "none".

    Of a target whose family is not what was misspelt, the other side's answer stands.
    """
    done = Done(found, judged, ())
    assert code(done, None, strict=True) == 3
    assert code(done, "soc2:A", strict=False) == 3
    assert found.coverage["complete"] is False
    said = answer(found)
    known = place[0] == "targets" and len(place) > 2 and place[2] != "family"
    calm = _CALM[scope["targets"][place[1]]["family"]] if known else "none can"
    assert calm not in said, said
    assert "no such path" not in said, said
    (listed,) = [found.coverage["scope"]]
    assert isinstance(listed, dict)
    assert listed["errors"] > 0


def clears_nobody(place: Place, scope: Scope, *, name: bool) -> bool:
    """Whether what the word stood for is lost as a whole: then nobody inside is "neither"."""
    if place[0] != "targets":
        lost = {"commitments", "as_of", "thresholds", "targets", "aliases", "owners", "links"}
        if place[0] == "links":
            return name and len(place) == 1
        if place[0] == "owners":
            return name and place[-1] in ("owner", "select", "owners")
        return place[0] in lost
    if name or place[2] in WORDS or place[-1] == "kind":
        return True
    return place[2] == "select" and len(scope["targets"][place[1]]["select"]) == 1


def _each_word(seed: int, folder: Path) -> int:
    facts, scope = sound(seed)
    world = build_world(facts, scope, AS_OF)
    living = {key for key in world.nodes if world.active(key)}
    write_estate(folder, facts, scope)
    before = ask(folder)
    assert before is not None
    assert not before[0].scope_errors, before[0].issues
    tried = 0
    for place, wrong, name in damages(seed, scope, world):
        changed = damaged(scope, place, wrong, name=name)
        (folder / "scope.json").write_text(json.dumps(changed, default=str), encoding="utf-8")
        after = ask(folder)
        tried += 1
        where = f"seed {seed}: {'/'.join(map(str, place))} as {wrong!r}"
        if after is None:
            assert place == ("targets",), where
            continue
        judged, found = after
        if judged.scope_errors:
            loud(judged, found, place, scope)
        elif place[0] != "owners" or "select" not in place:
            # Whose a node is that is not there, a warning says, and what may have been meant.
            never_calmer(before[1], found, living)
        if clears_nobody(place, scope, name=name):
            assert judged.scope_errors, where
            cleared = [
                row.identity
                for row in found.identities
                if row.verdict == "neither"
                and row.identity in living
                and row.boundary in ("in", "inclusive")
            ]
            assert not cleared, (where, cleared)
    return tried


@pytest.mark.parametrize("seed", range(3))
def test_a_misspelt_word_of_a_scope_clears_nobody(seed: int, tmp_path: Path) -> None:
    """Each name of a field and each word of a value; free text is not misspelt."""
    assert _each_word(seed, tmp_path) > 10


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(3, 200))
def test_a_misspelt_word_of_a_scope_clears_nobody_at_night(seed: int, tmp_path: Path) -> None:
    """As above, more of them."""
    assert _each_word(seed, tmp_path) > 10
