"""Statements that deny somebody whatever they are about, at any moment.

A deny of any layer is final, whatever allows it (sources as in ``decision``). One with a condition
does not count here, nor one with a variable in its resources, nor one of which something could not
be read.
"""

from functools import lru_cache

from nhigraph.policy.aws import globs
from nhigraph.policy.aws.authority import Authority, Layer
from nhigraph.policy.aws.principals import Principal, named
from nhigraph.policy.aws.statements import Statement
from nhigraph.policy.trusts import Answer

#: Parts of an ARN before the one that names the thing.
_BEFORE = 5


def refusing(who: Principal, authority: Authority) -> tuple[Statement, ...]:
    """Those of somebody's own policies, and of the thing's that name them for certain."""
    return tuple(
        one
        for layer, policy in authority.policies()
        if layer in {Layer.IDENTITY, Layer.RESOURCE}
        for one in policy.statements
        if not (one.allow or one.tests or one.unread or any("${" in x for x in one.resources))
        if layer is Layer.IDENTITY or named(one, who)[1] is Answer.YES
    )


def is_denied(one: Statement, asked: str, action: str, denied: tuple[Statement, ...]) -> bool:
    """Whether what a statement says of an action (lower case) and a pattern is always denied."""
    against = [x for x in denied if x.has_action(action)]
    if not against:
        return False
    if one.not_resources or not one.resources:
        meant: list[str] = []
    else:
        patterns = (globs.parse(text, lambda _: None) for text in one.resources)
        meant = [text for text in patterns if globs.meet(text, asked) is not None]
    return any(_is_about_all(x.resources, x.not_resources, asked) for x in against) or (
        bool(meant)
        and all(
            any(_is_about_all(x.resources, x.not_resources, text) for x in against)
            for text in meant
        )
    )


@lru_cache(maxsize=1 << 16)
def _is_about_all(resources: tuple[str, ...], but_these: bool, asked: str) -> bool:  # noqa: FBT001 - a key of the cache
    """Whether patterns of resources certainly have all names of a form."""
    patterns = [globs.parse(text) for text in resources]
    if but_these:
        return all(globs.meet(one, asked) is None for one in patterns)
    return not resources or any(_covers(one, asked) for one in patterns)


def _covers(wide: str, narrow: str) -> bool:
    """As ``globs.covers``, part by part: a wildcard may end with its part of an ARN."""
    asked, had = wide.split(":", _BEFORE), narrow.split(":", _BEFORE)
    if wide == globs.ANY or len(asked) != len(had):
        return wide == globs.ANY
    return all(map(globs.covers, asked, had))
