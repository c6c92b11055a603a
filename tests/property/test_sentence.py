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
from tests.oracle.records import Facts, edge_refused, gap_refused, gate_refused, read_node
from tests.oracle.scope import Target, apply_owners, boundaries, select, targets_of
from tests.oracle.world import build_world

Row = dict[str, str]
SEEDS = range(320)
#: What each estate has for certain: plain ones, dead targets, refused ones, refused records.
SORTS = ("bare_conditions", "marks", "kill_target", "refuse_target", "refuse_edge", "refuse_node")
#: Seeds of which the page is rendered, too: its tiles must agree with the rows.
RENDERED = frozenset(range(0, 320, 7))

BOOKS, TRUST = r"change the books \(SOC 1\)", r"break a promise of trust \(SOC 2\)"


#: What may have become of a target that nothing supports.
LACKS = (
    "not found in the inputs",
    "not understood in the scope",
    "put outside the boundary",
    "given nothing to select",
)


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


def lost(facts: list[Facts], scope: Facts) -> tuple[list[Target], bool, dict[str, str]]:
    """By the oracle: the assurance nodes, whether more is lost, and what became of dead ones."""
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
    became = {of(target): "not understood in the scope" for target in targets if target.refused}
    for entry in scope["targets"]:
        if entry["id"] in {of(target) for target in targets if target.dead} - became.keys():
            items = [item for item in entry["select"] if item]
            became[entry["id"]] = (
                "put outside the boundary"
                if select(world, items)
                else "not found in the inputs"
                if items
                else "given nothing to select"
            )
    return targets, unmatched or dangling, became


def records_lost(facts: list[Facts]) -> int:
    """By the oracle's reading of single records: refused ones, edges that dangle, gaps nowhere."""
    every = {
        name: [record for document in facts for record in document.get(name) or []]
        for name in ("nodes", "edges", "gates", "gaps")
    }
    known = {record.get("key") for record in every["nodes"]}
    refused = sum(read_node(record)[1] for record in every["nodes"])
    refused += sum(gate_refused(record) for record in every["gates"])
    refused += sum(gap_refused(gap) or gap["at"] not in known for gap in every["gaps"])
    for edge in every["edges"]:
        ends = {edge.get("from"), edge.get("to")}
        refused += edge_refused(edge) or not known.issuperset(
            ends | {need["at"] for need in edge.get("needs") or []}
        )
    return refused


def judged_sides(targets: list[Target], commitments: list[str]) -> tuple[bool, set[str]]:
    """Whether the books were judged, and the promises that were."""
    books = any(t.role != "none" and not t.category for t in targets)
    trust = [t for t in targets if t.category or t.unread]
    kept = {letter for t in targets for letter in t.by_effect if t.category or not t.financial}
    kept |= {letter for t in targets for letter in t.data_letters}
    return books, set(commitments) & (kept | ({"S"} if trust else set()))


