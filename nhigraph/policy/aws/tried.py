"""Names of things that are tried where one node stands for many: what policies tell apart.

Whoever is let in by one policy and held back by another may reach only what both are about. So a
name is tried of each way in which what is asked for, a pattern that lets somebody in and a pattern
of every layer that holds back have a text in common.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import islice, product

from nhigraph.policy.aws import effects, globs
from nhigraph.policy.aws.authority import Authority, Unread
from nhigraph.policy.aws.principals import Principal, named
from nhigraph.policy.aws.statements import Policy, Statement
from nhigraph.policy.trusts import Answer
from nhigraph.records import dataclass

#: Ways that are looked at; where there are more, some are left out.
WAYS = 1 << 10


@dataclass
class Tried:
    """Names by the policies of one authority after the other."""

    _patterns: dict[int, tuple[str, ...]] = field(default_factory=dict)
    #: Policies whose identity stands in `_patterns`: they live as long.
    _kept: list[Policy] = field(default_factory=list)

    def names(self, asked: str, who: Principal, authority: Authority) -> list[str]:
        """Names of a form, in the order of the policies.

        Args:
            asked: The form, parsed.
            who: Who asks.
            authority: Who decides.
        """
        found: dict[str, str] = {}
        own = self._about(asked, self.of(authority.identity))
        let_in = self._about(asked, _let_in(who, authority))
        held_back = [*self._held_back(asked, authority)]
        for several in ([own, *held_back], [let_in, *held_back], [own, let_in, *held_back]):
            for way in islice(product(*several), WAYS):
                for name in _texts_of((asked, *dict.fromkeys(way))):
                    # Of names that people read as one, the first.
                    found.setdefault(globs.unfilled(name), name)
        return [*found.values()]

    def of(self, policies: Iterable[Policy]) -> Iterator[str]:
        """Patterns of what policies allow something on, but single nodes in full; parsed."""
        for policy in policies:
            if id(policy) not in self._patterns:
                self._kept.append(policy)
                found = dict.fromkeys(text for one in policy.statements for text in _said(one))
                self._patterns[id(policy)] = tuple(found)
            yield from self._patterns[id(policy)]

    def _about(self, asked: str, patterns: Iterable[str]) -> list[str]:
        """Those of some patterns that may be about a form."""
        begins = globs.head(asked)
        return [
            one
            for one in dict.fromkeys(patterns)
            if (start := globs.head(one)).startswith(begins) or begins.startswith(start)
            if globs.meet(asked, one) is not None
        ]

    def _held_back(self, asked: str, authority: Authority) -> Iterator[list[str]]:
        """Patterns of each layer that allows only some of a form."""
        layers: list[tuple[Policy, ...]] = [authority.session] if authority.session else []
        if isinstance(authority.boundary, Policy):
            layers.append((authority.boundary,))
        for levels in (authority.scps, authority.rcps):
            layers += [] if isinstance(levels, Unread) else levels
        for layer in layers:
            found = self._about(asked, self.of(layer))
            if not any(globs.covers(one, asked) for one in found):
                yield found


def _texts_of(patterns: tuple[str, ...]) -> Iterator[str]:
    """Texts that all patterns have: one that is nobody's name where there is one, the shortest."""
    for at, one in enumerate(patterns[1:], start=1):
        unlikely = one.replace(globs.ANY, f"{globs.FILL}{globs.ANY}")
        name = globs.meet_all((*patterns[:at], unlikely, *patterns[at + 1 :]))
        if name is not None and unlikely != one:
            yield name
            break
    name = globs.meet_all(patterns)
    if name is not None:
        yield name


def _let_in(who: Principal, authority: Authority) -> Iterator[str]:
    """Patterns of what a resource's own policy allows somebody."""
    if isinstance(authority.resource, Policy):
        for one in authority.resource.statements:
            if one.allow and named(one, who)[1] is not Answer.NO:
                yield from _said(one)


def _said(one: Statement) -> Iterator[str]:
    """Patterns of what a statement allows, but single nodes in full; parsed."""
    if one.allow:
        # What it is not about is told apart by what others are about.
        texts = ("*",) if one.not_resources or not one.resources else one.resources
        yield from (globs.parse(text, lambda _: None) for text in texts if _several(text))


def _several(text: str) -> bool:
    """Whether a policy's text may name what is no node: a pattern, or a part of a node."""
    if "*" in text or "?" in text:
        return True
    kind = effects.type_of(text)
    return kind is not None and kind.holder != kind.name
