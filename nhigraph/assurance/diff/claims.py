"""Scopes side by side: which claims differ, and a scope that is partly the one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nhigraph.assurance.diff.atoms import Atom, ClaimKey, Item
from nhigraph.assurance.scope import header
from nhigraph.assurance.verdict import in_order
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim
from nhigraph.graph.columns import canonical
from nhigraph.schema.controls import CATEGORIES

_HEAD: ClaimKey = ("scope", "")
#: Fields of the scope itself that no answer rests on; the day is told by itself.
_IDLE, _TOLD = ("organization",), ("as_of",)
#: What tells one claim from its like; of the others, all that they say.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "target": ("id",),
    "boundary": ("select",),
    "owner": ("select",),
    "alias": ("platform", "host"),
    "link": ("kind", "from", "to"),
    "person": ("select",),
    "answer": ("about", "select", "names", "text", "gate", "test", "default"),
}

Part = tuple[ClaimKey, str]


class Scope:
    """The claims of one scope.

    Attributes:
        claims: By what they are about, those that say so.
        head: Fields of the scope itself, thresholds apart by their name.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        """Sort the claims."""
        many = [*claims]
        self.claims: dict[ClaimKey, list[Claim]] = {}
        for claim in many:
            if claim.subject != _HEAD[0]:
                self.claims.setdefault(_key(claim), []).append(claim)
        self.head = _fields(many)
        heads = sorted(claim.evidence for claim in many if claim.subject == _HEAD[0])
        self.place = heads[0] if heads else None

    def body(self, key: ClaimKey) -> Mapping[str, Any] | None:
        """What is said of a target, if one claim alone speaks of it."""
        found = self.claims.get(key, [])
        one = len(found) == 1 and key[0] == "target" and "refused" not in found[0].body
        return found[0].body if one else None


def differing(before: Scope, after: Scope) -> Iterator[Atom]:
    """Changes of the scope."""
    for name in sorted({*before.head, *after.head} - {*_TOLD}):
        old, new = before.head.get(name), after.head.get(name)
        if old != new:
            found = _of_field(_HEAD, "scope", name, (old, new), after.place or before.place)
            # Nothing rests on it, so it is not tried as a cause.
            yield replace(found, claims=()) if name in _IDLE else found
    for key in sorted({*before.claims, *after.claims}):
        one, other = before.claims.get(key, []), after.claims.get(key, [])
        if _said(one) == _said(other):
            continue
        old, new = before.body(key), after.body(key)
        if old is None or new is None:
            yield _of_claims(key, one, other)
            continue
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                values = (old.get(name), new.get(name))
                yield _of_field(key, f"target {key[1]}", name, values, other[0].evidence)


def mixed(before: Scope, after: Scope, chosen: Collection[Part]) -> list[Claim]:
    """The claims of the first scope, but some parts as the second has them."""
    found: list[Claim] = []
    fields: dict[ClaimKey, list[str]] = {}
    whole: set[ClaimKey] = set()
    for key, name in chosen:
        if name:
            fields.setdefault(key, []).append(name)
        else:
            whole.add(key)
    for key in sorted({*before.claims, *after.claims}):
        taken = (after if key in whole else before).claims.get(key, [])
        if key in fields:
            new = after.claims[key][0].body
            body = {**taken[0].body, **{name: new.get(name) for name in fields[key]}}
            taken = [Claim(taken[0].subject, body, taken[0].evidence)]
        found += taken
    place = before.place or after.place
    if place is not None:
        head = dict(before.head)
        for name in fields.get(_HEAD, ()):
            head.pop(name, None)
            if name in after.head:
                head[name] = after.head[name]
        found.insert(0, Claim("scope", _head_of(head), place))
    return found


def _key(claim: Claim) -> ClaimKey:
    names = _KEYS.get(claim.subject)
    if names is None:
        return claim.subject, canonical(claim.body)
    if len(names) == 1 and isinstance(claim.body.get(names[0]), str):
        return claim.subject, str(claim.body[names[0]])
    return claim.subject, canonical({n: claim.body[n] for n in names if n in claim.body})


def _said(claims: Sequence[Claim]) -> list[str]:
    """What claims say, wherever they stand: one said twice is said once."""
    return sorted({canonical(claim.body) for claim in claims})


def _fields(claims: Sequence[Claim]) -> dict[str, Any]:
    head = header(claims)
    thresholds = head.pop("thresholds")
    promised = head["commitments"]
    head["commitments"] = (*in_order(promised), *sorted(promised.difference(CATEGORIES)))
    return head | {f"threshold {name}": value for name, value in thresholds.items()}


def _head_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"thresholds": {}}
    for name, value in fields.items():
        sort, _, rest = name.partition(" ")
        if sort == "threshold":
            body["thresholds"][rest] = value
        else:
            body[name] = value
    return body


# -- in words -----------------------------------------------------------------------------------


def _of_field(
    key: ClaimKey, subject: str, name: str, values: tuple[Any, Any], place: Evidence | None
) -> Atom:
    old, new = map(_text, values)
    item = Item("scope", "changed", subject, "", "", name, old, new, place)
    return Atom((item,), claims=((key, name),))


def _of_claims(key: ClaimKey, one: Sequence[Claim], other: Sequence[Claim]) -> Atom:
    change = "changed" if one and other else "added" if other else "removed"
    first = min(other or one, key=lambda claim: claim.evidence)
    what = "answer" if key[0] == "answer" else "scope"
    old, new = ("; ".join(dict.fromkeys(map(_claimed, many))) for many in (one, other))
    item = Item(what, change, _subject(first), "", "", "", old, new, first.evidence)
    return Atom((item,), claims=((key, ""),))


def _subject(claim: Claim) -> str:
    """What a claim is about, in its own words."""
    body = claim.body
    named = {
        "target": lambda: f"target {body.get('id') or ''}",
        "answer": lambda: f"{body['about']} {body['subject']}",
        "link": lambda: f"link {body['from']} {body['kind']} {body['to']}",
    }
    if claim.subject in named:
        return named[claim.subject]().strip()
    return f"{claim.subject} {_text(body.get('select') or '')}".strip()


def _claimed(claim: Claim) -> str:
    """What a claim says, without what it is about."""
    known = {*_KEYS.get(claim.subject, ()), "subject"}
    said = {n: v for n, v in claim.body.items() if v not in (None, (), "") and n not in known}
    return ", ".join(f"{name} {_text(value)}" for name, value in said.items())


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return " and ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)
