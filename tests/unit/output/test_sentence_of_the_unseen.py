"""The sentence on top says "none" of nothing that was not looked at: a table of named cases."""

from dataclasses import replace

import pytest

from nhigraph.assurance.rows import Assessment, IdentityRow, Target, Unread, VerdictRow
from nhigraph.output.report_html import answer, render
from tests.unit.output.pages import Page

LEDGER = Target("fin:gl", "gl", "financial-reporting", fs_role="record", nodes=("t:gl",))
HELPER = Target("fin:crm", "crm", "financial-reporting", fs_role="none", nodes=("t:crm",))
PAYROLL = Target(
    *("fin:pay", "pay", "financial-reporting"),
    fs_role="record",
    data_class=("confidential",),
    nodes=("t:pay",),
)
UPTIME = Target("trust:A/up", "up", "trust-service", "A", nodes=("t:up",))
SECRECY = Target("trust:C/pii", "pii", "trust-service", "C", nodes=("t:pii",))
OPEN = Target("trust:unknown/x", "x", "trust-service", "unknown", nodes=("t:x",))
GONE = Target("trust:A/gone", "gone", "trust-service", "A")
ODD = Target("target:odd", "odd", "unknown", refused="family: unknown word")

NO_BOOKS = "whether any can change the books (SOC 1) was not judged: "
NO_TRUST = "whether any can break a promise of trust (SOC 2) was not judged: "
BOOKS, TRUST = "none can change the books (SOC 1)", "none can break a promise of trust (SOC 2)"
NO_TARGET = "no trust-service target of the scope stands for one"
NO_MORE = f"; nothing else was judged there: {NO_TARGET}."
FOUND = "For 1 no such path{} was found in what was read."


def quiet(targets: tuple[Target, ...], commitments: str = "", **more: object) -> Assessment:
    """One identity that reaches nothing."""
    fields: dict[str, object] = {
        "organization": "",
        "as_of": "2026-11-23",
        "as_of_source": "scope",
        "commitments": tuple(commitments.split()),
        "targets": targets,
        "identities": (who(),),
        "verdicts": (),
        "paths": {},
        "paths_left_out": 0,
        "population": (),
        "coverage": {},
    }
    return Assessment(**{**fields, **more})  # type: ignore[arg-type]


def who(soc1: str = "none", soc2: tuple[str, ...] = ()) -> IdentityRow:
    """An identity with these answers."""
    proven = soc1 not in ("none", "undetermined")
    letters = soc2 not in ((), ("undetermined",))
    verdict = {(True, True): "both", (True, False): "soc1", (False, True): "soc2"}.get(
        (proven, letters), "neither" if not soc2 and soc1 == "none" else "undetermined"
    )
    row = ("t:bot", "ServiceAccount", "bot", "", verdict, soc1, soc2, (), "open", "own")
    return IdentityRow(*row, (), (), (), "in")


