"""Every number and word of state in report.html is that of the CSV files beside it.

Read from the page as HTML and from the files as CSV, over random estates; no code of the page is
used but the name that it gives to an identity.
"""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from nhigraph.app.assess import write_files
from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_collection
from nhigraph.assurance.answer import Options
from nhigraph.errors import UsageError
from nhigraph.output import card_id
from nhigraph.output.report_html import render
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.property.page_tables import (
    check_changes,
    check_findings,
    check_rotation,
    check_which,
)
from tests.property.page_words import EXPOSURES, VERDICTS, Part, Reader, Row, called

FIRST, CHUNK, ALWAYS, ALL = 320_000, 6, 2, 40


class Files:
    """One assessment as files, and its page."""

    def __init__(self, seed: int, folder: Path) -> None:
        (folder / "in").mkdir(parents=True)
        (folder / "out").mkdir()
        write_estate(folder / "in", *estate(seed))
        found, _ = judge(
            of_collection(collect([folder / "in"]), option="2026-11-23"),
            Options(),
            lambda *_: None,
        )
        pages = {"report.html": render(found, "graph.html")}
        write_files(folder / "out", found, pages, all_pairs_csv=True)
        self._folder = folder / "out"
        self.page = Reader((folder / "out" / "report.html").read_text(encoding="utf-8")).root
        self.identities = {row["identity"]: row for row in self.rows("identities.csv")}
        self.by_place = {card_id(key): key for key in self.identities}
        self.verdicts = {
            (row["identity"], row["target"]): row for row in self.rows("verdicts.csv")
        }

    def rows(self, name: str) -> list[Row]:
        """The rows of a file."""
        text = (self._folder / name).read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def section(self, name: str) -> Part | None:
        """A section of the page."""
        return self.page.by_id(name)

    @property
    def coverage(self) -> dict[str, list[dict[str, str | int | bool]]]:
        """coverage.json."""
        loaded: dict[str, list[dict[str, str | int | bool]]] = json.loads(
            (self._folder / "coverage.json").read_text(encoding="utf-8")
        )
        return loaded


def answer(row: Row) -> str:
    """Both sides of a row in a few words."""
    soc1 = {"none": "", "undetermined": "not decided"}.get(row["soc1"], row["soc1"])
    soc2 = row["soc2"].replace("undetermined", "not decided").replace(";", " ")
    outside = row["soc2_outside"].replace(";", " ")
    parts = [soc1, "" if soc2 == soc1 else soc2, f"{outside} not promised" if outside else ""]
    return "; ".join(part for part in parts if part)


def check_roster(files: Files) -> None:
    """Every identity once, with its verdict, answer, exposure and how many targets."""
    table = files.page.by_id("roster")
    rows = table.all("tr")[1:] if table else []
    assert len(rows) == len(files.identities)
    seen = set()
    for row in rows:
        links = [str(one.attrs["href"])[1:] for one in row.all("a")]
        key = files.by_place[str(row.attrs.get("id") or links[0])]
        said, cells = files.identities[key], row.all("td")
        seen.add(key)
        expected = VERDICTS[said["verdict"]]
        if said["verdict"] != "undetermined" and answer(said):
            expected += f" {answer(said)}"
        targets = len([one for one in said["targets"].split(";") if one])
        assert [cell.text for cell in cells] == [
            expected,
            EXPOSURES[said["exposure"]],
            str(targets or ""),
        ]
    assert seen == set(files.identities)


def check_matrix(files: Files) -> None:
    """The mark of every cell follows from the rows of that identity at that target."""
    section = files.section("targets")
    if section is None:
        return
    heads = [one.all("span")[0] for one in section.all("th") if one.all("span")]
    columns = [str(head.inside[0]).strip() for head in heads if head.all("small")]
    dense = bool(section.all("table", " dense "))
    for row in section.all("tbody")[0].all("tr"):
        head = row.all("th")[0]
        keys = [files.by_place[str(one.attrs["href"])[1:]] for one in head.all("a")]
        count = int(head.all("summary")[0].text.split(" ")[0]) if head.all("summary") else 1
        assert len(keys) == count
        assert {EXPOSURES[files.identities[key]["exposure"]] for key in keys} == {
            head.all("span", " e ")[-1].text
        }
        for column, cell in zip(columns, row.all("td"), strict=True):
            for key in keys:
                check_cell(files, key, column, cell, dense=dense)


