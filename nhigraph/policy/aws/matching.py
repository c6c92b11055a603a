"""Whether a statement is about a request: its action, its resource, who asks, its condition."""

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Layer
from nhigraph.policy.aws.conditions import UnknownVariableError, all_hold, lookup
from nhigraph.policy.aws.context import Context
from nhigraph.policy.aws.findings import YES, Finding, every, no, possible
from nhigraph.policy.aws.principals import Named, named
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Policy, Statement
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that may be about a request, before its condition is looked at.

    Attributes:
        layer: Where its policy is attached.
        policy: The policy.
        statement: The statement.
        way: How it names who asks.
        so_far: Whether it is about the request but for its condition.
    """

    layer: Layer
    policy: Policy
    statement: Statement
    way: Named
    so_far: Finding

    def finding(self, context: Context) -> Finding:
        """Whether it applies in one world."""
        answer, texts = all_hold(self.statement, context)
        place = self.statement.place
        if answer is Answer.NO:
            return no("its condition does not hold", place)
        if answer is Answer.YES:
            return self.so_far
        return every([self.so_far, possible(" and ".join(texts), place)])


def match(layer: Layer, policy: Policy, statement: Statement, request: Request) -> Match | None:
    """A statement as far as it can be about a request; None where it cannot."""
    if statement.unread:
        text = f"{policy.name} says something that could not be read"
        found = possible(text, statement.place)
        if statement.actions and not statement.has_action(request.low):
            return None
        return Match(layer, policy, statement, Named.ITSELF, found)
    if not statement.has_action(request.low):
        return None
    about = _resource(statement, request)
    if about.answer is Answer.NO:
        return None
    if statement.doubt:
        about = every([about, possible(statement.doubt, statement.place)])
    way = Named.ITSELF
    if layer is Layer.RESOURCE:
        way, sure, text = named(statement, request.principal)
        if sure is Answer.NO:
            return None
        if sure is Answer.POSSIBLE:
            about = every([about, possible(text, statement.place)])
    return Match(
        layer,
        policy,
        statement,
        way,
        every([about, Finding(Answer.YES, places=(statement.place,))]),
    )


def _resource(statement: Statement, request: Request) -> Finding:
    """Whether a statement is about the resource; a trust policy is about its role alone."""
    if not statement.resources:
        return YES
    hit, unsure = False, ""
    for text in statement.resources:
        pattern, sure = resource_pattern(text, statement, request.context)
        if pattern is None:
            # "This might cause the entire statement to be invalid", says the page of variables.
            unsure = text if statement.not_resources else unsure
        elif globs.matches_resource(pattern, request.resource):
            hit, unsure = hit or sure, unsure if sure else text
    if hit:
        return no("it is about other resources") if statement.not_resources else YES
    if unsure:
        other = "other than" if statement.not_resources else "that of"
        return possible(f"{request.resource} is {other} {unsure}", statement.place)
    return YES if statement.not_resources else no("it is about other resources")


def resource_pattern(text: str, statement: Statement, context: Context) -> tuple[str | None, bool]:
    """A parsed pattern of ``Resource``, and whether all its variables are known.

    None where a variable has no value: then it is about nothing.
    """
    if not statement.variables or "${" not in text:
        return globs.parse(text), True
    sure = True
    inner = lookup(context)

    def known_or_any(name: str) -> str | None:
        nonlocal sure
        try:
            return inner(name)
        except UnknownVariableError:
            sure = False
            return None

    try:
        return globs.parse(text, known_or_any), sure
    except globs.UnresolvedError:
        return None, True
