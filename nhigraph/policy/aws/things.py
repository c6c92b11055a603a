"""What there is of a type in an account: all that is known, and what of it runs as somebody."""

from functools import cached_property
from typing import Final

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import YES, Finding, no, possible
from nhigraph.policy.aws.ways import Rule
from nhigraph.records import dataclass

#: Before a type of which each thing is meant, whether it runs as somebody or not.
_ANY: Final = "any "
_Things = dict[tuple[str, str], list[str]]


@dataclass
class Things:
    """Things of an estate.

    Attributes:
        estate: The estate.
    """

    estate: Estate

    def tried(self, account: str, name: str) -> tuple[str, ...]:
        """ARNs of a type, of what runs as somebody, or of any."""
        every = name.startswith(_ANY)
        found = self._all if every else self._running
        return tuple(found.get((account, name.removeprefix(_ANY)), ()))

    def there(self, rule: Rule, account: str) -> Finding:
        """Whether something is there that a way needs."""
        if not rule.there or (account, rule.there) in self._all:
            return YES
        if self.estate.is_listed(account, rule.there.partition(":")[0]):
            return no(f"{rule.id} needs a {rule.there} and account {account} has none")
        return possible(f"account {account} has a {rule.there}")

    @cached_property
    def _all(self) -> _Things:
        found: _Things = {}
        for arn, resource in sorted(self.estate.resources.items()):
            kind = effects.type_of(arn)
            if kind is not None:
                found.setdefault((resource.account, kind.name), []).append(arn)
        return found

    @cached_property
    def _running(self) -> _Things:
        resources = self.estate.resources
        return {
            key: [arn for arn in several if self.estate.runs_as(resources[arn])]
            for key, several in self._all.items()
        }
