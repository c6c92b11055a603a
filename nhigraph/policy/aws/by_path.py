"""Parameters of Systems Manager that are read by a path above them.

Whoever may ask for a path has all levels of it, also what they may not read by its name
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html). The
request is about the path as it is written there, with a slash at its end or without
(https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/174, both read
30 November 2026).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Authority
from nhigraph.policy.aws.context import CHOSEN, Value, known
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding, some
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.request import Request
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

ACTION: Final = "ssm:GetParametersByPath"
#: The type of which there are paths.
TYPE: Final = "ssm:parameter"
_NAMES: Final = ":parameter/"
_RECURSIVE: Final = "ssm:recursive"


def above(arn: str) -> Iterator[str]:
    """Paths above a parameter, the nearest first, in both ways that one is written."""
    head, _, name = arn.partition(_NAMES)
    parts = name.split("/")
    for end in range(len(parts) - 1, -1, -1):
        path = f"{head}{_NAMES}{'/'.join(parts[:end])}"
        yield from (path, f"{path}/") if end else (path,)


@dataclass
class ByPath:
    """Parameters of an estate, by the paths above them.

    Attributes:
        estate: The estate.
        parameters: Its parameters.
    """

    estate: Estate
    parameters: list[Resource]
    _paths: list[str] = field(default_factory=list)
    _below: dict[str, list[Resource]] = field(default_factory=dict)
    _matched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, one: Identity, had: Mapping[str, Answer]) -> Iterator[tuple[Resource, Finding]]:
        """What an identity reads by paths, where that is more than by names.

        Args:
            one: Who.
            had: What they read by names, by ARN.
        """
        base = self.estate.base(one)
        found: dict[str, list[Finding]] = {}
        for path in sorted(self._asked(base)):
            for resource in self._below[path]:
                before = had.get(resource.arn, Answer.NO)
                if resource.account != one.principal.account or before is Answer.YES:
                    continue
                told = self._decided(one, path, resource)
                if told.answer > before:
                    found.setdefault(resource.arn, []).append(told)
        for arn, several in sorted(found.items()):
            yield self.estate.resources[arn], some(several, "")

    def _decided(self, one: Identity, path: str, resource: Resource) -> Finding:
        direct = "/" not in resource.arn[len(path.rstrip("/")) + 1 :]
        values: dict[str, Value] = {_RECURSIVE: CHOSEN if direct else known("true")}
        authority = self.estate.authority(one, resource.arn, "ssm")
        return decide(Request(one.principal, ACTION, path, resource.account, values), authority)

    def _asked(self, base: Authority) -> set[str]:
        """Paths that policies of an identity's own may let it ask for."""
        self._laid()
        found: set[str] = set()
        for policy in base.identity:
            for statement in policy.statements:
                if not statement.allow or not statement.has_action(ACTION.lower()):
                    continue
                if statement.not_resources:
                    return set(self._paths)
                found.update(self._matching(statement.resources))
        return found

    def _matching(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            if text not in self._matched:
                pattern = globs.parse(text, lambda _: None)
                begin = globs.head(pattern)
                first = bisect_left(self._paths, begin)
                last = bisect_left(self._paths, begin + "\U0010ffff")
                self._matched[text] = tuple(
                    path
                    for path in self._paths[first:last]
                    if globs.matches_resource(pattern, path)
                )
            yield from self._matched[text]

    def _laid(self) -> None:
        if not self._below:
            for resource in self.parameters:
                for path in above(resource.arn):
                    self._below.setdefault(path, []).append(resource)
            self._paths = sorted(self._below)
