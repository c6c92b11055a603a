"""Identifiers of the frameworks that findings point into, and how they are spelt.

Identifiers only: the wording of criteria and controls belongs to their publishers, and what this
tool says about one is a line of its own (``gists``). Every table names where it was checked and on
which day; a test compares each with a list that somebody else wrote.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from nhigraph.records import dataclass


@dataclass(frozen=True)
class Framework:
    """The identifiers of one framework.

    Attributes:
        name: Short name, as in ``Weakness``.
        title: What people call it.
        listed: Its identifiers, in its own order.
        source: Where they were checked.
        read: ISO day on which that was done.
    """

    name: str
    title: str
    listed: tuple[str, ...]
    source: str
    read: str

    @cached_property
    def ids(self) -> frozenset[str]:
        """Its identifiers as a set."""
        return frozenset(self.listed)


def _numbered(groups: str) -> tuple[str, ...]:
    """``CC1:5`` as CC1.1 to CC1.5, for each word."""
    parts = (word.partition(":") for word in groups.split())
    return tuple(f"{head}.{n}" for head, _, many in parts for n in range(1, int(many) + 1))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: 33 common criteria and 28 of the four other categories, privacy 18 of them.
TSC: Final = Framework(
    "tsc",
    "Trust services criteria (TSP section 100, 2017, points of focus of 2022)",
    _numbered(
        "CC1:5 CC2:3 CC3:4 CC4:2 CC5:3 CC6:8 CC7:5 CC8:1 CC9:2 A1:3 PI1:5 C1:2 "
        "P1:1 P2:1 P3:2 P4:3 P5:2 P6:7 P7:1 P8:1"
    ),
    "github.com/CyberRiskGuy/aicpa-soc-tsc-json, AICPA_SOC_2_TSC_2017.csv",
    "2026-11-28",
)

_SUBCATEGORIES: Final = """
GV.OC-01 GV.OC-02 GV.OC-03 GV.OC-04 GV.OC-05 GV.OV-01 GV.OV-02 GV.OV-03 GV.PO-01 GV.PO-02
GV.RM-01 GV.RM-02 GV.RM-03 GV.RM-04 GV.RM-05 GV.RM-06 GV.RM-07 GV.RR-01 GV.RR-02 GV.RR-03
GV.RR-04 GV.SC-01 GV.SC-02 GV.SC-03 GV.SC-04 GV.SC-05 GV.SC-06 GV.SC-07 GV.SC-08 GV.SC-09
GV.SC-10 ID.AM-01 ID.AM-02 ID.AM-03 ID.AM-04 ID.AM-05 ID.AM-07 ID.AM-08 ID.IM-01 ID.IM-02
ID.IM-03 ID.IM-04 ID.RA-01 ID.RA-02 ID.RA-03 ID.RA-04 ID.RA-05 ID.RA-06 ID.RA-07 ID.RA-08
ID.RA-09 ID.RA-10 PR.AA-01 PR.AA-02 PR.AA-03 PR.AA-04 PR.AA-05 PR.AA-06 PR.AT-01 PR.AT-02
PR.DS-01 PR.DS-02 PR.DS-10 PR.DS-11 PR.IR-01 PR.IR-02 PR.IR-03 PR.IR-04 PR.PS-01 PR.PS-02
PR.PS-03 PR.PS-04 PR.PS-05 PR.PS-06 DE.AE-02 DE.AE-03 DE.AE-04 DE.AE-06 DE.AE-07 DE.AE-08
DE.CM-01 DE.CM-02 DE.CM-03 DE.CM-06 DE.CM-09 RS.AN-03 RS.AN-06 RS.AN-07 RS.AN-08 RS.CO-02
RS.CO-03 RS.MA-01 RS.MA-02 RS.MA-03 RS.MA-04 RS.MA-05 RS.MI-01 RS.MI-02 RC.CO-03 RC.CO-04
RC.RP-01 RC.RP-02 RC.RP-03 RC.RP-04 RC.RP-05 RC.RP-06
"""
CSF: Final = Framework(
    "csf",
    "NIST Cybersecurity Framework 2.0, subcategories",
    _words(_SUBCATEGORIES),
    "NIST's CSF 2.0 reference export (document CSF_2_0_0), withdrawn subcategories left out",
    "2026-11-28",
)

#: Controls of the moderate baseline of SP 800-53B.
_BASELINE: Final = """
AC-1 AC-2 AC-2(1) AC-2(2) AC-2(3) AC-2(4) AC-2(5) AC-2(13) AC-3 AC-4 AC-5 AC-6 AC-6(1) AC-6(2)
AC-6(5) AC-6(7) AC-6(9) AC-6(10) AC-7 AC-8 AC-11 AC-11(1) AC-12 AC-14 AC-17 AC-17(1) AC-17(2)
AC-17(3) AC-17(4) AC-18 AC-18(1) AC-18(3) AC-19 AC-19(5) AC-20 AC-20(1) AC-20(2) AC-21 AC-22
AT-1 AT-2 AT-2(2) AT-2(3) AT-3 AT-4 AU-1 AU-2 AU-3 AU-3(1) AU-4 AU-5 AU-6 AU-6(1) AU-6(3) AU-7
AU-7(1) AU-8 AU-9 AU-9(4) AU-11 AU-12 CA-1 CA-2 CA-2(1) CA-3 CA-5 CA-6 CA-7 CA-7(1) CA-7(4)
CA-9 CM-1 CM-2 CM-2(2) CM-2(3) CM-2(7) CM-3 CM-3(2) CM-3(4) CM-4 CM-4(2) CM-5 CM-6 CM-7 CM-7(1)
CM-7(2) CM-7(5) CM-8 CM-8(1) CM-8(3) CM-9 CM-10 CM-11 CM-12 CM-12(1) CP-1 CP-2 CP-2(1) CP-2(3)
CP-2(8) CP-3 CP-4 CP-4(1) CP-6 CP-6(1) CP-6(3) CP-7 CP-7(1) CP-7(2) CP-7(3) CP-8 CP-8(1)
CP-8(2) CP-9 CP-9(1) CP-9(8) CP-10 CP-10(2) IA-1 IA-2 IA-2(1) IA-2(2) IA-2(8) IA-2(12) IA-3
IA-4 IA-4(4) IA-5 IA-5(1) IA-5(2) IA-5(6) IA-6 IA-7 IA-8 IA-8(1) IA-8(2) IA-8(4) IA-11 IA-12
IA-12(2) IA-12(3) IA-12(5) IR-1 IR-2 IR-3 IR-3(2) IR-4 IR-4(1) IR-5 IR-6 IR-6(1) IR-6(3) IR-7
IR-7(1) IR-8 MA-1 MA-2 MA-3 MA-3(1) MA-3(2) MA-3(3) MA-4 MA-5 MA-6 MP-1 MP-2 MP-3 MP-4 MP-5
MP-6 MP-7 PE-1 PE-2 PE-3 PE-4 PE-5 PE-6 PE-6(1) PE-8 PE-9 PE-10 PE-11 PE-12 PE-13 PE-13(1)
PE-14 PE-15 PE-16 PE-17 PL-1 PL-2 PL-4 PL-4(1) PL-8 PL-10 PL-11 PS-1 PS-2 PS-3 PS-4 PS-5 PS-6
PS-7 PS-8 PS-9 RA-1 RA-2 RA-3 RA-3(1) RA-5 RA-5(2) RA-5(5) RA-5(11) RA-7 RA-9 SA-1 SA-2 SA-3
SA-4 SA-4(1) SA-4(2) SA-4(9) SA-4(10) SA-5 SA-8 SA-9 SA-9(2) SA-10 SA-11 SA-15 SA-15(3) SA-22
SC-1 SC-2 SC-4 SC-5 SC-7 SC-7(3) SC-7(4) SC-7(5) SC-7(7) SC-7(8) SC-8 SC-8(1) SC-10 SC-12 SC-13
SC-15 SC-17 SC-18 SC-20 SC-21 SC-22 SC-23 SC-28 SC-28(1) SC-39 SI-1 SI-2 SI-2(2) SI-3 SI-4
SI-4(2) SI-4(4) SI-4(5) SI-5 SI-7 SI-7(1) SI-7(7) SI-8 SI-8(2) SI-10 SI-11 SI-12 SI-16 SR-1
SR-2 SR-2(1) SR-3 SR-5 SR-6 SR-8 SR-10 SR-11 SR-11(1) SR-11(2) SR-12
"""
_MODERATE: Final = _words(_BASELINE)
#: Controls that the crosswalk names and that baseline does not have.
_BEYOND: Final = ("CM-14", "IA-5(7)", "IA-9")

SP800_53: Final = Framework(
    "sp800_53",
    "NIST SP 800-53 revision 5, the moderate baseline and what else is named here",
    (*_MODERATE, *_BEYOND),
    "github.com/usnistgov/oscal-content, MODERATE-baseline_profile.json 5.1.1+u4",
    "2026-11-28",
)
#: The baseline that ``in_baseline`` speaks of.
BASELINE: Final = "moderate"

OWASP: Final = Framework(
    "owasp",
    "OWASP Non-Human Identities Top 10, 2025",
    tuple(f"NHI{number}:2025" for number in range(1, 11)),
    "owasp.org/www-project-non-human-identities-top-10/2025/top-10-2025",
    "2026-11-28",
)

#: 37 organizational, 8 people, 14 physical and 34 technological controls. A well-known rule pack
#: has 92: A.8.28 is missing there.
ISO27001: Final = Framework(
    "iso27001",
    "ISO/IEC 27001:2022, Annex A",
    _numbered("A.5:37 A.6:8 A.7:14 A.8:34"),
    "iso.org/standard/27001; github.com/trwilcoxson/claude-skills, iso27001-annex-a-controls.md",
    "2026-11-28",
)

ITGC: Final = Framework(
    "itgc",
    "Domains of general IT controls: access, program changes, operations, program development",
    ("APD", "PC", "CO", "PD"),
    "PCAOB AS 2201.B29 names the first three; program development is usual beside them",
    "2026-11-28",
)

#: In the order in which identifiers are printed.
FRAMEWORKS: Final[Mapping[str, Framework]] = {
    one.name: one for one in (OWASP, TSC, CSF, SP800_53, ISO27001, ITGC)
}

#: What older guidance called long-lived secrets; NHI3:2025 is the third party's identity.
#: Other numbers of that spelling are no known name of anything here.
OWASP_ALIASES: Final[Mapping[str, str]] = {"NHI-03": "NHI7:2025", "NHI-3": "NHI7:2025"}

_OWASP = re.compile(r"NHI(\d{1,2})(?:[:_]2025)?")
_CSF = re.compile(r"([A-Z]{2}\.[A-Z]{2})-(\d{1,2})")
_SP = re.compile(r"([A-Z]{2})-0?(\d{1,2})(?:\.0?(\d{1,2})|\(0?(\d{1,2})\))?")
_ISO = re.compile(r"(?:A\.?)?([5-8]\.\d{1,2})")


def _owasp(text: str) -> str:
    found = _OWASP.fullmatch(text)
    return f"NHI{found[1]}:2025" if found else OWASP_ALIASES.get(text, "")


def _csf(text: str) -> str:
    found = _CSF.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02}" if found else ""


def _sp800_53(text: str) -> str:
    found = _SP.fullmatch(text)
    if found is None:
        return ""
    more = found[3] or found[4]
    return f"{found[1]}-{found[2]}" + (f"({more})" if more else "")


def _iso(text: str) -> str:
    found = _ISO.fullmatch(text)
    return f"A.{found[1]}" if found else ""


_SPELT: Final[Mapping[str, Callable[[str], str]]] = {
    "owasp": _owasp,
    "csf": _csf,
    "sp800_53": _sp800_53,
    "iso27001": _iso,
}


def canonical(text: str) -> tuple[Framework, str] | None:
    """An identifier as it is printed, with its framework; None for what is none.

    Other spellings are known: ``GV.SC-1`` is GV.SC-01 (some rule packs leave the zero out),
    ``ac-2.3`` AC-2(3), ``5.16`` A.5.16, ``NHI7`` and ``nhi7_2025`` NHI7:2025, and ``NHI-03`` of
    older guidance NHI7:2025.
    """
    asked = text.strip().upper()
    for name, framework in FRAMEWORKS.items():
        spelt = _SPELT[name](asked) if name in _SPELT else asked
        if spelt in framework.ids:
            return framework, spelt
    return None


def in_baseline(control: str) -> bool:
    """Whether a control of SP 800-53 is one of the moderate baseline."""
    return control in _IN_BASELINE


_IN_BASELINE: Final = frozenset(_MODERATE)
