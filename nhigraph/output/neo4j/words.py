"""Labels and relationship types: computed from the schema, and a few of this form's own."""

from typing import Final

from nhigraph.assurance.rows import VerdictRow
from nhigraph.errors import SchemaError
from nhigraph.output import columns
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.types import Family, State

#: Every node of the graph has this label, one of its family, and one of each of its kinds.
ENTITY: Final = "Entity"
#: What stands beside the graph: controls, gaps, answers, documents.
RECORD: Final = "Record"
#: Says which generation of a snapshot counts.
SNAPSHOT: Final = "Snapshot"
#: A generation; there is more than one only while one replaces another.
LOAD: Final = "Load"
#: A batch that arrived: written with its rows, so that none is written twice.
BATCH: Final = "Batch"

FAMILIES: Final = {
    Family.IDENTITY: "Identity",
    Family.CREDENTIAL: "Credential",
    Family.CHANGE: "ChangePath",
    Family.DATA: "Data",
    Family.GRANT: "Grant",
    Family.ASSURANCE: "Assurance",
}
#: Labels of records, each with what a reader finds there.
RECORDS: Final = {
    "Gate": "A control, with the answers to its tests.",
    "Gap": "Something that was seen and not understood, or needed and not supplied.",
    "End": "What a document says for another to answer: a login, a trust, a handle.",
    "Document": "A document that was read, or could not be.",
    "Path": "A printed path: its nodes and relationships, in order.",
    "Which": "SOC 1, SOC 2, both or neither, for one system.",
    "Question": "What is not known, the facts that settle most first.",
    "Finding": "What a rule finds.",
    "Rotation": "A credential, those to rotate first before the others.",
    "Cut": "A change of a smallest cut.",
    "ChokePoint": "What every way of every identity to a target passes.",
    "Absent": "An export that would settle what is left open.",
    "Everything": "Stands for every target without an answer of its own.",
}
#: What an identity holds at a target: a type of its own for each state.
REACH: Final = {state: f"REACH_{state.name}" for state in State}
#: That it is not known whether an identity holds something there.
REACH_UNKNOWN: Final = "REACH_UNKNOWN"
#: Types between records and entities, each with what it says.
LINKS: Final = {
    "HAS_GAP": "The gap sits at the node.",
    "SAYS": "A document says the end of the node.",
    "GUARDS": "The control stands on relationships into the node.",
    "APPROVED_BY": "Who decides.",
    "ENFORCED_AT": "The node that enforces the rule.",
    "LOGGED_AT": "The node that keeps the decisions.",
    "ABOUT": "What the record is about.",
    "FOR": "The target that it bears on.",
    "OPENS": "Whom the credential authenticates as.",
}
#: Every property that a relationship may have: of an edge, of an answer, of a link to a record.
ATTRIBUTES: Final = frozenset(
    {
        *("key", "action", "certainty", "condition", "gate", "transform", "in_force", "needs"),
        *(
            "valid_from",
            "valid_until",
            "basis",
            "artifact",
            "pointer",
            "line",
            "excerpt",
            "places",
        ),
        *("cut", "choke", "path"),
        *(column for column, _ in columns(VerdictRow)),
    }
)
COMPUTED: Final = (*REACH.values(), REACH_UNKNOWN)


def labels() -> frozenset[str]:
    """Every label there can be."""
    own = {ENTITY, RECORD, SNAPSHOT, LOAD, BATCH, *RECORDS}
    return frozenset(own | set(FAMILIES.values()) | set(NODE_KINDS))


def types() -> frozenset[str]:
    """Every relationship type there can be."""
    return frozenset({*EDGE_KINDS, *COMPUTED, *LINKS})


def name(word: str) -> str:
    """A label or type as a statement has it.

    Raises:
        SchemaError: It stands in no table: nothing else may ever be part of a statement.
    """
    if word not in labels() and word not in types():
        raise SchemaError(f"no label or relationship type of the schema: {word!r}")
    return f"`{word.replace('`', '``')}`"


def attribute(word: str) -> str:
    """A property of a relationship as a statement has it.

    Raises:
        SchemaError: It stands in no table; see ``name``.
    """
    if word not in ATTRIBUTES:
        raise SchemaError(f"no property of a relationship: {word!r}")
    return f"`{word}`"


def named(words: tuple[str, ...]) -> str:
    """Labels as a statement has them: ``:`A`:`B```."""
    return "".join(f":{name(word)}" for word in words)


def clashes() -> frozenset[str]:
    """Kinds that packages brought under names which mean something else here."""
    own = {ENTITY, RECORD, SNAPSHOT, LOAD, BATCH, *RECORDS, *FAMILIES.values()} - {"Grant"}
    return frozenset(own & set(NODE_KINDS)) | frozenset(
        {*COMPUTED, *LINKS}.intersection(EDGE_KINDS)
    )
