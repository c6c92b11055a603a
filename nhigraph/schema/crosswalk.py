"""Weaknesses, and where each maps to: the one table of identifiers behind findings.

Rows follow the crosswalk of the design; OWASP identifiers are those of the NHI Top 10 of 2025,
which calls long-lived secrets NHI7 where older guidance says NHI-03. Criteria of the whole entity
(CC1 to CC5, P1 to P3) stand in no row: no path of a graph shows how a company is led.
"""

from collections.abc import Iterable
from typing import Final

from nhigraph.records import dataclass
from nhigraph.schema.frameworks import FRAMEWORKS


@dataclass(frozen=True, slots=True)
class Mapped:
    """Identifiers that something maps to, framework by framework.

    Attributes:
        owasp: OWASP NHI Top 10 2025.
        tsc: Trust services criteria.
        csf: NIST CSF 2.0.
        sp800_53: NIST SP 800-53 r5.
        iso27001: ISO/IEC 27001:2022 Annex A.
        itgc: IT general control domain: APD, PC, CO.
        also: Trust services criteria that are added where a condition holds: ``personal`` data is
            read, or data at rest (``storage``) is changed.
    """

    owasp: tuple[str, ...] = ()
    tsc: tuple[str, ...] = ()
    csf: tuple[str, ...] = ()
    sp800_53: tuple[str, ...] = ()
    iso27001: tuple[str, ...] = ()
    itgc: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them as they are printed, in the order of the frameworks."""
        return self.where(())

    def where(self, conditions: Iterable[str]) -> tuple[str, ...]:
        """The same with those that the conditions add."""
        held = set(conditions)
        more = tuple(found for condition, found in self.also if condition in held)
        tsc = (*self.tsc, *more)
        listed = {name: getattr(self, name) for name in FRAMEWORKS} | {"tsc": tsc}
        return tuple(found for name in FRAMEWORKS for found in listed[name])


@dataclass(frozen=True, slots=True)
class Weakness:
    """A weakness and where it maps to.

    Attributes:
        id: The tool's own name of it.
        hygiene: It gives S (R12); the others name effects and never do.
        maps: Its identifiers.
    """

    id: str
    hygiene: bool
    maps: Mapped

    @property
    def also(self) -> tuple[tuple[str, str], ...]:
        """What is added where a condition holds."""
        return self.maps.also

    def ids(self, conditions: Iterable[str] = ()) -> tuple[str, ...]:
        """Identifiers as they are printed, with those that the conditions add."""
        return self.maps.where(conditions)


def mapped(cells: str, also: tuple[tuple[str, str], ...] = ()) -> Mapped:
    """Identifiers of a row: ``OWASP | TSC | CSF | 800-53 | ISO 27001 | ITGC``, blanks between."""
    owasp, tsc, csf, sp800_53, iso27001, itgc = (tuple(cell.split()) for cell in cells.split("|"))
    return Mapped(owasp, tsc, csf, sp800_53, iso27001, itgc, also)


def _row(line: str) -> Weakness:
    name, alone, cells = line.split("|", 2)
    also = tuple((of, found) for row, of, found in _ALSO if row == name)
    return Weakness(name, alone == "S", mapped(cells, also))


#: What is added to a row where a condition holds.
_ALSO: Final = (
    ("exfil_path", "personal", "P6.1"),
    ("input_integrity", "storage", "PI1.5"),
)

#: id | S by itself (a hygiene weakness) | OWASP | TSC | CSF | 800-53 | ISO 27001 | ITGC
_CROSSWALK: Final = """
orphaned|S|NHI1:2025|CC6.2 CC6.3|PR.AA-01 PR.AA-05 ID.AM-08|AC-2 AC-2(3) PS-4|A.5.16 A.5.18|APD
secret_exposed|S|NHI2:2025|CC6.1 CC6.7 CC7.2|PR.AA-01 PR.DS-01|IA-5 IA-5(7) SC-12 SC-28|\
A.5.17 A.8.4|APD
third_party_unassessed|S|NHI3:2025|CC9.2 CC6.6|GV.SC-04 GV.SC-05 GV.SC-07|SA-9 SR-3 AC-20|\
A.5.19 A.5.20 A.5.21 A.5.22 A.5.23|APD
weak_auth|S|NHI4:2025|CC6.1 CC6.6|PR.AA-03 PR.AA-04|IA-5 IA-9 IA-3|A.8.5 A.5.17|APD
overprivileged|S|NHI5:2025|CC6.3 CC6.1|PR.AA-05|AC-6 AC-6(5) AC-3 AC-5|A.5.15 A.8.2 A.8.3 A.5.3|\
APD
pipeline_trust|S|NHI6:2025|CC6.1 CC8.1 CC6.8|PR.AA-03 PR.PS-06|IA-9 CM-5 CM-14 SI-7|\
A.8.25 A.8.31 A.8.32|PC
long_lived|S|NHI7:2025|CC6.1|PR.AA-01|IA-5 SC-12|A.5.17 A.8.24|APD
env_mixing|S|NHI8:2025|CC6.1 CC8.1|PR.AA-05 PR.IR-01|AC-4 CM-5 SC-7|A.8.31|APD PC
shared_identity|S|NHI9:2025|CC6.1 CC6.3|PR.AA-01 PR.AA-05|IA-4 IA-9 AC-6|A.5.16 A.8.2|APD
human_use|S|NHI10:2025|CC6.1 CC7.2|PR.AA-01 PR.PS-04|AC-2 AU-2 AU-12 IA-2|A.5.16 A.8.15|APD
sod_conflict|S|NHI5:2025|CC6.3|PR.AA-05|AC-5|A.5.3|APD
change_bypass|S|NHI6:2025|CC8.1|PR.PS-01|CM-3 CM-5|A.8.32|PC
log_tamper|||CC7.2 CC7.3|PR.PS-04 DE.CM-09|AU-9 AU-9(4) AU-11|A.8.15|CO
key_or_data_destruction|||A1.2 CC7.5 C1.2|PR.DS-11 RC.RP-03|CP-9 SC-12 MP-6|A.8.13 A.8.24 A.8.10|\
CO
exfil_path||NHI5:2025|C1.1 CC6.7|PR.DS-01 PR.DS-02|AC-4 SC-8|A.8.11 A.8.12 A.8.3|
input_integrity|||PI1.2 PI1.3|PR.DS-01|SI-7 SI-10|A.8.3|APD CO
"""

WEAKNESSES: Final[dict[str, Weakness]] = {
    row.id: row for row in map(_row, _CROSSWALK.strip().splitlines())
}
HYGIENE: Final = tuple(w.id for w in WEAKNESSES.values() if w.hygiene)
