"""What a right depends on that a project grants.

dbt grants on the relation, never on its schema
(https://docs.getdbt.com/reference/resource-configs/grants); PostgreSQL refuses every name in a
schema without USAGE on it (ddl-schemas, 5.9.4: tried on 15).
"""

from typing import Final

#: Condition of the edge that such a grant becomes.
GRANTED: Final = "granted when dbt builds it, and usable with USAGE on its schema"
