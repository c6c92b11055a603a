"""Who has whose rights; sets of roles are bit masks, so that thousands cost nothing."""

from collections.abc import Iterable, Mapping

from nhigraph.policy.postgres.catalog import MEMBERSHIP_OPTIONS, PUBLIC, Catalog, Membership

#: Stands for a role that CREATEROLE makes and grants every other role to; no role has this name.
NEW_ROLE = ""
#: Its only member is the database's owner, and nobody can be added (predefined-roles).
DATABASE_OWNER = "pg_database_owner"

Pairs = set[tuple[str, str]]


def members(names: Iterable[str], pairs: Pairs) -> dict[str, set[str]]:
    """Every role with those that reach it along member → role pairs, itself included."""
    upward: dict[str, set[str]] = {name: set() for name in names}
    for member, role in pairs:
        if member in upward and role in upward:
            upward[role].add(member)
    return {name: _reach(name, upward) for name in upward}


def _reach(start: str, step: Mapping[str, set[str]]) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for other in step[todo.pop()]:
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


class Roles:
    """The roles of a cluster and who may act with whose rights.

    Attributes:
        names: Role by bit number.
        superusers: Mask of those no check applies to.
        everyone: Mask of all roles.
        parents: Direct roles whose rights a role has, by role.
        makes_roles: Roles that may grant any role that is no superuser (until 15).
        keeps_createrole: The same, and superusers who still may as none: NOSUPERUSER leaves them
            CREATEROLE (PostgreSQL 15, sql-alterrole).
    """

    def __init__(self, catalog: Catalog, *, possible: bool = False) -> None:
        """Close membership.

        Args:
            catalog: The export.
            possible: Also count what a role can give itself: roles it has ADMIN on, and, where
                CREATEROLE reaches every role, a new role that has them all.
        """
        self._catalog = catalog
        self.keeps_createrole = sorted(
            role.name
            for role in catalog.roles.values()
            if role.createrole and catalog.version < MEMBERSHIP_OPTIONS
        )
        self.makes_roles = [
            name for name in self.keeps_createrole if not catalog.roles[name].superuser
        ]
        inherited = _inherited(catalog)
        names = list(catalog.roles)
        if possible:
            inherited |= self._self_granted()
            if self.makes_roles:
                names.append(NEW_ROLE)
                inherited |= {(NEW_ROLE, name) for name in self.grantable()}
        self.names = tuple(names)
        self._bit = {name: 1 << number for number, name in enumerate(names)}
        self.everyone = (1 << len(names)) - 1
        self.parents: dict[str, set[str]] = {name: set() for name in names}
        for member, role in inherited:
            self.parents[member].add(role)
        self._with_rights_of = {
            name: self.mask(found) for name, found in members(names, inherited).items()
        }
        self.superusers = self.mask(role.name for role in catalog.roles.values() if role.superuser)

    def mask(self, names: Iterable[str]) -> int:
        """The set as a mask; names that are no roles are left out."""
        found = 0
        for name in names:
            found |= self._bit.get(name, 0)
        return found

    def with_rights_of(self, grantee: str) -> int:
        """Roles that have the grantee's rights without SET ROLE, itself included."""
        if grantee == PUBLIC:
            return self.everyone
        return self._with_rights_of.get(grantee, 0)

    def has(self, mask: int, name: str) -> bool:
        """Whether the role is in the set."""
        return bool(mask & self._bit.get(name, 0))

    def listed(self, mask: int) -> list[str]:
        """The roles of a set, in the catalog's order."""
        found = []
        mask &= self.everyone
        while mask:
            lowest = mask & -mask
            found.append(self.names[lowest.bit_length() - 1])
            mask ^= lowest
        return found

    def smallest(self, mask: int) -> list[str]:
        """Those from whom all others of the set have it by inheritance."""
        return [
            name
            for name in self.listed(mask)
            if not any(self.has(mask, parent) for parent in self.parents[name])
        ]

    def grantable(self) -> list[str]:
        """Roles that CREATEROLE alone may grant until 15 (PostgreSQL 15, sql-createrole)."""
        return [
            role.name
            for role in self._catalog.roles.values()
            if not role.superuser and role.name != DATABASE_OWNER
        ]

    def _self_granted(self) -> Pairs:
        """Member → role pairs that ADMIN OPTION lets a role add for itself.

        Circular membership is refused, and only a superuser grants a superuser's role
        (PostgreSQL 15, sql-grant). Until 15 a NOINHERIT role would gain nothing; from 16 on only
        those have the option whose rights include that of who was given it, or who may first SET
        ROLE to one of these ("no possible grantors" for all other members, tried on 16.14 and
        18.4).
        """
        catalog = self._catalog
        options = catalog.version >= MEMBERSHIP_OPTIONS
        every = {(one.member, one.role) for one in catalog.memberships}
        below = members(catalog.roles, every)
        having = _acting(catalog) if options else below
        found: Pairs = set()
        for one in catalog.memberships:
            if not one.admin or one.role not in below or one.member not in below:
                continue
            if catalog.roles[one.role].superuser or one.role == DATABASE_OWNER:
                continue
            for actor in having[one.member]:
                circular = one.role in below[actor]
                gains = options or catalog.roles[actor].inherit
                if gains and not circular:
                    found.add((actor, one.role))
        return found


