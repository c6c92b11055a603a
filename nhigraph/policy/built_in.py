"""What a platform gives by itself: nobody can revoke it, withdraw it or set it otherwise.

A role that the platform brings has its rights for good, everybody is in the group of everybody,
and what a permission comes to is the platform's affair. What was given can be taken back: whoever
was put into such a role, and what somebody granted to everybody.
"""

from nhigraph.policy.aws.built_in import built_in as of_aws
from nhigraph.policy.github_actions.built_in import built_in as of_github
from nhigraph.policy.gitlab.built_in import built_in as of_gitlab
from nhigraph.policy.mysql.built_in import built_in as of_mysql
from nhigraph.policy.postgres.built_in import built_in as of_postgres
from nhigraph.policy.stated import Stated

_PLATFORMS = (of_postgres, of_mysql, of_github, of_gitlab, of_aws)


def built_in(edge: Stated) -> bool:
    """Whether an edge stands whatever anybody does, as long as both of its ends are there."""
    return any(stands(edge) for stands in _PLATFORMS)
