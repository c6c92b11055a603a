"""The sentence on top is true row by row: every figure is counted again from the CSV files."""

import csv
import html
import io
import re
from pathlib import Path

import pytest

from nhigraph.output.csv_files import identities_csv, verdicts_csv
from nhigraph.output.report_html import answer, render
from tests.estate_files import judged, write_estate
from tests.oracle.estates import estate
from tests.oracle.records import Facts
from tests.oracle.scope import Target, apply_owners, boundaries, select, targets_of
from tests.oracle.world import build_world

Row = dict[str, str]
SEEDS = range(320)
#: What each estate has for certain: plain ones, dead targets, refused ones.
SORTS = ("bare_conditions", "marks", "kill_target", "refuse_target")
#: Seeds of which the page is rendered, too: its tiles must agree with the rows.
RENDERED = frozenset(range(0, 320, 8))

BOOKS, TRUST = r"change the books \(SOC 1\)", r"break a promise of trust \(SOC 2\)"


def number(text: str | None) -> int:
    """A figure of the sentence, thousands apart; 0 where there is none."""
    return int((text or "0").replace(",", ""))


def clause(sentence: str, what: str) -> dict[str, int] | None:
    """The figures of one side; None where it says that the side was not decided or not asked."""
    open_too = r"(?:, and for (?P<unsure>[\d,]+) it could not be decided)?(?=[;.])"
    also = r"(?:, (?P<can>[\d,]+) can)?(?:, (?P<may>[\d,]+) may)?(?=[;.])"
    forms = (
        rf"for (?P<unsure>[\d,]+) it could not be decided whether \w+ can {what}{also}",
        rf"(?P<can>[\d,]+) can {what}(?:, (?P<may>[\d,]+) may)?{open_too}",
        rf"(?P<may>[\d,]+) may {what}{open_too}",
        rf"(?P<none>none) can {what}(?=[;.])",
    )
    for form in forms:
        found = re.search(form, sentence)
        if found:
            said = found.groupdict()
            return {name: number(said.get(name)) for name in ("can", "may", "unsure")}
    return None


def printed(text: str) -> list[Row]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sides(identity: Row, rows: list[Row]) -> tuple[str, str]:
    """What the columns of both files say of one identity: (books, trust)."""
    if identity["soc1"] in ("none", "undetermined"):
        books = {"none": "", "undetermined": "unsure"}[identity["soc1"]]
    else:
        same = [row for row in rows if row["soc1"] == identity["soc1"]]
        books = "can" if "can" in {row["certainty"] for row in same} else "may"
    if identity["soc2"] in ("", "undetermined"):
        return books, "unsure" if identity["soc2"] else ""
    lettered = [row for row in rows if row["soc2"] not in ("", "undetermined")]
    in_rows = {letter for row in lettered for letter in row["soc2"].split(";")}
    own = not set(identity["soc2"].split(";")) <= in_rows
    return books, "can" if own or "can" in {row["certainty"] for row in lettered} else "may"


def lost(facts: list[Facts], scope: Facts) -> tuple[list[Target], bool]:
    """By the oracle: the assurance nodes, and whether more is lost than dead targets."""
    world = build_world(facts, scope)
    apply_owners(world, scope)
    targets = targets_of(world, scope, boundaries(world, scope))
    living = {of(target) for target in targets if not target.dead}
    unmatched = any(
        not select(world, [item])
        for entry in scope["targets"]
        for item in entry["select"]
        if entry["id"] in living
    )
    links = scope.get("links") or []
    dangling = any(link[end] not in world.nodes for link in links for end in ("from", "to"))
    return targets, unmatched or dangling


def of(target: Target) -> str:
    """The id in a target's key."""
    return re.sub(r"^(fin:|target:|trust:[^/]*/)", "", target.key)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_the_sentence_is_counted_again_from_the_files(
    seed: int, tmp_path: Path
) -> None:
    """Columns soc1, soc2, certainty, verdict; dead targets by the oracle's reading."""
    facts, scope = estate(seed, SORTS[seed % len(SORTS)])
    write_estate(tmp_path, facts, scope)
    found = judged(tmp_path)
    said = answer(found)
    identities = printed(identities_csv(found.identities))
    by_identity: dict[str, list[Row]] = {}
    for row in printed(verdicts_csv(found.verdicts)):
        by_identity.setdefault(row["identity"], []).append(row)
    pairs = [sides(row, by_identity.get(row["identity"], [])) for row in identities]

    of_all = re.search(r"Of ([\d,]+) non-human", said)
    if of_all is None:
        assert "No non-human identity was found in the inputs." in said
        assert not identities
        return
    assert number(of_all[1]) == len(identities)
    targets, otherwise = lost(facts, scope)
    refused = {of(target) for target in targets if target.refused}
    dead = {of(target) for target in targets if target.dead} - refused
    for gone, how in ((dead, "found in the inputs"), (refused, "understood in the scope")):
        named = re.search(rf"([\d,]+) of ([\d,]+) targets? (?:was|were) not {how}", said)
        assert (named is not None) == bool(gone), said
        if named is not None:
            ids = {of(target) for target in targets}
            assert (number(named[1]), number(named[2])) == (len(gone), len(ids))
            assert named.start() < of_all.start()
    if "none was judged" in said:
        assert all(t.role == "none" or t.category for t in targets)
        assert not scope["commitments"]
        return
    wrong = bool(dead or refused or otherwise)
    wrong_on = (
        otherwise or any(t.dead and t.role != "none" and not t.category for t in targets),
        wrong,
    )
    for at, what in enumerate((BOOKS, TRUST)):
        names = ("can", "may", "unsure")
        counted = {name: sum(pair[at] == name for pair in pairs) for name in names}
        figures = clause(said, what)
        if figures is None:
            assert not any(counted.values()), said
            continue
        assert figures == counted, said
        if re.search(rf"none can {what}", said):
            assert not wrong_on[at], said
    both = re.search(r"([\d,]+) can or may do both", said)
    assert number(both[1] if both else None) == sum(
        {"can", "may"}.issuperset(pair) for pair in pairs
    )
    neither = sum(row["verdict"] == "neither" for row in identities)
    cleared = re.search(r"For ([\d,]+) no such path was found", said)
    assert number(cleared[1] if cleared else None) == (0 if wrong else neither), said
    assert ("was not decided" in said) <= wrong, said
    if seed in RENDERED:
        tiles(render(found), pairs, said)


def tiles(page: str, pairs: list[tuple[str, str]], said: str) -> None:
    """The counts below the sentence: four answers a side, of all identities."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert said in text
    for at, of in enumerate(("soc1", "soc2")):
        counted = re.findall(rf'<b class="a-(\w+) v-{of}">([\d,]+)</b>', page)
        answers = {"can": "can", "may": "may", "undetermined": "unsure", "none": ""}
        want = {name: sum(pair[at] == one for pair in pairs) for name, one in answers.items()}
        assert not counted or {name: number(count) for name, count in counted} == want
