"""The JSON Schema of scope/1, for editors; ``scope check`` says more than any schema can."""

from nhigraph.docsgen.json_schema import (
    DAY,
    NEEDED,
    NUMBER,
    TEXT,
    Schema,
    document,
    item,
    many,
    record,
    some_of,
    words,
)
from nhigraph.schema import claims, controls, kinds
from nhigraph.schema.scope_told import SCOPE, TARGET
from nhigraph.schema.types import Transform
from nhigraph.sources.scope.answers import TESTS

_ITEM = {"$ref": "#/definitions/item"}
_MATCHING = {"$ref": "#/definitions/matching"}
_ONE_OR_MANY: Schema = {"anyOf": [_MATCHING, {"type": "array", "items": _MATCHING, "minItems": 1}]}
_COMMITMENTS: Schema = {
    "anyOf": [some_of(controls.CATEGORIES), {"const": claims.UNKNOWN}],
}
_SHARE = "unused_rights_share"


def schema() -> Schema:
    """The schema of a scope."""
    thresholds: dict[str, Schema] = {
        name: {**NUMBER, "maximum": 1} if name == _SHARE else {**NUMBER, "multipleOf": 1}
        for name in claims.THRESHOLDS
    }
    boundary = record(dict.fromkeys(claims.BOUNDARIES, many(_ITEM)))
    cuts = record({"weights": many(_cut("weights")), "keep": many(_cut("keep"))})
    fields: dict[str, Schema] = {
        "nhigraph": {"const": claims.FORM},
        "organization": TEXT,
        "commitments": _COMMITMENTS,
        "as_of": DAY,
        "thresholds": _or_null(record(thresholds)),
        "targets": many({"$ref": "#/definitions/target"}),
        "boundary": _or_null(boundary),
        "owners": many(_owner()),
        "aliases": many(record(dict.fromkeys(claims.ALIAS_FIELDS, NEEDED), claims.ALIAS_FIELDS)),
        "links": many(_link()),
        "answers": many({"oneOf": [_answer(about) for about in claims.ANSWERS]}),
        "people": many(_ITEM),
        "cuts": _or_null(cuts),
    }
    top = record({name: fields[name] for name in claims.TOP_FIELDS}, ("nhigraph",), SCOPE)
    definitions = {
        "item": item(empty=True),
        "matching": item(empty=False),
        "target": _target(),
    }
    return document("nhigraph scope/1", "scope-1", {**top, "definitions": definitions})


def _or_null(one: Schema) -> Schema:
    return {**one, "type": ["object", "null"]}


def _target() -> Schema:
    assertions = (*controls.ASSERTIONS, *controls.ASSERTION_ALIASES)
    fields: dict[str, Schema] = {
        "id": NEEDED,
        "family": {"enum": [*claims.FAMILIES]},
        "process": TEXT,
        "data_class": some_of(claims.DATA_CLASSES),
        "recoverable": {"enum": [*claims.RECOVERABLE, True, False, None]},
        "select": {"type": "array", "items": _ITEM},
        "fs_role": words(claims.FS_ROLES),
        "icfr_basis": words(claims.ICFR_BASES),
        "assertions": some_of(assertions),
        "commitments": _COMMITMENTS,
    }
    made = record(
        {name: fields[name] for name in claims.TARGET_FIELDS}, ("id", "family", "select"), TARGET
    )
    return {**made, "allOf": [_without(*pair) for pair in _FOREIGN]}


#: Fields that say nothing on a target of the family.
_FOREIGN = (
    (claims.TRUST, claims.FINANCIAL_FIELDS),
    (claims.FINANCIAL, claims.TRUST_FIELDS),
)


def _without(family: str, fields: tuple[str, ...]) -> Schema:
    absent: Schema = {"properties": {name: {"type": "null"} for name in fields}}
    return {"if": {"properties": {"family": {"const": family}}}, "then": absent}


def _owner() -> Schema:
    fields: dict[str, Schema] = {
        "select": {"anyOf": [_ITEM, {"type": "array", "items": _ITEM}]},
        "owner": NEEDED,
    }
    return record(fields, claims.OWNER_FIELDS)


