"""MySQL's and MariaDB's exports, made by mysql: https://dev.mysql.com/doc/refman/8.4/en/mysql.html.

``-f`` goes on after a statement that is refused: the source says which section is missing.
"""

from typing import Final

from nhigraph.policy.exports.database import DatabaseExport

DATABASE: Final = DatabaseExport(
    platform="mysql",
    source="mysql",
    rights="nhigraph export-query mysql | mysql -N -B -r -f > {0}.mysql.json",
)
