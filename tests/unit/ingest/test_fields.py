"""Typed fields: what is taken, what is refused, and what a message may show."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.errors import SchemaError
from nhigraph.ingest import fields


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T23:59:59Z", date(2026, 11, 23)),
        ("2026-11-23T23:30:00-05:00", date(2026, 11, 24)),
        ("2026-11-23 10:00", date(2026, 11, 23)),
        ("2026-11-23T10:00:00.123456789Z", date(2026, 11, 23)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_that_of_utc(stated: object, expected: date | None) -> None:
    """A time with a zone is moved to UTC; one without is UTC."""
    assert expected == fields.day(stated)


@pytest.mark.parametrize(
    "stated",
    [
        "2026-02-30",
        "23.11.2026",
        "20261123",
        "2026-W47-1",
        "0001-01-01T00:00:00+12:00",
        "2026-11-23T25:00:00",
        "٢٠٢٦-١١-٢٣",
        20261123,
        True,
        ["2026-11-23"],
    ],
)
def test_what_is_no_iso_date_is_refused(stated: object) -> None:
    """Nothing is guessed about the order of day and month."""
    with pytest.raises(SchemaError, match="expected a date"):
        fields.day(stated)


def test_a_word_is_explained_by_the_nearest_or_by_all() -> None:
    """A slip is corrected, also in its case; a word far from all gets the list."""
    with pytest.raises(SchemaError, match=r"unknown colour 'Redd'; did you mean 'red'\?"):
        fields.word("Redd", ("red", "green"), "colour")
    with pytest.raises(SchemaError, match="unknown colour 'x'; expected one of red, green"):
        fields.word("x", ("red", "green"), "colour")


@given(st.text(max_size=300))
def test_a_quoted_name_is_one_short_printable_line(name: str) -> None:
    """Whatever a document calls a thing, a terminal shows it and obeys nothing."""
    shown = fields.quoted(name)

    assert shown.isprintable()
    shown.encode()
    if name.isprintable() and len(name) <= fields.QUOTED_LIMIT:
        assert shown == f"'{name}'"
