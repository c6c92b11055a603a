"""Questions of one identity about others of its account: asked once of those alike to it.

IAM's actions are decided by whoever asks alone: identities have no policy of their own beside a
trust, which has no say here. So an answer about one holds of every other that the same statements
are about, but for what it says of that one by name.
"""

from collections.abc import Callable, Hashable
from dataclasses import field

from nhigraph.policy.aws.authority import Authority
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding
from nhigraph.policy.aws.statements import Statement
from nhigraph.policy.aws.taking import is_about
from nhigraph.policy.aws.ways import Need
from nhigraph.records import dataclass


@dataclass
class Once:
    """Answers of one identity after the other.

    Attributes:
        estate: The estate.
    """

    estate: Estate
    _asker: str = ""
    _speaking: dict[str, tuple[Statement, ...] | None] = field(default_factory=dict)
    _answers: dict[Hashable, tuple[str, Finding]] = field(default_factory=dict)

    def of(self, asker: str, what: Need, target: str, ask: Callable[[], Finding]) -> Finding:
        """Whether a requirement is met, about somebody.

        Args:
            asker: ARN of who asks.
            what: The requirement.
            target: ARN of whom it is about.
            ask: Finds it.
        """
        if self._asker != asker:
            self._asker = asker
            self._speaking.clear()
            self._answers.clear()
        one, other = self.estate.identities[asker], self.estate.identities.get(target)
        same = other is not None and other.principal.account == one.principal.account
        said = self._said(self.estate.base(one), what.action.lower())
        if not same or said is None or not what.action.startswith("iam:"):
            return ask()
        key = (what, tuple(is_about(x, target) for x in said))
        if key not in self._answers:
            self._answers[key] = target, ask()
        first, found = self._answers[key]
        return ask() if first != target and first in found.condition else found

    def _said(self, base: Authority, action: str) -> tuple[Statement, ...] | None:
        """Statements about an action; None where what they are about depends on more."""
        if action not in self._speaking:
            found = tuple(
                x for _, policy in base.policies() for x in policy.statements
                if x.has_action(action) and not x.unread
            )  # fmt: skip
            plain = not any("${" in text for x in found for text in x.resources)
            self._speaking[action] = found if plain else None
        return self._speaking[action]
