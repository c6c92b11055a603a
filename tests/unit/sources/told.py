"""A fact as one line, in which fixtures write down what they expect.

``KIND KEY (NAME) PROP=… @PLACE`` · ``KIND FROM -> TO ACTION needs KEY STATE past GATE @PLACE`` ·
``Gap KEY [STATES]: REASON @PLACE`` · ``TYPE KEY {…} @PLACE`` for an end · ``Refused: REASON
@PLACE`` · ``Note: REASON @PLACE``. A place is ``pointer:line``.
"""

import json

from nhigraph.facts import end_form, ends
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Node, Note, Refused
from nhigraph.facts.tables import FactTable
from nhigraph.schema.types import Certainty


def told(fact: Fact | FactTable) -> str:
    """The line of a fact; whatever is not said leaves no trace in it."""
    assert not isinstance(fact, FactTable), "facts in bulk are compared as frames"
    words = [word for word in _words(fact) if word]
    place = fact.evidence
    return f"{' '.join(words)} @{place.pointer or 'whole'}:{place.line}"


def _words(fact: Fact) -> list[str]:  # noqa: PLR0911 - one line for each type
    match fact:
        case Node():
            return [fact.kind.label, fact.key, *_node(fact)]
        case Edge():
            return [fact.kind.label, fact.source, "->", fact.target, *_edge(fact)]
        case Gap():
            states = ", ".join(state.name for state in fact.states)
            return ["Gap", fact.at, f"[{states}]:", fact.reason]
        case Gate():
            tests = dict(sorted(fact.tests.items()))
            return ["Gate", fact.key, fact.kind, *fact.approvers, json.dumps(tests)]
        case ends.End():
            return [type(fact).__name__, fact.at, json.dumps(end_form.body(fact), sort_keys=True)]
        case Claim():
            return ["Claim", fact.subject, json.dumps(fact.body, sort_keys=True, default=str)]
        case Refused() | Note():
            return [f"{type(fact).__name__}:", fact.reason]


def _node(node: Node) -> list[str]:
    stated: dict[str, object] = {"owner": node.owner, "nhi": node.nhi, "state": node.state}
    stated |= {"expires": node.expires, **node.props}
    named = f"({node.name})" if node.name else ""
    return [named, *(f"{name}={value}" for name, value in stated.items() if value is not None)]


def _edge(edge: Edge) -> list[str]:
    assert (edge.certainty is Certainty.CERTAIN) is (edge.condition is None)
    needs = ", ".join(f"{need.at} {need.state.name}" for need in edge.needs)
    return [
        edge.action or "",
        str(edge.transform or ""),
        f"needs {needs}" if needs else "",
        f"past {edge.gate}" if edge.gate else "",
        f"from {edge.valid_from}" if edge.valid_from else "",
        f"until {edge.valid_until}" if edge.valid_until else "",
        f"if {edge.condition}" if edge.condition else "",
    ]