def of(target: Target) -> str:
    """The id in a target's key."""
    return re.sub(r"^(fin:|target:|trust:[^/]*/)", "", target.key)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_the_sentence_is_counted_again_from_the_files(
    seed: int, tmp_path: Path
) -> None:
    """Columns soc1, soc2, certainty, verdict; dead targets, records by the oracle's reading."""
    facts, scope = estate(seed, SORTS[seed % len(SORTS)])
    write_estate(tmp_path, facts, scope)
    found = judged(tmp_path)
    said = answer(found)
    identities = printed(identities_csv(found.identities))
    by_identity: dict[str, list[Row]] = {}
    for row in printed(verdicts_csv(found.verdicts)):
        by_identity.setdefault(row["identity"], []).append(row)
    pairs = [sides(row, by_identity.get(row["identity"], [])) for row in identities]
    targets, otherwise, became = lost(facts, scope)
    unread = records_lost(facts)

    told = re.search(r"([\d,]+) records? (?:was|were) refused: what stands there", said)
    assert number(told[1] if told else None) == unread, said
    of_all = re.search(r"Of ([\d,]+) non-human", said)
    if of_all is None:
        where = "what could be read" if unread else "the inputs"
        assert f"No non-human identity was found in {where}." in said
        assert not identities
        return
    assert number(of_all[1]) == len(identities)
    wrong = dead_targets(said[: of_all.start()], targets, became) or otherwise
    books, promises = judged_sides(targets, scope["commitments"])
    if "none was judged" in said:
        assert not books
        assert not scope["commitments"]
        return
    dead_books = any(t.dead and t.role != "none" and not t.category for t in targets)
    calm = (books, otherwise or dead_books), (bool(promises), wrong)
    for at, what in enumerate((BOOKS, TRUST)):
        side(said, what, [pair[at] for pair in pairs], *calm[at], unread=unread)
    left = set(scope["commitments"]) - promises
    partly = re.search(r"as to ([A-Z, ]+) nobody was judged", said)
    assert set(partly[1].split(", ") if partly else ()) == (left if promises else set()), said
    both = re.search(r"([\d,]+) can or may do both", said)
    assert number(both[1] if both else None) == sum(
        {"can", "may"}.issuperset(pair) for pair in pairs
    )
    neither = 0 if wrong else sum(row["verdict"] == "neither" for row in identities)
    cleared(said, neither, both_sides=books and bool(promises), unread=unread)
    assert ("was not decided" in said) <= wrong, said
    if seed in RENDERED:
        tiles(render(found), pairs, said)


def dead_targets(lead: str, targets: list[Target], became: dict[str, str]) -> bool:
    """Before anything else stand the targets that nothing stands for; whether there are any."""
    dead = {of(target) for target in targets if target.dead or target.refused}
    assert dead == became.keys()
    for how in (*LACKS, *became.values()):
        gone = [name for name in dead if became[name] == how]
        named = re.search(rf"([\d,]+) of ([\d,]+) targets? (?:was|were) {how}: ", lead)
        assert (named is not None) == bool(gone), lead
        if named is not None:
            ids = {of(target) for target in targets}
            assert (number(named[1]), number(named[2])) == (len(gone), len(ids))
    return bool(dead)


def side(
    said: str,
    what: str,
    answers: list[str],
    looked_at: bool,
    wrong: bool,
    *,
    unread: int,
) -> None:
    """One side's figures, and no "none" of what was not looked at."""
    counted = {name: answers.count(name) for name in ("can", "may", "unsure")}
    figures = clause(said, what)
    unjudged = re.search(rf"whether any can {what} was not judged: ", said)
    assert (unjudged is not None) == (not looked_at and not any(counted.values())), said
    if figures is None:
        assert not any(counted.values()), said
        return
    assert figures == counted, said
    if re.search(rf"none can {what}", said):
        assert looked_at, said
        assert not wrong, said
        assert not unread, said


def cleared(said: str, neither: int, *, both_sides: bool, unread: int) -> None:
    """Of whom no path was found, to what, and in what."""
    found = re.search(
        r"For ([\d,]+) no such path( to the books| to a promise)? was found in (what could)?", said
    )
    assert number(found[1] if found else None) == neither, said
    if found is not None:
        assert bool(found[2]) == (not both_sides), said
        assert bool(found[3]) == bool(unread), said


def tiles(page: str, pairs: list[tuple[str, str]], said: str) -> None:
    """The counts below the sentence: four answers a side, of all identities."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert said in text
    for at, of in enumerate(("soc1", "soc2")):
        counted = re.findall(rf'<b class="a-(\w+) v-{of}">([\d,]+)</b>', page)
        answers = {"can": "can", "may": "may", "undetermined": "unsure", "none": ""}
        want = {name: sum(pair[at] == one for pair in pairs) for name, one in answers.items()}
        assert not counted or {name: number(count) for name, count in counted} == want
