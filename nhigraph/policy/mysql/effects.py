"""What a statement does beyond the relation it names: triggers, keys, views, routines.

Code that is its definer's runs with the definer's rights and no other's but PUBLIC's: in MariaDB
without any role of the definer's, in MySQL with its default roles
(https://dev.mysql.com/doc/refman/8.4/en/stored-objects-security.html, read 28 November 2026).
Tried on MariaDB 10.11.19:

* The definer's own rights are asked again: EXECUTE on the routine, TRIGGER on the table, SELECT on
  what a view reads. Where one is lacking the statement is refused.
* A definer is looked up by user and host like a client: where ``etl@nowhere`` has no account, code
  of that definer runs as ``etl@%``. Only where no account matches at all is it an orphan: whatever
  would run it is refused, until somebody makes the account.
* Code whose definer is the very account that runs it changes nothing about whose rights count: the
  roles that the session has taken stay.
* A right that a definer has by PUBLIC alone counts on one run and not on another (an UPDATE in a
  trigger was refused for want of SELECT until the session had run the statement by itself).
* Which grants on its own table a trigger has (to be there, to read and set the row) is looked up
  when an opened table first fires it, and kept for whoever comes next. Fired by its definer with a
  role it keeps what that role was granted on the table by name: statements of others, refused
  before, are let until grants change or FLUSH TABLES, which no export shows (from outside the
  schema only if the definer has a right of its own in it, error 1044). Not kept: what a role may
  in the schema or everywhere, what the body's statements need, and anything where the definer is
  spelled with another host than its account has.
* What calls a package lends its definer: what its routines do is not read (``packages``).
* A DELETE through a view that reads another view asks nobody for a right on that one, only for
  DELETE on the table, of the inner view's definer.
* A foreign key's ON DELETE and ON UPDATE change the other table without any right on that, and
  without its triggers.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nhigraph.policy.mysql import bodies, hosts, packages
from nhigraph.policy.mysql.access import Access, Power, everybody
from nhigraph.policy.mysql.bodies import Body
from nhigraph.policy.mysql.catalog import Catalog, Code, Name, Relation, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.needed import Step, Written, whole
from nhigraph.policy.mysql.outcome import (
    Effect,
    Flow,
    Outcome,
    any_of,
    every,
    one_of,
    orphan,
    provided,
    under,
)
from nhigraph.policy.mysql.referring import Keys
from nhigraph.policy.mysql.stored import Stored
from nhigraph.policy.mysql.views import UNTOLD, filtered, shown_of

_DEEPEST: Final = 16
_WRITES: Final = frozenset({"INSERT", "UPDATE", "DELETE", "DROP"})


class Effects:
    """Statements of one server.

    Attributes:
        catalog: The server.
        access: Rights on it.
        keys: What changing rows changes of those that refer to them.
        caller: Who runs the statements; None for somebody who is no definer of what they run.
    """

    def __init__(self, catalog: Catalog, access: Access, caller: Who | None = None) -> None:
        """Nothing is read before it is asked for."""
        self.catalog, self.access, self.caller = catalog, access, caller
        self._stored, self.keys = Stored(catalog), Keys(catalog)
        self._callers: dict[Who, Effects] = {}
        self._bodies: dict[Code, Body] = {}
        self._outcomes: dict[tuple[str, Name], Outcome] = {}

    def by(self, caller: Who) -> "Effects":
        """The same statements, run by an account: its own code keeps the roles it has taken."""
        if caller not in self._callers:
            self._callers[caller] = Effects(self.catalog, self.access, caller)
        return self._callers[caller]

    # -- code -----------------------------------------------------------------------------------

    def body(self, code: Code) -> Body:
        """What the text of code does."""
        if code not in self._bodies:
            if code.body is None:
                self._bodies[code] = Body(problem="its text was not shown to the exporter")
            elif code.sort == packages.BODY:
                self._bodies[code] = Body(problem="its routines are not told apart")
            else:
                self._bodies[code] = bodies.understand(code.body, self._stored.functions)
        return self._bodies[code]

    def acting(self, definer: Who) -> Who | None:
        """The account as which code of a definer runs; None where there is none."""
        if definer.host is None or definer in self.catalog.accounts:
            return definer if definer in self.catalog.accounts else None
        known = [one for one in self.catalog.accounts if one.user == definer.user]
        return hosts.account_of(definer.user, definer.host, known)

    def _power(self, who: Who, ask: str, *thing: str) -> Power:
        """Rights of code that runs as somebody: with the roles that are then active."""
        found: Power = getattr(self.access, ask)(who, *thing)
        public = everybody(self.catalog)
        if public is not None:
            # Code that has a right by PUBLIC alone is let, or is not, by what ran before.
            found |= Power(may=getattr(self.access, ask)(public, *thing).may)
        for role in self.access.takes(who) if who == self.caller else ():
            found |= Power(may=getattr(self.access, ask)(role, *thing).may)
        for one in self.catalog.memberships if not self.catalog.mariadb else ():
            if one.member == who and one.active:
                for role in (one.role, *self.access.roles_of.get(one.role, ())):
                    found |= getattr(self.access, ask)(role, *thing)
        return found

    def may(self, who: Who, step: Step, relation: Name) -> Answer:
        """Whether code that runs as somebody has what a step needs."""
        whole = self._power(who, "on_relation", *relation).answer(step.privilege)
        if whole is Answer.YES:
            return whole
        some = self._power(who, "on_columns", *relation).answer(step.privilege)
        return min(some, Answer.MAYBE)  # Which columns it names is not followed.

    # -- statements on relations ----------------------------------------------------------------

    def of(self, privilege: str, name: Name) -> Outcome:
        """What a statement on a relation does, by whoever has the privilege on that."""
        if (privilege, name) not in self._outcomes:
            self._outcomes[privilege, name] = self._statement(privilege, name, None, 0)
        return self._outcomes[privilege, name]

    def _statement(self, privilege: str, name: Name, invoker: Who | None, depth: int) -> Outcome:
        relation = self.catalog.relations.get(name)
        if depth > _DEEPEST:
            return Outcome(Answer.MAYBE, "it goes deeper than is followed")
        if relation is not None and relation.view:
            return self._view(privilege, relation, invoker, depth)
        found = [
            self._fired(one, depth) for one in self._stored.triggers.get((privilege, name), ())
        ]
        cascade = tuple(self.keys.changed(privilege, name))
        return every([*found, Outcome(effects=cascade)])

    def of_other_columns(self, name: Name) -> Outcome:
        """What an UPDATE does that leaves every column as it is that others refer to."""
        return every(
            self._fired(one, 0) for one in self._stored.triggers.get(("UPDATE", name), ())
        )

    def _view(self, privilege: str, view: Relation, invoker: Who | None, depth: int) -> Outcome:
        """A view hands a statement on to what it is made of, as its definer or its caller."""
        if privilege == "DROP":
            return Outcome()
        context = self.acting(view.definer) if view.definer is not None else invoker
        if view.definer is not None and context is None:
            return orphan(view.definer)
        body = self.query(view)
        if body.problem:
            why = f"what the view {view.name[1]} is made of could not be read: {body.problem}"
            lent = (Effect("", None, context, why),) if context and view.definer else ()
            return Outcome(Answer.MAYBE, why, lent)
        if privilege != "SELECT" and view.updatable is False:
            return Outcome(Answer.NO)
        if context is None:
            # It has its caller's rights, who needs them all: nothing is gained by it.
            why = f"its caller has the rights that the view {view.name[1]} needs"
            return Outcome(Answer.MAYBE, why, tuple(self._below(privilege, view, why, depth)))
        told = privilege == "SELECT" or view.updatable is not None
        done = self._through(privilege, view, body, context, depth)
        return provided(Answer.YES if told else Answer.MAYBE, done, UNTOLD.format(view.name[1]))

    def _below(self, privilege: str, view: Relation, why: str, depth: int) -> Iterator[Effect]:
        """What views do that a view with its caller's rights reads.

        A DELETE went through one of them without the caller's right on it (MariaDB 10.11.19).
        """
        for step in self.query(view).steps:
            name = whole(step.thing, view.name[0]) if step.thing else None
            known = self.catalog.relations.get(name) if name else None
            if name is not None and known is not None and known.view:
                yield from under(self._statement(privilege, name, None, depth + 1), why).effects

    def query(self, view: Relation) -> Body:
        """What a view's query needs."""
        if not view.definition:
            return Body(problem="its definition was not shown to the exporter")
        return bodies.understand(view.definition, self._stored.functions)

    def asked(self, privilege: str, view: Relation) -> tuple[str, ...]:
        """What a statement through a view asks of what that is made of."""
        reads = privilege in ("INSERT", "UPDATE") and filtered(view.definition)
        return (privilege, "SELECT") if reads else (privilege,)

    def _through(
        self, privilege: str, view: Relation, body: Body, context: Who, depth: int
    ) -> Outcome:
        asked = self.asked(privilege, view)
        done = self._written_through(privilege, view, body, context, depth, asked)
        calls = self._evaluated(privilege, view, body, context, depth)
        return every([done, *calls]) if calls else done

    def _evaluated(
        self, privilege: str, view: Relation, body: Body, context: Who, depth: int
    ) -> list[Outcome]:
        """What functions in a view's query do: as its definer they are let, and as theirs run."""
        code = Code(view.name, "view", context, view.place)
        called = dict.fromkeys(one.thing for one in body.steps if one.privilege == bodies.CALL)
        found = [self._call(name, code, context, depth) for name in called]
        if privilege == "SELECT":
            return found
        why = f"the statement evaluates what the view {view.name[1]} calls"
        return [under(one, why) for one in found]

    def _written_through(
        self,
        privilege: str,
        view: Relation,
        body: Body,
        context: Who,
        depth: int,
        asked: tuple[str, ...],
    ) -> Outcome:
        named = (one for one in body.steps if one.thing and one.privilege != bodies.CALL)
        bases = list(dict.fromkeys(whole(one.thing, view.name[0]) for one in named))
        found = []
        for base in bases:
            below = self.catalog.relations.get(base)
            may = min(self.may(context, Step(one, base), base) for one in asked)
            if privilege == "DELETE" and self.catalog.mariadb and below and below.view:
                may = Answer.YES
            beyond = self._statement(privilege, base, context, depth + 1)
            own = Effect(privilege, base)
            if privilege == "SELECT":
                # What is behind a view is what is behind what it reads.
                found.append(provided(may, beyond, f"{context.name} may read {'.'.join(base)}"))
                continue
            effects = beyond.effects if below and below.view else (own, *beyond.effects)
            one = replace(beyond, effects=effects)
            why = f"{context.name} may {privilege.lower()} {'.'.join(base)}"
            found.append(provided(may, one, why))
        if privilege == "SELECT" or len(found) == 1:
            return every(found)
        if privilege == "DELETE":
            return Outcome(Answer.NO)
        columns = f"the columns of it that the view {view.name[1]} takes from there"
        # Whoever changes rows chooses of which of the relations, if it has columns of that.
        chosen = shown_of(view.definition) if privilege == "UPDATE" else frozenset()
        free = [one for base, one in zip(bases, found, strict=True) if base in chosen]
        rest = [one for base, one in zip(bases, found, strict=True) if base not in chosen]
        return any_of(free, one_of(rest, f"the statement is on {columns}"))

    # -- code that runs -------------------------------------------------------------------------

    def _fired(self, trigger: Code, depth: int) -> Outcome:
        """What a trigger makes of the statement that fires it."""
        who = self.acting(trigger.definer)
        if who is None:
            return orphan(trigger.definer)
        table = (trigger.name[0], trigger.table)
        may, why = self._on_row(Step("TRIGGER", table), trigger, who, table)
        if may is Answer.NO:
            return Outcome(Answer.NO)
        why = why or f"{who.name} may have triggers on {'.'.join(table)}"
        return provided(may, self._run(trigger, who, depth, table, atomic=True), why)

    def of_call(self, routine: Code, *, lent: bool = False) -> Outcome:
        """What calling a routine does with its definer's rights.

        Args:
            routine: The routine.
            lent: Somebody may make it run as its definer, where it is its caller's now.
        """
        if routine.invoker and not lent:
            return Outcome()
        return self._called(replace(routine, invoker=False), None, 0)

    def of_event(self, event: Code) -> Outcome:
        """What an event does each time."""
        who = self.acting(event.definer)
        if who is None:
            return orphan(event.definer)
        return self._run(event, who, 0, None, atomic=False)

    def _called(self, routine: Code, caller: Who | None, depth: int) -> Outcome:
        who = caller if routine.invoker else self.acting(routine.definer)
        if who is None:
            return orphan(routine.definer)
        thing = (routine.name[0], routine.sort, routine.name[1])
        asked = [who] if routine.invoker or caller is None else [who, caller]
        if routine.sort == packages.BODY:
            asked = [one for one in (caller,) if one is not None]
        powers = (self._power(one, "on_routine", *thing) for one in asked)
        may = min((one.answer("EXECUTE") for one in powers), default=Answer.YES)
        if may is Answer.NO:
            return Outcome(Answer.NO)
        why = f"{who.name} may run {'.'.join(routine.name)}"
        return provided(
            may, self._run(routine, who, depth, None, atomic=routine.sort == "function"), why
        )

    def _run(self, code: Code, who: Who, depth: int, row: Name | None, *, atomic: bool) -> Outcome:
        """What a body does as somebody; a refused step ends it, and undoes all where it is one."""
        body = self.body(code)
        label = f"{code.sort} {'.'.join(code.name)}"
        if body.problem:
            why = f"what {label} does could not be read: {body.problem}"
            return Outcome(Answer.MAYBE, why, (Effect("", None, who, why),))
        if depth > _DEEPEST:
            return Outcome(Answer.MAYBE, f"what {label} calls goes deeper than is followed")
        found: list[Outcome] = []
        doubt = f"{label} lets it" if body.refuses else ""
        for step in body.steps:
            one = self._step(step, code, who, depth, row)
            branch = f"a branch of {label} does it" if step.branch else ""
            if one.answer is Answer.NO and atomic and not (branch or body.handles):
                return Outcome(Answer.NO)
            if one.answer is Answer.NO:
                doubt = doubt or f"{label} goes on after a statement that is refused"
                if not branch and not body.handles:
                    break
                continue
            found.append(under(one, one.condition or branch or doubt))
            if one.answer is Answer.MAYBE and not doubt:
                doubt = one.condition
        stands = Answer.MAYBE if doubt and atomic else Answer.YES
        effects = tuple(dict.fromkeys(effect for one in found for effect in one.effects))
        flows = tuple(dict.fromkeys(flow for one in found for flow in one.flows))
        return Outcome(stands, doubt if stands is Answer.MAYBE else "", effects, flows)

    def _step(self, step: Step, code: Code, who: Who, depth: int, row: Name | None) -> Outcome:
        if step.privilege == bodies.CALL:
            return self._call(step.thing, code, who, depth)
        if not step.thing:
            return self._of_row(step, code, who, row)
        relation = whole(step.thing, code.name[0])
        may, why = self._asked(who, step, code)
        if relation == row and step.privilege in _WRITES:
            # A trigger may not change the table that it is on (error 1442).
            return Outcome(Answer.NO)
        if step.privilege == "SELECT":
            own = (Effect("SELECT", relation),) if step.returned else ()
            return provided(may, Outcome(effects=own), why)
        below = self._statement(step.privilege, relation, who, depth + 1)
        known = self.catalog.relations.get(relation)
        if known is None or not known.view:
            below = replace(below, effects=(Effect(step.privilege, relation), *below.effects))
        flows = tuple(Flow(whole(one, code.name[0]), relation) for one in step.sources)
        if row is not None and step.privilege in _WRITES - {"DELETE", "DROP"}:
            flows = (*flows, Flow(row, relation))
        return provided(may, replace(below, flows=(*below.flows, *flows)), why)

    def _asked(self, who: Who, step: Step, code: Code) -> tuple[Answer, str]:
        """Whether somebody has all that a statement needs, and the condition that is left."""
        found = []
        for one in (step, *step.needs):
            relation = whole(one.thing, code.name[0])
            may = self.may(who, one, relation)
            perhaps = one is not step and one.branch
            why = f"{who.name} may {one.privilege.lower()} {'.'.join(relation)}"
            found.append((max(may, Answer.MAYBE) if perhaps else may, why))
        return min(found, key=lambda one: one[0])

    def _of_row(self, step: Step, code: Code, who: Who, row: Name | None) -> Outcome:
        """Reading the row that is written asks for SELECT of it, changing it for UPDATE."""
        if row is None:
            return Outcome()
        privilege = "UPDATE" if step.privilege == bodies.SETS_ROW else "SELECT"
        may, why = self._on_row(Step(privilege, row), code, who, row)
        named = f"the columns of {'.'.join(row)} that it names"
        return provided(may, Outcome(), why or f"{who.name} may {privilege.lower()} {named}")

    def _on_row(self, step: Step, trigger: Code, who: Who, table: Name) -> tuple[Answer, str]:
        """Whether a trigger has a right on its own table, and the condition where that is kept."""
        may = self.may(who, step, table)
        if may is not Answer.NO or trigger.definer != who or not self.catalog.mariadb:
            return may, ""
        for role in sorted(self.access.takes(who), key=lambda one: one.name):
            if step.privilege in self.access.by_name(role, *table).may:
                of = f"{step.privilege} on {'.'.join(table)}"
                return Answer.MAYBE, (
                    f"the server has kept {of} of the role {role.name} since {who.name} fired the"
                    f" trigger {trigger.name[1]} with it"
                )
        return may, ""

    def _call(self, name: Written, code: Code, who: Who, depth: int) -> Outcome:
        package = packages.called(self._stored.packages, name, code.name[0])
        if package is not None:
            return self._called(package, who, depth + 1)
        schema, called = whole(name, code.name[0])
        known = self._stored.routines.get((schema, called.lower()), [])
        if len(known) != 1:
            why = f"what {called} does, which {'.'.join(code.name)} calls, is not in the export"
            return Outcome(Answer.MAYBE, why, (Effect("", None, who, why),))
        return self._called(known[0], who, depth + 1)
