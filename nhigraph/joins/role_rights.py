"""What one database role holds, and which relations it may thereby write, make or read.

A small closure over grants and memberships only: what it reaches through lineage is not a right.
"""

from datetime import date
from enum import IntEnum
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.ends import Account
from nhigraph.joins.view import Arc, View
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, State

#: What a session has at once: SET ROLE is another session's rights, and so is what code lends.
_AT_ONCE = (k.MEMBER_OF, k.HOLDS)
#: Grants of what a statement does beyond the relation it names, of what could be granted, and of
#: what works only when others write.
_NOT_AT_ONCE = frozenset(
    {"select", "insert", "update", "delete", "truncate", "execute", "createrole"}
    | {"trigger", "references"}
)
_WHOLE = (k.OWNS, k.CAN_ADMINISTER)
#: RoleRights of which one is enough for a statement; only owners drop (``policy.privileges``).
_VERBS = {
    "insert": ((k.CAN_WRITE, "post"),),
    "update": ((k.CAN_WRITE, "update"),),
    "merge": ((k.CAN_WRITE, "post"), (k.CAN_WRITE, "update"), (k.CAN_DELETE, None)),
    "delete": ((k.CAN_DELETE, None),),
    "truncate": ((k.CAN_DELETE, None),),
}


class Answer(IntEnum):
    """How sure a right is."""

    NO = 0
    MAYBE = 1
    YES = 2


