"""What GitLab gives by itself: its roles form a ladder, and each has its rights.

"Users have different abilities depending on the role they have in a particular group or project"
(https://docs.gitlab.com/user/permissions/, read 28 November 2026): the abilities of the roles are
not set by anybody. So a Maintainer has what a Developer has, reads the project's variables and
takes its rules away; an Owner of a group has the same in all its projects. Which role a member, a
token or a group that something is shared with has can be changed, and so can the level that a
rule of a branch lets push (``roles.pushing``).

A number is another name of the account or group that has it.
"""

from nhigraph.facts.keys import Key, gitlab, gitlab_access
from nhigraph.facts.keys.forge import ProtectedBranch, Secret
from nhigraph.policy.gitlab import roles
from nhigraph.policy.rights import PUSH
from nhigraph.policy.stated import Stated

_GRANTS = (gitlab.Permission, gitlab_access.OwnerPermission)
_MEMBERS = (gitlab_access.Members, gitlab_access.OwnerMembers)
#: Grants of roles, and of what GitLab itself says of a token or a role.
_NAMES = frozenset(
    {
        *roles.LADDER,
        *(PUSH, roles.TRIGGER, roles.RUNNERS),
        *(roles.READ_VARIABLES, roles.READ_GROUPS_VARIABLES),
    }
)


def built_in(edge: Stated) -> bool:
    """Whether GitLab gives it by itself."""
    source, target = edge.source, edge.target
    if isinstance(target, gitlab_access.OwnerCredential):
        # The other name of an account or group; a rule that names it leads on from there.
        return target.sort in gitlab_access.NUMBERED
    if isinstance(source, _MEMBERS):
        return isinstance(target, (*_GRANTS, *_MEMBERS)) and _whose(source) == _whose(target)
    if not isinstance(source, _GRANTS) or source.permission not in _NAMES:
        return False
    inside = (*_GRANTS, gitlab.Repository, gitlab.Workflow, gitlab.Environment)
    return isinstance(target, (*inside, ProtectedBranch, Secret))


def _whose(key: Key) -> Key:
    """The project, group or server that a grant or its members belong to."""
    if isinstance(key, gitlab.Permission | gitlab_access.Members):
        return key.repository
    if isinstance(key, gitlab_access.OwnerPermission | gitlab_access.OwnerMembers):
        return gitlab_access.Namespace(key.host, key.group)
    return key
