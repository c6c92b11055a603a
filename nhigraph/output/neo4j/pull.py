"""What an investigator drew or edited, back as facts.

Facts only add: what was deleted in the database is counted and said, never pulled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from nhigraph.output.neo4j.asking import Asking
from nhigraph.output.neo4j.content import Content
from nhigraph.output.neo4j.values import THEIRS, Row
from nhigraph.output.neo4j.words import ENTITY, name
from nhigraph.records import dataclass
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.properties import PROPERTIES

if TYPE_CHECKING:
    import neo4j

#: Finds what nobody pushed: relationships at nodes of the snapshot.
DRAWN: Final = (
    f"MATCH (s:Snapshot {{name: $snapshot}}) MATCH (n:{name(ENTITY)} {{load: s.load}})-[r]-(m) "
    "WHERE r.key IS NULL RETURN DISTINCT n, r, m"
)
#: What a drawn relationship may say of itself.
_SAID: Final = ("action", "certainty", "condition", "gate", "valid_from", "valid_until")
_TRANSFORM: Final = "transform"
_TAG: Final = "drawn-in-neo4j"
_ABOUT: Final = ("name", "owner", "state", "expires")


@dataclass
class Drawn:
    """Facts that were drawn or edited.

    Attributes:
        nodes: Records of facts/1.
        edges: Likewise.
        left: What could not become a fact, a line each.
        deleted: Relationships of the snapshot that are gone.
    """

    nodes: list[Row] = field(default_factory=list)
    edges: list[Row] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    deleted: int = 0


def drawn(asking: Asking, query: str = DRAWN) -> Drawn:
    """What a query finds that nobody pushed.

    Args:
        asking: The snapshot.
        query: Returns relationships, nodes or paths; those of the snapshot's own are passed over.
    """
    found, said = Drawn(), f"drawn in Neo4j by query: {' '.join(query.split())}"
    nodes: dict[str, Row] = {}
    edges: list[Row] = []
    things = list(_things(asking.rows(query, {})))
    ends = _ends(asking, things)
    for one in things:
        if hasattr(one, "start_node"):
            both = [ends[node.element_id] for node in one.nodes]
            record = _edge(one, both, said, found)
            if record is not None:
                edges.append(record)
                nodes |= {key: node for key, node in map(_node, both) if node}
        else:
            key, node = _node(one)
            if node:
                nodes[key] = node
            elif not key:
                found.left.append(
                    f"a node {'/'.join(sorted(one.labels))} without key or known kind"
                )
    found.nodes += [nodes[key] for key in sorted(nodes)]
    found.edges += sorted(edges, key=lambda one: (one["from"], one["kind"], one["to"]))
    return found


def _things(rows: Iterable[Mapping[str, Any]]) -> Iterable[Any]:
    """Nodes and relationships in rows, each once."""
    seen: set[str] = set()
    todo = [value for row in rows for value in row.values()]
    while todo:
        one = todo.pop(0)
        if isinstance(one, list):
            todo += one
        elif hasattr(one, "relationships"):
            todo += [*one.nodes, *one.relationships]
        elif hasattr(one, "element_id") and one.element_id not in seen:
            seen.add(one.element_id)
            yield one


def _ends(asking: Asking, things: Iterable[Any]) -> dict[str, Any]:
    """Nodes at the ends of relationships: a row without them says only which they are."""
    wanted = [one for one in things if hasattr(one, "start_node")]
    ids = sorted({node.element_id for one in wanted for node in one.nodes})
    rows = asking.rows("MATCH (n) WHERE elementId(n) IN $ids RETURN n", {"ids": ids})
    return {row["n"].element_id: row["n"] for row in rows}


def _kind(node: "neo4j.graph.Node") -> str:
    known = sorted(label for label in node.labels if label in NODE_KINDS)
    return str(node.get("kind") if node.get("kind") in NODE_KINDS else (known or [""])[0])


def _node(node: "neo4j.graph.Node") -> tuple[str, Row]:
    """A node's key, and its record where nobody pushed it."""
    key, kind = str(node.get("key") or ""), _kind(node)
    if node.get("load") is not None or not key or not kind:
        return key, {}
    record: Row = {"kind": kind, "key": key}
    record |= {name: plain(node[name]) for name in _ABOUT if node.get(name) is not None}
    props = _props(node)
    tags = props.get("tags", [])
    props["tags"] = [*(tags if isinstance(tags, list) else [tags]), _TAG]
    return key, {**record, "props": props}


def _props(said: Mapping[str, Any]) -> Row:
    found = {
        one.removeprefix(THEIRS): plain(value)
        for one, value in said.items()
        if one in PROPERTIES or one.startswith(THEIRS)
    }
    return dict(sorted(found.items()))


def plain(value: Any) -> Any:  # noqa: ANN401 - a property, as the database has it
    """A property as facts/1 has it: days as they are written."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.iso_format() if hasattr(value, "iso_format") else value


def _edge(
    one: "neo4j.graph.Relationship", ends: Iterable[Any], said: str, found: Drawn
) -> Row | None:
    """The record of a relationship that nobody pushed."""
    if one.get("key") is not None:
        return None
    source, target = (str(node.get("key") or "") for node in ends)
    if one.type not in EDGE_KINDS or not source or not target:
        found.left.append(f"{source or 'a node'} -{one.type}-> {target or 'a node'}: no such kind")
        return None
    record: Row = {"kind": one.type, "from": source, "to": target, "certainty": "assumed"}
    record |= {name: plain(one[name]) for name in _SAID if one.get(name) is not None}
    if one.get(_TRANSFORM) is not None and one.type == "FEEDS":
        record[_TRANSFORM] = one[_TRANSFORM]
    if record["certainty"] != "certain":
        record["condition"] = "; ".join(filter(None, (record.get("condition"), said)))
    return record


def edited(asking: Asking, content: Content) -> Drawn:
    """Properties that are other ones than were pushed, and how many relationships are gone.

    Args:
        asking: The snapshot.
        content: What was pushed.
    """
    found = Drawn()
    statement = (
        f"MATCH (s:Snapshot {{name: $snapshot}}) MATCH (n:{name(ENTITY)} {{load: s.load}}) "
        "RETURN n.key AS key, properties(n) AS said"
    )
    there = {row["key"]: row["said"] for row in asking.rows(statement, {})}
    for group in content.groups():
        for row in group.rows if group.labels[0] == ENTITY else ():
            now, was = there.get(row["key"]), _props(row)
            changed = {} if now is None else _changed(_props(now), was)
            if changed:
                found.nodes.append({"kind": row["kind"], "key": row["key"], "props": changed})
    keys = {said["key"] for links in _of_graph(content) for _, _, said in links.rows}
    standing = asking.rows(
        "MATCH (s:Snapshot {name: $snapshot}) "
        f"MATCH (n:{name(ENTITY)} {{load: s.load}})-[r]->() "
        "WHERE type(r) IN $kinds RETURN DISTINCT r.key AS key",
        {"kinds": list(EDGE_KINDS)},
    )
    found.deleted = len(keys - {row["key"] for row in standing})
    return found


def _of_graph(content: Content) -> Iterable[Any]:
    return (links for links in content.links() if links.type in EDGE_KINDS)


def _changed(now: Row, was: Row) -> Row:
    return {name: value for name, value in now.items() if plain(was.get(name)) != value}
