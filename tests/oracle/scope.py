"""The scope on the merged world: selectors, targets, boundary, owners."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from .claims import read_target
from .records import Facts
from .vocabulary import ASSERTION_ALIASES, ASSERTIONS, LETTERS, LINEAGE_KINDS
from .world import Node, World, strings


@dataclass(frozen=True)
class Target:
    """One assurance node: `fin:{id}`, `trust:{category}/{id}` or `trust:unknown/{id}`.

    `target:{id}` where the family could not be read: neither financial nor of a category.
    """

    key: str
    financial: bool
    category: str  # S, A, PI, C, P or unknown; '' for a financial target
    role: str  # '' for a trust target
    basis: str
    declared: frozenset[str]
    data_class: frozenset[str]
    recoverable: bool
    selected: frozenset[str]
    refused: bool = False
    class_unread: bool = False
    role_unread: bool = False

    @property
    def dead(self) -> bool:
        """FORMATS: "A target that no node supports, or whose record was refused"."""
        return self.refused or not self.selected

    @property
    def unread(self) -> bool:
        """Its family is not known: both sides are open."""
        return not self.financial and not self.category

    @property
    def by_effect(self) -> frozenset[str]:
        """The categories that states at this node could affect, as far as it can be read."""
        if self.unread or self.category == "unknown":
            return frozenset(LETTERS)
        if self.category:
            return frozenset({self.category})
        # "itgc_tool … → indirect, and S · audit_trail … → indirect, and S"
        tool = self.role_unread or self.role in {"itgc_tool", "audit_trail"}
        security = frozenset({"S"} if tool else ())
        return security | (frozenset({"C", "P"}) if self.class_unread else self.data_letters)

    @property
    def data_letters(self) -> frozenset[str]:
        """ "C if its `data_class` has confidential, P if personal"."""
        letters = {"confidential": "C", "personal": "P"}
        return frozenset(letter for name, letter in letters.items() if name in self.data_class)


def glob(pattern: object, text: str) -> bool:
    """ "`*` any run of characters, `.` and `/` included, `?` one, nothing else special"."""
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(char, re.escape(char)) for char in str(pattern))
    return re.fullmatch(regex, text, re.DOTALL) is not None


def downstream_of(world: World, pattern: object, key: str) -> bool:
    """ "`downstream_of` follows FEEDS, FILTERS, COMPUTES, its own start not included"."""
    for start in world.nodes:
        if start == key or not glob(pattern, start) or not world.active(start):
            continue
        seen = {start}
        changed = True
        while changed:
            changed = False
            for edge in world.edges:
                follows = edge.kind in LINEAGE_KINDS and edge.source in seen
                if follows and edge.target not in seen and world.active(edge.target):
                    seen.add(edge.target)
                    changed = True
        if key in seen:
            return True
    return False


def dbt_matches(value: object, node: Node) -> bool:
    """The scope/1 comment "dbt node name, tag:, exposure:, group:" on facts/1 keys."""
    form, _, rest = str(value).rpartition(":")
    if form == "exposure":
        return glob("report:dbt:" + rest, node.key)
    if not node.key.startswith(("model:dbt:", "report:dbt:")):
        return False
    if form == "tag":
        return any(glob(rest, tag) for tag in node.tags)
    if form == "group":
        return any(glob(rest, group) for group in strings(node.props.get("group")))
    return glob(str(value), node.key.rpartition(".")[2])


def item_matches(world: World, item: Facts, node: Node) -> bool:
    """ "conditions of one item all hold"; "an empty item matches nothing"."""
    if not item:
        return False
    for name, value in item.items():
        if name == "key":
            holds = glob(value, node.key)
        elif name == "kind":
            holds = any(glob(value, kind) for kind in node.kinds)
        elif name == "owner":
            holds = any(glob(value, owner) for owner in node.owners)
        elif name == "tag":
            holds = any(glob(value, tag) for tag in node.tags)
        elif name == "label":
            holds = any(glob(value, label) for label in strings(node.props.get("labels")))
        elif name == "dbt":
            holds = dbt_matches(value, node)
        elif name == "downstream_of":
            holds = downstream_of(world, value, node.key)
        else:
            holds = False
        if not holds:
            return False
    return True


def select(world: World, items: Any) -> frozenset[str]:  # noqa: ANN401 - YAML
    """ "any of the items; inside an item all conditions hold"."""
    items = [items] if isinstance(items, dict) else items or []
    return frozenset(
        key
        for key, node in world.nodes.items()
        if any(item_matches(world, item, node) for item in items)
    )


def apply_owners(world: World, scope: Facts) -> None:
    """The scope is "a source with evidence like any other": its owners are one more record."""
    claims = [
        (select(world, entry.get("select")), str(entry["owner"]))
        for entry in scope.get("owners") or []
    ]
    for key, node in world.nodes.items():
        node.owners |= {owner for keys, owner in claims if key in keys}


def boundaries(world: World, scope: Facts) -> dict[str, str]:
    """For each node: in | carve_out | inclusive | outside; "all else is `in`"."""
    declared = scope.get("boundary") or {}
    found = dict.fromkeys(world.nodes, "in")
    for name in ("outside", "inclusive", "carve_out"):  # the later overrides the earlier
        for key in select(world, declared.get(name)):
            found[key] = name
    return found


def commitments_of(scope: Facts) -> frozenset[str]:
    """What was promised: the scope's own `commitments`."""
    return frozenset(strings(scope.get("commitments"))) & frozenset(LETTERS)