class RoleRights:
    """RoleRights of one role."""

    def __init__(self, view: View, role: int) -> None:
        """Nothing is walked yet."""
        self.view, self.role = view, role
        self._building: dict[tuple[int, bool], Answer] = {}

    @cached_property
    def held(self) -> dict[int, Answer]:
        """Nodes the role controls in its own session: itself, its groups and grants."""
        found = {self.role: Answer.YES}
        waiting: list[tuple[Arc, Answer]] = []
        edge = [self.role]
        while edge:
            while edge:
                node = edge.pop()
                arcs = self.view.out(node, *_AT_ONCE)
                waiting += [(arc, found[node]) for arc in arcs if self._is_right(arc.target)]
            left = []
            for arc, sure in waiting:
                answer = min(sure, self._fires(arc, found))
                if answer > found.get(arc.target, Answer.NO):
                    found[arc.target] = answer
                    edge.append(arc.target)
                elif answer < sure:
                    left.append((arc, sure))
            waiting = left
        return found

    def _is_right(self, node: int) -> bool:
        key = self.view.parsed(node) if self.view.is_a(node, k.GRANT) else None
        return not isinstance(key, keys.Grant) or key.privilege not in _NOT_AT_ONCE

    def _fires(self, arc: Arc, held: dict[int, Answer]) -> Answer:
        answer = Answer.YES if arc.certain else Answer.MAYBE
        for key, state in arc.needs:
            node = self.view.node(key)
            had = held.get(node, Answer.NO) if node is not None else Answer.NO
            answer = min(answer, had if state is State.CONTROL else Answer.MAYBE)
        return answer

    @cached_property
    def described(self) -> bool:
        """Whether some input says what the role is or may do."""
        if "login" in self.view.props(self.role) or self.view.ends(self.role, Account):
            return True
        return next(self.view.out(self.role), None) is not None

    @cached_property
    def expires(self) -> date | None:
        """Last day on which the role can log in."""
        return self.view.expires(self.role)

    # -- relations ------------------------------------------------------------------------------

    def may_build(self, dataset: int, *, rows: bool) -> Answer:
        """Whether it may make the relation what a project makes it.

        A table or view is made beside the old one, which then gives up its name: that takes
        ownership of the old one and CREATE on the schema, which is enough where there is none
        (``policy.privileges``).
        ``rows`` says that rows of an existing one are changed, for which INSERT is enough.
        """
        if (dataset, rows) not in self._building:
            self._building[dataset, rows] = self._decide(dataset, rows=rows)
        return self._building[dataset, rows]

    def may_run(self, dataset: int, verb: str) -> Answer:
        """Whether it may run one statement on a relation.

        Args:
            dataset: The relation.
            verb: insert, update, delete, truncate, merge, create or drop.
        """
        if self.view.props(self.role).get("superuser") is True:
            return Answer.YES
        owned = self._reaches(dataset, *_WHOLE)
        if verb == "create":
            return max(owned, self._may_make(self.view.key(dataset)))
        if "relation" not in self.view.props(dataset) and not self._near_export(dataset):
            return max(owned, Answer.MAYBE)  # No export shows whether it is there.
        asked = _VERBS.get(verb, ())
        rights = [self._reaches(dataset, kind, action=action) for kind, action in asked]
        return max([owned, *rights])

    def _near_export(self, dataset: int) -> bool:
        """Whether an export shows the schema around it."""
        around = (arc.source for arc in self.view.into(dataset, k.CONTAINS))
        return any(self._exported(schema) for schema in around)

    def _decide(self, dataset: int, *, rows: bool) -> Answer:
        if self.view.props(self.role).get("superuser") is True:
            return Answer.YES
        owned = self._reaches(dataset, *_WHOLE)
        made = self._may_make(self.view.key(dataset))
        if "relation" not in self.view.props(dataset):
            return max(owned, made)  # No export shows whether it is there.
        replaced = min(owned, made)
        if rows:
            replaced = max(replaced, owned, self._reaches(dataset, k.CAN_WRITE, action="post"))
        return replaced

    def _may_make(self, key: str) -> Answer:
        dataset = keys.Dataset.parse(key)
        if dataset is None:
            return Answer.NO
        container = self.view.node(dataset.container.text)
        whole = self._reaches(container, *_WHOLE) if container is not None else Answer.NO
        privilege, thing = "create", dataset.schema
        if container is None or not self._exported(container):
            privilege, thing = "create schema", dataset.database.name
        key = keys.Grant(dataset.database, privilege, keys.dotted(thing)).text
        grant = self.view.node(key)
        return max(whole, self.held.get(grant, Answer.NO) if grant is not None else Answer.NO)

    def _exported(self, schema: int) -> bool:
        """Whether an export shows the schema: then something contains it."""
        return next(self.view.into(schema, k.CONTAINS), None) is not None

    def _reaches(self, node: int, *kinds: EdgeKind, action: str | None = None) -> Answer:
        """The best right of some kinds on a node or on what contains it."""
        best, seen, waiting = Answer.NO, {node}, [node]
        while waiting:
            here = waiting.pop()
            for arc in self.view.into(here, *kinds):
                if action is None or arc.action == action:
                    had = self.held.get(arc.source, Answer.NO)
                    best = max(best, min(had, self._fires(arc, self.held)))
            for arc in self.view.into(here, k.CONTAINS):
                # Who reaches the server's own account is no superuser before it has used that.
                if arc.source not in seen and arc.source not in self._clusters:
                    seen.add(arc.source)
                    waiting.append(arc.source)
        return best

    @cached_property
    def _clusters(self) -> set[int]:
        containers = self.view.of_kind(k.CONTAINER)
        return {node for node in containers if isinstance(self.view.parsed(node), keys.Cluster)}

    def buildable(self) -> list[int]:
        """Relations that it may make, or whose rows it may add to, by key."""
        return [
            dataset
            for dataset in self.view.of_kind(k.DATASET)
            if self.may_build(dataset, rows=True) is not Answer.NO
        ]

    def readable(self) -> list[int]:
        """Relations it may read, by key."""
        found: set[int] = set()
        for node, sure in self.held.items():
            for arc in self.view.out(node, k.CAN_READ, *_WHOLE):
                if min(sure, self._fires(arc, self.held)) is not Answer.NO:
                    found |= self._datasets(arc.target)
        return sorted(found)

    def _datasets(self, node: int) -> set[int]:
        found, seen, waiting = set(), {node}, [node]
        while waiting:
            here = waiting.pop()
            if self.view.is_a(here, k.DATASET):
                found.add(here)
            for arc in self.view.out(here, k.CONTAINS):
                if arc.target not in seen:
                    seen.add(arc.target)
                    waiting.append(arc.target)
        return found
