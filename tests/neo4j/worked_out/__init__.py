"""Every question of the library answered without a database, a pattern, or a line of the product.

Each is a loop over what ``assess`` wrote: the columns of the stored graph, and the tables.
"""

from typing import Final

from tests.neo4j.worked_out import of_answers, of_graph, of_tables
from tests.neo4j.worked_out.folder import Folder, Worked

__all__ = ["WORKED", "Folder"]

WORKED: Final[dict[str, Worked]] = {**of_answers.WORKED, **of_graph.WORKED, **of_tables.WORKED}
