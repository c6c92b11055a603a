"""Whom a trigger runs as: code that one role attaches and others run when they write.

Tried on PostgreSQL 15.18 (sql-createtrigger says only that TRIGGER on the table and EXECUTE on the
function are needed):

* Beside TRIGGER it takes USAGE on the table's schema, and a function: one of its own, which may be
  in ``pg_temp`` and is then run by other sessions too, or an existing one. EXECUTE is asked of who
  attaches it, never of who writes. TRIGGER also replaces triggers that are there (CREATE OR
  REPLACE); dropping or disabling one takes the owner.
* Every function of ``pg_catalog`` that is for triggers may be attached by everybody, and those of
  foreign keys then refuse each statement: TRIGGER alone is enough to stop what others write.
* The code runs as whoever runs the statement, on a view or in a rewrite rule too (only the *check*
  is made as the owner); in a security-definer function as its owner, in a referential action as
  the owner of the referring table. Those owners need the right themselves, so they are among who
  may write.
* It may ``RESET ROLE``: a NOINHERIT member that has taken a role to write with it is reached
  itself, with all that it is besides.
* A row's trigger on a partitioned table takes TRIGGER on each partition too; without that only
  statements that name the parent run it. What is written to a parent runs its children's.
* A view's INSTEAD OF trigger takes statements over, other triggers of a view do not fire; a rule
  that replaces the statement comes first. A materialized view can have none.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, reduce
from itertools import product
from operator import or_

from nhigraph.policy.postgres.catalog import Catalog, Name, Relation
from nhigraph.policy.postgres.effects import Effects
from nhigraph.policy.postgres.rights import ALL_DATA, Rights
from nhigraph.policy.postgres.statement import How
from nhigraph.records import dataclass

#: Statements that fire triggers (sql-createtrigger).
FIRING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
#: Relations that can have triggers.
ATTACHABLE = frozenset("rpvf")
#: A statement: what it does, and to what.
Statement = tuple[Name, str]
_At = tuple[Name, str, How]


@dataclass(frozen=True, slots=True)
class Writers:
    """Who may write one relation, so that its triggers run as them.

    Attributes:
        grantees: Roles (or PUBLIC) that a grant or ownership names, all of whose members may.
        others: Roles of whom only the role itself may.
    """

    grantees: tuple[str, ...]
    others: tuple[str, ...]


class Planting:
    """Finds who runs the triggers of each relation."""

    def __init__(self, catalog: Catalog, rights: Rights, effects: Effects) -> None:
        """Turn around which statement brings about which; ``rights`` are those held today."""
        self._catalog, self._rights, self._roles = catalog, rights, rights.roles
        self._effects = effects
        self._from: dict[_At, list[_At]] = defaultdict(list)
        for relation in catalog.relations.values():
            for privilege, how in product(FIRING, How):
                for (other, then, came), _ in effects.as_caller((relation, privilege, how)):
                    before = (relation.name, privilege, how)
                    self._from[other.name, then, came].append(before)
        self._readers: defaultdict[Name, list[Name]] | None = None
        self._takers: dict[str, list[str]] = defaultdict(list)
        for one in catalog.memberships:
            if one.set_role:
                self._takers[one.role].append(one.member)
        self.everywhere = self._with_takers(
            self._roles.superusers | self._roles.with_rights_of(ALL_DATA["INSERT"])
        )

    def fired_by(self, relation: Relation) -> tuple[Statement, ...]:
        """Statements by which triggers of the relation run as who runs the statement."""
        todo: list[_At] = [
            (relation.name, privilege, how)
            for privilege, how in product(FIRING, How)
            if (relation.kind != "v" or privilege != "TRUNCATE")
            and self._effects.stands((relation, privilege, how)) is not None
        ]
        found = dict.fromkeys(todo)
        while todo:
            for before in self._from[todo.pop()]:
                if before not in found:
                    found[before] = None
                    todo.append(before)
        return tuple((name, privilege) for name, privilege, how in found if how is How.NAMED)

    def writers(self, relation: Relation) -> int:
        """Roles as which triggers of the relation may come to run, those everywhere included."""
        return self._with_takers(self._writing(relation, self.fired_by(relation)))

    def by_grant(self, relation: Relation, *, reading: bool = False) -> Writers:
        """The same without those who may write everything, as few names as say it.

        Args:
            relation: What is written.
            reading: Whether whoever reads it, or a view of it, counts too.
        """
        fired = self.fired_by(relation)
        if reading:
            fired = (*fired, *((name, "SELECT") for name in self._shown_by(relation.name)))
        mask = self._writing(relation, fired)
        left = self._with_takers(mask) & ~self.everywhere
        grantees = []
        for grantee in self._named(fired):
            having = self._roles.with_rights_of(grantee) & ~self.everywhere
            if having and not having & ~mask:
                grantees.append(grantee)
                left &= ~self._with_takers(having)
        return Writers(tuple(grantees), tuple(self._roles.listed(left)))

    def superusers(self, relation: Relation) -> list[str]:
        """Superusers whom a grant lets write it too: they go on as superusers no more."""
        found = 0
        for name, privilege in self.fired_by(relation):
            having = map(self._roles.with_rights_of, self._named(((name, privilege),)))
            found |= reduce(or_, having, 0) & self._naming(name[0])
        return self._roles.listed(found & self._roles.superusers)

    def _naming(self, schema: str) -> int:
        """Roles whom a grant, or that they own it, lets name what is in a schema."""
        found = self._catalog.schemas.get(schema)
        if found is None:
            return 0
        named = {found.owner, *(one.grantee for one in found.acl if "USAGE" in one.privileges)}
        return reduce(or_, map(self._roles.with_rights_of, named), 0)

    @cached_property
    def by_attribute(self) -> int:
        """Of those who write everything, who does as a superuser and in no other way."""
        others = self._with_takers(self._roles.with_rights_of(ALL_DATA["INSERT"]))
        return self._roles.superusers & ~others

    def _shown_by(self, name: Name) -> list[Name]:
        """A relation, and every view through which it is read."""
        if self._readers is None:
            self._readers = defaultdict(list)
            for relation in self._catalog.relations.values():
                for source in relation.reads:
                    self._readers[source.relation].append(relation.name)
        found = {name: None}
        todo = [name]
        while todo:
            for other in self._readers[todo.pop()]:
                if other not in found:
                    found[other] = None
                    todo.append(other)
        return [one for one in found if one in self._catalog.relations]

    def sessions(self, grantee: str) -> list[str]:
        """Roles a session of which may run with the grantee's rights."""
        found = self._with_takers(self._roles.with_rights_of(grantee)) & ~self.everywhere
        return self._roles.listed(found)

    def _named(self, fired: tuple[Statement, ...]) -> list[str]:
        found: dict[str, None] = {}
        for name, privilege in fired:
            relation = self._catalog.relations[name]
            found[relation.owner] = None
            found |= {item.grantee: None for item in relation.acl if privilege in item.privileges}
        return list(found)

    def _writing(self, relation: Relation, fired: tuple[Statement, ...]) -> int:
        mask = 0
        for name, privilege in fired:
            named = self._catalog.relations[name]
            if named is relation and named.kind == "v":
                # What an INSTEAD OF trigger takes over need not be possible without it.
                mask |= self._rights.granted(named, privilege) & self._rights.usage(name[0])
            elif named is relation or named.kind != "r" or self._rights.ruled(named, privilege):
                mask |= self._rights.statement(named, privilege)
            # Else it is a rule that would lead there, and it is refused: COPY goes past it.
        return mask

    def _with_takers(self, mask: int) -> int:
        """With those who can SET ROLE to one of them, at any distance."""
        todo = self._roles.listed(mask)
        while todo:
            for member in self._takers[todo.pop()]:
                if member in self._catalog.roles and not self._roles.has(mask, member):
                    mask |= self._roles.mask((member,))
                    todo.append(member)
        return mask


def attaching(relation: Relation) -> Iterator[str]:
    """Grantees of TRIGGER on the relation, its owner included."""
    if relation.kind not in ATTACHABLE:
        return
    yield relation.owner
    for item in relation.acl:
        if "TRIGGER" in item.privileges and not item.column and item.grantee != relation.owner:
            yield item.grantee
