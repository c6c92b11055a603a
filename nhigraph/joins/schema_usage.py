"""Grants that a project makes, against what an export says: USAGE on the schema, and the role.

Such a grant is on a relation and never on its schema, and no name in a schema is seen without
USAGE on it (``policy.grants``). Where an export shows the schema, a grant is therefore usable only
by those who hold USAGE too, by membership or ownership as well; where it shows that the role is
not there, the grant fails and nobody has the right. Without an export the grant stays as the
project declares it, under its condition.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Need, Node, Note
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.view import Arc, View
from nhigraph.policy.grants import GRANTED
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State


@dataclass(slots=True)
class Settled:
    """What exports settle.

    Attributes:
        needs: What further must be held, by the number of an edge.
        facts: Grants that nobody has, and a note for each pair of documents.
    """

    needs: dict[int, tuple[Need, ...]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)


def settled(view: View) -> Settled:
    """Needs of the edges that a project's grants became."""
    found = Settled()
    conditions = view.graph.edges["condition"].to_numpy()
    said: dict[tuple[str, str], tuple[Evidence, list[str]]] = {}
    rows = {int(row) for row in (conditions == GRANTED).nonzero()[0]}
    for arc in view.arcs(sorted(rows)):
        container = _container(view, arc.target)
        if container is None or (exported := _export(view, container)) is None:
            continue
        for need, node, why in _needed(view, arc, container):
            found.needs[arc.row] = (*found.needs.get(arc.row, ()), need)
            found.facts += [node] if node is not None else []
            place = view.said(arc)[0]
            pair = (place.artifact, exported.artifact)
            said.setdefault(pair, (place, []))[1].append(why)
    found.facts += _notes(said)
    return found


def _container(view: View, target: int) -> int | None:
    """The schema that a grant is about."""
    if view.is_a(target, k.CONTAINER):
        return target
    relation = view.parsed(target)
    return view.node(relation.container.text) if isinstance(relation, keys.Dataset) else None


def _export(view: View, container: int) -> Evidence | None:
    """Where an export shows the schema: then something contains it."""
    arc = next(view.into(container, k.CONTAINS), None)
    return view.said(arc)[0] if arc is not None else None


def _needed(view: View, arc: Arc, container: int) -> Iterator[tuple[Need, Node | None, str]]:
    around = view.parsed(container)
    if not isinstance(around, keys.Container) or around.schema is None:
        return
    usage = keys.Grant(around.database, "usage", keys.dotted(around.schema)).text
    if view.node(usage) is not None:
        yield Need(usage, State.CONTROL), None, f"USAGE on schema {around.schema}"
    if view.is_a(arc.source, k.DATABASE_ROLE) and "login" not in view.props(arc.source):
        name = str(view.graph.nodes["name"].iat[arc.source])
        key = keys.Grant(around.database, "absent role", name).text
        node = Node(k.GRANT, key, view.said(arc)[0], name=f"the role {name}, which is not there")
        yield Need(key, State.CONTROL), node, f"that there is a role {name}"


def _notes(said: Mapping[tuple[str, str], tuple[Evidence, list[str]]]) -> Iterator[Note]:
    for (_, export), (place, reasons) in sorted(said.items()):
        told = "; ".join(sorted(set(reasons)))
        yield Note(f"the project's grants also need what {export} shows: {told}", place)


def settle(board: Board) -> None:
    """Needs of grants, and grants that nobody has."""
    found = settled(board.view)
    board.add(found.facts)
    board.needs |= found.needs


JOIN = Join(settle)
