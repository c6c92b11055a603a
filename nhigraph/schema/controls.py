"""Assurance vocabulary: categories, assertions, weaknesses and the identifiers they map to.

Identifiers only; the criteria's own wording belongs to their publishers. Weakness rows follow the
crosswalk of the design; OWASP identifiers are those of the NHI Top 10 of 2025.
"""

from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Weakness:
    """A weakness and where it maps to.

    Attributes:
        id: The tool's own name of it.
        hygiene: It gives S (R12); the others name effects and never do.
        owasp: OWASP NHI Top 10 2025.
        tsc: Trust services criteria.
        csf: NIST CSF 2.0.
        sp800_53: NIST SP 800-53 r5.
        iso27001: ISO/IEC 27001:2022 Annex A.
        itgc: IT general control domain: APD, PC, CO.
    """

    id: str
    hygiene: bool
    owasp: tuple[str, ...]
    tsc: tuple[str, ...]
    csf: tuple[str, ...]
    sp800_53: tuple[str, ...]
    iso27001: tuple[str, ...]
    itgc: tuple[str, ...]


def _row(cells: list[str]) -> Weakness:
    name, alone, owasp, tsc, csf, sp800_53, iso27001, itgc = cells
    return Weakness(
        name,
        alone == "S",
        *(tuple(text.split()) for text in (owasp, tsc, csf, sp800_53, iso27001, itgc)),
    )


#: id | S by itself (a hygiene weakness) | OWASP | TSC | CSF | 800-53 | ISO 27001 | ITGC
_CROSSWALK = """
orphaned|S|NHI1:2025|CC6.2 CC6.3|PR.AA-01 PR.AA-05 ID.AM-08|AC-2 AC-2(3) PS-4|5.16 5.18|APD
secret_exposed|S|NHI2:2025|CC6.1 CC6.7 CC7.2|PR.AA-01 PR.DS-01|IA-5 IA-5(7) SC-12 SC-28|5.17 8.4|\
APD
third_party_unassessed|S|NHI3:2025|CC9.2 CC6.6|GV.SC-04 GV.SC-05 GV.SC-07|SA-9 SR-3 AC-20|\
5.19 5.20 5.21 5.22 5.23|APD
weak_auth|S|NHI4:2025|CC6.1 CC6.6|PR.AA-03 PR.AA-04|IA-5 IA-9 IA-3|8.5 5.17|APD
overprivileged|S|NHI5:2025|CC6.3 CC6.1|PR.AA-05|AC-6 AC-6(5) AC-3 AC-5|5.15 8.2 8.3 5.3|APD
pipeline_trust|S|NHI6:2025|CC6.1 CC8.1 CC6.8|PR.AA-03 PR.PS-06|IA-9 CM-5 CM-14 SI-7|\
8.25 8.31 8.32|PC
long_lived|S|NHI7:2025|CC6.1|PR.AA-01|IA-5 SC-12|5.17 8.24|APD
env_mixing|S|NHI8:2025|CC6.1 CC8.1|PR.AA-05 PR.IR-01|AC-4 CM-5 SC-7|8.31|APD PC
shared_identity|S|NHI9:2025|CC6.1 CC6.3|PR.AA-01 PR.AA-05|IA-4 IA-9 AC-6|5.16 8.2|APD
human_use|S|NHI10:2025|CC6.1 CC7.2|PR.AA-01 PR.PS-04|AC-2 AU-2 AU-12 IA-2|5.16 8.15|APD
sod_conflict|S|NHI5:2025|CC6.3|PR.AA-05|AC-5|5.3|APD
change_bypass|S|NHI6:2025|CC8.1|PR.PS-01|CM-3 CM-5|8.32|PC
log_tamper|||CC7.2 CC7.3|PR.PS-04 DE.CM-09|AU-9 AU-9(4) AU-11|8.15|CO
key_or_data_destruction|||A1.2 CC7.5 C1.2|PR.DS-11 RC.RP-03|CP-9 SC-12 MP-6|8.13 8.24 8.10|CO
exfil_path||NHI5:2025|C1.1 CC6.7|PR.DS-01 PR.DS-02|AC-4 SC-8|8.11 8.12 8.3|
input_integrity|||PI1.2 PI1.3|PR.DS-01|SI-7 SI-10|8.3|APD CO
"""

WEAKNESSES: Final[dict[str, Weakness]] = {
    cells[0]: _row(cells)
    for cells in (line.split("|") for line in _CROSSWALK.strip().splitlines())
}
HYGIENE: Final = tuple(w.id for w in WEAKNESSES.values() if w.hygiene)

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
