"""Arithmetic on whole columns: what must be looked at in Python is looked at once per value."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from nhigraph.errors import SchemaError
from nhigraph.facts import passwords
from nhigraph.sources.facts.properties import canonical

if TYPE_CHECKING:
    import pyarrow as pa

#: Joins the items of a list for as long as it takes to look at it.
_SEPARATOR = "\x1f"
#: What stands in an item for the separator, and for the mark that says so.
_ESCAPES = (("\x1e", "\x1ee"), ("\x1f", "\x1es"))


def as_text(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """The column as text, an empty cell absent.

    Raises:
        SchemaError: Its type has no plain text.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only tables need it
    from pyarrow import compute as pc  # noqa: PLC0415

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_null(kind) or pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return column.cast(pa.large_string())
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.large_string())
    if pa.types.is_timestamp(kind):
        utc = column.cast(pa.timestamp("us", tz="UTC"), safe=False)
        return pc.strftime(utc, "%Y-%m-%dT%H:%M:%SZ").cast(pa.large_string())
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise SchemaError(f"expected text, found {str(kind)[:40]}")
    column = column.cast(pa.large_string())
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.large_string()), column)


def concat(*parts: "str | pa.Array") -> "pa.Array":
    """Texts and columns one after the other; absent where one of the columns is."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    cells = [pa.scalar(part, text) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*cells, pa.scalar("", text))


def filled(column: "pa.Array", *, words: bool) -> "pa.Array":
    """The column with nothing written as the store writes it.

    Args:
        column: Text.
        words: Keep every word once, and per row its place.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    if words and column.null_count == len(column):
        nowhere = pa.repeat(pa.scalar(0, pa.int32()), len(column))
        return pa.DictionaryArray.from_arrays(nowhere, pa.array([""], text))
    cells = pc.fill_null(column, pa.scalar("", text))
    return pc.dictionary_encode(cells) if words else cells


def by_value(
    column: "pa.ChunkedArray", read: Callable[[object], str | None]
) -> tuple["pa.Array", "pa.Array"]:
    """The column with every distinct value read once.

    Returns:
        What was read, and the problem where ``read`` raised a SchemaError; both of text.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above

    values: list[str | None] = []
    problems: list[str | None] = []
    encoded = column.combine_chunks().dictionary_encode()
    for value in encoded.dictionary.to_pylist():
        try:
            values.append(read(value))
            problems.append(None)
        except SchemaError as error:
            values.append(None)
            problems.append(str(error))
    text = pa.large_string()
    if not any(problems):
        return pa.array(values, text).take(encoded.indices), pa.nulls(len(column), text)
    return (
        pa.array(values, text).take(encoded.indices),
        pa.array(problems, text).take(encoded.indices),
    )


def as_json(column: "pa.ChunkedArray") -> "pa.Array":
    """Every cell as JSON text; absent cells stay absent.

    Raises:
        SchemaError: The column's type is no property's.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return column.cast(pa.large_string()).combine_chunks()
    if pa.types.is_floating(kind):
        column = column.cast(pa.float64())
        finite = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
        return by_value(finite, _json)[0]
    if is_list(kind):
        return by_value(joined(column), lambda cell: _json(split(cell)))[0]
    column = as_text(column).combine_chunks()
    plain = concat('"', column, '"')
    escaped = pc.match_substring_regex(column, r'["\\\x00-\x1f]')
    if not pc.any(escaped).as_py():
        return plain
    nothing = pa.scalar(None, pa.large_string())
    hard = pa.chunked_array([pc.if_else(escaped, column, nothing)])
    return pc.if_else(escaped, by_value(hard, _json)[0], plain)


def told(column: "pa.ChunkedArray") -> "tuple[pa.Array, pa.Array]":
    """Every cell as JSON text, but those in which a user's password stands; and which these are.

    Raises:
        SchemaError: The column's type is no property's.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    cells = as_json(column)
    doubtful = _suspect(pc.replace_substring(cells, '\\"', '"'), key=False)
    aside = doubtful
    if pc.any(doubtful).as_py():
        hard = pa.chunked_array([pc.if_else(doubtful, cells, pa.scalar(None, pa.large_string()))])
        aside = pc.fill_null(by_value(hard, _held)[0].is_valid(), fill_value=False)
    return pc.if_else(aside, pa.scalar(None, pa.large_string()), cells), aside


def _held(cell: object) -> str | None:
    """The cell, if a secret stands in one of its texts."""
    value = json.loads(str(cell)) if cell is not None else None
    texts = value if isinstance(value, list) else [value]
    return str(cell) if any(isinstance(t, str) and passwords.holds(t) for t in texts) else None


def cut(column: "pa.ChunkedArray", *, key: bool) -> "pa.Array":
    """The column without the secrets in it: looked for by column, cut one by one."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    cells = column.combine_chunks()
    doubtful = _suspect(cells, key=key)
    if not pc.any(doubtful).as_py():
        return cells
    cutter = passwords.cut_key if key else passwords.cut
    hard = pa.chunked_array([pc.if_else(doubtful, cells, pa.scalar(None, pa.large_string()))])
    clean = by_value(hard, lambda cell: None if cell is None else cutter(str(cell)))[0]
    return pc.if_else(doubtful, clean, cells)


def _suspect(cells: "pa.Array", *, key: bool) -> "pa.Array":
    """Which cells a secret may stand in; the dear pattern sees those alone that the cheap left."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    beside = passwords.BESIDE_KEY if key else passwords.BESIDE_TEXT
    suspect = passwords.SUSPECT_KEY if key else passwords.SUSPECT_TEXT
    none = pa.repeat(pa.scalar(value=False), len(cells))
    if cells.null_count == len(cells):
        return none
    near = pc.fill_null(pc.match_substring_regex(cells, beside), fill_value=False)
    if not pc.any(near).as_py():
        return none
    return pc.replace_with_mask(none, near, pc.match_substring_regex(cells.filter(near), suspect))


def is_list(kind: "pa.DataType") -> bool:
    """Whether the type is a list of texts."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    return bool(pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type))


def joined(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """A column of lists of texts as one text per cell; see ``split``."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    lists = column.cast(pa.list_(pa.string()))
    marked = pc.match_substring_regex(pc.list_flatten(lists), "[\x1e\x1f]")
    if pc.any(marked).as_py():
        cells = [None if cell is None else _escaped(cell) for cell in lists.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.large_string())])
    return pc.binary_join(lists, _SEPARATOR).cast(pa.large_string())


def _escaped(cell: list[str | None]) -> str | None:
    if None in cell:
        return None  # As Arrow has it.
    text = [str(part) for part in cell]
    for mark, instead in _ESCAPES:
        text = [part.replace(mark, instead) for part in text]
    return _SEPARATOR.join(text)


def split(cell: object) -> list[str] | None:
    """The items of one joined cell."""
    parts = [part for part in str(cell).split(_SEPARATOR) if part]
    if cell is None or not parts:
        return None
    for mark, instead in reversed(_ESCAPES):
        parts = [part.replace(instead, mark) for part in parts]
    return parts


def _json(value: object) -> str | None:
    return None if value is None else canonical(value)
