"""What a caller hands to called code: inputs, secrets, and under whom it then runs."""

from collections.abc import Sequence
from dataclasses import field, replace

from nhigraph.facts import keys, values
from nhigraph.facts.keys import forge
from nhigraph.facts.values import UNKNOWN, Named, Ref, Secret, Value, Within
from nhigraph.facts.values import secrets as secrets_in
from nhigraph.policy import forges
from nhigraph.records import dataclass

#: Ways in which one workflow or action is told apart; with more, what they differ in is unknown.
MOST_WAYS = 128

Way = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a caller hands to a job of a reusable workflow.

    Attributes:
        inputs: Input to where its value comes from.
        secrets: Key of the called secret to where its value comes from.
        callers: Jobs under which it then runs, whoever starts the first of them.
        home: Key of the first one's repository, which is the one that the run is about; empty
            where nobody calls.
        condition: What has to hold for the called code to be the code that was read.
    """

    inputs: Named = field(default_factory=dict)
    secrets: Named = field(default_factory=dict)
    callers: frozenset[int] = frozenset()
    home: str = ""
    condition: str = ""

    def at_home(self, key: str) -> str:
        """The secret that the repository has which the run is about, the first caller's.

        As far as the forge looks there for what the called code names; any other one as it is.
        """
        held, home = keys.parse(key), forge.Repository.parse(self.home) if self.home else None
        return key if home is None or held is None else forges.at_home(held, home).text

    def hands_over(self, key: str) -> bool:
        """Whether a caller hands over the secret with that key."""
        held = keys.parse(key) if self.home else None
        if isinstance(held, forges.of(held).of_caller):
            return forge.repository_of(held) == forge.Repository.parse(self.home)
        return any(key == one for value in self.secrets.values() for one, _ in secrets_in(value))


def pairs(env: Named) -> Way:
    """Names and values, as something to compare."""
    return tuple(sorted(env.items()))


def told_apart(contexts: Sequence[Context]) -> tuple[Context, ...]:
    """Contexts without repeats; of too many, one that may be any of them."""
    found: dict[tuple[Way, Way, str, str], Context] = {}
    for one in contexts:
        way = (pairs(one.inputs), pairs(one.secrets), one.home, one.condition)
        known = found.get(way)
        callers = one.callers | known.callers if known is not None else one.callers
        found[way] = replace(one, callers=callers)
    if len(found) <= MOST_WAYS:
        return tuple(found.values())
    homes: dict[tuple[str, str], list[Context]] = {}
    for one in found.values():
        homes.setdefault((one.home, one.condition), []).append(one)
    return tuple(
        Context(
            any_of([one.inputs for one in many]),
            any_of([one.secrets for one in many]),
            frozenset().union(*(one.callers for one in many)),
            home,
            condition,
        )
        for (home, condition), many in homes.items()
    )


def any_of(envs: Sequence[Named]) -> dict[str, Value]:
    """Each name with all that it may stand for; it is unknown where one does not have it."""
    names = {name for env in envs for name in env}
    return {name: values.any_of(env.get(name, UNKNOWN) for env in envs) for name in sorted(names)}


def bound(named: Named, inputs: Named) -> dict[str, Value]:
    """Values with inputs replaced by what was handed over for them."""
    return {name: values.bound(value, inputs) for name, value in named.items()}


def through(value: Value, outer: Context) -> Value:
    """A caller's references, with secrets that it was itself handed as its own caller has them."""
    found: list[Ref] = []
    for ref in values.bound(value, outer.inputs):
        found.append(ref)
        for key, whole in secrets_in((ref,)):
            handed = outer.secrets.get(key, ())
            found += (
                Secret(one) if whole and alone else Within(one)
                for one, alone in secrets_in(handed)
            )
            found += values.connections(handed) if whole else ()
    return tuple(dict.fromkeys(found))
