"""What is done to one thing by the actions that somebody is allowed on it."""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.effects import Effect
from nhigraph.policy.aws.findings import Finding, some
from nhigraph.policy.aws.statements import Place
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """One effect of an identity on a resource.

    Attributes:
        effect: What it does.
        action: The action by which.
        finding: Whether, and where that is said.
        given: Places of the statements that give it, each by itself (``giving``).
    """

    effect: Effect
    action: str
    finding: Finding
    given: tuple[Place, ...] = ()

    def is_more(self, than: "Access | None") -> bool:
        """Whether it says more than another one does: it is surer, or given elsewhere, too."""
        if than is None:
            return self.finding.answer is not Answer.NO
        surer = self.finding.answer > than.finding.answer
        return surer or not set(self.given) <= set(than.given)


#: Decisions about actions of one effect; of all effects, by types of what is asked for.
Row = tuple[Effect, list[tuple[str, Finding]]]
Told = list[Row]


def some_of(effect: Effect, found: list[tuple[str, Finding]]) -> Iterator[Access]:
    """What is done by one of some actions."""
    told = [(action, one) for action, one in found if one.answer is not Answer.NO]
    if told:
        best = max(told, key=lambda row: row[1].answer)
        action = effects.actions()[best[0]].name
        yield Access(effect, action, some((one for _, one in told), ""))


def every_of(told: Told) -> list[Access]:
    """What is done by all effects, each once."""
    found: dict[Effect, list[Access]] = {}
    for effect, rows in told:
        for access in some_of(effect, rows):
            found.setdefault(effect, []).append(access)
    return [_joined(several) for several in found.values()]


def _joined(several: list[Access]) -> Access:
    """One effect by several sorts of what a node stands for."""
    best = max(several, key=lambda one: one.finding.answer)
    return replace(best, finding=some((one.finding for one in several), ""))
