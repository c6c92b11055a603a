"""Who may run which statement: the privilege, the schema, and what stands behind a view.

Answers are masks of roles: those for whom a statement as that role, without SET ROLE, is not
refused for lack of a privilege.
"""

from collections import defaultdict
from functools import reduce
from operator import and_

from nhigraph.policy.postgres.asking import Step
from nhigraph.policy.postgres.bodies import Body
from nhigraph.policy.postgres.catalog import Catalog, Name, Policy, Relation, Rule, Trigger
from nhigraph.policy.postgres.locks import LOCK, locking
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.referring import Referring
from nhigraph.policy.postgres.rules import refers, takes_select, understand
from nhigraph.policy.postgres.views import columns as view_columns
from nhigraph.policy.postgres.views import outer_relation

#: Statements that change rows, and the bit that ``pg_relation_is_updatable`` has for them.
UPDATABLE_BIT = {"UPDATE": 4, "INSERT": 8, "DELETE": 16}
TRIGGER_BIT = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
ROW, BEFORE, INSTEAD_OF = 1, 2, 64
RULE_EVENT = {"UPDATE": "2", "INSERT": "3", "DELETE": "4"}
#: Letters of pg_policy.polcmd that speak of a statement; ``*`` speaks of all.
POLICY_LETTER = {"SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d"}
#: Roles that have a privilege on everything (PostgreSQL 15, predefined-roles).
ALL_DATA = {
    "SELECT": "pg_read_all_data",
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE"), "pg_write_all_data"),
}
#: What a grant on one column can open (sql-grant).
BY_COLUMN = frozenset({"SELECT", "INSERT", "UPDATE"})
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
#: Views on views, deeper than anybody builds them; past that nothing is claimed.
DEEPEST = 100

_VIEW, _MATERIALIZED = "v", "m"


