"""The page of kinds: nodes, edges, states, and what leads where."""

from nhigraph.docsgen.docstrings import members
from nhigraph.docsgen.markdown import code, page, section, table
from nhigraph.schema import kinds
from nhigraph.schema.types import (
    STATED_GATES,
    Certainty,
    EdgeKind,
    Effect,
    Family,
    State,
    Transform,
)


def text() -> str:
    """The page."""
    return page(
        "Kinds, states and transitions",
        "An edge leads from what somebody holds at its source to what they then hold at its "
        "destination. Nothing else is ever walked.",
        section("States", _states()),
        section("Effects", _effects()),
        section("Edge kinds", _edges()),
        section(
            "Actions",
            "What an edge may state as `action`. Those marked *enabling* give S on a path to a "
            "target (rule R12). An edge that states none has that of its kind, as listed above.",
            _actions(),
        ),
        section("Node kinds", _nodes()),
        section("Kinds of controls", f"{code(*_gates())}."),
        section(
            "Certainty and transform",
            f"`certainty` of an edge is one of {code(*Certainty)}; only certain edges count for "
            f"*can*. `transform` of a `FEEDS` edge is one of {code(*Transform)}; reading the "
            "output reads the input through a copy certainly, through `other` (the default) "
            "conditionally, and not through `masked`.",
        ),
    )


def _gates() -> list[str]:
    return [*STATED_GATES]


def _states() -> str:
    said = members(State)
    inside = [
        ("an actor (identity, person, group, grant)", kinds.AT_ACTOR),
        ("an assurance node", kinds.AT_ASSURANCE),
    ]
    moves = [f"At {where}: {_moves(pairs)}." for where, pairs in inside]
    return "\n\n".join(
        (table(("State", "Holding it means"), [(code(s.name), said[s.name]) for s in State]),
         "Some states imply others at the same node. " + " ".join(moves))
    )  # fmt: skip


def _moves(pairs: tuple[tuple[State, State], ...]) -> str:
    """``CONTROL → READ``, those of one start together."""
    by_start: dict[str, list[str]] = {}
    for start, end in pairs:
        by_start.setdefault(start.name, []).append(end.name)
    return "; ".join(f"{start} → {', '.join(ends)}" for start, ends in by_start.items())


def _effects() -> str:
    rows = []
    for effect in Effect:
        back = kinds.BACKWARD.get(effect, ())
        labels = [kind.label for kind in kinds.EDGE_KINDS.values() if kind.effect is effect]
        removable = kinds.REMOVABLE.get(effect) or kinds.REMOVABLE_OF_ACTORS.get(effect, "")
        rows.append(
            (effect.value, _moves(kinds.TRANSITIONS[effect]) or "nothing", _moves(back),
             code(*labels), removable)
        )  # fmt: skip
    headers = ("Effect", "At the source → at the destination", "Against the edge",
               "Edge kinds", "Can be taken away, because")  # fmt: skip
    return table(headers, rows)


def _edges() -> str:
    rows = [
        (code(kind.label), kind.effect.value, kind.doc, kind.example, _default(kind))
        for kind in kinds.EDGE_KINDS.values()
    ]
    return table(("Kind", "Effect", "Means", "For example", "Action where none is stated"), rows)


def _default(kind: EdgeKind) -> str:
    """The actions an edge of the kind has where it states none."""
    by_action: dict[str, list[str]] = {}
    for label, action in kind.actions_to.items():
        by_action.setdefault(action, []).append(label)
    parts = [f"{code(action)} to {', '.join(labels)}" for action, labels in by_action.items()]
    if kind.action_to_actor:
        parts.append(f"{code(kind.action_to_actor)} to another actor")
    if kind.action:
        parts.append(code(kind.action) if not parts else f"else {code(kind.action)}")
    return "; ".join(parts)


def _actions() -> str:
    rows = [
        (code(action), "enabling" if action in kinds.ENABLING_ACTIONS else "")
        for action in kinds.ACTIONS
    ]
    return table(("Action", ""), rows)


def _nodes() -> str:
    parts = []
    for family in Family:
        rows = [
            (code(kind.label), kind.doc, "yes" if kind.nhi else "", "yes" if kind.actor else "")
            for kind in kinds.NODE_KINDS.values()
            if kind.family is family
        ]
        shown = table(("Kind", "What it is", "In the population", "Actor"), rows)
        parts.append(section(family.value.capitalize(), shown, level=3))
    note = (
        "*In the population*: a non-human identity, judged and listed. *Actor*: who alters it "
        "controls it. Assurance nodes are made by the scope, never by a file of facts."
    )
    return "\n\n".join((note, *parts))
