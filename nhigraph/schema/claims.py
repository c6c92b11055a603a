"""Words of the scope file, scope/1: what a claim can say.

What the words mean is said where they are used: the verdict, the selectors, the weaknesses.
"""

from collections.abc import Mapping
from typing import Final

from nhigraph.schema import kinds, properties
from nhigraph.schema.types import Family

FORM: Final = "scope/1"
FINANCIAL: Final = "financial-reporting"
TRUST: Final = "trust-service"
FAMILIES: Final = (FINANCIAL, TRUST)
#: What stands for a word that nobody said, or that could not be read.
UNKNOWN: Final = "unknown"

FS_ROLES: Final = (
    "record",
    "feeder",
    "logic",
    "key_report",
    "itgc_tool",
    "audit_trail",
    "none",
    UNKNOWN,
)
ICFR_BASES: Final = ("own", "user_entity", "both", UNKNOWN)
#: Class of data to the trust category that its disclosure affects.
CLASS_CATEGORY: Final = {"confidential": "C", "personal": "P"}
DATA_CLASSES: Final = tuple(CLASS_CATEGORY)
#: What is said of bringing a target back; only the first stands in anybody's way.
RECOVERABLE: Final = ("tested", "untested", "no", UNKNOWN)
CONDITIONS: Final = (
    "key",
    "kind",
    "name",
    "tag",
    "label",
    "group",
    "owner",
    "dbt",
    "downstream_of",
)
BOUNDARIES: Final = ("carve_out", "inclusive", "outside")
THRESHOLDS: Final = tuple(properties.THRESHOLDS)

#: Fields of the file itself.
TOP_FIELDS: Final = (
    "nhigraph",
    "organization",
    "commitments",
    "as_of",
    "thresholds",
    "targets",
    "boundary",
    "owners",
    "aliases",
    "links",
    "answers",
    "people",
    "cuts",
)
#: What an answer is about, the word it begins with, and the fields that each has.
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "secret": ("secret", "opens"),
    "default": ("default", "of", "is"),
    "same": ("same",),
    "different": ("different",),
    "gap": ("gap", "is", "becomes"),
    "token": ("token", "trusted_by"),
    "variable": ("variable", "is"),
    "condition": ("condition", "is"),
    "context": ("context", "of", "is"),
    "gate": ("gate", "test", "is", "approvers"),
}
#: Fields that every answer may have.
ANSWER_FIELDS: Final = ("because", "confirmed_by", "until")
#: Where an answer says that there is none.
NOTHING: Final = "nothing"
#: Where it says that no person decides at a gate.
NOBODY: Final = "nobody"
#: What an answer can say of a gap: nothing that matters is there, or what edges from there need
#: at nodes that no input describes is held.
EMPTY: Final = "empty"
HELD: Final = "held"
GAPS: Final = (EMPTY, HELD)
#: Where a gap lies, and what that no input describes is meant, where not all of it is.
GAP_FIELDS: Final = ("at", "for")
#: Defaults that an answer can tell, and what each can be.
DEFAULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "workflow_token": ("read", "write"),
    "branch_protection": ("none", "review"),
    "runner": ("hosted", "self-hosted"),
}
#: Fields of a target that only one family has.
FINANCIAL_FIELDS: Final = ("fs_role", "icfr_basis", "assertions")
TRUST_FIELDS: Final = ("commitments",)
TARGET_FIELDS: Final = (
    "id",
    "family",
    "process",
    "data_class",
    "recoverable",
    "select",
    *FINANCIAL_FIELDS,
    *TRUST_FIELDS,
)
#: What the scope says of changes that a cut may propose: what one costs, and which is none.
CUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "weights": ("match", "weight"),
    "keep": ("match",),
}
#: Which edges are meant: their kind, an item of a selector for each end.
CUT_MATCH: Final = ("edge", "from", "to")
#: Dearest change: sums of many stay exact for every solver.
CUT_WEIGHT_MOST: Final = 1000
ALIAS_FIELDS: Final = ("platform", "host", "as")
OWNER_FIELDS: Final = ("select", "owner")
LINK_FIELDS: Final = (
    "kind",
    "from",
    "to",
    "confirmed_by",
    "action",
    "condition",
    "gate",
    "transform",
    "valid_from",
    "valid_until",
)


def link_kinds() -> tuple[str, ...]:
    """Kinds that a link can have: what supports a target is made from the targets."""
    return tuple(label for label in kinds.EDGE_KINDS if label != kinds.SUPPORTS.label)


def selected_kinds() -> tuple[str, ...]:
    """Kinds that a selector can name."""
    found = kinds.NODE_KINDS.items()
    return tuple(label for label, kind in found if kind.family is not Family.ASSURANCE)