CASES = {
    "books and every promise": ((LEDGER, UPTIME), "S A", f"{BOOKS}; {TRUST}.", ""),
    "commitments without a trust target": (
        *((LEDGER,), "S A PI C P", f"{BOOKS}; {NO_TRUST}{NO_TARGET}."),
        " to the books",
    ),
    "security alone, without a trust target": (
        *((LEDGER,), "S", f"{BOOKS}; {NO_TRUST}{NO_TARGET}."),
        " to the books",
    ),
    "a trust target without commitments": (
        *((LEDGER, UPTIME), "", f"{BOOKS}; {NO_TRUST}the scope states no commitments."),
        " to the books",
    ),
    "books alone": (
        *((LEDGER,), "", f"{BOOKS}; {NO_TRUST}the scope states no commitments."),
        " to the books",
    ),
    "promises alone": (
        *((UPTIME,), "A", f"{NO_BOOKS}the scope names no financial target; {TRUST}."),
        " to a promise",
    ),
    "books that nothing rests on": (
        *((HELPER, UPTIME), "A"),
        f"{NO_BOOKS}no financial target of the scope has a role in them; {TRUST}.",
        " to a promise",
    ),
    "one promise of two without a target": (
        *((LEDGER, UPTIME), "S A C"),
        f"{BOOKS}; {TRUST}; as to C nobody was judged: no target stands for it.",
        "",
    ),
    "two promises without a target": (
        *((LEDGER, UPTIME), "S A PI C"),
        f"{BOOKS}; {TRUST}; as to PI, C nobody was judged: no target stands for them.",
        "",
    ),
    "trust targets for other promises only": (
        *((LEDGER, SECRECY), "A"),
        f"{BOOKS}; {NO_TRUST}no target of the scope stands for one.",
        " to the books",
    ),
    "a promise kept by the data of the books": ((PAYROLL,), "C", f"{BOOKS}; {TRUST}.", ""),
    "security beside the data of the books": (
        *((PAYROLL,), "S C"),
        f"{BOOKS}; {TRUST}; as to S nobody was judged: no target stands for it.",
        "",
    ),
    "a trust target of unknown categories": ((LEDGER, OPEN), "A C", f"{BOOKS}; {TRUST}.", ""),
    "no books and no promises": (
        *((HELPER,), ""),
        "none was judged: the scope names no books and no promises.",
        " at all",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_side_without_a_target_is_not_judged(name: str) -> None:
    """Every combination of financial targets, trust targets and commitments."""
    targets, commitments, said, of = CASES[name]
    rest = "" if of == " at all" else f" {FOUND.format(of)}"
    assert answer(quiet(targets, commitments)) == f"Of 1 non-human identity, {said}{rest}"


def test_promises_that_may_have_been_made_are_judged_where_a_target_stands_for_one() -> None:
    """Commitments of which the scope's word is not known."""
    every = ("S", "A", "PI", "C", "P")
    assert f"; {TRUST}." in answer(quiet((LEDGER, UPTIME), doubted=every))
    assert f"{NO_TRUST}{NO_TARGET}." in answer(quiet((LEDGER,), doubted=every))


def test_a_dead_target_is_told_and_is_no_missing_one() -> None:
    """What stands for nothing was not decided; what the scope never names was not judged."""
    said = answer(quiet((LEDGER, GONE), "A"))
    assert said.startswith("1 of 2 targets was not found in the inputs: gone. ")
    assert "whether any can break a promise of trust (SOC 2) was not decided" in said
    odd = answer(quiet((ODD,), "A"))
    assert odd.count("was not decided") == 2
    assert "not judged" not in odd


@pytest.mark.parametrize(
    ("soc2", "said"),
    [
        (("S",), f"1 can {TRUST[9:]}"),
        (("undetermined",), f"for 1 it could not be decided whether it can {TRUST[9:]}"),
    ],
)
def test_what_is_shown_without_a_trust_target_is_told_beside_what_was_not_judged(
    soc2: tuple[str, ...], said: str
) -> None:
    """S by an identity's own weakness, and the row of whoever reaches a gap."""
    found = quiet((LEDGER,), "S A", identities=(who(soc2=soc2),))
    assert answer(found) == f"Of 1 non-human identity, {BOOKS}; {said}{NO_MORE}"


@pytest.mark.parametrize(
    ("undecided", "said"),
    [(1, "for 1 it could not be decided whether it can"), (2, "whether they can")],
)
def test_one_of_several_that_is_not_decided_is_an_it(undecided: int, said: str) -> None:
    open_ = [who("undetermined")] * undecided
    told = answer(quiet((LEDGER,), "", identities=(*open_, who(), who())))
    assert f"{said} change the books (SOC 1)" in told


UNREAD = {
    Unread(1, 0): "1 document was not read whole",
    Unread(0, 1): "1 record was refused",
    Unread(2, 3): "2 documents were not read whole and 3 records were refused",
    Unread(1, 1200): "1 document was not read whole and 1,200 records were refused",
}


@pytest.mark.parametrize("unread", UNREAD, ids=UNREAD.get)
def test_what_could_not_be_read_is_counted_before_anything_is_said(unread: Unread) -> None:
    """And no side is "none", whatever the rows say."""
    found = quiet((LEDGER, UPTIME), "S A", unread=unread)
    assert answer(found) == (
        f"{UNREAD[unread]}: what stands there may open more than is told here. "
        "Of 1 non-human identity, what could be read shows none that can change the books "
        "(SOC 1); what could be read shows none that can break a promise of trust (SOC 2). "
        "For 1 no such path was found in what could be read."
    )
    text = Page(render(found)).text
    assert answer(found) in text
    assert f"to show, in the inputs listed under Coverage, of which {UNREAD[unread]}." in text


def test_what_could_not_be_read_is_told_beside_what_was_found_too() -> None:
    """An identity with a path does not speak for the others."""
    row = VerdictRow(
        *("t:bot", "fin:gl", "soc1", "direct", (), (), "open", "can", "ALTER", (), "own"),
        *(("R2",), 1, "", ()),
    )
    other = replace(who(), identity="t:other")
    found = quiet(
        *((LEDGER, UPTIME), "A"),
        unread=Unread(1),
        identities=(who("direct"), other),
        verdicts=(row,),
    )
    assert answer(found) == (
        "1 document was not read whole: what stands there may open more than is told here. "
        "Of 2 non-human identities, 1 can change the books (SOC 1); what could be read shows none "
        "that can break a promise of trust (SOC 2). "
        "For 1 no such path was found in what could be read."
    )
    assert (
        "1 more identity has no mark in any column: no path to any of these was found in the "
        "inputs listed under Coverage, of which 1 document was not read whole."
    ) in Page(render(found)).text


def test_nobody_in_what_could_be_read_is_no_empty_estate() -> None:
    """An unread list of identities must not look like none."""
    found = quiet((LEDGER,), "", identities=(), unread=Unread(1))
    assert answer(found) == (
        "1 document was not read whole: what stands there may open more than is told here. "
        "No non-human identity was found in what could be read."
    )
