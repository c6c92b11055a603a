"""Assurance vocabulary: categories, assertions, tests of gates, the rules of the verdict.

Weaknesses and the identifiers that they map to stand in ``crosswalk``.
"""

from typing import Final

from nhigraph.schema.types import GateKind

#: Trust categories in print order (TSP 100): security, availability, processing integrity,
#: confidentiality, privacy.
CATEGORIES: Final = ("S", "A", "PI", "C", "P")

#: Assertions in print order: the PCAOB five (AS 1105.11), then cut-off (AU-C 315).
ASSERTIONS: Final = (
    "existence_occurrence",
    "completeness",
    "valuation_allocation",
    "rights_obligations",
    "presentation_disclosure",
    "cut_off",
)
ASSERTION_ALIASES: Final = {
    "accuracy": "valuation_allocation",
    "valuation": "valuation_allocation",
    "occurrence": "existence_occurrence",
    "existence": "existence_occurrence",
    "rights": "rights_obligations",
    "presentation": "presentation_disclosure",
    "classification": "presentation_disclosure",
}
_OCC, _COM, _VAL, _RIG, _PRE, _CUT = ASSERTIONS

#: Action of a write to the assertions it puts at risk; any other action risks all of them.
ACTION_ASSERTIONS: Final[dict[str, tuple[str, ...]]] = {
    "post": (_OCC, _VAL, _CUT),
    "update": (_VAL, _CUT, _PRE),
    "delete": (_COM,),
    "void": (_COM,),
    "change_rate": (_VAL,),
    "change_master": (_OCC, _RIG),
    "approve": (_OCC,),
    "release": (_OCC,),
    "move_money": (_OCC, _RIG),
    "change_report": (_COM, _VAL),
}
FEED_ASSERTIONS: Final = (_VAL,)
MISSING_ASSERTIONS: Final = (_COM, _CUT)
REPORT_ASSERTIONS: Final = (_COM, _VAL)

#: Segregation of duties: who prepares must not release.
PREPARING_ACTIONS: Final = frozenset(
    {"post", "update", "void", "move_money", "change_master", "change_rate"}
)
RELEASING_ACTIONS: Final = frozenset({"approve", "release"})

#: What an approval, a review or a protection is asked.
GATE_TESTS: Final = (
    "human",
    "enforced_by_target",
    "out_of_reach",
    "content_bound",
    "no_auto_threshold",
    "log_out_of_reach",
)
#: What a recovery is asked.
RECOVERY_TESTS: Final = ("restorable", "tested", "out_of_reach")


def tests_of(kind: str) -> tuple[str, ...]:
    """Tests that a gate of a kind is asked."""
    return RECOVERY_TESTS if kind == GateKind.RECOVERY else GATE_TESTS


#: The decision table in one line each.
RULES: Final = {
    "R0": "a value is undetermined: an unknown role or commitment, or a gap is reached",
    "R1": "the target lies outside the boundary: it relies on nothing that was read",
    "R2": "a record is controlled, altered or emptied by a right over it: soc1 direct",
    "R3": "a record is altered or emptied through lineage that feeds or filters it: soc1 direct",
    "R4": "logic that computes a record or key report can be changed: soc1 direct",
    "R5": "a key report's definition or stored output can be changed: soc1 direct",
    "R6": "a tool that general IT controls lean on can be changed: soc1 indirect, and S",
    "R7": "an audit trail can be changed, deleted or stopped: soc1 indirect, and S",
    "R8": "a financial node can be read: never soc1; C or P by its data class",
    "R9": "a target can be stopped or destroyed: A; soc1 direct for records, feeders and logic",
    "R10": "processing integrity is affected: PI",
    "R11": "confidential or personal data is affected: C or P",
    "R12": "security is affected, by effect, a hygiene weakness or an enabling action: S",
    "R13": "a carve-out is crossed, or the identity lies in one: read the subservice's report",
    "R14": "no effect and no weakness was found for a member of the population: neither",
}
