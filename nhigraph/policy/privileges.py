"""What a privilege on data is in the graph.

Only owners drop (PostgreSQL, sql-droptable). dbt makes a table or view beside the old one, which
then gives up its name (https://docs.getdbt.com/docs/build/materializations): that takes ownership
of the old one and CREATE on the schema (PostgreSQL, sql-altertable: Notes).
"""

from typing import Final

from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind

#: Edge kind and action of each.
MEANING: Final[dict[str, tuple[EdgeKind, str]]] = {
    "SELECT": (k.CAN_READ, "read"),
    "INSERT": (k.CAN_WRITE, "post"),
    "UPDATE": (k.CAN_WRITE, "update"),
    "DELETE": (k.CAN_DELETE, "delete"),
    "TRUNCATE": (k.CAN_DELETE, "delete"),
}