def check_cell(files: Files, key: str, column: str, cell: Part, *, dense: bool) -> None:
    mine = [
        row
        for (identity, target), row in files.verdicts.items()
        if identity == key and called(target).split(": ")[0] == column and target != "*"
    ]
    other = files.verdicts.get((key, "*"))
    mark = cell.text.split(" ")[0]
    if not mine:
        assert mark == "–" or (mark == "?" and other is not None)
        return
    soc1 = {row["soc1"] for row in mine}
    letters = {one for row in mine for one in row["soc2"].split(";")} - {"", "undetermined"}
    books = "▲" if "direct" in soc1 else "△" if "indirect" in soc1 else ""
    open_ended = "undetermined" in soc1 or "undetermined" in {row["soc2"] for row in mine}
    if books:
        assert mark == books + ("●" if letters else "")
    elif "undetermined" in soc1 or not letters:
        assert mark == ("?" if open_ended else "–")
    else:
        assert mark == "●"
    if letters and not dense and mark != "?":
        assert letters <= set(cell.text.replace(",", "").split(" "))


def check_cards(files: Files) -> None:
    """Head and lines of every card, and the steps of its path."""
    section = files.section("identities")
    assert section is not None
    paths = files.rows("paths.csv")
    for card in section.all("details", " card "):
        inner = card.all("div", " inner ")[0]
        key = files.by_place[str(inner.attrs["id"])]
        said, head = files.identities[key], card.all("summary")[0]
        members = [
            files.by_place[str(one.attrs["id"])] for one in card.all("li") if "id" in one.attrs
        ]
        assert head.all("span", " what ")[0].text == VERDICTS[said["verdict"]]
        assert head.all("span", " badge ")[0].text == EXPOSURES[said["exposure"]]
        many = head.all("span", " name ")[0].text.split(" ×")
        assert (int(many[0]) if len(many) > 1 else 1) == 1 + len(members)
        tables = inner.all("table", " rows ")
        lines = tables[0].all("tr")[1:] if tables else []
        named = sum(check_line(files, key, members, line) for line in lines)
        told = (row for (who, _), row in files.verdicts.items() if who == key)
        assert named == sum(
            row["verdict"] != "neither" or bool(row["soc2_outside"]) for row in told
        )
        check_path(card, key, files, paths)


def check_line(files: Files, key: str, members: list[str], line: Part) -> int:
    """All that a line says of its targets, for everybody on the card; how many these are."""
    head, told, rests = line.all("th")[0], line.all("td")[0], line.all("td")[1]
    names = {called(target): target for who, target in files.verdicts if who == key}
    for one in map(str.strip, head.text.split(", ")):
        name = one.rsplit(" ", 1)[0] if one not in names else one
        for who in (key, *members):
            row = files.verdicts[who, names[name]]
            if who == key and name != one:
                assert one.rsplit(" ", 1)[1] == row["steps"]
            words = [VERDICTS[row["verdict"]], answer(row)]
            words.append(f"{EXPOSURES[row['exposure']]} · {row['certainty']}")
            assert told.text == " ".join(word for word in words if word)
            assert rests.text.endswith(row["rules"].replace(";", " "))
            if row["states"]:
                states = row["states"].replace("+", ", ").lower()
                assert f"holds {states} there" in rests.text
    return len(head.text.split(", "))


def check_path(card: Part, key: str, files: Files, paths: list[Row]) -> None:
    """The steps are those of paths.csv, and as many as verdicts.csv says."""
    links = [str(one.attrs["href"]) for one in card.all("a", " aside ")]
    if not links:
        return
    name = links[0].partition("#path=")[2]
    rows = [row for row in paths if row["path_id"] == name and row["alternative"] == "0"]
    steps = card.all("ol", " steps ")[0].all("li")
    assert len(steps) == len(rows)
    numbered = [str(step.attrs["data-n"]) for step in steps if step.attrs["data-n"] != "◎"]
    assert numbered == [str(number) for number in range(1, len(numbered) + 1)]
    for step, row in zip(steps, rows, strict=True):
        assert row["artifact"] in step.text
    of = next(row for row in files.verdicts.values() if row["path_id"] == name)
    assert of["identity"] == key
    assert of["steps"] == str(len(numbered))


