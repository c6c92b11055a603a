"""Answers of a scope: facts that no export shows, one line each, for one thing or for many.

Each is a claim ``answer``. Its body has ``about``, the word of ``claims.ANSWERS`` that it begins
with; ``because`` and ``confirmed_by``, text or None; ``until``, ISO date text or None;
``subject``, its own words for whom it is about, as one line; and:

``secret``:
    ``select`` tuple of items; ``opens`` ``"nothing"``, a key, or an item.
``token``:
    ``select``; ``trusted_by`` ``"nothing"`` or a key.
``default``:
    ``select``; ``default`` and ``is``, words of ``claims.DEFAULTS``.
``variable``:
    ``select``; ``is`` text.
``gap``:
    ``select`` (items of ``key``, from one key or a list of them); ``for``, a tuple of keys that
    no input describes, where only what waits for these is meant; ``is`` ``"empty"`` or
    ``"held"``, or ``becomes`` a key.
``same``, ``different``:
    ``names`` pair of texts.
``condition``:
    ``text``; ``is`` truth value.
``context``:
    ``select``; ``context``, a key of conditions; ``is``, a tuple of its values, empty for none.
``gate``:
    ``gate`` key; ``test`` and ``is``, a truth value, or ``approvers``, a tuple of keys, empty for
    nobody.

One that cannot be read leaves what it was about as it is: not known.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from nhigraph.facts.facts import Claim, Fact
from nhigraph.ingest import fields
from nhigraph.ingest.fields import Record
from nhigraph.schema import claims
from nhigraph.schema.controls import GATE_TESTS, RECOVERY_TESTS
from nhigraph.sources.scope.targets import item, unknown

Body = dict[str, object]
#: Tests that an answer can be about.
TESTS = tuple(dict.fromkeys((*GATE_TESTS, *RECOVERY_TESTS)))


def answer(record: Record) -> Iterator[Fact]:
    """One answer.

    Raises:
        InputError: It is none.
    """
    about = _about(record)
    known = (*claims.ANSWERS[about], *claims.ANSWER_FIELDS)
    _nothing_misspelt(record, known)
    made = _READERS[about](record)
    common: Body = {
        "about": about,
        "subject": _subject(about, made),
        "because": record.text("because"),
        "confirmed_by": record.text("confirmed_by"),
        "until": _day(record),
    }
    yield Claim("answer", {**common, **made}, record.evidence)
    yield from unknown(record, known)


def _nothing_misspelt(record: Record, known: Collection[str]) -> None:
    """One that lost its last day would close a gap for ever: it is refused as a whole."""
    for field in record.body:
        hint = fields.suggestion(field, known)
        if field not in known and hint:
            raise record.fail(field, f"unknown field {fields.quoted(field)}{hint}")


def person(record: Record) -> Iterator[Fact]:
    """An item that selects people: their identities are not of the population.

    Raises:
        InputError: It is none.
    """
    yield Claim("person", {"select": (item(record, record.body, "item"),)}, record.evidence)


def _about(record: Record) -> str:
    stated = [name for name in claims.ANSWERS if name in record.body]
    if "default" in stated or len(stated) == 1:
        return "default" if "default" in stated else stated[0]
    known = ", ".join(claims.ANSWERS)
    if stated:
        raise record.fail(stated[0], f"one answer is about one thing, not {' and '.join(stated)}")
    near = [(name, fields.nearest(name, claims.ANSWERS)) for name in record.body]
    hint = next((f"; did you mean '{one}' for '{name}'?" for name, one in near if one), "")
    raise record.fail("answer", f"expected what it is about, one of {known}{hint}")


def _day(record: Record) -> str | None:
    found = record.day("until")
    return None if found is None else found.isoformat()


def _select(record: Record, field: str) -> tuple[dict[str, str], ...]:
    stated = record.body.get(field)
    many = stated if isinstance(stated, list) else [stated]
    if stated is None or not many:
        raise record.fail(field, 'missing; expected a selector such as {key: "github:acme/*"}')
    found = tuple(item(record, one, field) for one in many)
    if not all(found):
        raise record.fail("selector", "it has no condition, so it matches nothing")
    return found


def _secret(record: Record) -> Body:
    opens = record.body.get("opens")
    told: object = item(record, opens, "opens") if isinstance(opens, dict) else None
    named = told or _key_or_nothing(record, "opens")
    return {"select": _select(record, "secret"), "opens": named}


def _token(record: Record) -> Body:
    return {
        "select": _select(record, "token"),
        "trusted_by": _key_or_nothing(record, "trusted_by"),
    }


def _key_or_nothing(record: Record, field: str) -> str:
    """A key, or the word that there is none, in any case; that word misspelt is no key."""
    stated = record.required(field)
    if stated.casefold() == claims.NOTHING:
        return claims.NOTHING
    hint = fields.suggestion(stated, (claims.NOTHING,))
    if hint and ":" not in stated:
        found = f"{fields.quoted(stated)} is neither a key nor {claims.NOTHING!r}"
        raise record.fail(field, f"{found}{hint}")
    return stated


def _default(record: Record) -> Body:
    record.required("default")
    which = record.word("default", tuple(claims.DEFAULTS), "default") or ""
    record.required("is")
    value = record.word("is", claims.DEFAULTS[which], f"answer about {which}")
    return {"select": _select(record, "of"), "default": which, "is": value}


def _variable(record: Record) -> Body:
    return {"select": _select(record, "variable"), "is": record.required("is")}


def _gap(record: Record) -> Body:
    stated = record.body.get("gap")
    if not isinstance(stated, dict) or "at" not in stated:
        raise record.fail("gap", 'expected {at: KEY}, such as {at: "role:postgres:crm/*"}')
    inner = Record(record.doc, stated, (*record.pointer, "gap"))
    _nothing_misspelt(inner, claims.GAP_FIELDS)
    about: Body = {"select": tuple({"key": one} for one in _keys(inner, "at"))}
    if "becomes" in record.body:
        _alone(record, "becomes", "is")
        return {**about, "becomes": record.required("becomes")}
    if "for" in stated:
        about["for"] = _keys(inner, "for")
    record.required("is")
    return {**about, "is": record.word("is", claims.GAPS, "answer about a gap")}


def _keys(record: Record, field: str) -> tuple[str, ...]:
    """One key, or a list of them."""
    many = isinstance(record.body[field], list)
    found = record.texts(field) if many else (record.required(field),)
    if not found:
        raise record.fail(field, "expected a key, or a list of keys")
    return found


def _alone(record: Record, field: str, *others: str) -> None:
    """One answer says one thing."""
    beside = next((one for one in others if one in record.body), None)
    if beside is not None:
        raise record.fail(beside, f"one answer says one thing, not {field} and {beside}")


def _pair(field: str) -> Callable[[Record], Body]:
    def read(record: Record) -> Body:
        names = record.texts(field)
        if len(set(names)) != 2:  # noqa: PLR2004 - a pair
            raise record.fail(field, 'expected two names, such as ["10.0.0.1:5432", "db:5432"]')
        return {"names": tuple(sorted(names))}

    return read


def _condition(record: Record) -> Body:
    return {"text": record.required("condition"), "is": _truth(record)}


def _context(record: Record) -> Body:
    stated = record.body.get("is")
    if isinstance(stated, bool):
        values: tuple[str, ...] = (str(stated).lower(),)
    elif isinstance(stated, list):
        values = record.texts("is")
    else:
        told = record.required("is")
        values = () if told.casefold() == claims.NOTHING else (told,)
    return {"select": _select(record, "of"), "context": record.required("context"), "is": values}


def _gate(record: Record) -> Body:
    gate = record.required("gate")
    if "approvers" in record.body:
        _alone(record, "approvers", "test", "is")
        return {"gate": gate, "approvers": _approvers(record)}
    record.required("test")
    test = record.word("test", TESTS, "test of a gate")
    return {"gate": gate, "test": test, "is": _truth(record)}


def _approvers(record: Record) -> tuple[str, ...]:
    """Keys of those who decide; empty for nobody."""
    if record.body["approvers"] == claims.NOBODY:
        return ()
    found = record.texts("approvers")
    if not found:
        raise record.fail("approvers", f"expected a list of keys, or {claims.NOBODY!r}")
    return found


def _truth(record: Record) -> bool:
    found = record.flag("is")
    if found is None:
        raise record.fail("is", "missing; expected true or false")
    return found


_READERS: Mapping[str, Callable[[Record], Body]] = {
    "secret": _secret,
    "token": _token,
    "default": _default,
    "variable": _variable,
    "gap": _gap,
    "same": _pair("same"),
    "different": _pair("different"),
    "condition": _condition,
    "context": _context,
    "gate": _gate,
}


def _subject(about: str, body: Body) -> str:
    """Whom it is about, on one line."""
    if "select" in body:
        items = body["select"]
        assert isinstance(items, tuple)  # noqa: S101 - made above
        several = (", ".join(f"{name}: {value}" for name, value in one.items()) for one in items)
        told = " or ".join(several)
        return f"{body['context']} of {told}" if about == "context" else told
    if "names" in body:
        names = body["names"]
        assert isinstance(names, tuple)  # noqa: S101 - made above
        return " and ".join(names)
    return str(body["text"] if about == "condition" else body["gate"])
