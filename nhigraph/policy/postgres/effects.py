"""What a permitted statement, or the call of a function, does beyond what it names.

A statement on a view is one on its base; on a parent, one on its children; a rule's action runs
with the rights of the relation's owner; a referential action deletes or updates the rows that
refer; a trigger's or a called function's body runs with its owner's rights where it is a security
definer. None of that asks the caller for a privilege.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from nhigraph.policy.postgres.asking import Step, Written
from nhigraph.policy.postgres.bodies import Body, of_function
from nhigraph.policy.postgres.catalog import (
    EVENT_TRIGGER,
    Catalog,
    Function,
    Name,
    Relation,
    Rule,
    Trigger,
)
from nhigraph.policy.postgres.conditions import (
    ATTACHED,
    CALLERS_PATH,
    IN_A_BRANCH,
    KEY_CHANGES,
    MAY_FAIL,
    MAY_RETURN,
    held_up,
    row_security,
)
from nhigraph.policy.postgres.locks import LOCK
from nhigraph.policy.postgres.lookup import Lookup, Opening
from nhigraph.policy.postgres.referring import Referring
from nhigraph.policy.postgres.refusals import Refusals
from nhigraph.policy.postgres.rights import INSTEAD_OF, ROW, TRIGGER_BIT, Rights
from nhigraph.policy.postgres.statement import Columns, Done, How, Seen
from nhigraph.records import dataclass

_ALL = "does all that its owner may, which is not known"
#: CASCADE, SET NULL and SET DEFAULT, as in pg_constraint.
_ACTS = frozenset("cnd")
_ANY: Columns = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens.

    Attributes:
        privilege: The statement it amounts to; empty where a role's rights are lent as a whole.
        relation: What it happens to; None where a role's rights are lent.
        lent: The role whose rights run code that could not be read.
        condition: What the catalogs cannot settle; empty where it always happens.
        opening: What whoever brings it about must be able to make besides; None for nothing.
    """

    privilege: str
    relation: Name | None = None
    lent: str = ""
    condition: str = ""
    opening: Opening | None = None


