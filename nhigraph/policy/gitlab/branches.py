"""Rules of protected branches and tags: which of them count, and whether they ask for a review.

Read 28 November 2026, https://docs.gitlab.com/user/project/repository/branches/protected/:

* ``*`` stands for any text; names and patterns are told apart by case.
* Easily guessed wrong, "When a branch matches multiple rules, the most permissive rule determines
  the level of protection": a rule by exact name does not come before a pattern. So the rule of
  ``main`` is no stronger than any pattern that takes it in.
* Who is allowed to push needs nobody else. Who is allowed to merge merges what he made himself,
  unless a rule of approvals says otherwise (module ``approvals`` of the source): where Developers
  merge, protection alone is no review; where only Maintainers do, theirs is one for everybody who
  is none.
* Only code owners' approval is required by any matching rule
  ("code owner approval is required if any of the applicable rules" asks for it).
"""

from collections.abc import Iterable, Sequence

from nhigraph.policy.gitlab.globs import meet
from nhigraph.policy.gitlab.roles import ADMINISTRATOR, DECIDERS, DEVELOPER, NOBODY, below, role
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who is allowed something: a line of ``push_access_levels`` and the like.

    Attributes:
        level: Access level; None where the line is somebody's or some group's.
        user: Number of an account.
        group: Number of a group.
        key: Number of a deploy key.
    """

    level: int | None = None
    user: int | None = None
    group: int | None = None
    key: int | None = None

    @property
    def developers(self) -> bool:
        """Every Developer is."""
        return self.by_role == DEVELOPER

    @property
    def by_role(self) -> str:
        """The role that is enough; empty where no role is."""
        if self.level in (None, NOBODY, ADMINISTRATOR) or self.by_number:
            return ""
        found = role(self.level or 0)
        # No lower one is ever allowed to change code, whatever the line says.
        return found if DEVELOPER in below(found) else ""

    @property
    def by_number(self) -> bool:
        """It is an account's, a group's or a deploy key's."""
        return (self.user, self.group, self.key) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a listing.

    Attributes:
        name: Branch, or pattern of branches.
        push: Who pushes.
        merge: Who merges.
        owners: Code owners have to approve.
    """

    name: str
    push: tuple[Allowed, ...]
    merge: tuple[Allowed, ...]
    owners: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What all rules that a branch has come to.

    Attributes:
        unreviewed: Every Developer changes it without anybody else.
        self_merged: Every Developer merges his own, where no rule of approvals keeps him.
        deciders: Who else has a say: those that push or merge.
        pushers: Roles above a Developer's that push to it, past nobody.
        keys: Numbers of deploy keys that push to it.
        owners: Code owners have to approve.
    """

    unreviewed: bool
    self_merged: bool
    deciders: tuple[Allowed, ...]
    pushers: tuple[str, ...]
    keys: tuple[int, ...]
    owners: bool


def effect(name: str, rules: Iterable[Rule]) -> Effect:
    """What holds for a branch, or at least for one of those that a pattern takes in."""
    found = [rule for rule in rules if meet(rule.name, name)]
    push = _all(rule.push for rule in found)
    merge = _all(rule.merge for rule in found)
    deciders = tuple(sorted({*push, *merge}, key=repr))
    return Effect(
        unreviewed=any(one.developers for one in push),
        self_merged=any(one.developers for one in merge),
        deciders=tuple(one for one in deciders if one.key is None),
        pushers=tuple(sorted({one.by_role for one in push} & {*DECIDERS})),
        keys=tuple(sorted({one.key for one in push if one.key is not None})),
        owners=any(rule.owners for rule in found),
    )


def _all(several: Iterable[Sequence[Allowed]]) -> tuple[Allowed, ...]:
    return tuple(one for allowed in several for one in allowed)
