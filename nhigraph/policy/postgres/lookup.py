"""Names that a security definer's text leaves open: who makes what they find runs as its owner.

Names in a function's text are looked up as it runs, along its ``search_path``, or its caller's
where it sets none (PostgreSQL 15, sql-createfunction: "Writing SECURITY DEFINER Functions
Safely"). What is found there runs with the owner's rights: a table by its triggers, a view by the
functions it calls, a function or operator by itself. Tried on 15.18, 16.14 and 18.4:

* ``pg_temp`` comes first for relations unless the path names it, so that a path alone does not
  help: whoever may make temporary things makes the relation. Functions and operators are never
  looked for there (runtime-config-client: ``search_path``).
* Without a path of its own, whoever may make a schema or anything in one puts that before
  ``pg_catalog``, and the text's functions and operators are then found there.
* With one, whoever may create in a schema of it makes relations before the place where they lie,
  and functions that fit the arguments better than those of ``pg_catalog``.

Names of a text with BEGIN ATOMIC were looked up when it was made.

Two more ways are open whatever the path (tried on 15.20): a value of a type that the caller made,
where an argument takes any type, brings the caller's casts with it; and some functions of the
server do with a text or name that they are handed what their caller may (``system.HANDS_ON``).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from sqlglot.errors import TokenError

from nhigraph.policy.postgres.bodies import Body
from nhigraph.policy.postgres.catalog import PUBLIC, Catalog, Function
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.system import HANDS_ON
from nhigraph.policy.postgres.tokens import Token, split, tokenize
from nhigraph.records import dataclass

_TEMPORARY = "pg_temp"
_OWN = "$user"
_SYSTEM = frozenset({"pg_catalog", "pg_toast", _TEMPORARY, ""})
_PART = re.compile(r'\s*("(?:[^"]|"")*"|[^,]*)')
_ANY_TYPE = re.compile(
    r'(?:\bany(?:element|array|nonarray|enum|range|multirange|compatible\w*)|"any"|\brecord)(?:,|\Z)'
)
_WORD = re.compile(r"[^\W\d]\w*\Z")
_OPERATOR = re.compile(r"[-+*/<>=~!@#%^&|?]+\Z")
#: Words before a parenthesis that call nothing that is looked up.
_GRAMMAR = frozenset(
    {"AND", "ALL", "ANY", "ARRAY", "AS", "BY", "CASE", "CAST", "COALESCE", "CONFLICT", "DECIMAL"}
    | {"DISTINCT", "ELSE", "EXCEPT", "EXISTS", "FILTER", "FROM", "GREATEST", "GROUPING", "IF"}
    | {"IN", "INTERSECT", "INTO", "KEY", "LATERAL", "LEAST", "NOT", "NUMERIC", "ON", "OR", "OVER"}
    | {"PERFORM", "RETURN", "RETURNING", "ROW", "SELECT", "SET", "SOME", "TABLE", "THEN", "UNION"}
    | {"USING", "VALUES", "VARCHAR", "WHEN", "WHERE", "WHILE", "WITH", "WITHIN"}
)
#: Behind one of these an equals sign compares; before, it sets.
_COMPARES = frozenset(
    {"WHERE", "IF", "ELSIF", "ELSEIF", "WHEN", "ON", "AND", "OR", "SELECT", "RETURN", "HAVING"}
    | {"WHILE", "CASE"}
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What lets somebody make what a name finds, or hand on what is then done.

    Attributes:
        lent: Whose rights it lends, the function's owner's or those of a predefined role.
        made: Whether something has to be made for it.
        temporary: Anything temporary; else something that lasts.
        schema: In this schema; empty for any.
        condition: What that is, in words.
    """

    temporary: bool
    schema: str
    condition: str
    lent: str = ""
    made: bool = True


def path_of(text: str, owner: str) -> list[str]:
    """Schemas of a path, unquoted; the owner's own for ``$user``."""
    found, at = [], 0
    while at <= len(text):
        part = _PART.match(text, at)
        said = part[1].strip() if part else ""
        plain = said[1:-1].replace('""', '"') if said[:1] == '"' else said.lower()
        found.append(owner if plain == _OWN else plain)
        at = (part.end() if part else len(text)) + 1
    return found


