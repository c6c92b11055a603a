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
from nhigraph.schema.types import Certainty, EdgeKind

#: A default privilege that some export shows: its key, and what it comes to.
Granted = tuple[str, EdgeKind, str]


class Anew:
    """Rights that runs give on relations that their logins may build."""

    def __init__(self, view: View) -> None:
        """Keep the view; what a role grants by default in a schema is looked up once."""
        self._view = view
        self._granted: dict[tuple[str, keys.Database, str], list[Granted]] = {}

    def opened(self, run: Run, login: Login, dataset: int, *, by_rows: bool) -> Iterator[Edge]:
        """Rights that the run gives on one relation.

        What is replaced is a new relation: its owner is the role that the session has taken, its
        grants that role's default privileges (the grants that the project
        itself makes come on top). Where only rows of it are changed, that happens with a full
        refresh. Grants of today stay, as of the export.
        """
        view = self._view
        role, made = login.acts_as or login.role, view.parsed(dataset)
        if not isinstance(made, keys.Dataset) or not _described(view, role):
            return
        there = "relation" in view.props(dataset)
        granted = self._by_default(role, made)
        if there and not granted:
            return
        when = "a full refresh" if there and by_rows else "the next run"
        owns = Edge(
            k.OWNS,
            role,
            view.key(dataset),
            run.evidence,
            certainty=Certainty.CONDITIONAL,
            condition=f"{when} makes {made.schema}.{made.name}{' anew' if there else ''}",
        )
        if not there:
            yield owns
        for grant, kind, action in granted:
            yield replace(owns, kind=kind, source=grant, action=action)

    def _by_default(self, role: str, made: keys.Dataset) -> list[Granted]:
        scope = (role, made.database, made.schema)
        if scope not in self._granted:
            owner = keys.Role.parse(role)
            thing = keys.dotted(owner.name if owner else "", made.schema)
            grants = (
                (keys.Grant(made.database, f"default {privilege.lower()}", thing).text, *meaning)
                for privilege, meaning in MEANING.items()
            )
            self._granted[scope] = [one for one in grants if self._view.node(one[0]) is not None]
        return self._granted[scope]


def _described(view: View, role: str) -> bool:
    """Whether an export shows the role."""
    node = view.node(role)
    return node is not None and "login" in view.props(node)