class Rights:
    """Decides statements over one catalog and one reading of its memberships."""

    def __init__(self, catalog: Catalog, roles: Roles, today: "Rights | None" = None) -> None:
        """Index what belongs to each relation; nothing is decided yet.

        Args:
            catalog: The export.
            roles: Who has whose rights.
            today: Where ``roles`` counts what a role can give itself, the rights as they stand:
                a view's owner has no more than those.
        """
        self.catalog = catalog
        self.roles = roles
        self._today = today
        self._known: dict[tuple[Name, str, tuple[str, ...], bool], int] = {}
        self._bases: dict[Name, Relation | None] = {}
        self._naming: dict[str, int] = {}
        self._depth = 0
        self._found_behind: dict[tuple[Name, str, tuple[str, ...]], int] = {}
        self.too_deep: set[Name] = set()
        self._referring = Referring(catalog)
        self._functions = frozenset(one.name[1] for one in catalog.functions)
        self._actions: dict[Rule, Body] = {}
        self._passed: dict[tuple[Name, str], bool] = {}
        self.rules: dict[Name, list[Rule]] = defaultdict(list)
        for rule in catalog.rules:
            self.rules[rule.relation].append(rule)
        self.triggers: dict[Name, list[Trigger]] = defaultdict(list)
        for trigger in catalog.triggers:
            self.triggers[trigger.relation].append(trigger)
        self._inserting: dict[Name, list[Policy]] = defaultdict(list)
        for policy in catalog.policies:
            if policy.permissive and policy.command in ("*", POLICY_LETTER["INSERT"]):
                self._inserting[policy.table].append(policy)

    def usage(self, schema: str) -> int:
        """Roles with USAGE on a schema, without which no name in it resolves (ddl-schemas-priv).

        Those of ``pg_read_all_data`` and ``pg_write_all_data`` have it everywhere
        (predefined-roles).
        """
        if schema not in self._naming:
            self._naming[schema] = self._usage(schema)
        return self._naming[schema]

    def _usage(self, schema: str) -> int:
        found = self.catalog.schemas.get(schema)
        if found is None:
            return 0
        mask = self.roles.superusers
        for item in found.acl:
            if "USAGE" in item.privileges:
                mask |= self.roles.with_rights_of(item.grantee)
        for name in sorted(set(ALL_DATA.values())):
            mask |= self.roles.with_rights_of(name)
        return mask

    def statement(self, relation: Relation, privilege: str, columns: tuple[str, ...] = ()) -> int:
        """Roles whose statement on the relation, by its name, is not refused."""
        return self.passing(relation, privilege, columns) & self.usage(relation.name[0])

    def granted(self, relation: Relation, privilege: str, columns: tuple[str, ...] = ()) -> int:
        """Roles with a privilege on the relation itself: on all of it, or on each column named.

        With no column named, one column is enough: a statement that touches only that one is not
        refused (sql-grant; for INSERT also ``DEFAULT VALUES``).
        """
        whole = self.roles.superusers
        if privilege in ALL_DATA:
            whole |= self.roles.with_rights_of(ALL_DATA[privilege])
        by_column: dict[str, int] = defaultdict(int)
        for item in relation.acl:
            if privilege not in item.privileges:
                continue
            holders = self.roles.with_rights_of(item.grantee)
            if not item.column:
                whole |= holders
            elif privilege in BY_COLUMN:
                by_column[item.column] |= holders
        if columns:
            return whole | reduce(and_, (by_column[name] for name in columns))
        for holders in by_column.values():
            whole |= holders
        return whole

    def passing(
        self,
        relation: Relation,
        privilege: str,
        columns: tuple[str, ...] = (),
        *,
        copied: bool = True,
    ) -> int:
        """Roles that have the privilege and whose statement is not refused behind it.

        Of schemas nothing is asked: what a view names was resolved when it was made.

        Args:
            relation: What the statement names.
            privilege: What it does.
            columns: Columns it names.
            copied: Whether INSERT may be COPY, which goes past the rules of a table.
        """
        if privilege == LOCK:
            return locking(self, relation)
        at = (relation.name, privilege, columns, copied)
        if at in self._known:
            return self._known[at]
        if relation.kind != _VIEW:
            mask = self.own(relation, privilege, columns)
            if not (copied and privilege == "INSERT") and not self.ruled(relation, privilege):
                mask = 0
        elif columns:
            mask = self.granted(relation, privilege, columns)
            mask &= self._behind(relation, privilege, columns)
        else:
            mask = self._any_column(relation, privilege)
        self._known[at] = mask
        return mask

    # --- rules ---------------------------------------------------------------------------------

    def fired(self, relation: Relation, privilege: str) -> list[Rule]:
        """Rules that meet the statement."""
        event = RULE_EVENT.get(privilege)
        return [rule for rule in self.rules[relation.name] if rule.event == event]

    def action(self, rule: Rule) -> Body:
        """What a rule does, or why that cannot be told."""
        if rule not in self._actions:
            self._actions[rule] = understand(rule.definition, self._functions)
        return self._actions[rule]

    def replaced(self, relation: Relation, privilege: str) -> bool:
        """Whether a rule always takes the statement's place."""
        rules = self.fired(relation, privilege)
        return any(rule.instead and rule.conditional is False for rule in rules)

    def standing(self, relation: Relation, privilege: str, *, copied: bool = True) -> str | None:
        """Whether the statement itself is done: None if never, else the condition, mostly empty.

        See ``rules``: COPY goes past them, and what a view's conditional rule leaves over is
        refused.
        """
        if relation.kind != _VIEW and privilege == "INSERT" and copied:
            return ""
        instead = [rule for rule in self.fired(relation, privilege) if rule.instead]
        if self.replaced(relation, privilege):
            return None
        if instead and relation.kind == _VIEW and not self._instead_of(relation, privilege):
            return None
        names = ", ".join(rule.name for rule in instead)
        return f"rule {names} does not take the statement's place" if instead else ""

    def ruled(self, relation: Relation, privilege: str) -> bool:
        """Whether the relation's owner may do what its rules do; if not, nobody's is let through.

        What an export of an earlier form does not show is not refused; rules in a circle are.
        """
        at = (relation.name, privilege)
        if at not in self._passed:
            self._passed[at] = False
            rules = self.fired(relation, privilege)
            self._passed[at] = all(
                self._owner_may(relation, step, rows=rule.conditional is not True)
                for rule in rules
                for step in self.action(rule).steps
            )
            version = self.catalog.version
            if any(takes_select(one.definition, self.action(one), version) for one in rules):
                now = self._today or self
                own = now.roles.has(now.granted(relation, "SELECT"), relation.owner)
                self._passed[at] &= own
        return self._passed[at]

    def _owner_may(self, relation: Relation, step: Step, *, rows: bool) -> bool:
        """Whether the owner may do one step; row security refuses it only where a row comes."""
        now = self._today or self
        schema, name = ("", *step.relation)[-2:]
        found = self.catalog.relations.get((schema, name))
        if found is None:
            return True  # A system catalog, or a relation that the export lacks.
        if not rows and found.kind != _VIEW and not self.fired(found, step.privilege):
            return now.roles.has(now.granted(found, step.privilege, step.columns), relation.owner)
        mask = now.passing(found, step.privilege, step.columns, copied=False)
        return now.roles.has(mask, relation.owner)

    def available(self, relation: Relation, privilege: str) -> int:
        """Roles for whom a statement passes once they have granted themselves what they own.

        An owner may always grant itself every privilege on the object (ddl-priv).
        """
        mask = self.passing(relation, privilege)
        owning = self.roles.with_rights_of(relation.owner)
        if privilege == "TRUNCATE":
            owning |= self.granted(relation, privilege)
            owning &= self._emptying(relation, owners=True)
        if relation.kind != _VIEW:
            return mask | owning
        return mask | (owning & self._any_column(relation, privilege, granted=owning))

    def base(self, view: Relation) -> Relation | None:
        """The one relation that an updatable view shows; None where that cannot be told."""
        if view.name not in self._bases:
            name = outer_relation(view)
            self._bases[view.name] = None if name is None else self.catalog.relations.get(name)
        return self._bases[view.name]

    def unfollowed(self, view: Relation, privilege: str) -> bool:
        """Whether the view passes the statement on, but to what cannot be told."""
        passes = view.kind == _VIEW and view.updatable & UPDATABLE_BIT.get(privilege, 0)
        return bool(passes) and not self.instead(view, privilege) and self.base(view) is None

    def instead(self, view: Relation, privilege: str) -> bool:
        """Whether a rule or trigger of the view takes the statement over."""
        rules = any(rule.instead for rule in self.fired(view, privilege))
        return rules or self._instead_of(view, privilege)

    def _instead_of(self, view: Relation, privilege: str) -> bool:
        bit = TRIGGER_BIT.get(privilege, 0)
        return any(one.type & INSTEAD_OF and one.type & bit for one in self.triggers[view.name])

    def own(self, relation: Relation, privilege: str, columns: tuple[str, ...]) -> int:
        """Roles with the privilege on the relation itself, and what that is worth there."""
        if relation.kind == _MATERIALIZED and privilege != "SELECT":
            return 0
        mask = self.granted(relation, privilege, columns)
        # Row security looks at rows; a rule that replaces the statement, for those that meet its
        # condition where it has one, leaves none (tried on 15.18).
        if privilege == "INSERT" and not any(r.instead for r in self.fired(relation, privilege)):
            mask &= self.admitted(relation)
        return mask & self._emptying(relation) if privilege == "TRUNCATE" else mask

    def _emptying(self, relation: Relation, *, owners: bool = False) -> int:
        """Roles that may empty what refers to the table; owners may grant themselves that."""

        def may(other: Relation) -> int:
            owning = self.roles.with_rights_of(other.owner) if owners else 0
            return owning | self.granted(other, "TRUNCATE")

        return self._referring.mask(relation.name, self.roles.everyone, may, owners=owners)

    def _any_column(self, view: Relation, privilege: str, *, granted: int = 0) -> int:
        """Roles who pass; the column that an UPDATE sets must be open at each level.

        ``granted`` have the whole privilege beside those whom the view's ACL names.
        """
        shown = view_columns(view) if privilege == "UPDATE" else None
        if shown is None or self.instead(view, privilege):
            here = granted | self.granted(view, privilege)
            return here & self._behind(view, privilege, ())
        mask = 0
        for column in shown:
            here = granted | self.granted(view, privilege, (column,))
            mask |= here & self._behind(view, privilege, (column,))
        return mask

    def _behind(self, view: Relation, privilege: str, columns: tuple[str, ...]) -> int:
        """Roles whom the view's own query does not refuse.

        What it names is accessed with the rights of the view's owner, or, with security_invoker,
        of who runs the statement, even where another view stands between (PostgreSQL 15,
        sql-createview: Notes; rules-privileges).
        """
        at = (view.name, privilege, columns)
        if self._depth >= DEEPEST:
            self.too_deep.add(view.name)
            return 0
        if at not in self._found_behind:
            self._depth += 1
            ruled = self.ruled(view, privilege)
            self._found_behind[at] = self._decide_behind(view, privilege, columns) if ruled else 0
            self._depth -= 1
        return self._found_behind[at]

    def _decide_behind(self, view: Relation, privilege: str, columns: tuple[str, ...]) -> int:
        if privilege == "SELECT":
            return self._reading(view, None)
        if self.unfollowed(view, privilege):
            return self.roles.everyone
        mask = self.roles.everyone
        if privilege != "INSERT" and self._finding(view, privilege):
            mask = self._reading(view, None)
        if self.instead(view, privilege):
            return mask
        base = self.base(view)
        if base is None or not view.updatable & UPDATABLE_BIT.get(privilege, 0):
            return 0
        shown = view_columns(view) or {}
        mapped = tuple(shown[name] for name in columns if name in shown)
        if privilege == "INSERT":
            # ``DEFAULT VALUES`` names no column, so any column of the base will do.
            return mask & self._under(view, base, privilege, mapped)
        return mask & self._reading(view, base) & self._under(view, base, privilege, mapped)

    def _finding(self, view: Relation, privilege: str) -> bool:
        """Whether rules or INSTEAD OF triggers need the view's rows, so that it is read."""
        rules = self.fired(view, privilege)
        if self.replaced(view, privilege):
            return any(refers(rule.definition) for rule in rules if rule.conditional is not None)
        return self._instead_of(view, privilege) or any(refers(rule.definition) for rule in rules)

    def _under(
        self, view: Relation, below: Relation, privilege: str, columns: tuple[str, ...]
    ) -> int:
        """Roles for whom the view's access to one relation of its query is not refused."""
        if view.security_invoker:
            mask = self.own(below, privilege, columns)
        else:
            now = self._today or self
            allowed = now.own(below, privilege, columns)
            mask = self.roles.everyone if now.roles.has(allowed, view.owner) else 0
        if mask and below.kind == _VIEW:
            mask &= self._behind(below, privilege, columns)
        elif mask and not self.ruled(below, privilege):
            mask = 0
        return mask

    def _reading(self, view: Relation, besides: Relation | None) -> int:
        """Roles that may read whatever the query names, ``besides`` left out."""
        mask = self.roles.everyone
        for read in view.reads:
            found = self.catalog.relations.get(read.relation)
            # A system catalog is not in the export, and everybody may read it.
            if found is not None and found is not besides:
                mask &= self._under(view, found, "SELECT", read.columns)
        return mask

    def bypassing(self, relation: Relation) -> int:
        """Roles that row security of the relation does not bind.

        Superusers, BYPASSRLS (an attribute, so never inherited) and, unless it is forced, whoever
        has the owner's rights (PostgreSQL 15, ddl-rowsecurity).
        """
        if not relation.row_security:
            return self.roles.everyone
        mask = self.roles.superusers | self.roles.mask(
            role.name for role in self.catalog.roles.values() if role.bypassrls
        )
        if not relation.force_row_security:
            mask |= self.roles.with_rights_of(relation.owner)
        return mask

    def admitted(self, relation: Relation) -> int:
        """Roles whose rows some policy may let in, and those whom row security does not bind.

        Without a permissive policy that is for them the statement is refused (ddl-rowsecurity); a
        policy for a role is for whoever has its rights (sql-createpolicy).
        """
        mask = self.bypassing(relation)
        for policy in self._inserting[relation.name] if relation.row_security else ():
            if not policy.roles:
                return self.roles.everyone
            for name in policy.roles:
                mask |= self.roles.with_rights_of(name)
        return mask