def assertions_of(declared: object) -> frozenset[str]:
    """Declared assertions with the aliases of FORMATS 'scope/1' applied."""
    names = {ASSERTION_ALIASES.get(name, name) for name in strings(declared)}
    return frozenset(names) & frozenset(ASSERTIONS)


def assurance_nodes(entry: Facts, supporting: frozenset[str]) -> list[Target]:
    """DESIGN section 4: one `fin:` node, or one `trust:` node per category relied on there."""
    name = str(entry["id"])
    claim = read_target(entry)
    family = claim.read.get("family")
    first = Target(
        key=f"fin:{name}" if family == "financial-reporting" else f"target:{name}",
        financial=family == "financial-reporting",
        category="",
        role="",
        basis="",
        declared=assertions_of(claim.read.get("assertions")),
        data_class=frozenset(strings(claim.read.get("data_class"))),
        recoverable=claim.read.get("recoverable") == "tested",
        selected=frozenset() if claim.refused else supporting,
        refused=claim.refused,
        class_unread="data_class" in claim.unread,
        role_unread="fs_role" in claim.unread,
    )
    if first.financial:
        role = claim.read.get("fs_role") or "unknown"
        return [replace(first, role=role, basis=claim.read.get("icfr_basis") or "unknown")]
    if family is None:
        return [first]
    relied_on = strings(claim.read.get("commitments"))
    unknown = claim.read.get("commitments") is None or relied_on == ["unknown"]
    categories = {"unknown"} if unknown else set(relied_on) & set(LETTERS)
    if claim.unread & {"commitments", "data_class"}:
        categories.add("unknown")  # a word that no one can read may have been any category
    categories |= first.data_letters
    return [
        replace(first, key=f"trust:{category}/{name}", category=category)
        for category in sorted(categories)
    ]


def targets_of(world: World, scope: Facts, boundary: dict[str, str]) -> list[Target]:
    """All assurance nodes; R1: nodes matched by `outside` never support one."""
    made: list[Target] = []
    for entry in scope.get("targets") or []:
        selected = select(world, read_target(entry).read.get("select"))
        made += assurance_nodes(
            entry, frozenset(key for key in selected if boundary[key] != "outside")
        )
    return sorted(made, key=lambda target: target.key)