def implicit(catalog: Catalog) -> Membership | None:
    """The database owner's membership in ``pg_database_owner``, which no catalog row shows."""
    owner = catalog.roles.get(catalog.database.owner)
    if owner is None or DATABASE_OWNER not in catalog.roles:
        return None
    inherit = catalog.version >= MEMBERSHIP_OPTIONS or owner.inherit
    place = (*catalog.database.place, "owner")
    return Membership(DATABASE_OWNER, owner.name, inherit, set_role=True, admin=False, place=place)


def _inherited(catalog: Catalog) -> Pairs:
    pairs = {(one.member, one.role) for one in catalog.memberships if one.inherit}
    extra = implicit(catalog)
    if extra is not None and extra.inherit:
        pairs.add((extra.member, extra.role))
    return {
        (member, role)
        for member, role in pairs
        if member in catalog.roles and role in catalog.roles
    }


def _acting(catalog: Catalog) -> dict[str, set[str]]:
    """Every role with those who have its rights once they have said SET ROLE, or need not."""
    taken = {(one.member, one.role) for one in catalog.memberships if one.set_role}
    taking = members(catalog.roles, taken)
    having = members(catalog.roles, _inherited(catalog))
    return {name: set().union(*(taking[one] for one in found)) for name, found in having.items()}


def connecting(catalog: Catalog) -> set[str]:
    """Roles that may open a session in the database, or might give themselves CONNECT to it.

    The database's owner grants it from another database (tried on 15.20), and whoever may become
    somebody who has it may be able to pass it on; superusers are not asked for it (ddl-priv).
    """
    database = catalog.database
    had = {item.grantee for item in database.acl if "CONNECT" in item.privileges}
    if PUBLIC in had:
        return set(catalog.roles)
    had |= {database.owner}
    had |= {one.name for one in catalog.roles.values() if one.superuser}
    if catalog.version < MEMBERSHIP_OPTIONS:
        had |= {one.name for one in catalog.roles.values() if one.createrole}
    below = members(catalog.roles, {(one.member, one.role) for one in catalog.memberships})
    return set().union(*(below[name] for name in had & below.keys()))


def altering(catalog: Catalog) -> dict[str, list[str]]:
    """Every role with those of CREATEROLE who alter what it has ADMIN on, from 16 on.

    They are asked for ADMIN by way of any memberships, those without INHERIT and SET included, and
    then set a password, and let a role log in that may not; REPLICATION and BYPASSRLS keep nobody
    from it (PostgreSQL 16, sql-alterrole; tried on 16.14 and 18.4).
    """
    if catalog.version < MEMBERSHIP_OPTIONS:
        return {}
    makers = [role.name for role in catalog.roles.values() if role.createrole]
    below = members(catalog.roles, {(one.member, one.role) for one in catalog.memberships})
    return {name: [one for one in makers if one in found] for name, found in below.items()}


def without_set(catalog: Catalog) -> set[str]:
    """Roles whose rights somebody has without being able to become them, where that matters.

    Rights pass on; what only the role itself has does not: SET ROLE further on, and attributes
    (PostgreSQL 16, sql-grant: SET; role-membership: attributes are never inherited).
    """
    inherited: dict[str, set[str]] = {name: set() for name in catalog.roles}
    for member, role in _inherited(catalog):
        inherited[member].add(role)
    starts = {
        one.role
        for one in catalog.memberships
        if one.inherit and not one.set_role and not one.admin and one.role in catalog.roles
    }
    own = {one.member for one in catalog.memberships if one.set_role and not one.inherit} | {
        role.name
        for role in catalog.roles.values()
        if role.superuser or role.createrole or role.bypassrls or role.replication
    }
    found: set[str] = set()
    for start in starts:
        reached = _reach(start, inherited)
        if reached & own:
            found |= reached
    return found
