"""The property columns of a table of nodes: checked by column, and joined to one text a row."""

from typing import TYPE_CHECKING

from nhigraph.errors import SchemaError
from nhigraph.ingest import fields
from nhigraph.schema import properties as schema
from nhigraph.schema.properties import Property, Type
from nhigraph.sources.facts import columns, properties
from nhigraph.sources.facts.opened import Source

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "props."


def is_property(name: str) -> bool:
    """Whether a column of this name is a property."""
    return name.startswith(PREFIX) and len(name) > len(PREFIX)


def of_rows(source: Source) -> "pa.Array":
    """All properties of a row as one canonical JSON object."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    text = pa.large_string()
    stated = {
        name.removeprefix(PREFIX): name
        for name in source.table.column_names
        if is_property(name) or name in properties.BESIDE
    }
    members = []
    for name in sorted(stated):
        try:
            cells = _property(source, name, stated[name])
        except (SchemaError, pa.ArrowException) as error:
            problem = error if isinstance(error, SchemaError) else "its values cannot be read"
            reason = f"the column {fields.quoted(stated[name])} set aside: {problem}"
            source.set_aside(reason, source.table[stated[name]].is_valid())
            continue
        member = columns.concat(f",{properties.canonical(name)}:", cells)
        members.append(pc.fill_null(member, pa.scalar("", text)))
    if not members:
        return pa.nulls(source.table.num_rows, text)
    body = pc.binary_replace_slice(columns.concat(*members), start=0, stop=1, replacement="")
    nothing = pa.scalar(None, text)
    return pc.if_else(pc.equal(body, ""), nothing, columns.concat("{", body, "}"))


def _property(source: Source, name: str, column: str) -> "pa.Array":
    values = source.table[column]
    declared = schema.declared(name)
    if properties.is_secret(name):
        properties.read(name, None)  # Refuses the names under which secrets are kept.
    if declared is not None and declared.type is not Type.TEXT:
        return _typed(source, declared, values, fields.quoted(column))
    if declared is not None:
        values = _plain_text(values)
    told, aside = columns.told(values)
    reason = f"cells of the column {fields.quoted(column)} set aside: {properties.IN_URL}"
    source.set_aside(reason, aside)
    return told


def _plain_text(values: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa  # noqa: PLC0415 - as above

    if pa.types.is_boolean(values.type):
        raise SchemaError("expected text (put it in quotes)")
    return columns.as_text(values)


def _typed(
    source: Source, declared: Property, values: "pa.ChunkedArray", place: str
) -> "pa.Array":
    """Every distinct value read once; what is no such value, or no known word, is set aside."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute as pc  # noqa: PLC0415

    unknown: dict[str, list[object]] = {}

    def cell(value: object, stated: object) -> str | None:
        found = None if value is None else properties.typed(declared, value)
        found, lines = properties.known_words(declared, found)
        for line in lines:
            unknown.setdefault(line, []).append(stated)
        return None if found is None else properties.canonical(found)

    if columns.is_list(values.type):
        values = columns.joined(values)
        found, problems = columns.by_value(values, lambda one: cell(columns.split(one), one))
    else:
        if not pa.types.is_floating(values.type):
            values = columns.as_text(values)
        found, problems = columns.by_value(values, lambda one: cell(one, one))
    if problems.null_count < len(problems):
        reason = pc.drop_null(problems)[0].as_py()
        source.set_aside(f"cells of the column {place} set aside: {reason}", problems.is_valid())
    for line, stated in unknown.items():
        cells = pc.is_in(values.combine_chunks(), pa.array(stated, values.type))
        source.set_aside(line, cells)
    return found
