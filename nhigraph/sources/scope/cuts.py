"""What the scope says of the changes that a cut may propose.

    cuts:
      weights:                                # what a change costs; 1 where nothing is said
        - {match: {edge: OWNS, to: {key: "dataset:postgres:erp.fin.*"}}, weight: 5}
      keep:                                   # changes that are not to be proposed
        - {match: {from: {key: "role:postgres:erp/postgres"}}}

``match`` says which edges are meant: ``edge`` their kind, ``from`` and ``to`` an item of a
selector for the node at that end; one of the three at least, and all that are given hold. Each is
a claim ``cut``, with ``edge`` text or None, ``from`` and ``to`` an item or None, and ``weight`` a
number, None for what is to be kept. One that cannot be read leaves the change as it is: it may be
proposed, and costs 1.
"""

from collections.abc import Iterator

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Claim, Fact
from nhigraph.ingest import fields
from nhigraph.ingest.fields import Record
from nhigraph.schema import claims, kinds
from nhigraph.sources.scope.targets import item, unknown


def weight(record: Record) -> Iterator[Fact]:
    """What some changes cost.

    Raises:
        InputError: It is none.
    """
    stated = record.body.get("weight")
    if not isinstance(stated, int) or isinstance(stated, bool):
        raise record.fail("weight", "expected a whole number")
    if not 1 <= stated <= claims.CUT_WEIGHT_MOST:
        raise record.fail("weight", f"expected a number from 1 to {claims.CUT_WEIGHT_MOST}")
    yield Claim("cut", {**_match(record), "weight": stated}, record.evidence)
    yield from unknown(record, claims.CUTS["weights"])


def keep(record: Record) -> Iterator[Fact]:
    """Changes that are not to be proposed.

    Raises:
        InputError: It is none.
    """
    yield Claim("cut", {**_match(record), "weight": None}, record.evidence)
    yield from unknown(record, claims.CUTS["keep"])


def _match(record: Record) -> dict[str, object]:
    stated = record.body.get("match")
    if not isinstance(stated, dict) or not stated:
        example = '{edge: OWNS, to: {key: "dataset:postgres:erp.fin.*"}}'
        raise record.fail("match", f"expected which edges are meant, such as {example}")
    for name in stated:
        try:
            fields.word(name, claims.CUT_MATCH, "word of a match")
        except SchemaError as error:
            raise record.fail("match", error) from None
    inner = Record(record.doc, stated, (*record.pointer, "match"))
    found: dict[str, object] = {"edge": inner.word("edge", tuple(kinds.EDGE_KINDS), "edge kind")}
    for end in ("from", "to"):
        value = stated.get(end)
        found[end] = None if value is None else item(inner, value, end)
        if found[end] == {}:
            raise inner.fail(end, "an empty item matches nothing: leave it out")
    return found
