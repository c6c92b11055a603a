"""Identities that the scope says are people's: not of the population."""

from collections.abc import Iterable

from nhigraph.assurance.select import Selector
from nhigraph.facts.facts import Claim, Fact, Node, about
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Origin

#: What nobody is: it runs code, whoever wrote that.
_RUN = (kinds.CI_JOB, kinds.WORKFLOW, kinds.RUNNER)


def people(
    graph: Graph, claims: Iterable[Claim], selector: Selector
) -> tuple[list[Fact], list[tuple[Claim, str]]]:
    """Records that say ``nhi: false``, and claims that match nothing or are spoken against.

    Args:
        graph: The graph.
        claims: All claims of the scope.
        selector: Finds its nodes.
    """
    facts: list[Fact] = []
    problems: list[tuple[Claim, str]] = []
    for claim in about(claims, "person"):
        items = claim.body["select"]
        assert isinstance(items, tuple)  # noqa: S101 - as its source makes it
        nodes = selector.matches(items)
        if not nodes:
            problems.append((claim, "no identity matches this selector of people"))
        for node in sorted(nodes):
            key, kind = graph.key_list[node], kinds.NODE_KINDS[graph.kind_list[node]]
            if kinds.NODE_KINDS[graph.kind_list[node]] in _RUN:
                problems.append((claim, f"{key} runs by itself, and is no person's"))
            elif graph.nodes["nhi"].iat[node] == "true":
                problems.append((claim, f"a document says that {key} is no person's"))
            else:
                facts.append(Node(kind, key, claim.evidence, nhi=False, origin=Origin.SCOPE))
    return facts, problems
