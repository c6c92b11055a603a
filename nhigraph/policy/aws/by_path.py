"""Parameters of Systems Manager that are read by a path above them.

Whoever may ask for a path has all levels of it, also what they may not read by its name
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html). The
request is about the path as it is written there, with a slash at its end or without
(https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/174, both read
30 November 2026).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Final

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Authority, Unread
from nhigraph.policy.aws.context import CHOSEN, Value, known
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.findings import Finding, every, possible, some
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Policy
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
    _matched: dict[str, frozenset[str]] = field(default_factory=dict)
    _laid: dict[frozenset[str], tuple[frozenset[str], tuple[Resource, ...]]] = field(
        default_factory=dict
    )
    _asker: str = ""
    _found: dict[tuple[str, bool, int], Finding] = field(default_factory=dict)

    def of(self, one: Identity, had: Mapping[str, Answer]) -> Iterator[tuple[Resource, Finding]]:
        """What an identity reads by paths, where that is more than by names.

        Args:
            one: Who.
            had: What they read by names, by ARN.
        """
        asked, below = self._asked(self.estate.base(one))
        for resource in below:
            before = had.get(resource.arn, Answer.NO)
            if before is Answer.YES or resource.account != one.principal.account:
                continue
            if before is Answer.POSSIBLE and resource.arn in self._unread:
                # Its own policy is in no input: by no way is more known.
                continue
            paths = (path for path in above(resource.arn) if path in asked)
            found = some((self._decided(one, path, resource) for path in paths), "")
            if found.answer > before:
                yield resource, found

    def _decided(self, one: Identity, path: str, resource: Resource) -> Finding:
        """Whether an identity may ask for a path; of alike parameters it is decided once."""
        direct = "/" not in resource.arn[len(path.rstrip("/")) + 1 :]
        authority = self.estate.authority(one, resource.arn, "ssm")
        own = authority.resource
        if one.arn != self._asker:
            self._asker, self._found = one.arn, {}
        key = (path, direct, id(own) if isinstance(own, Policy) else 0)
        if key not in self._found:
            values: dict[str, Value] = {_RECURSIVE: CHOSEN if direct else known("true")}
            read = authority if isinstance(own, Policy) else replace(authority, resource=None)
            request = Request(one.principal, ACTION, path, resource.account, values)
            self._found[key] = decide(request, read)
        unread = [possible(own.text)] if isinstance(own, Unread) else []
        return every([self._found[key], *unread])

    def _asked(self, base: Authority) -> tuple[frozenset[str], tuple[Resource, ...]]:
        """Paths that policies of an identity's own may let it ask for, and what lies below."""
        texts = {
            text
            for policy in base.identity
            for statement in policy.statements
            if statement.allow and statement.has_action(ACTION.lower())
            for text in (("*",) if statement.not_resources else statement.resources)
        }
        key = frozenset(texts)
        if key not in self._laid:
            asked = frozenset[str]().union(*map(self._matching, sorted(texts)))
            below = {x.arn: x for path in asked for x in self._below[path]}
            self._laid[key] = asked, tuple(below[arn] for arn in sorted(below))
        return self._laid[key]

    def _matching(self, text: str) -> frozenset[str]:
        """Paths that a pattern is about."""
        if text not in self._matched:
            pattern = globs.parse(text, lambda _: None)
            begin = globs.head(pattern)
            first = bisect_left(self._paths, begin)
            last = bisect_left(self._paths, begin + "\U0010ffff")
            near = self._paths[first:last]
            self._matched[text] = frozenset(x for x in near if globs.matches_resource(pattern, x))
        return self._matched[text]

    @cached_property
    def _below(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for one in self.parameters:
            for path in above(one.arn):
                found.setdefault(path, []).append(one)
        return found

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self._below)

    @cached_property
    def _unread(self) -> frozenset[str]:
        """Parameters whose own policy is in no input."""
        return frozenset(x.arn for x in self.parameters if self.estate.is_open(x))
