"""Identities that the scope says are people's: not of the population."""

from collections.abc import Iterable

from nhigraph.assurance.select import Selector
from nhigraph.facts.facts import Claim, Fact, Node, about
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Family, Origin

#: What nobody is: it runs code, whoever wrote that.
_RUN = [kind.label for kind in (kinds.CI_JOB, kinds.WORKFLOW, kinds.RUNNER)]
#: What would be judged if nobody said that it is a person's.
_JUDGED = [kind.label for kind in kinds.NODE_KINDS.values() if kind.nhi]
#: What is nobody's but a person's, said or not.
_PERSONS = [
    kind.label
    for kind in kinds.NODE_KINDS.values()
    if kind.family is Family.IDENTITY and not kind.nhi
]


def people(
    graph: Graph, claims: Iterable[Claim], selector: Selector
) -> tuple[list[Fact], list[tuple[Claim, str]]]:
    """Records that say ``nhi: false``, and claims that match nothing or are spoken against.

    Only what would be judged otherwise is taken out: a wide selector says nothing of the datasets
    that it matches, nor of those whom a document calls people.

    Args:
        graph: The graph.
        claims: All claims of the scope.
        selector: Finds its nodes.
    """
    facts: list[Fact] = []
    problems: list[tuple[Claim, str]] = []
    said = graph.nodes["nhi"].tolist()
    run, judged, persons = (graph.of_kind(labels) for labels in (_RUN, _JUDGED, _PERSONS))
    for claim in about(claims, "person"):
        items = claim.body["select"]
        assert isinstance(items, tuple)  # noqa: S101 - as its source makes it
        met = False
        for node in sorted(selector.matches(items)):
            key, kind = graph.key_list[node], kinds.NODE_KINDS[graph.kind_list[node]]
            met |= bool(run[node] or judged[node] or persons[node] or said[node])
            if run[node]:
                problems.append((claim, f"{key} runs by itself, and is no person's"))
            elif said[node] == "true":
                problems.append((claim, f"a document says that {key} is no person's"))
            elif judged[node] and not said[node]:
                facts.append(Node(kind, key, claim.evidence, nhi=False, origin=Origin.SCOPE))
        if not met:
            problems.append((claim, "no identity matches this selector of people"))
    return facts, problems
