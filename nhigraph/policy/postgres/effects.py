"""What a permitted statement, or the call of a function, does beyond what it names.

A statement on a view is one on its base; on a parent, one on its children; a referential action
deletes or updates the rows that refer; a trigger's or a called function's body runs with its
owner's rights where it is a security definer. None of that asks the caller for a privilege.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nhigraph.policy.postgres.bodies import Body, Step, Written, understand
from nhigraph.policy.postgres.catalog import Catalog, ForeignKey, Function, Name, Relation, Trigger
from nhigraph.policy.postgres.rights import INSTEAD_OF, RULE_EVENT, TRIGGER_BIT, Rights

#: Chains of triggers, keys and views longer than anybody builds; past that a note is left.
DEEPEST = 30
CALLERS_PATH = "the caller's search_path decides which relation is meant"
IN_A_BRANCH = "a branch of the function's body decides whether it runs"
KEY_CHANGES = "the statement changes the key that is referred to"
ATTACHED = "the function does it when it is attached to another table than it was made for"
MAY_RETURN = "what the function reads may be part of its result"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens.

    Attributes:
        privilege: The statement it amounts to; empty where a role's rights are lent as a whole.
        relation: What it happens to; None where a role's rights are lent.
        lent: The role whose rights run code that could not be read.
        condition: What the catalogs cannot settle; empty where it always happens.
    """

    privilege: str
    relation: Name | None = None
    lent: str = ""
    condition: str = ""


class _Seen:
    """Where a walk has been, and how deep it is; a walk under a condition comes second."""

    def __init__(self) -> None:
        self._visited: set[tuple[Name, str, bool]] = set()
        self._depth = 0

    def enter(self, name: Name, privilege: str, condition: str) -> bool:
        """Whether there is anything new to say here."""
        here = {(name, privilege, False), (name, privilege, bool(condition))}
        if here & self._visited or self._depth > DEEPEST:
            return False
        self._visited.add((name, privilege, bool(condition)))
        self._depth += 1
        return True

    def leave(self) -> None:
        """One step up again."""
        self._depth -= 1


