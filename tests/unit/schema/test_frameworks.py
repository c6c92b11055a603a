"""Identifiers are the publishers' own, and every weakness maps to such alone.

``tests/data/frameworks/`` has ids as others list them, with where and when they were read.
"""

from pathlib import Path

import pytest

from nhigraph.schema import frameworks
from nhigraph.schema.crosswalk import HYGIENE, WEAKNESSES
from nhigraph.schema.frameworks import FRAMEWORKS, canonical, in_baseline
from nhigraph.schema.gists import GISTS

LISTS = Path(__file__).parents[2] / "data" / "frameworks"


def _listed(name: str) -> list[str]:
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("name", "count"), [("tsc", 61), ("csf", 106), ("iso27001", 93)])
def test_a_framework_has_the_identifiers_that_others_list_and_no_more(
    name: str, count: int
) -> None:
    told = _listed(name)
    assert len(told) == len(set(told)) == count
    assert FRAMEWORKS[name].ids == set(told)
    assert len(FRAMEWORKS[name].listed) == count


def test_privacy_has_eighteen_criteria_and_security_thirty_three() -> None:
    of = {head: [i for i in frameworks.TSC.listed if i.startswith(head)] for head in ("P", "CC")}
    assert len([i for i in of["P"] if not i.startswith("PI")]) == 18
    assert len(of["CC"]) == 33


def test_the_baseline_is_the_moderate_one() -> None:
    moderate = set(_listed("sp800_53_moderate"))
    assert len(moderate) == 287
    assert {one for one in frameworks.SP800_53.ids if in_baseline(one)} == moderate


def test_named_controls_outside_the_baseline_are_these() -> None:
    named = {one for w in WEAKNESSES.values() for one in w.maps.sp800_53}
    assert {one for one in named if not in_baseline(one)} == {"CM-14", "IA-5(7)", "IA-9"}
    assert named >= {"AC-2", "AC-5", "AC-6", "IA-5", "SC-12", "AU-9", "CM-5", "CP-9", "SA-9"}


def test_the_ten_of_owasp_are_each_somebodys() -> None:
    named = {one for w in WEAKNESSES.values() for one in w.maps.owasp}
    assert named == frameworks.OWASP.ids == {f"NHI{n}:2025" for n in range(1, 11)}


@pytest.mark.parametrize("name", list(WEAKNESSES))
def test_a_weakness_maps_to_identifiers_that_exist(name: str) -> None:
    weakness = WEAKNESSES[name]
    every = weakness.ids(("personal", "storage"))
    for framework in FRAMEWORKS:
        assert set(getattr(weakness.maps, framework)) <= FRAMEWORKS[framework].ids
    assert len(every) == len(set(every))
    for one in every:
        found = canonical(one)
        assert found is not None
        assert found[1] == one, "printed as its framework spells it"


def test_no_weakness_maps_to_what_only_the_whole_entity_shows() -> None:
    every = {one for w in WEAKNESSES.values() for one in w.ids(("personal", "storage"))}
    entity = ("CC1.", "CC2.", "CC3.", "CC4.", "CC5.", "P1.", "P2.", "P3.", "CC6.4")
    assert not [one for one in every if one.startswith(entity)]


def test_what_a_condition_adds_stands_among_the_criteria() -> None:
    exfil, inputs = WEAKNESSES["exfil_path"], WEAKNESSES["input_integrity"]
    assert " ".join(exfil.ids()) == (
        "NHI5:2025 C1.1 CC6.7 PR.DS-01 PR.DS-02 AC-4 SC-8 A.8.11 A.8.12 A.8.3"
    )
    assert set(exfil.ids(("personal",))) - set(exfil.ids()) == {"P6.1"}
    assert exfil.ids(("storage",)) == exfil.ids()
    assert set(inputs.ids(("storage",))) - set(inputs.ids()) == {"PI1.5"}


#: As it may be written, and as it is printed; empty for what is no identifier.
SPELT = [
    ("GV.SC-1", "GV.SC-01"),
    ("pr.aa-1", "PR.AA-01"),
    ("PR.AA-05", "PR.AA-05"),
    ("GV.SC-11", ""),
    ("ID.AM-06", ""),  # withdrawn: incorporated into GV.RR-02 and GV.SC-02
    ("NHI-03", "NHI7:2025"),
    ("NHI3:2025", "NHI3:2025"),
    ("NHI3", "NHI3:2025"),
    ("nhi7_2025", "NHI7:2025"),
    ("NHI-07", ""),
    ("NHI11:2025", ""),
    ("ac-2(3)", "AC-2(3)"),
    ("AC-2.3", "AC-2(3)"),
    ("AC-02(03)", "AC-2(3)"),
    ("ac-12", "AC-12"),
    ("AC-99", ""),
    ("cc6.1", "CC6.1"),
    ("CC6.9", ""),
    ("P6.8", ""),
    ("PI1.5", "PI1.5"),
    ("5.16", "A.5.16"),
    ("A.8.34", "A.8.34"),
    ("A.8.35", ""),
    ("apd", "APD"),
    ("R12", ""),
]


@pytest.mark.parametrize(("written", "printed"), SPELT)
def test_other_spellings_are_known(written: str, printed: str) -> None:
    found = canonical(written)
    assert (found[1] if found else "") == printed


def test_every_identifier_that_is_named_has_a_line_of_its_own() -> None:
    named = {one for w in WEAKNESSES.values() for one in w.ids(("personal", "storage"))}
    assert named <= GISTS.keys()
    for one, line in GISTS.items():
        assert canonical(one) is not None, one
        assert line == line.strip()
        assert len(line) > 5


def test_the_first_twelve_give_s_and_the_effects_never_do() -> None:
    effects = ("log_tamper", "key_or_data_destruction", "exfil_path", "input_integrity")
    assert tuple(WEAKNESSES) == (*HYGIENE, *effects)
    assert len(HYGIENE) == 12