def check_controls(files: Files) -> None:
    """Every test and every count."""
    section, rows = files.section("controls"), files.rows("controls.csv")
    assert bool(section) == bool(rows)
    if section is None:
        return
    shown = section.all("tbody")[0].all("tr")
    rows.sort(key=lambda row: (-int(row["identities"]), row["gate"]))
    tests = (
        *("human", "enforced_by_target", "out_of_reach", "content_bound"),
        *("no_auto_threshold", "log_out_of_reach", "restorable", "tested"),
    )
    asked = [name for name in tests if any(row[name] for row in rows)]
    for part, row in zip(shown, rows, strict=True):
        cells = [cell.text for cell in part.all("td")]
        said = [row[name] or "not asked" for name in asked]
        assert [cell.lstrip("✓✗? ") for cell in cells[:-1]] == said
        many = int(row["identities"])
        assert cells[-1].startswith(f"{many} identit" if many else "nobody")
        assert len(part.all("td")[-1].all("a")) <= many


def check_cuts(files: Files) -> None:
    """Cuts of every target, changes, and choke points."""
    section, told = files.section("cuts"), files.coverage["cuts"]
    if section is None:
        assert not told
        return
    by_name = {called(str(one["target"])): one for one in told}
    table = section.all("table", " cuts ")[0]
    for row in table.all("tr")[1:]:
        one = by_name.pop(row.all("th")[0].text)
        cells = [cell.text for cell in row.all("td")]
        if one["left_out"]:
            assert cells[:2] == ["–", "–"]
            continue
        assert cells[:2] == [str(one["stopped"]), str(one["changes"])]
        assert len(row.all("a")) == one["changes"]
        others = row.all("summary")
        said = int(others[0].text.split(" ")[0]) if others else 0
        assert said == (one["others"] or 0)
        assert ("no fewer do" in cells[2]) == (one["bound"] == one["cost"] and one["changes"] > 0)
    assert not by_name
    points = Counter(
        f"{called(row['target'])}: {row['identities']}" for row in files.rows("choke_points.csv")
    )
    shown: Counter[str] = Counter()
    for table in section.all("table"):
        if "Every way passes" in table.text:
            for cell in table.all("tbody")[0].all("tr"):
                shown.update(
                    str(one).strip() for one in cell.all("td")[0].inside if isinstance(one, str)
                )
    assert shown == points


def check_population(files: Files) -> None:
    """How many of each kind, in both files."""
    section = files.section("population")
    assert section is not None
    tables = {str(one.attrs.get("aria-label")): one for one in section.all("div", " scroll ")}
    for label, name in (
        ("Table of kinds", "population.csv"),
        ("Table of people and groups", "people.csv"),
    ):
        rows = files.rows(name)
        many = sorted(Counter(row["kind"] for row in rows).values())
        table = tables.get(label)
        cells = [row.all("td")[0].text for row in table.all("tr")[1:]] if table else []
        shown = sorted(int(one) for one in (cells[:-1] if name == "population.csv" else cells))
        assert shown == many


@pytest.mark.parametrize(
    "first",
    [
        first if number < ALWAYS else pytest.param(first, marks=pytest.mark.nightly)
        for number, first in enumerate(range(FIRST, FIRST + ALL * CHUNK, CHUNK))
    ],
)
def test_the_page_says_what_the_files_say(first: int, tmp_path: Path) -> None:
    """Roster, matrix, cards, lines, steps, controls, population, and the tables beside them."""
    for seed in range(first, first + CHUNK):
        try:
            files = Files(seed, tmp_path / str(seed))
        except UsageError as refused:
            # A scope that names no target is judged by nobody, and has no page.
            if not str(refused).startswith("no targets"):
                raise
            continue
        check_roster(files)
        check_matrix(files)
        check_cards(files)
        check_controls(files)
        check_cuts(files)
        check_population(files)
        check_which(files)
        check_changes(files)
        check_findings(files)
        check_rotation(files)
