"""What to run, or to edit, so that what a place of a document gives is gone.

Each platform says it for the places of its own documents, from what the graph keeps of them: the
place, the words that stand there, and what else is known at the places above it. Where it does not
know, it says nothing: the place to change is told in any case.
"""

from collections.abc import Sequence

from nhigraph.policy.github_actions.undo import undo as of_github
from nhigraph.policy.gitlab.undo import undo as of_gitlab
from nhigraph.policy.given import Given
from nhigraph.policy.mysql.spoken import undo as of_mysql
from nhigraph.policy.postgres.passed_on import turn
from nhigraph.policy.postgres.undo import undo as of_postgres

_PLATFORMS = (of_postgres, of_mysql, of_github, of_gitlab)


def in_turn(many: Sequence[Given]) -> list[int]:
    """Numbers of places, in the order in which their statements can be run one after another.

    Only PostgreSQL asks for one (``policy.postgres.passed_on``): MySQL and MariaDB keep nobody's
    name beside a right, so that none hangs on another.
    """
    return sorted(range(len(many)), key=lambda number: (turn(many[number]), number))


def statement(given: Given) -> str:
    """One line to paste or to follow; empty where none is known."""
    found = next(filter(None, (undo(given) for undo in _PLATFORMS)), "")
    # What a name hides from a reader would be pasted with it.
    return found if found.isprintable() else ""
