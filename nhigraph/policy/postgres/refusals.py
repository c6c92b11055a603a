"""What triggers do to a statement before it is done: they refuse it to some, or may."""

from collections.abc import Iterator
from typing import Protocol

from nhigraph.policy.postgres.asking import Step, Written
from nhigraph.policy.postgres.bodies import Body
from nhigraph.policy.postgres.catalog import Function, Name, Relation, Trigger
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.rights import BEFORE, ROW
from nhigraph.policy.postgres.statement import Done, How


class Following(Protocol):
    """What ``effects`` knows of statements and functions."""

    def as_caller(self, done: Done) -> Iterator[tuple[Done, bool]]:
        """The statements that one becomes or is besides, and whether rows are left open."""

    def stands(self, done: Done) -> str | None:
        """None if the statement itself is never done, else the condition, mostly empty."""

    def triggers(self, done: Done) -> Iterator[Trigger]:
        """Those that the statement fires."""

    def waits(self, trigger: Trigger, privilege: str) -> str:
        """What a trigger waits for beside its event."""

    def function(self, trigger: Trigger) -> Function | None:
        """The function a trigger calls."""

    def understood(self, function: Function) -> Body:
        """What the function's text does."""

    def resolve(self, function: Function, written: Written) -> tuple[Relation | None, str]:
        """The relation that its text means, and on which condition."""

    def allowed(self, function: Function, step: Step, relation: Relation) -> int:
        """Roles that may run the statement in the function."""


class Refusals:
    """Follows a statement to the triggers that it fires as the same role."""

    def __init__(self, effects: Following, roles: Roles) -> None:
        """Nothing is decided yet; ``roles`` are memberships as they stand."""
        self._effects, self._roles = effects, roles
        self._refused: dict[tuple[Name, str, How], tuple[int, str]] = {}

    def of(self, done: Done) -> tuple[int, str]:
        """What triggers do to a statement: roles that none refuses, and what may refuse them.

        A trigger's function needs the rights of whoever writes, or, as a security definer, its
        owner's; without one of them the statement is refused as a whole. What a trigger returns
        before a row is written may leave that out. A function that could not be read is taken to
        refuse nothing. A rule's statement is run whether or not a row meets the rule's condition,
        and fires what is for each statement; what is for each row waits for one (sql-createrule).
        """
        at = (done[0].name, *done[1:])
        if at not in self._refused:
            self._refused[at] = (self._roles.everyone, "")  # A circle adds nothing.
            mask, condition = self._refused[at]
            for one, open_rows in self._written(done):
                for trigger in self._effects.triggers(one):
                    more, why = self._refusing(trigger, one[1], open_rows=open_rows)
                    mask, condition = mask & more, condition or why
            self._refused[at] = mask, condition
        return self._refused[at]

    def _written(self, start: Done) -> list[tuple[Done, bool]]:
        """Everything that one statement writes as the same role, and where rows are left open."""
        at = (start[0].name, *start[1:])
        found, todo = {at: (start, False)}, [(start, False)]
        while todo:
            done, open_rows = todo.pop()
            for more, conditional in self._effects.as_caller(done):
                at, doubt = (more[0].name, *more[1:]), open_rows or conditional
                if at not in found or (found[at][1] and not doubt):
                    found[at] = more, doubt
                    todo.append(found[at])
        standing = ((one, doubt, self._effects.stands(one)) for one, doubt in found.values())
        return [(one, doubt or bool(why)) for one, doubt, why in standing if why is not None]

    def _refusing(self, trigger: Trigger, event: str, *, open_rows: bool) -> tuple[int, str]:
        function = self._effects.function(trigger)
        mask = self._roles.everyone
        if function is None or self._effects.understood(function).problem:
            return mask, ""
        said = f"trigger {trigger.name} of {'.'.join(trigger.relation)} does not refuse it"
        body = self._effects.understood(function)
        before = trigger.type & ROW and trigger.type & BEFORE
        condition = said if event in body.refuses or (before and event in body.skips) else ""
        waits = bool(self._effects.waits(trigger, event))
        waits = waits or bool(open_rows and trigger.type & ROW)
        for step in body.steps:
            found, path = self._effects.resolve(function, step.relation)
            is_open = step.open(event)
            if found is None or is_open is None:
                continue
            is_open = is_open or waits or bool(path)
            allowed = self._effects.allowed(function, step, found)
            inner, why = self.of((found, step.privilege, How.WRITTEN))
            allowed &= inner
            if function.security_definer:
                may = self._roles.has(allowed, function.owner)
                allowed = self._roles.everyone if may else 0
            if why or (is_open and allowed != self._roles.everyone):
                condition = condition or said
            if not is_open:
                mask &= allowed
        return mask, condition
