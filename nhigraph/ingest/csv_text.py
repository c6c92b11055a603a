"""Tables as text: RFC 4180, the first line names the columns."""

import csv
import io

from nhigraph.errors import InputError


def records(text: str, artifact: str) -> list[dict[str, str]]:
    """Rows as text by column name.

    Raises:
        InputError: A row with more or fewer cells than the header, or a repeated column.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[dict[str, str]] = []
    try:
        header = next(reader)
        if len(set(header)) != len(header):
            raise InputError(artifact, "row 0", "a column name stands there twice")
        for number, row in enumerate(reader, 1):
            if len(row) != len(header):
                problem = f"expected {len(header)} cells, found {len(row)}"
                raise InputError(artifact, f"row {number}", problem)
            found.append(dict(zip(header, row, strict=True)))
    except csv.Error as error:
        raise InputError(artifact, f"line {reader.line_num}", f"{error}") from None
    return found
