"""What decisions about resources depend on: who is allowed the same of the same has one answer.

Statements count by what they say of a type, not by who has them or where they stand; the places
that an answer rests on are those of whoever it is said of. What looks at who asks (a condition on
a principal's keys, a variable, a policy that names somebody by an id) is not said of anybody else.
"""

from collections.abc import Hashable, Iterator
from dataclasses import field
from typing import Final

from nhigraph.policy.aws.alike import Alike, Group, Said, renamed
from nhigraph.policy.aws.authority import Layer, Unread
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.listed import SELF, How
from nhigraph.policy.aws.principals import Principal, account_of
from nhigraph.policy.aws.statements import Place, Statement
from nhigraph.records import dataclass

#: What stands in a resource's own policy for whoever asks.
_ASKING: Final = "\0asking"


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer depends on, and what is only written into it.

    Attributes:
        depends: Equal for equal answers.
        resource: Of which resource it is said.
        places: Places that it can rest on, in one order for equal answers.
    """

    depends: Hashable
    resource: Resource
    places: tuple[Place, ...]

    def move(self, found: Finding, to: "Key") -> Finding:
        """What was found here, said of another with the same answer."""
        if self is to:
            return found
        moved = dict(zip(self.places, to.places, strict=True)) if self.places != to.places else {}
        return renamed(found, self.resource, to.resource, moved)


@dataclass
class Keys:
    """Keys of answers about the resources of an estate.

    Attributes:
        alike: Which resources are alike.
    """

    alike: Alike
    _forms: dict[tuple[int, str], int] = field(default_factory=dict)
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    #: Statements whose identity stands in `_forms`: they live as long.
    _kept: list[Statement] = field(default_factory=list)

    def number(self, said: Hashable) -> int:
        """A number for something that answers depend on."""
        return self._numbers.setdefault(said, len(self._numbers))

    def of(self, one: Identity, group: Group, holder: str, asked: Hashable) -> Key | None:
        """The key of what somebody does to resources; None where that is nobody else's.

        Args:
            one: Somebody.
            group: The resources.
            holder: Their type.
            asked: What is asked about them.
        """
        estate = self.alike.estate
        first, who = group.first, one.principal
        if estate.grants.get(first.arn):
            return None
        if any(_is_partly(said.statement, how) for said, how in group.about):
            return None
        own = self._own(group, who)
        if own is None:
            return None
        content, beside = own
        about = [said.statement for said, _ in group.about]
        places = tuple(x.place for x in (*about, *beside))
        mine = any(_looks_at(x, who) for x in (*about, *beside))
        base = estate.base(one)
        boundary = base.boundary
        limit = boundary.text if isinstance(boundary, Unread) else id(boundary)
        depends = (
            holder,
            asked,
            tuple((self._form(said, holder), how) for said, how in group.about),
            _pattern(places),
            content,
            self.alike.own.static(first),
            (who.account, who.sort, who.service_linked, who.org, limit, base.unread),
            one.arn if mine else "",
        )
        return Key(depends, first, places)

    def _form(self, said: Said, holder: str) -> int:
        """A number for what a statement says of a type."""
        statement = said.statement
        key = (id(statement), f"{said.layer} {holder}")
        if key not in self._forms:
            self._kept.append(statement)
            form: Hashable = (said.layer, id(statement), id(said.policy))
            if said.layer is Layer.IDENTITY:
                told = not statement.allow or statement.unread
                form = (
                    statement.allow,
                    self.alike.actions(statement, holder),
                    statement.not_resources,
                    statement.tests,
                    statement.variables,
                    statement.unread,
                    # An answer may name a policy that denies.
                    (statement.sid, said.policy.name) if told else (),
                )
            self._forms[key] = self.number(form)
        return self._forms[key]

    def _own(self, group: Group, who: Principal) -> tuple[Hashable, tuple[Statement, ...]] | None:
        """What the resource's own policy says of somebody; None for what is only said of them."""
        policy = self.alike.own.of(group.first)
        if policy is None:
            return "", ()
        if not group.named:
            # None of it is about them.
            return self.alike.own.key(group.first, named=False), ()
        arn, found = group.first.arn, []
        for one in policy.statements:
            whole = {text.replace(arn, SELF) for text in one.resources} <= {SELF, f"{SELF}/*", "*"}
            if one.not_principals or one.not_resources or one.unread or not whole:
                return None
            names = tuple(_name(sort, name, who) for sort, name in _names(one))
            if "" in names:
                return None
            where = tuple(text.replace(arn, SELF) for text in one.resources)
            doing = (one.allow, one.actions, one.not_actions, where, one.tests, one.variables)
            found.append((doing, names, one.sid))
        return self.number(tuple(found)), policy.statements


def _is_partly(statement: Statement, how: How) -> bool:
    """Whether a statement is about some parts of a resource only, or nobody knows."""
    return not isinstance(how, int) or (statement.not_resources and how != 1)


def _names(statement: Statement) -> Iterator[tuple[str, str]]:
    return ((sort, name) for sort, names in statement.principals or () for name in names)


def _name(sort: str, name: str, who: Principal) -> str:
    """A name in a policy, as it is to somebody; empty for one that may mean them by an id."""
    if sort != "AWS":
        return f"{sort} {name}"
    if name == who.arn:
        return _ASKING
    plain = name == "*" or account_of(name) or (name.startswith("arn:") and ":sts:" not in name)
    return name if plain else ""


def _looks_at(statement: Statement, who: Principal) -> bool:
    """Whether a statement looks at who asks."""
    if any("${" in text for text in statement.resources):
        return True
    context = who.context
    return any(
        (low := test.key.lower()) in context.values
        or low.startswith(context.complete)
        or any("${" in text for text in test.values)
        for test in statement.tests
    )


def _pattern(places: tuple[Place, ...]) -> tuple[int, ...]:
    """Which places are one: documents in encoded text have one for all their statements."""
    seen: dict[Place, int] = {}
    return tuple(seen.setdefault(one, len(seen)) for one in places)
