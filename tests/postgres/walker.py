"""An independent closure over facts: what an identity holds, by the product's stated automaton."""

import re
from collections import defaultdict
from collections.abc import Iterable

from nhigraph.facts.facts import Edge, Fact
from nhigraph.schema.types import Certainty, Transform

C, A, M, R, H = "CONTROL", "ALTER", "OMIT", "READ", "HALT"
BECOME = {(C, C)}
MOVES = {
    "CAN_ASSUME": BECOME,
    "MEMBER_OF": BECOME,
    "RUNS_AS": BECOME,
    "HOLDS": BECOME,
    "CAN_ADMINISTER": {(C, C), (C, A), (C, M), (C, R), (C, H)},
    "OWNS": {(C, C), (C, A), (C, M), (C, R), (C, H)},
    "CAN_WRITE": {(C, A)},
    "CAN_DELETE": {(C, M), (C, H)},
    "CAN_READ": {(C, R)},
    "CAN_STOP": {(C, H)},
    "COMPUTES": {(C, A), (C, M), (A, A), (A, M), (M, M), (C, H), (H, H)},
    "CONTAINS": {(C, C), (A, A), (M, M), (R, R), (H, H)},
    "FEEDS": {(A, A), (M, M), (H, H)},
    "FILTERS": {(A, M), (M, M), (H, H)},
}
Held = tuple[str, str]
#: Edges that speak of what others do later, or of what somebody makes for a function's text to
#: find; ``test_planting`` and ``test_lookup`` ask the server about them.
PLANTED = re.compile(
    r"/(trigger|references|writing)/| when it is attached to another table|\b[fF]inds\b"
)


class Walker:
    """Facts, indexed for walking.

    Attributes:
        certain: Leave out what depends on a condition.
        writing: The one action by which CAN_WRITE counts; None for all of them.
        flowing: Follow containment and flow, or only rights on the thing itself.
        planted: Follow what works only once others write, or somebody attaches or makes something.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        *,
        certain: bool,
        writing: str | None = None,
        flowing: bool = True,
        planted: bool = False,
    ) -> None:
        self.out: dict[Held, list[tuple[Held, tuple[Held, ...]]]] = defaultdict(list)
        for fact in facts:
            if not isinstance(fact, Edge):
                continue
            label = fact.kind.label
            if certain and fact.certainty is not Certainty.CERTAIN:
                continue
            if label == "CAN_WRITE" and writing not in (None, fact.action):
                continue
            if not flowing and label in ("CONTAINS", "FEEDS", "FILTERS"):
                continue
            if not planted and PLANTED.search(f"{fact.source} {fact.target} {fact.condition}"):
                continue
            needs = tuple((need.at, need.state.name) for need in fact.needs)
            for before, after in MOVES[label]:
                self.out[fact.source, before].append(((fact.target, after), needs))
            copied = fact.transform is Transform.COPY
            if label == "FEEDS" and (copied or not certain):
                assert fact.transform is not Transform.MASKED
                self.out[fact.target, R].append(((fact.source, R), needs))

    def held(self, start: str) -> set[Held]:
        """Everything that holding CONTROL at ``start`` comes to."""
        held: set[Held] = set()
        waiting: dict[Held, list[tuple[Held, tuple[Held, ...]]]] = defaultdict(list)
        todo: list[Held] = [(start, C)]
        while todo:
            here = todo.pop()
            if here in held:
                continue
            held.add(here)
            for target, needs in [*self.out[here], *waiting.pop(here, [])]:
                missing = [need for need in needs if need not in held]
                if missing:
                    waiting[missing[0]].append((target, needs))
                else:
                    todo.append(target)
        return held
