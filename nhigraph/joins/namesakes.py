"""Repositories that may be one under two addresses, of a server below a folder of its host.

A remote has that folder in its path, and what the forge tells of the repository has not, so that
the folder is taken for an owner. Nothing but the user's word tells the two cases apart.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Gap
from nhigraph.facts.keys import forge
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State

_SAME = (
    "its files may be those of {}, if the server lies below that folder of its host: then name the"
    " checkout with --repo {}"
)


def gaps(view: View, jobs: Jobs) -> Iterator[Gap]:
    """Repositories of which only the forge tells, and whose files may have another name."""
    given = {one.text for one in jobs.given if one is not None}
    told = {
        key.text: node
        for node in view.of_kind(k.REPOSITORY)
        for key in [view.parsed(node)]
        if isinstance(key, forge.Repository) and key.text not in given
    }
    for one in sorted(filter(None, jobs.given), key=lambda key: key.text):
        for text, node in told.items():
            other = view.parsed(node)
            if isinstance(other, forge.Repository) and _is_above(other, one):
                reason = _SAME.format(one.text, text)
                yield Gap(text, reason, view.places(node)[0], (State.CONTROL, State.ALTER))


def _is_above(other: forge.Repository, one: forge.Repository) -> bool:
    """Whether a repository has the other's name, and one folder more behind the server's."""
    server, _, rest = one.owner.partition("/")
    _, _, rest = rest.partition("/")
    named = (other.platform, other.name) == (one.platform, one.name)
    return named and bool(rest) and other.owner == f"{server}/{rest}"