class Lookup:
    """Finds who else may decide what a function's names mean."""

    def __init__(self, catalog: Catalog, roles: Roles) -> None:
        """Nothing is looked up yet."""
        self._catalog, self._roles = catalog, roles
        self._found: dict[tuple[str, str, str], tuple[Opening, ...]] = {}

    def openings(self, function: Function, body: Body) -> tuple[Opening, ...]:
        """Ways in which somebody else than its owner makes what the text finds."""
        at = (*function.name, function.arguments)
        if at not in self._found:
            found = self._openings(function, body)
            self._found[at] = tuple(replace(one, lent=one.lent or function.owner) for one in found)
        return self._found[at]

    def _openings(self, function: Function, body: Body) -> Iterator[Opening]:
        text, named = (function.body or "").lstrip(), ".".join(function.name)
        yield from self._handed(function, text, named)
        if text[:12].upper() == "BEGIN ATOMIC":
            return
        plain = sorted({one.relation[0] for one in body.steps if len(one.relation) == 1})
        calls = _calls(text)
        path = function.search_path
        places = None if path is None else path_of(path, function.owner)
        if plain and (places is None or _TEMPORARY not in places):
            what = f"makes a temporary {plain[0]}, which {named} then finds"
            yield Opening(temporary=True, schema="", condition=f"its caller {what}")
        if places is None:
            if plain or calls:
                what = f"sets the search_path with which {named} finds {(plain or [calls])[0]}"
                yield Opening(temporary=False, schema="", condition=f"its caller {what}")
            return
        for number, schema in enumerate(places):
            shadows = [one for one in plain if not self._lies(one, places[: number + 1])]
            if (shadows or calls) and self._shared(schema, function):
                what = f"makes {(shadows or [calls])[0]} in {schema}, where {named} finds it"
                yield Opening(temporary=False, schema=schema, condition=f"somebody {what}")

    def _handed(self, function: Function, text: str, named: str) -> Iterator[Opening]:
        """What a caller hands on, whatever the names find."""
        if _ANY_TYPE.search(function.arguments):
            what = f"hands {named} a value of a type of its own, whose casts then run"
            yield Opening(temporary=True, schema="", condition=f"its caller {what}")
        for called in handing_on(text):
            role = HANDS_ON[called]
            having = self._roles.superusers | self._roles.with_rights_of(role)
            if not role or self._roles.has(having, function.owner):
                why = f"{named} calls {called} with what its caller decides"
                yield Opening(temporary=False, schema="", condition=why, lent=role, made=False)

    def _lies(self, name: str, places: list[str]) -> bool:
        return any((schema, name) in self._catalog.relations for schema in places)

    def _shared(self, schema: str, function: Function) -> bool:
        """Whether others than its owner may make anything there."""
        found = self._catalog.schemas.get(schema)
        if schema in _SYSTEM or found is None:
            return False
        mask = self._roles.with_rights_of(found.owner)
        for item in found.acl:
            if "CREATE" in item.privileges:
                if item.grantee == PUBLIC:
                    return True
                mask |= self._roles.with_rights_of(item.grantee)
        own = self._roles.superusers | self._roles.with_rights_of(function.owner)
        return bool(mask & ~own)


def handing_on(text: str) -> list[str]:
    """Functions of the server that a text calls and that hand on what they are handed."""
    return [name for name in sorted(HANDS_ON) if re.search(rf"\b{name}\s*\(", text, re.IGNORECASE)]


def _calls(text: str) -> str:
    """A function or operator that the text names without a schema; empty where it names none."""
    try:
        chunks = list(split(tokenize(text)))
    except TokenError:
        return ""
    for chunk in chunks:
        for number, token in enumerate(chunk):
            if _is_call(chunk, number) or _is_operator(chunk, number):
                return token.text
    return ""


def _is_call(chunk: list[Token], number: int) -> bool:
    token, before = chunk[number], chunk[number - 1].text.upper() if number else ""
    opens = chunk[number + 1 : number + 2]
    if not opens or opens[0].kind != "L_PAREN" or token.kind == "STRING":
        return False
    word = bool(_WORD.match(token.text)) and token.text.upper() not in _GRAMMAR
    return word and before not in (".", "INTO", "WITH", "AS")


def _is_operator(chunk: list[Token], number: int) -> bool:
    token, before = chunk[number], chunk[number - 1 : number]
    if token.kind in ("STRING", "IDENTIFIER") or not _OPERATOR.match(token.text):
        return False
    if token.text == "*":
        told = before[0] if before else None
        return told is not None and told.text.upper() not in ("(", ",", ".", "SELECT", "DISTINCT")
    if token.text == "=":
        return any(one.text.upper() in _COMPARES for one in chunk[:number])
    return True
