"""Roles of members, scopes of tokens, and what either gives in a project.

Names, numbers and meaning (all read 28 November 2026):

* Access levels: 5 Minimal Access, 10 Guest, 15 Planner, 20 Reporter, 30 Developer, 40 Maintainer,
  50 Owner, 60 administrator; 0 is nobody (https://docs.gitlab.com/api/members/, "Roles", and
  https://docs.gitlab.com/api/protected_branches/, "Valid access levels"). A level counts as the
  highest named one that it reaches, which is how GitLab itself compares.
* What roles do (https://docs.gitlab.com/user/permissions/, "Project permissions"): a Reporter
  reads code; a Developer pushes to branches of no rule, starts pipelines on what he may push or
  merge to, runs and cancels jobs and makes schedules; a Maintainer edits and reads CI/CD
  variables, makes access tokens, deploy keys, deploy tokens, triggers, webhooks and runners, and
  changes or takes away the protection of branches, tags and environments. So a Maintainer
  administers the project, and no rule of it holds him back that he may take away. A group's
  variables and tokens are its Owners'.
* Scopes (https://docs.gitlab.com/user/project/settings/project_access_tokens/ and
  https://docs.gitlab.com/user/project/deploy_tokens/): ``api`` is the whole role,
  ``write_repository`` pushing and pulling, ``read_repository`` reading code. ``self_rotate`` makes
  a new token of the same rights. A registry's scopes change or read images and packages, of which
  no listing says who runs them.
* Easily guessed wrong: ``read_api`` is reading all that the role may read, and a Maintainer may
  read the values of the project's variables, an Owner those of the group too, but for hidden ones
  (https://docs.gitlab.com/security/tokens/access_token_scopes/,
  https://docs.gitlab.com/api/project_level_variables/, .../group_level_variables/). What a group
  keeps a project's address does not show.
"""

from collections.abc import Iterable
from typing import Final

from nhigraph.records import dataclass

OWNER, MAINTAINER, DEVELOPER, REPORTER = "owner", "maintainer", "developer", "reporter"
#: Roles that open something, from the one that has all to the one that only reads.
LADDER: Final = (OWNER, MAINTAINER, DEVELOPER, REPORTER)
#: Roles that rules of branches set apart from those who push to all others.
DECIDERS: Final = (OWNER, MAINTAINER)
NOBODY, ADMINISTRATOR = 0, 60
#: Grants beside the roles: starting pipelines with variables of one's own, putting a machine
#: there that takes jobs, and what jobs of other projects have by their token.
TRIGGER, RUNNERS, JOB_TOKENS = "trigger", "create_runner", "job_token"
#: Reading the values of variables that a project keeps, of all its projects; and a group's own.
READ_VARIABLES, READ_GROUPS_VARIABLES = "read_variables", "read_group_variables"
#: Condition of what a machine of one's own is given.
FIRST: Final = "it is given a job before another machine takes it"

#: Condition of what whoever starts a project's pipelines may do by variables of his own.
TAKES: Final = (
    "the project takes variables from whoever starts its pipelines, and one of them changes what"
    " a job does"
)
#: The least role to set them where nobody may.
NO_ONE: Final = "no_one_allowed"

_FROM: Final = ((50, OWNER), (40, MAINTAINER), (30, DEVELOPER), (20, REPORTER))
_LEVELS: Final = frozenset({0, 5, 10, 15, 20, 25, 30, 40, 50, 60})


def role(level: int) -> str:
    """The role that an access level counts as; empty for one that opens nothing.

    A Guest may read the code of nothing but public projects, which everybody may.
    """
    return next((name for least, name in _FROM if level >= least), "")


def is_level(level: object) -> bool:
    """Whether a value is an access level of GitLab's."""
    return isinstance(level, int) and not isinstance(level, bool) and level in _LEVELS


def below(name: str) -> tuple[str, ...]:
    """A role and those that it has the rights of."""
    return LADDER[LADDER.index(name) :] if name in LADDER else ()


def lower(one: str, other: str) -> str:
    """The lower of two roles; empty where either is."""
    if one not in LADDER or other not in LADDER:
        return ""
    return max(one, other, key=LADDER.index)


@dataclass(frozen=True, slots=True)
class Given:
    """What a token has.

    Attributes:
        role: Role that it acts in, in full; empty where it does not.
        permissions: Grants that it has.
        unknown: Scopes of which it is not known what they open.
    """

    role: str = ""
    permissions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


_READS: Final = frozenset({"read_api", "read_repository"})
_NOTHING: Final = frozenset({"self_rotate", "read_user", "read_registry", "read_package_registry"})
_NOTHING_EITHER: Final = frozenset({"read_virtual_registry", "read_observability"})


def given(scopes: Iterable[str], of: str, push: str) -> Given:
    """What an access token of a role has by its scopes.

    Args:
        scopes: Its scopes.
        of: The role; empty for a lower one than Reporter.
        push: Name of the grant of pushing.
    """
    found: set[str] = set()
    unknown: set[str] = set()
    acts = ""
    for scope in scopes:
        if scope == "api":
            acts = of
        elif scope == "write_repository":
            found |= {push, REPORTER} if DEVELOPER in below(of) else {REPORTER} & {*below(of)}
            found |= {pushing(role, push) for role in DECIDERS if role in below(of)}
        elif scope in _READS:
            found |= {REPORTER} & {*below(of)}
            found |= _values_read(of) if scope == "read_api" else set()
        elif scope in ("create_runner", "manage_runner"):
            found |= {RUNNERS} if MAINTAINER in below(of) else set()
        elif scope not in _NOTHING | _NOTHING_EITHER:
            unknown.add(scope)
    return Given(acts, tuple(sorted(found)), tuple(sorted(unknown)))


def pushing(role: str, push: str) -> str:
    """The grant of pushing where a rule lets a role push: past nobody."""
    return f"{push}-as-{role}"


def _values_read(of: str) -> set[str]:
    """Grants of reading variables that a role has, in full."""
    found = {READ_VARIABLES} if MAINTAINER in below(of) else set()
    return found | ({READ_GROUPS_VARIABLES} if OWNER in below(of) else set())


def of_deploy_token(scopes: Iterable[str]) -> Given:
    """What a deploy token has by its scopes: it has no role."""
    asked = {*scopes}
    reads = (REPORTER,) if "read_repository" in asked else ()
    unknown = asked - _NOTHING - _NOTHING_EITHER - {"read_repository"}
    return Given("", reads, tuple(sorted(unknown)))
