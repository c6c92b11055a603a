"""Conditions and mappings of a provider's attributes, as far as they compare claims with texts.

They are expressions of CEL over ``assertion`` (the token's claims), ``google`` and ``attribute``
(what the mapping makes of them): https://cloud.google.com/iam/docs/workload-identity-federation#conditions
and https://github.com/google/cel-spec/blob/HEAD/doc/langdef.md (read 29 November 2026). What is
more than equality, ``in`` a list and ``startsWith``, ``endsWith`` or ``contains``, joined by
``&&``, or by ``||`` where all is about one claim, is left in words: what is not read refuses
nobody. ``&&`` binds closer than ``||``, and both closer than ``? :``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nhigraph.facts.ends import Condition
from nhigraph.records import dataclass

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_][\w.]*)|"
    r"(?P<index>\[(?:'[^'\\]*'|\"[^\"\\]*\")\])|(?P<sign>==|!=|&&|\|\||[()\[\],!+]))"
)
_CLAIM: Final = re.compile(r"assertion\.(\w+)\Z")
#: Where the text stands in what such a function accepts.
_WHERE: Final[Mapping[str, str]] = {
    "startsWith": "{}*",
    "endsWith": "*{}",
    "contains": "*{}*",
}
_WILD: Final = frozenset("*?")
#: What stands outside of texts and changes what is around it: a choice, a comment, a map.
_BEYOND: Final = re.compile(r"\?|//|\{")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text that a mapping makes of one claim.

    Attributes:
        claim: The claim.
        before: Text before it.
        after: Text after it.
    """

    claim: str
    before: str = ""
    after: str = ""

    def asked(self, value: str) -> tuple[str, ...]:
        """Which values of the claim make a text; none where no value does."""
        fits = value.startswith(self.before) and value.endswith(self.after)
        long = len(value) >= len(self.before) + len(self.after)
        return (value[len(self.before) : len(value) - len(self.after)],) if fits and long else ()


#: What a mapping names, to its expression.
Mapping_ = Mapping[str, str]


def mapped(name: str, mapping: Mapping_) -> Mapped | None:
    """What a mapping makes of a name such as ``attribute.repository``; None where in words."""
    expression = mapping.get(name)
    if expression is None:
        return None
    tokens = _tokens(expression)
    before = after = claim = ""
    wanted = True
    for kind, text in tokens or [("", "")]:
        if wanted and kind == "text":
            before, after = (before + text, after) if not claim else (before, after + text)
        elif wanted and kind == "claim" and not claim:
            claim = text
        elif wanted or (kind, text) != ("sign", "+"):
            return None
        wanted = not wanted
    return Mapped(claim, before, after) if claim and not wanted else None


def conditions(expression: str, mapping: Mapping_) -> Iterator[Condition | str]:
    """What a condition asks for: all of it must hold.

    Args:
        expression: The condition.
        mapping: The provider's mapping, for what it names besides claims.
    """
    if _BEYOND.search(_outside(expression)) or "\\" in expression:
        yield f"its token fits {expression.strip()}"
        return
    several = [expression] if len(_split(expression, "||")) > 1 else _split(expression, "&&")
    for part in several:
        yield from _of_part(part, mapping)


def _of_part(part: str, mapping: Mapping_) -> Iterator[Condition | str]:
    inner = _inside(part)
    if inner != part:
        yield from conditions(inner, mapping)
        return
    several = _split(part, "||")
    found = [_compared(one, mapping) for one in several]
    if len(found) == 1:
        yield from [] if found[0] is True else [found[0] or f"its token fits {part.strip()}"]
        return
    same = [one for one in found if isinstance(one, Condition)]
    alike = {(one.claim, one.glob) for one in same}
    if len(same) == len(found) and len(alike) == 1:
        ((claim, glob),) = alike
        yield Condition(claim, tuple(x for one in same for x in one.values), glob=glob)
    else:
        yield f"its token fits {part.strip()}"


def _compared(text: str, mapping: Mapping_) -> Condition | bool:
    """One comparison; True where it asks for nothing, False where it is in words."""
    inner = _inside(text)
    if inner != text:
        return _compared(inner, mapping)
    tokens = _tokens(text) or []
    if len(tokens) < _LEAST:
        return tokens == [("name", "true")]
    (left, name), (_, operator), *rest = tokens
    if left == "text" and operator == "==" and len(rest) == 1:
        (left, name), rest = rest[0], [(left, name)]
    values = [value for kind, value in rest if kind == "text"]
    listed = [text for kind, text in rest if kind == "sign"]
    one = operator == "==" and rest == [("text", values[0] if values else "")]
    if one or (values and operator == "in" and listed == ["[", *"," * (len(values) - 1), "]"]):
        return _equal(left, name, values, mapping)
    if operator == "(" and listed == [")"] and len(values) == 1 and left == "call":
        owner, _, function = name.rpartition(".")
        return _within(owner, function, values[0], mapping)
    return False


#: A comparison has at least so many parts.
_LEAST: Final = 3


def _source(kind: str, name: str, mapping: Mapping_) -> Mapped | None:
    return Mapped(name) if kind == "claim" else mapped(name, mapping)


def _equal(kind: str, name: str, values: list[str], mapping: Mapping_) -> Condition | bool:
    of = _source(kind, name, mapping)
    if of is None:
        return False
    return Condition(of.claim, tuple(x for one in values for x in of.asked(one)))


def _within(owner: str, function: str, value: str, mapping: Mapping_) -> Condition | bool:
    claim = _CLAIM.match(owner)
    of = Mapped(claim[1]) if claim else mapped(owner, mapping)
    if of is None or of.before or of.after or function not in _WHERE or _WILD & set(value):
        return False
    return Condition(of.claim, (_WHERE[function].format(value),), glob=True)


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Parts of an expression; None where one is not of those that are read here."""
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at = token.end()
        kind, said = str(token.lastgroup), token[str(token.lastgroup)]
        if kind == "text":
            found.append((kind, said[1:-1]))
        elif kind == "index" and found and found[-1] == ("name", "assertion"):
            found[-1] = ("claim", said[2:-2])
        elif kind == "index":
            found += [("sign", "["), ("text", said[2:-2]), ("sign", "]")]
        elif kind == "name" and text[at : at + 1] == "(":
            found.append(("call", said))
        else:
            claim = _CLAIM.match(said)
            found.append(("claim", claim[1]) if claim else (kind, said))
    return found


def _scan(text: str) -> Iterator[tuple[int, str, int]]:
    """Signs outside of texts, each with its place and in how many brackets it stands."""
    deep, quote = 0, ""
    for at, one in enumerate(text):
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        else:
            deep += (one in "([{") - (one in ")]}")
            yield at, one, deep


def _outside(text: str) -> str:
    """An expression without what stands in its texts."""
    return "".join(one for _, one, _ in _scan(text))


def _split(text: str, sign: str) -> list[str]:
    """An expression at the signs that stand in no bracket and no text."""
    parts, start = [], 0
    for at, _, deep in _scan(text):
        if deep == 0 and text.startswith(sign, at) and at >= start:
            parts.append(text[start:at])
            start = at + len(sign)
    return [*parts, text[start:]]


def _inside(text: str) -> str:
    """What one pair of brackets around an expression has inside; else the expression."""
    bare = text.strip()
    if not (bare.startswith("(") and bare.endswith(")")):
        return text
    closed = [at for at, one, deep in _scan(bare) if one in ")]}" and deep == 0]
    return bare[1:-1] if closed == [len(bare) - 1] else text
