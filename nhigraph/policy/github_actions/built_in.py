"""What GitHub gives by itself: all that a permission opens.

Whoever may push changes the code and, by a workflow, reads the repository's secrets; whoever has
``actions: write`` cancels runs (``policy.rights``, with the pages). Who has the permission can be
changed, and a rule may be set before what it opens, which is a control and not a right.
"""

from nhigraph.facts.keys import github, github_access
from nhigraph.policy.stated import Stated


def built_in(edge: Stated) -> bool:
    """Whether GitHub gives it by itself."""
    return isinstance(edge.source, github.Permission | github_access.OwnerPermission)
