"""What each side asks for, in words that ``nhigraph explain`` knows, with identifiers.

Transactions and the general IT controls behind them for the books (SOC 1); criteria of the trust
services for the promises (SOC 2); reports and what they leave to us for whoever is not us.
Identifiers only, and only those that a path can speak of: TSC of CC6 to CC9, A1, PI1, C1, P4 to P8
(notes of TSP 100), NIST CSF 2.0, SP 800-53 r5. That a risk of OWASP's list is named says that the
evidence speaks of it, and not that it was found: what was found are weaknesses.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from nhigraph.records import dataclass
from nhigraph.schema.crosswalk import WEAKNESSES, Mapped, mapped
from nhigraph.schema.frameworks import FRAMEWORKS

#: Frameworks that are named, in print order.
_NAMED = tuple(name for name in FRAMEWORKS if name != "iso27001")
#: Side of what is asked of a vendor.
VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Word:
    """One kind of evidence.

    Attributes:
        id: The word.
        side: SOC 1, SOC 2, vendor, ours (what a vendor's report assumes of us) or open.
        title: A few words for tables.
        asks: What is asked for, in a sentence.
        maps: Identifiers of controls that answer it.
    """

    id: str
    side: str
    title: str
    asks: str
    maps: Mapped


#: id | side | title | OWASP | TSC | CSF | 800-53 | ISO 27001 | ITGC, then what is asked for.
_TABLE = """
occurrence_of_transactions|SOC 1|occurrence of transactions||||AC-5 SI-10||APD
  Each transaction it writes is matched to a source outside it.
completeness_of_transactions|SOC 1|completeness of transactions||||SI-10||CO
  Totals and reconciliations: nothing went missing or came twice.
accuracy_of_transactions|SOC 1|accuracy of transactions||||SI-7 SI-10||APD
  Amounts, rates and accounts are checked against their source.
rights_in_transactions|SOC 1|rights and obligations||||AC-5||APD
  Counterparties and bank accounts change by others' approval.
presentation_of_balances|SOC 1|presentation of balances||||SI-7||APD
  Mappings of accounts and classes are reviewed when changed.
cut_off_of_transactions|SOC 1|cut-off of transactions||||SI-10||CO
  Jobs around the close ran once, and in the right period.
report_reliability|SOC 1|reliability of a key report||||SI-7 CM-3||PC
  The report itself: its query, parameters, changes since tested.
access_to_programs_and_data|SOC 1|access to programs and data|NHI5:2025||PR.AA-05|AC-2 AC-6||APD
  Who may act as it: granted, reviewed, ended; machines too.
program_changes|SOC 1|changes of programs|NHI6:2025||PR.PS-01|CM-3 CM-5||PC
  Changes are approved and tested by others before they run.
computer_operations|SOC 1|computer operations|||PR.DS-11 RC.RP-03|CP-9||CO
  Jobs are watched, failures followed up, restores rehearsed.
audit_trail_kept|SOC 1|audit trail|||PR.PS-04 DE.CM-09|AU-9 AU-11||CO
  Logs of what was done are kept, out of its reach.
key_controls|SOC 1|test of the controls before it||||CM-3||
  Each control on its path: design, and operation in the period.
security_criteria|SOC 2|security||CC6.1 CC6.3 CC7.2 CC8.1|PR.AA-01 PR.AA-05|AC-2 AC-6 AU-2||
  Access, credentials, monitoring and changes of it.
availability_criteria|SOC 2|availability||A1.2 A1.3 CC7.5|PR.DS-11 RC.RP-03|CP-9||
  Backup, recovery and rehearsal for what it can stop.
processing_integrity_criteria|SOC 2|processing integrity||PI1.2 PI1.3 PI1.4|PR.DS-01|SI-7 SI-10||
  Inputs, processing and outputs are complete, valid, accurate.
confidentiality_criteria|SOC 2|confidentiality||C1.1 CC6.7|PR.DS-01 PR.DS-02|AC-3 AC-4 SC-28||
  Who reads confidential data through it, and where it goes.
privacy_criteria|SOC 2|privacy||P4.2 P4.3 P6.1 P7.1|PR.DS-01|AC-3 AC-4||
  Personal data: purpose, disclosure, quality, disposal.
soc1_type2_report|vendor|SOC 1 Type 2 report|NHI3:2025|CC9.2|GV.SC-04 GV.SC-07|SA-9||
  Their SOC 1 Type 2 over our period, with control objectives for these assertions.
soc2_type2_report|vendor|SOC 2 Type 2 report|NHI3:2025|CC9.2|GV.SC-04 GV.SC-05 GV.SC-07|SA-9 SR-3||
  Their SOC 2 Type 2 over our period, with these categories in it.
complementary_user_entity_controls|vendor|complementary user-entity controls||CC9.2|GV.SC-05|SA-9||
  The controls that their report assumes of us: mapped to ours, and tested.
bridge_letter|vendor|bridge letter||CC9.2|GV.SC-07|SA-9||
  A letter for the days between the end of their period and of ours.
access_we_grant|ours|access that we grant them|NHI5:2025||PR.AA-05|AC-2 AC-6||APD
  What they may do here is granted by us, reviewed, and ended when the contract ends.
credentials_we_keep|ours|credentials of theirs that we keep|NHI2:2025 NHI7:2025||PR.AA-01|IA-5||APD
  Kept where few can read them, and rotated; losing one is an incident of ours.
deliveries_we_reconcile|ours|deliveries that we reconcile|||PR.DS-01|SI-10||CO
  What they deliver is reconciled with their statement before the books rest on it.
actions_we_watch|ours|actions of theirs that we watch||CC7.2|DE.CM-09|AU-2||
  What they do here is logged and looked at by us.
outage_we_survive|ours|an outage of theirs that we survive||A1.2|PR.DS-11|CP-9||
  We can go on, or restore, when they stop.
data_we_hand_over|ours|data that we hand over||C1.1 CC6.7|PR.DS-01|AC-4||
  What they may do with it is agreed in writing; no more is handed over than that needs.
missing_input|open|input that is missing||||||
  It could not be decided: gaps, and errors of the scope, say what to supply.
inactive|open|inactive||||||
  No node of it counts on the day: it is disabled, deleted or expired.
"""


def _words() -> Iterable[Word]:
    lines = _TABLE.strip().splitlines()
    for head, asks in zip(lines[::2], lines[1::2], strict=True):
        name, side, title, cells = head.split("|", 3)
        yield Word(name, side, title, asks.strip(), mapped(cells))


WORDS: Final[dict[str, Word]] = {word.id: word for word in _words()}

OF_ASSERTION: Final = {
    "existence_occurrence": "occurrence_of_transactions",
    "completeness": "completeness_of_transactions",
    "valuation_allocation": "accuracy_of_transactions",
    "rights_obligations": "rights_in_transactions",
    "presentation_disclosure": "presentation_of_balances",
    "cut_off": "cut_off_of_transactions",
}
OF_CATEGORY: Final = {
    "S": "security_criteria",
    "A": "availability_criteria",
    "PI": "processing_integrity_criteria",
    "C": "confidentiality_criteria",
    "P": "privacy_criteria",
}
#: Rules by which a subject bears on the books, and what they ask for besides.
OF_RULE: Final = {
    "R4": "program_changes",
    "R5": "report_reliability",
    "R6": "access_to_programs_and_data",
    "R7": "audit_trail_kept",
    "R9": "computer_operations",
}


def in_order(found: Iterable[str]) -> tuple[str, ...]:
    """Words in the order of the table."""
    wanted = set(found)
    return tuple(name for name in WORDS if name in wanted)


def identifiers(
    words: Iterable[str], weaknesses: Iterable[str], *, books: bool, trust: bool
) -> tuple[str, ...]:
    """Identifiers of the controls that these ask for, framework by framework.

    Args:
        words: Of ``WORDS``.
        weaknesses: On the paths.
        books: The books are at stake; without, no ITGC domain is named.
        trust: A promise is; without, no trust services criterion is.
    """
    return _identifiers(tuple(words), tuple(weaknesses), books=books, trust=trust)


@lru_cache(maxsize=1024)
def _identifiers(
    words: tuple[str, ...], weaknesses: tuple[str, ...], *, books: bool, trust: bool
) -> tuple[str, ...]:
    """The same: few are the answers that many subjects have."""
    chosen = [WORDS[word] for word in words]
    trust = trust or any(one.side == VENDOR for one in chosen)
    maps = [*(one.maps for one in chosen)]
    maps += [WEAKNESSES[name].maps for name in weaknesses if name in WEAKNESSES]
    asked = [n for n in _NAMED if (n != "tsc" or trust) and (n != "itgc" or books)]
    found: list[str] = []
    for name in asked:
        ids = {one for each in maps for one in getattr(each, name)}
        found += [one for one in FRAMEWORKS[name].listed if one in ids]
    return tuple(found)