def _link() -> Schema:
    fields: dict[str, Schema] = {
        "kind": {"enum": [*claims.link_kinds()]},
        "from": NEEDED,
        "to": NEEDED,
        "confirmed_by": TEXT,
        "action": words(kinds.ACTIONS),
        "condition": TEXT,
        "gate": TEXT,
        "transform": words(tuple(Transform)),
        "valid_from": DAY,
        "valid_until": DAY,
    }
    return record({name: fields[name] for name in claims.LINK_FIELDS}, ("kind", "from", "to"))


def _cut(name: str) -> Schema:
    match: dict[str, Schema] = {
        "edge": words(tuple(kinds.EDGE_KINDS)),
        "from": {"anyOf": [_MATCHING, {"type": "null"}]},
        "to": {"anyOf": [_MATCHING, {"type": "null"}]},
    }
    fields: dict[str, Schema] = {
        "match": {**record({one: match[one] for one in claims.CUT_MATCH}), "minProperties": 1},
        "weight": {"type": "integer", "minimum": 1, "maximum": claims.CUT_WEIGHT_MOST},
    }
    stated = claims.CUTS[name]
    return record({one: fields[one] for one in stated}, stated)


def _answer(about: str) -> Schema:
    """What an answer about one thing may say."""
    shapes: dict[str, tuple[dict[str, Schema], tuple[str, ...]]] = {
        "secret": ({"secret": _ONE_OR_MANY, "opens": {"anyOf": [NEEDED, _MATCHING]}}, ("opens",)),
        "default": (
            {"default": {"enum": [*claims.DEFAULTS]}, "of": _ONE_OR_MANY, "is": NEEDED},
            ("of", "is"),
        ),
        "same": ({"same": _pair()}, ()),
        "different": ({"different": _pair()}, ()),
        "gap": ({"gap": _gap(), "is": {"enum": [*claims.GAPS]}, "becomes": NEEDED}, ()),
        "token": ({"token": _ONE_OR_MANY, "trusted_by": NEEDED}, ("trusted_by",)),
        "variable": ({"variable": _ONE_OR_MANY, "is": NEEDED}, ("is",)),
        "condition": ({"condition": NEEDED, "is": {"type": "boolean"}}, ("is",)),
        "context": (
            {"context": NEEDED, "of": _ONE_OR_MANY, "is": _values()},
            ("of", "is"),
        ),
        "gate": (
            {"gate": NEEDED, "test": {"enum": [*TESTS]}, "is": {"type": "boolean"},
             "approvers": _approvers()},
            (),
        ),
    }  # fmt: skip
    fields, needed = shapes[about]
    common: dict[str, Schema] = {"because": TEXT, "confirmed_by": TEXT, "until": DAY}
    made = record({**fields, **common}, (about, *needed))
    return {**made, **_one_thing(about)}


def _one_thing(about: str) -> Schema:
    """Of some answers: which of their fields stand together."""
    if about == "gap":
        return {"oneOf": [{"required": ["is"]}, {"required": ["becomes"]}]}
    if about == "gate":
        told = {"required": ["test", "is"]}
        return {"oneOf": [{**told, "not": {"required": ["approvers"]}}, _APPROVED]}
    if about == "default":
        pairs = [
            {"properties": {"default": {"const": name}, "is": {"enum": [*said]}}}
            for name, said in claims.DEFAULTS.items()
        ]
        return {"anyOf": pairs}
    return {}


_APPROVED: Schema = {
    "required": ["approvers"],
    "not": {"anyOf": [{"required": ["test"]}, {"required": ["is"]}]},
}


def _pair() -> Schema:
    return {"type": "array", "items": NEEDED, "minItems": 2, "uniqueItems": True}


def _gap() -> Schema:
    key: Schema = {"anyOf": [NEEDED, {"type": "array", "items": NEEDED, "minItems": 1}]}
    fields = dict.fromkeys(claims.GAP_FIELDS, key)
    return {"type": "object", "properties": fields, "required": ["at"]}


def _values() -> Schema:
    several: Schema = {"type": "array", "items": NEEDED, "minItems": 1}
    return {"anyOf": [NEEDED, {"type": "boolean"}, several]}


def _approvers() -> Schema:
    return {"anyOf": [{"const": claims.NOBODY}, {"type": "array", "items": NEEDED, "minItems": 1}]}
