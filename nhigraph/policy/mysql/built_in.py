"""What MySQL and MariaDB give by themselves.

* Everybody has what was granted to MariaDB's ``PUBLIC``, "all users, including those created
  later" (https://mariadb.com/kb/en/grant/#to-public, read 28 November 2026). Nobody is taken out.
* CREATE USER sets every account's password, SET USER names every account as a definer
  (``policy.mysql.powers``): the right can be revoked, whom it reaches cannot be changed by that.
* A routine, view, trigger or event with its definer's rights runs as the definer. Who may call it
  can be changed.
"""

from nhigraph.facts.keys import mysql
from nhigraph.facts.keys.databases import Grant, Role
from nhigraph.policy.mysql.catalog import PUBLIC
from nhigraph.policy.stated import Stated
from nhigraph.schema import kinds

_COMES_TO = frozenset({kinds.CAN_ASSUME.label, kinds.RUNS_AS.label})


def built_in(edge: Stated) -> bool:
    """Whether the server gives it by itself."""
    source, target = edge.source, edge.target
    if not isinstance(source, Role | Grant) or source.database.platform != mysql.PLATFORM:
        return False
    # An account of that name has a host beside it; only MariaDB's group of everybody has none.
    if isinstance(target, Role) and target.name == PUBLIC:
        return True
    return isinstance(source, Grant) and edge.kind in _COMES_TO
