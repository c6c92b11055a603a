"""What the rows say of an identity as a whole: can, may, not decided, nothing."""

from dataclasses import replace

import pytest

from nhigraph.assurance import certainty
from nhigraph.assurance.rows import IdentityRow, VerdictRow

PLAIN = IdentityRow("a", "ServiceAccount", "", "", "", "none", (), (), "", "", (), (), (), "in")
ROW = VerdictRow("a", "t", "", "none", (), (), "", "may", "", (), "", (), 0, "", ())


def identity(soc1: str, soc2: str) -> IdentityRow:
    verdict = "neither" if soc1 == "none" and not soc2 else "both"
    return replace(PLAIN, verdict=verdict, soc1=soc1, soc2=tuple(soc2.split()))


def row(soc1: str, soc2: str, stated: str) -> VerdictRow:
    return replace(ROW, soc1=soc1, soc2=tuple(soc2.split()), certainty=stated)


#: soc1 and soc2 of the identity; its rows; the books, the promises, and both as one.
CASES = [
    ("none", "", [], "none", "none", ""),
    ("direct", "", [("direct", "", "can")], "can", "none", "can"),
    ("direct", "", [("direct", "", "may")], "may", "none", "may"),
    ("direct", "", [("direct", "", "may"), ("direct", "", "can")], "can", "none", "can"),
    # A certain row of a smaller soc1 proves the smaller one.
    ("direct", "", [("direct", "", "may"), ("indirect", "", "can")], "may", "none", "may"),
    ("undetermined", "", [("undetermined", "", "can")], "undetermined", "none", "may"),
    ("undetermined", "S", [("none", "S", "can")], "undetermined", "can", "can"),
    ("undetermined", "undetermined", [], "undetermined", "undetermined", "may"),
    ("none", "C", [("none", "C", "may")], "none", "may", "may"),
    # S by its own weakness stands in no row: a document states it.
    ("none", "S", [], "none", "can", "can"),
    ("none", "S C", [("none", "C", "may")], "none", "can", "can"),
    ("direct", "C", [("direct", "", "can"), ("none", "C", "may")], "can", "may", "can"),
    ("none", "C", [("none", "undetermined", "can"), ("none", "C", "may")], "none", "may", "may"),
]


@pytest.mark.parametrize(("soc1", "soc2", "rows", "on_books", "on_trust", "whole"), CASES)
def test_certainty_follows_from_columns_alone(
    soc1: str,
    soc2: str,
    rows: list[tuple[str, str, str]],
    on_books: str,
    on_trust: str,
    whole: str,
) -> None:
    """Whoever has the two files can count again."""
    one, many = identity(soc1, soc2), [row(*cells) for cells in rows]
    assert certainty.on_books(one, many) == on_books
    assert certainty.on_trust(one, many) == on_trust
    assert certainty.of_identity(one, many) == whole


def test_each_identity_is_looked_up_by_its_key() -> None:
    """Another's row proves nothing."""
    others = replace(row("direct", "", "can"), identity="b")
    found = certainty.of_identities([identity("direct", "")], [row("direct", "", "may"), others])
    assert found == {"a": "may"}