class Effects:
    """Follows statements through one catalog."""

    def __init__(self, catalog: Catalog, rights: Rights) -> None:
        """Index children, references and functions; ``rights`` are those held today."""
        self._catalog = catalog
        self._rights = rights
        self._children: dict[Name, list[Relation]] = {}
        for relation in catalog.relations.values():
            for parent in relation.inherits:
                self._children.setdefault(parent, []).append(relation)
        self._keys: dict[Name, list[ForeignKey]] = {}
        for key in catalog.foreign_keys:
            self._keys.setdefault(key.references, []).append(key)
        self._functions = {(*f.name, f.arguments): f for f in catalog.functions}
        self._names = frozenset(f.name[1] for f in catalog.functions)
        self._bodies: dict[tuple[str, str, str], Body] = {}

    def of(self, relation: Relation, privilege: str) -> tuple[Effect, ...]:
        """Everything a permitted statement does, the relation itself first."""
        return _distinct(self._statement(relation, privilege, "", _Seen()))

    def of_call(self, function: Function) -> tuple[Effect, ...]:
        """Everything a call of a security-definer function does with its owner's rights."""
        if function.returns == "event_trigger":
            return ()  # Only a superuser attaches them (sql-createeventtrigger).
        why = ATTACHED if function.returns == "trigger" else ""
        return _distinct(self._call(function, why, _Seen()))

    def understood(self, function: Function) -> Body:
        """What the function's text does, or why that cannot be told."""
        at = (*function.name, function.arguments)
        if at not in self._bodies:
            if function.body is None:
                problem = f"its language, {function.language}, is not read"
                self._bodies[at] = Body(problem=problem)
            else:
                self._bodies[at] = understand(
                    function.body, function.language, function.returns, self._names
                )
        return self._bodies[at]

    def _statement(
        self, relation: Relation, privilege: str, condition: str, seen: "_Seen"
    ) -> Iterator[Effect]:
        if not seen.enter(relation.name, privilege, condition):
            return
        yield Effect(privilege, relation.name, condition=condition)
        if privilege != "SELECT":
            for other, done, why in self._next(relation, privilege):
                yield from self._statement(other, done, condition or why, seen)
            for function in self._fired(relation, privilege):
                yield from self._call(function, condition, seen)
            yield from self._rewritten(relation, privilege)
        seen.leave()

    def _next(self, relation: Relation, privilege: str) -> Iterator[tuple[Relation, str, str]]:
        """The statements that one brings about, with their conditions."""
        for other, done in self.as_caller(relation, privilege):
            behind = relation.kind == "v"
            yield other, done, self._behind_view(relation, other) if behind else ""
        # CASCADE, SET NULL, SET DEFAULT run as the referring table's owner (ddl-constraints).
        for key in self._keys.get(relation.name, ()):
            action = {"DELETE": key.on_delete, "UPDATE": key.on_update}.get(privilege, "a")
            referring = self._catalog.relations.get(key.table)
            if referring is None or action not in ("c", "n", "d"):
                continue
            done = privilege if action == "c" else "UPDATE"
            if self._rights.roles.has(self._rights.statement(referring, done), referring.owner):
                yield referring, done, "" if privilege == "DELETE" else KEY_CHANGES

    def as_caller(self, relation: Relation, privilege: str) -> Iterator[tuple[Relation, str]]:
        """The statements that one becomes or is besides, run by the same role."""
        if relation.kind == "v" and not self._rights.instead(relation, privilege):
            base = self._rights.base(relation)
            if base is not None:
                yield base, privilege
        # A statement on a parent asks nothing of its children (ddl-inherit); rows inserted into
        # a parent stay there unless it is partitioned.
        for child in self._children.get(relation.name, ()):
            if privilege != "INSERT" or child.partition:
                yield child, privilege

    def _behind_view(self, view: Relation, base: Relation) -> str:
        """The condition that row security of the base puts on writing through a view."""
        free = self._rights.roles.has(self._rights.bypassing(base), view.owner)
        if base.row_security and (view.security_invoker or not free):
            return row_security(self._catalog, base)
        return ""

    def _fired(self, relation: Relation, privilege: str) -> Iterator[Function]:
        """Security-definer trigger functions; others run as who writes (sql-createtrigger)."""
        for trigger in self._rights.triggers[relation.name]:
            fires = trigger.type & TRIGGER_BIT.get(privilege, 0)
            if not fires or (relation.kind == "v") != bool(trigger.type & INSTEAD_OF):
                continue
            function = self.function(trigger)
            if function is not None and function.security_definer:
                yield function

    def function(self, trigger: Trigger) -> Function | None:
        """The function a trigger calls, where the export has it."""
        return self._functions.get(trigger.function)

    def _rewritten(self, relation: Relation, privilege: str) -> Iterator[Effect]:
        """A rule's statements run with the rights of the relation's owner (rules-privileges)."""
        for rule in self._rights.rules[relation.name]:
            if rule.event == RULE_EVENT.get(privilege):
                why = f"the action of rule {rule.name} decides what is written"
                yield Effect("", lent=relation.owner, condition=why)

    def _call(self, function: Function, condition: str, seen: "_Seen") -> Iterator[Effect]:
        body = self.understood(function)
        if body.problem:
            why = f"what {'.'.join(function.name)} does is not known: {body.problem}"
            yield Effect("", lent=function.owner, condition=why)
            return
        steps = [(step, *self._resolve(function, step.relation)) for step in body.steps]
        straight = [(step, found) for step, found, _ in steps if not step.branch and found]
        if not all(self._may(function, step, found) for step, found in straight):
            return  # A refused statement undoes the whole call.
        for step, found, path in steps:
            if found is not None and self._may(function, step, found):
                yield from self._step(function, step, found, condition or path, seen)

    def _step(
        self, function: Function, step: Step, relation: Relation, condition: str, seen: "_Seen"
    ) -> Iterator[Effect]:
        bound = relation.row_security and not self._rights.roles.has(
            self._rights.bypassing(relation), function.owner
        )
        if bound:
            condition = condition or row_security(self._catalog, relation)
        if step.privilege != "SELECT":
            condition = condition or (IN_A_BRANCH if step.branch else "")
            yield from self._statement(relation, step.privilege, condition, seen)
        elif function.returns not in ("void", "trigger"):
            condition = condition or ("" if step.returned else MAY_RETURN)
            yield Effect("SELECT", relation.name, condition=condition)

    def _may(self, function: Function, step: Step, relation: Relation) -> bool:
        """Whether the function's owner may run the statement; names resolve as it runs."""
        columns = step.columns
        if step.privilege == "SELECT" and (function.arguments or function.language != "sql"):
            columns = ()  # What looks like a column may be a variable.
        atomic = (function.body or "").lstrip()[:12].upper() == "BEGIN ATOMIC"
        allowed = (
            self._rights.passing(relation, step.privilege, columns)
            if atomic
            else self._rights.statement(relation, step.privilege, columns)
        )
        return self._rights.roles.has(allowed, function.owner)

    def _resolve(self, function: Function, written: Written) -> tuple[Relation | None, str]:
        relations = self._catalog.relations
        schema, name = ("", *written)[-2:]
        if schema:
            return relations.get((schema, name)), ""
        if function.search_path is not None:
            for part in function.search_path.split(","):
                found = relations.get((part.strip().strip('"'), name))
                if found is not None:
                    return found, ""
            return None, ""
        named = [found for at, found in relations.items() if at[1] == name]
        public = relations.get(("public", name))
        return public or (named[0] if len(named) == 1 else None), CALLERS_PATH


def row_security(catalog: Catalog, relation: Relation) -> str:
    """The condition that row security puts on whoever it binds."""
    names = sorted(one.name for one in catalog.policies if one.table == relation.name)
    said = f"policies {', '.join(names)}" if names else "no policy"
    return f"row-level security on {'.'.join(relation.name)} ({said})"


def _distinct(effects: Iterator[Effect]) -> tuple[Effect, ...]:
    """Each effect once; one that always happens covers the same under a condition."""
    found = dict.fromkeys(effects)
    return tuple(
        effect
        for effect in found
        if not effect.condition or replace(effect, condition="") not in found
    )
