"""Facts in bulk: columns instead of one object per record."""

from typing import TYPE_CHECKING

from nhigraph.records import dataclass

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from nhigraph.facts.evidence import Basis

#: Columns of a table of nodes; ``props`` is canonical JSON text.
NODE_COLUMNS = ("kind", "key", "name", "owner", "nhi", "state", "expires", "props")
#: Columns of a table of edges; ``needs`` is canonical JSON text, dates are ISO text.
EDGE_COLUMNS = (
    "kind",
    "from",
    "to",
    "action",
    "certainty",
    "condition",
    "gate",
    "needs",
    "valid_from",
    "valid_until",
    "transform",
)


@dataclass(frozen=True, slots=True)
class FactTable:
    """Many nodes or many edges of one tabular document.

    Attributes:
        what: ``nodes`` or ``edges``.
        cells: ``NODE_COLUMNS`` or ``EDGE_COLUMNS`` and ``row`` (from 1), already validated; text
            as it is, or as a dictionary of words.
        artifact: Document they come from.
        sha256: Its digest.
        basis: How the document knows.
    """

    what: str
    cells: "pa.Table"
    artifact: str
    sha256: str
    basis: "Basis" = "declared"

    def __len__(self) -> int:
        """How many records it has."""
        return int(self.cells.num_rows)

    @property
    def frame(self) -> "pd.DataFrame":
        """The cells as objects, for whoever looks at single ones."""
        found: pd.DataFrame = self.cells.cast(self._plain).to_pandas()
        return found

    @property
    def _plain(self) -> "pa.Schema":
        """The columns, of texts that are written out."""
        import pyarrow as pa  # noqa: PLC0415 - heavy, and only tables need it

        fields = [
            field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
            for field in self.cells.schema
        ]
        return pa.schema(fields)