class Effects:
    """Follows statements through one catalog."""

    def __init__(self, catalog: Catalog, rights: Rights) -> None:
        """Index children, references and functions; ``rights`` are those held today."""
        self._catalog = catalog
        self._rights = rights
        self._referring = Referring(catalog)
        self._children, self._keys = self._referring.children, self._referring.keys
        bit = TRIGGER_BIT["TRUNCATE"]
        self._truncate_fires = any(trigger.type & bit for trigger in catalog.triggers)
        self._functions = {(*f.name, f.arguments): f for f in catalog.functions}
        self._names = frozenset(f.name[1] for f in catalog.functions)
        self._bodies: dict[tuple[str, str, str], Body] = {}
        self._refusals = Refusals(self, rights.roles)
        self._lookup = Lookup(catalog, rights.roles)

    def of(self, relation: Relation, privilege: str, column: str = "") -> tuple[Effect, ...]:
        """Everything a permitted statement does, the relation itself first.

        Args:
            relation: What it names.
            privilege: What it does.
            column: One that an UPDATE sets, whatever else it sets; empty where none is known.
        """
        columns = frozenset({column} if column else ())
        return _distinct(self._statement((relation, privilege, How.NAMED), columns, "", Seen()))

    def watched(self, relation: Relation) -> list[str]:
        """Columns of which an UPDATE brings about more than one of others, sorted."""
        found: set[str] = set()
        if relation.kind != "v":
            for name in self._referring.below(relation.name):
                for key in self._keys.get(name, ()):
                    found |= key.referenced if key.on_update in _ACTS else _ANY
                for trigger in self._rights.triggers[name]:
                    found |= trigger.columns
        return sorted(found)

    def of_call(self, function: Function) -> tuple[Effect, ...]:
        """Everything a call of a security-definer function does with its owner's rights."""
        if function.returns == "event_trigger" and not self._fires_at_events(function):
            return ()  # Only a superuser attaches them (sql-createeventtrigger).
        why = ATTACHED if function.returns == "trigger" else ""
        return _distinct(self._call(function, why, Seen()))

    def _fires_at_events(self, function: Function) -> bool:
        at = (*function.name, function.arguments)
        calls = self._catalog.calls or ()
        return any(one.function == at and one.sort == EVENT_TRIGGER for one in calls)

    def understood(self, function: Function) -> Body:
        """What the function's text does, or why that cannot be told."""
        at = (*function.name, function.arguments)
        if at not in self._bodies:
            self._bodies[at] = of_function(function, self._names)
        return self._bodies[at]

    def _statement(
        self, done: Done, columns: Columns, condition: str, seen: Seen
    ) -> Iterator[Effect]:
        relation, privilege, _ = done
        if not seen.enter(done, columns, condition):
            return
        why = self._standing(done)
        if why is not None:
            yield Effect(privilege, relation.name, condition=condition or why)
            if privilege != "SELECT":
                for more, reason, then in self._next(done, columns):
                    yield from self._statement(more, then, condition or why or reason, seen)
                for function, reason in self._fired(done, columns):
                    yield from self._call(function, condition or why or reason, seen, privilege)
        for rule in self._rules(done):
            yield from self._rewritten(relation, rule, condition, seen)
        seen.leave()

    def _standing(self, done: Done) -> str | None:
        relation, privilege, how = done
        if how is How.PARENT:
            return ""
        return self._rights.standing(relation, privilege, copied=how is How.NAMED)

    def _rules(self, done: Done) -> list[Rule]:
        met = done[2] is not How.PARENT and self._rights.ruled(*done[:2])
        return self._rights.fired(*done[:2]) if met else []  # Else it is refused as a whole.

    def _next(self, done: Done, columns: Columns) -> Iterator[tuple[Done, str, Columns]]:
        """The statements that one brings about, with their conditions and what they set."""
        relation, privilege, _ = done
        for more in self._same(relation, privilege):
            behind = relation.kind == "v"
            why = self._behind_view(relation, more[0]) if behind else ""
            yield more, why, _ANY if behind else columns
        # CASCADE, SET NULL, SET DEFAULT run as the referring table's owner (ddl-constraints).
        for key in self._keys.get(relation.name, ()):
            action = {"DELETE": key.on_delete, "UPDATE": key.on_update}.get(privilege, "a")
            referring = self._catalog.relations.get(key.table)
            if referring is None or action not in _ACTS:
                continue
            then = privilege if action == "c" else "UPDATE"
            if self._rights.roles.has(self._rights.statement(referring, then), referring.owner):
                why = "" if privilege == "DELETE" or columns & key.referenced else KEY_CHANGES
                # SET NULL and SET DEFAULT of a DELETE may be for some of the columns alone.
                sets = privilege == "UPDATE" or len(key.columns) == 1
                yield (referring, then, How.WRITTEN), why, key.columns if sets else _ANY

    def as_caller(self, done: Done) -> Iterator[tuple[Done, bool]]:
        """The statements that one becomes or is besides, run by the same role.

        With each, whether rows are left to a condition: a rule's, or that none takes its place.
        """
        relation, privilege, _ = done
        why = self._standing(done)
        if why is not None:
            for more in self._same(relation, privilege):
                yield more, bool(why)
        for other in self._emptied(relation, privilege) if self._truncate_fires else ():
            yield (other, privilege, How.WRITTEN), False
        for rule in self._rules(done):
            for step, found in self._steps(rule):
                if step.writes:
                    yield (found, step.privilege, How.WRITTEN), rule.conditional is not False

    def stands(self, done: Done) -> str | None:
        """None if the statement itself is never done, else the condition, mostly empty."""
        return self._standing(done)

    def _same(self, relation: Relation, privilege: str) -> Iterator[Done]:
        """A view's base, children, and what TRUNCATE has to empty besides."""
        if relation.kind == "v" and not self._rights.instead(relation, privilege):
            base = self._rights.base(relation)
            if base is not None:
                yield base, privilege, How.WRITTEN
        # A statement on a parent asks nothing of its children (ddl-inherit); rows inserted into
        # a parent stay there unless it is partitioned.
        for child in self._children.get(relation.name, ()):
            if privilege != "INSERT" or child.partition:
                yield child, privilege, How.PARENT
        # Of one schema, whoever empties the table may empty what refers to it by itself.
        for other in self._emptied(relation, privilege):
            if other.name[0] != relation.name[0]:
                yield other, privilege, How.WRITTEN

    def _emptied(self, relation: Relation, privilege: str) -> list[Relation]:
        return self._referring.emptied(relation.name) if privilege == "TRUNCATE" else []

    def refusals(self, done: Done) -> tuple[int, str]:
        """What triggers do to a statement: roles that none refuses, and what may refuse them."""
        return self._refusals.of(done)

    def moved(self, relation: Relation) -> Iterator[tuple[Trigger, Relation, Relation]]:
        """What triggers carry on: trigger, where it comes from, what is written with it.

        From the row that fires it, and from what the function reads. Names that only the
        caller's search_path decides are followed where one relation has the name.
        """
        for trigger in self._rights.triggers[relation.name]:
            function = self.function(trigger)
            if function is None:
                continue
            found = [
                (step, self.resolve(function, step.relation)[0])
                for step in self.understood(function).steps
            ]
            sources = [relation, *(at for step, at in found if step.privilege == "SELECT" and at)]
            targets = [at for step, at in found if step.writes and at]
            for source, target in dict.fromkeys(product(sources, targets)):
                if source != target:
                    yield trigger, source, target

    def _behind_view(self, view: Relation, base: Relation) -> str:
        """The condition that row security of the base puts on writing through a view."""
        free = self._rights.roles.has(self._rights.bypassing(base), view.owner)
        if base.row_security and (view.security_invoker or not free):
            return row_security(self._catalog, base)
        return ""

    def _fired(self, done: Done, columns: Columns) -> Iterator[tuple[Function, str]]:
        """Security-definer trigger functions; others run as who writes (sql-createtrigger)."""
        for trigger in self.triggers(done):
            function = self.function(trigger)
            if function is not None and function.security_definer:
                yield function, held_up(trigger, done[1], columns)

    def triggers(self, done: Done) -> Iterator[Trigger]:
        """Those that the statement fires.

        Of what lies below the relation that it names only those of rows (sql-createtrigger), and
        all of TRUNCATE's (sql-truncate).
        """
        relation, privilege, how = done
        for trigger in self._rights.triggers[relation.name]:
            fires = trigger.type & TRIGGER_BIT.get(privilege, 0)
            below = how is How.PARENT and privilege != "TRUNCATE" and not trigger.type & ROW
            if fires and not below and (relation.kind == "v") == bool(trigger.type & INSTEAD_OF):
                yield trigger

    def waits(self, trigger: Trigger, privilege: str) -> str:
        """What a trigger waits for beside its event; empty for nothing."""
        return held_up(trigger, privilege)

    def function(self, trigger: Trigger) -> Function | None:
        """The function a trigger calls, where the export has it."""
        return self._functions.get(trigger.function)

    def _rewritten(
        self, relation: Relation, rule: Rule, condition: str, seen: Seen
    ) -> Iterator[Effect]:
        """What a rule does besides, as the relation's owner (see ``rules``)."""
        body = self._rights.action(rule)
        if body.problem:
            why = f"rule {rule.name} {_ALL}: {body.problem}"
            yield Effect("", lent=relation.owner, condition=condition or why)
            return
        if rule.conditional:
            condition = condition or f"the condition of rule {rule.name} holds"
        for step, found in self._steps(rule):
            if step.writes:
                why = self._bound(found, relation.owner)
                done = (found, step.privilege, How.WRITTEN)
                yield from self._statement(done, _ANY, condition or why, seen)
            elif step.returned:  # Of what is only locked, nothing is.
                shown = "" if rule.instead else MAY_RETURN
                why = self._bound(found, relation.owner) or shown
                yield Effect("SELECT", found.name, condition=condition or why)

    def _steps(self, rule: Rule) -> Iterator[tuple[Step, Relation]]:
        for step in self._rights.action(rule).steps:
            schema, name = ("", *step.relation)[-2:]
            found = self._catalog.relations.get((schema, name))
            if found is not None:
                yield step, found

    def _bound(self, relation: Relation, role: str) -> str:
        """The condition that row security puts on the role; empty where it is free of it."""
        free = self._rights.roles.has(self._rights.bypassing(relation), role)
        return "" if free or not relation.row_security else row_security(self._catalog, relation)

    def _call(
        self, function: Function, condition: str, seen: Seen, event: str = ""
    ) -> Iterator[Effect]:
        """What a function does; ``event`` is what fires it, where it is run by a trigger."""
        body = self.understood(function)
        if body.problem:
            why = f"{'.'.join(function.name)} {_ALL}: {body.problem}"
            yield Effect("", lent=function.owner, condition=why)
            return
        for way in self._lookup.openings(function, body):
            yield Effect("", lent=way.lent, condition=way.condition, opening=way)
        steps = [
            (step, is_open, *self.resolve(function, step.relation))
            for step in body.steps
            if (is_open := step.open(event)) is not None
        ]
        straight = [(step, found) for step, is_open, found, _ in steps if not is_open and found]
        if not all(self._may(function, step, found) for step, found in straight):
            return  # A refused statement undoes the whole call.
        failing = event in body.refuses if event else bool(body.refuses)
        undone = self._undone(function, straight)
        for step, is_open, found, path in steps:
            if found is not None and self._may(function, step, found):
                held = is_open if step.writes else step.held
                why = (IN_A_BRANCH if held else "") or (MAY_FAIL if failing else "") or undone
                yield from self._step(function, step, found, (condition or path, why), seen)

    def _undone(self, function: Function, steps: list[tuple[Step, Relation]]) -> str:
        """What may refuse one of the steps that are always run, and so undoes all the others."""
        for step, found in steps:
            _, refusing = self.refusals((found, step.privilege, How.WRITTEN))
            checked = step.privilege in ("INSERT", "UPDATE")
            why = refusing or (self._bound(found, function.owner) if checked else "")
            if why:
                return why
        return ""

    def _step(
        self,
        function: Function,
        step: Step,
        relation: Relation,
        why: tuple[str, str],
        seen: Seen,
    ) -> Iterator[Effect]:
        before, after = why
        _, refusing = self.refusals((relation, step.privilege, How.WRITTEN))
        condition = before or self._bound(relation, function.owner) or refusing or after
        if step.writes:
            done = (relation, step.privilege, How.WRITTEN)
            sets = frozenset(step.columns if step.privilege == "UPDATE" else ())
            yield from self._statement(done, sets, condition, seen)
        elif step.privilege != LOCK and function.returns not in ("void", "trigger"):
            condition = condition or ("" if step.returned else MAY_RETURN)
            yield Effect("SELECT", relation.name, condition=condition)

    def _may(self, function: Function, step: Step, relation: Relation) -> bool:
        """Whether the function's owner may run the statement, and no trigger refuses it."""
        inner, _ = self.refusals((relation, step.privilege, How.WRITTEN))
        allowed = self.allowed(function, step, relation) & inner
        return self._rights.roles.has(allowed, function.owner)

    def allowed(self, function: Function, step: Step, relation: Relation) -> int:
        """Roles that may run the statement in the function; names resolve as it runs."""
        atomic = (function.body or "").lstrip()[:12].upper() == "BEGIN ATOMIC"
        allowed = self._rights.passing(relation, step.privilege, step.columns, copied=False)
        if not atomic:
            allowed &= self._rights.usage(relation.name[0])
        return allowed

    def resolve(self, function: Function, written: Written) -> tuple[Relation | None, str]:
        """The relation that a function's text means, and on which condition."""
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


def _distinct(effects: Iterator[Effect]) -> tuple[Effect, ...]:
    """Each effect once; one that always happens covers the same under a condition."""
    found = dict.fromkeys(effects)
    return tuple(
        effect
        for effect in found
        if not effect.condition or replace(effect, condition="") not in found
    )
