"""What PostgreSQL gives by itself.

* Every role is in PUBLIC, "including those that might be created later" (PostgreSQL 15,
  sql-grant): there is no statement that takes one out. What was granted to PUBLIC is revoked from
  PUBLIC.
* Predefined roles have their rights by name (predefined-roles): the server asks for membership in
  ``pg_read_all_data`` where it checks a read, and no privilege of that role is in any catalog.
* CREATEROLE reaches every role but superusers' until 15 (sql-createrole), CREATE on a schema
  makes tables, dropping a type drops the columns of it, and a role's own session and rights are
  the role: what is held can be taken away, what it comes to cannot.

* What TRIGGER and REFERENCES on a relation come to for whoever writes there (``trigger/TABLE``,
  ``references/TABLE``) is the server's doing: the right is revoked, or the relation is another's.

All but the last stand at the role, schema or database itself, or at its name, and these at the
relation; what can be revoked stands at an item of an ACL, a membership, an attribute or an owner.
What a function, a view or a trigger does stands at that, and can be changed with it.

Blind spot: the role that made the cluster stays a superuser from 16 on ("the bootstrap superuser
must have the SUPERUSER attribute"); an export does not tell which role that is.
"""

import re

from nhigraph.facts.keys.databases import Grant, Role
from nhigraph.policy.postgres.catalog import PUBLIC
from nhigraph.policy.stated import Stated

_PLATFORM = "postgres"
_ON_WRITERS = frozenset({"trigger", "references"})
_RELATION = re.compile(r"/relations/\d+\Z")
_ITSELF = re.compile(r"/(?:roles/\d+(?:/name)?|schemas/\d+|databases/\d+|dependents/\d+)\Z")


def built_in(edge: Stated) -> bool:
    """Whether the server gives it by itself."""
    source, target = edge.source, edge.target
    if not isinstance(source, Role | Grant) or source.database.platform != _PLATFORM:
        return False
    if isinstance(target, Role) and target.name == PUBLIC:
        return True
    if isinstance(source, Grant) and source.privilege in _ON_WRITERS:
        return any(_RELATION.match(pointer) for pointer in edge.pointers)
    return any(_ITSELF.match(pointer) for pointer in edge.pointers)
