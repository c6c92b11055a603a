"""Parquet documents, within the limits on what their compressed pages may unfold to.

Imported only where there is one: pyarrow is heavy.
"""

from pathlib import Path

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet

from nhigraph.errors import InputError
from nhigraph.ingest.limits import Limits, within


def read(path: Path, artifact: str, limits: Limits) -> pa.Table:
    """A Parquet document as an Arrow table.

    Raises:
        InputError: Not Parquet, or more bytes or rows than allowed.
    """
    try:
        within(path, artifact, limits.table_bytes, "split the table")
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > limits.rows:
                raise InputError(artifact, "", f"more than {limits.rows} rows")
            return _unpack(file, artifact, limits)
    except (pa.ArrowException, OSError) as error:
        kind = type(error).__name__
        raise InputError(artifact, "byte 0", f"not readable Parquet ({kind})") from None


def _unpack(file: parquet.ParquetFile, artifact: str, limits: Limits) -> pa.Table:
    batches = []
    size = 0
    # Small steps: a page of a few bytes can unfold to gigabytes.
    for batch in file.iter_batches(batch_size=8_192, use_threads=False):
        size += sum(_unfolded(column) for column in batch.columns)
        if size > limits.table_bytes:
            problem = f"the table unfolds to more than {limits.table_bytes} bytes"
            raise InputError(artifact, "", problem, "split the table")
        batches.append(batch)
    return pa.Table.from_batches(batches, schema=file.schema_arrow)


def _unfolded(column: pa.Array) -> int:
    """Bytes of a column once every cell holds its own value."""
    size = int(column.nbytes)
    if pa.types.is_dictionary(column.type):
        mean = column.dictionary.nbytes / max(len(column.dictionary), 1)
        if pa.types.is_string(column.type.value_type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            return size + (pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0)
        return size + int(mean * len(column))
    return size
