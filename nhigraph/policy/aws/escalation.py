"""How rights come to be more rights, by the rules of ``data/escalation.yaml``.

Every requirement is a question to the evaluator for the same identity: a right that is missing,
denied or only possible makes the whole missing or possible. A service-linked role is never passed
and never taken (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, cast

from nhigraph.policy import tables
from nhigraph.policy.aws import effects
from nhigraph.policy.aws.context import Value, known
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding, every, possible, some
from nhigraph.policy.aws.organization import forbids
from nhigraph.policy.aws.principals import Sort
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.trusts import Answer

Gain = Literal["account", "it"]
_NEW: Final = "new "


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement.

    Attributes:
        action: The action.
        on: What it is asked on.
        passes: Service that a role is passed to; empty for none.
    """

    action: str
    on: str
    passes: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way.

    Attributes:
        id: Its name.
        tried: What it is tried with.
        only: Sort of identity that it is for; empty for all.
        trusts: Service that the role has to trust; empty for none.
        needs: All of these, of each one of several lists.
        gain: What is gained.
        action: The action of the edge.
        doubt: A condition besides; empty for none.
        bounded: It is for whoever has a boundary.
        denied: It is for whoever has a policy that denies.
        refs: The same way in public catalogues.
    """

    id: str
    tried: str
    only: str
    trusts: str
    needs: tuple[tuple[tuple[Need, ...], ...], ...]
    gain: Gain
    action: str
    doubt: str
    bounded: bool
    denied: bool
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What an identity gains.

    Attributes:
        rule: By which way.
        target: ARN of whom it becomes; empty for the account.
        finding: Whether.
    """

    rule: Rule
    target: str
    finding: Finding


@cache
def rules() -> tuple[Rule, ...]:
    """All ways, in the file's order."""
    read = tables.read("nhigraph.policy.aws", "escalation.yaml")
    body = cast("Mapping[str, list[Mapping[str, object]]]", read)
    return tuple(_rule(row) for row in body["rules"])


def _rule(row: Mapping[str, object]) -> Rule:
    def text(name: str) -> str:
        return str(row.get(name, ""))

    listed = cast("list[Mapping[str, object]]", row["needs"])
    return Rule(
        text("id"),
        text("for"),
        text("is"),
        text("trusts"),
        tuple(_lists(one) for one in listed),
        cast("Gain", text("gain")),
        text("action"),
        text("doubt"),
        text("bounded") == "yes",
        text("denied") == "yes",
        tuple(cast("list[str]", row["refs"])),
    )


def _lists(one: Mapping[str, object]) -> tuple[tuple[Need, ...], ...]:
    several = cast("list[list[Mapping[str, str]]]", one.get("any", [[one]]))
    return tuple(
        tuple(Need(x["action"], x["on"], x.get("passes", "")) for x in each) for each in several
    )


@dataclass
class Escalations:
    """Ways in one estate.

    Attributes:
        estate: The estate.
        taken: Roles that each identity may take, by ARN.
    """

    estate: Estate
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _hits: dict[tuple[int, str], bool] = field(default_factory=dict)

    def of(self, one: Identity) -> Iterator[Found]:
        """What an identity gains; once it gains the account, nothing else is asked."""
        account = [*self._found(one, "account")]
        above = forbids(one.principal.account)
        sure = any(x.finding.answer is Answer.YES or x.finding.condition == above for x in account)
        yield from account
        if not sure:
            yield from self._found(one, "it")

    def _found(self, one: Identity, gain: Gain) -> Iterator[Found]:
        for rule in rules():
            if rule.gain != gain or not self._is_for(rule, one):
                continue
            for target in self._tried(rule, one):
                finding = self._finding(rule, one, target)
                if finding.answer is not Answer.NO:
                    yield Found(rule, target if gain == "it" else "", finding)
                    if gain == "account":
                        break

    def _is_for(self, rule: Rule, one: Identity) -> bool:
        """A quick look: whether its policies speak of all the actions at all."""
        role = one.principal.sort is Sort.ROLE
        if rule.only and rule.only != ("role" if role else "user"):
            return False
        if rule.bounded and not one.boundary:
            return False
        if rule.denied and not self._denies(one):
            return False
        return all(
            any(all(self._speaks(one, need.action) for need in each) for each in several)
            for several in rule.needs
        )

    def _denies(self, one: Identity) -> bool:
        return any(not x.allow for p in self.estate.base(one).identity for x in p.statements)

    def _speaks(self, one: Identity, action: str) -> bool:
        low = action.lower()
        for policy in self.estate.base(one).identity:
            key = (id(policy), low)
            if key not in self._hits:
                self._hits[key] = any(x.allow and x.has_action(low) for x in policy.statements)
            if self._hits[key]:
                return True
        return False

    def _tried(self, rule: Rule, one: Identity) -> Iterator[str]:
        account = one.principal.account
        if rule.tried == "self":
            yield one.arn
        elif rule.tried == "own_policy":
            yield from (arn for arn in self._policies(one) if account_of(arn) == account)
        elif rule.tried in {"own_group", "group"}:
            for (number, name), group in sorted(self.estate.groups.items()):
                mine = name in one.groups
                if number == account and mine is (rule.tried == "own_group"):
                    yield group.arn
        elif rule.tried == "taken_role":
            yield from sorted(self.taken.get(one.arn, ()))
        else:
            sort = Sort(rule.tried)
            for arn, other in sorted(self.estate.identities.items()):
                who = other.principal
                if arn == one.arn or who.sort is not sort or who.account != account:
                    continue
                if not who.service_linked and self._trusts(other, rule.trusts):
                    yield arn

    def _policies(self, one: Identity) -> list[str]:
        """Managed policies that it has, its own and its groups'."""
        groups = (self.estate.groups.get((one.principal.account, name)) for name in one.groups)
        attached = [*one.attached, *(row for group in groups if group for row in group.attached)]
        return sorted({arn for arn, _ in attached})

    def _trusts(self, role: Identity, service: str) -> bool:
        if not service:
            return True
        return role.trust is not None and any(
            statement.allow and statement.has_action("sts:assumerole") and service in names
            for statement in role.trust.statements
            for sort, names in statement.principals or ()
            if sort == "Service"
        )

    def _finding(self, rule: Rule, one: Identity, target: str) -> Finding:
        parts = []
        for several in rule.needs:
            ways = (every(self._asked(need, one, target) for need in each) for each in several)
            parts.append(some(ways, f"{rule.id} needs what is not allowed"))
            if parts[-1].answer is Answer.NO:
                return parts[-1]
        if rule.doubt:
            parts.append(possible(rule.doubt.format(it=target)))
        return every(parts)

    def _asked(self, need: Need, one: Identity, target: str) -> Finding:
        service = need.action.partition(":")[0]
        account = one.principal.account
        resource, new = {"$it": target, "$self": one.arn}.get(need.on, need.on), False
        if need.on.startswith(_NEW):
            partition = one.arn.split(":")[1]
            resource = effects.pattern(need.on.removeprefix(_NEW), account, partition)
            new = True
        elif need.on == "*":
            # An action whose resources are of no interest here: any name will do.
            resource, new = f"arn:aws:{service}:*:{account}:*", True
        values: dict[str, Value] = {}
        if need.passes:
            values["iam:passedtoservice"] = known(need.passes)
        authority = self.estate.base(one) if new else self.estate.authority(one, target, service)
        request = Request(one.principal, need.action, resource, account, values, any_new=new)
        found = decide(request, authority)
        if need.on == "*" and found.answer is Answer.NO:
            bare = Request(one.principal, need.action, "*", account, values)
            return decide(bare, authority)
        return found
