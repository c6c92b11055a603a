"""What a package brings with its sources, beyond what the schema has words for."""

from nhigraph.facts.ends import End
from nhigraph.facts.keys import KeyForm
from nhigraph.joins.brought import Answers
from nhigraph.policy.forge import Forge
from nhigraph.records import dataclass
from nhigraph.schema.properties import Property
from nhigraph.schema.types import EdgeKind, NodeKind


@dataclass(frozen=True, slots=True)
class Brings:
    """Words that a source of another distribution adds to the schema: data, and no more.

    All of it is told here, not by ``@reads`` or by writing to the tables: what is wrong with a
    package is then said in one line, and the tables stay as they were.

    Attributes:
        node_kinds: Kinds of node, of any family but assurance, which the scope makes.
        edge_kinds: Kinds of edge, of any effect but support.
        properties: Properties of nodes: how two records of a node add up, and which weakness
            they show.
        keys: Forms of key, each with a beginning of its own.
        ends: Types of ends. What nothing answers is a gap at its node.
        answers: What ends of these types come to, on the merged graph.
        forges: Forges: words and rules by which joins follow its jobs. Their forms of key derive
            from those of ``facts.keys.forge``.
    """

    node_kinds: tuple[NodeKind, ...] = ()
    edge_kinds: tuple[EdgeKind, ...] = ()
    properties: tuple[Property, ...] = ()
    keys: tuple[KeyForm, ...] = ()
    ends: tuple[type[End], ...] = ()
    answers: tuple[Answers, ...] = ()
    forges: tuple[Forge, ...] = ()
