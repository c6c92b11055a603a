"""To whom a run opens what it makes anew, whatever its grants are today."""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge
from nhigraph.joins.logins import Login
from nhigraph.joins.runs import Run
from nhigraph.joins.view import View
from nhigraph.policy.privileges import MEANING
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty


def opened(view: View, run: Run, login: Login, dataset: int, *, by_rows: bool) -> Iterator[Edge]:
    """RoleRights that the run gives on a relation that the login may build.

    What is replaced is a new relation: its owner is the role that the session has taken, its
    grants that role's default privileges (the grants that the project
    itself makes come on top). Where only rows of it are changed, that happens with a full
    refresh. Grants of today stay, as of the export.
    """
    role, made = login.acts_as or login.role, view.parsed(dataset)
    if not isinstance(made, keys.Dataset) or not _described(view, role):
        return
    why = f"{'a full refresh' if by_rows else 'the next run'} makes {made.schema}.{made.name} anew"
    if "relation" not in view.props(dataset):
        why = f"the next run makes {made.schema}.{made.name}"
    owns = Edge(
        k.OWNS,
        role,
        view.key(dataset),
        run.evidence,
        certainty=Certainty.CONDITIONAL,
        condition=why,
    )
    if "relation" not in view.props(dataset):
        yield owns
    owner = keys.Role.parse(role)
    thing = keys.dotted(owner.name if owner else "", made.schema)
    for privilege, (kind, action) in MEANING.items():
        grant = keys.Grant(made.database, f"default {privilege.lower()}", thing).text
        if view.node(grant) is not None:
            yield replace(owns, kind=kind, source=grant, action=action)


def _described(view: View, role: str) -> bool:
    """Whether an export shows the role."""
    node = view.node(role)
    return node is not None and "login" in view.props(node)
