"""Tables of report.html beside their files: which report, cuts, findings and rotation.

What is on the page is read as HTML, what it must be is told from the CSV files; neither uses the
code that wrote them.
"""

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from nhigraph.output import card_id
from tests.property.page_words import EXPOSURES, VERDICTS, Part, Row, called

if TYPE_CHECKING:
    from tests.property.test_page_equals_files import Files

_MORE = re.compile(r"and ([\d,]+) more")
SHOWN = {"which": 60, "changes": 40, "findings": 40, "rotation": 12}


def listed(cell: str) -> list[str]:
    """Items of a cell."""
    return [one for one in cell.split(";") if one]


def counted(cell: str) -> int:
    """How many a cell names, or counts at its end."""
    items = listed(cell)
    more = _MORE.fullmatch(items[-1]) if items else None
    return len(items) - 1 + int(more[1]) if more else len(items)


def more_said(part: Part) -> int:
    """How many more a part of the page counts at its end."""
    found = _MORE.search(part.text)
    return int(found[1].replace(",", "")) if found else 0


def verdict(soc1: str, soc2: str) -> str:
    """The word for both sides."""
    if soc1 == "undetermined" or (soc1 == "none" and soc2 == "undetermined"):
        return "undetermined"
    trust = soc2 not in {"", "undetermined"}
    if soc1 != "none":
        return "both" if trust else "soc1"
    return "soc2" if trust else "neither"


def asked(row: Row) -> str:
    """Both sides of a system in a few words."""
    sides = {"SOC 1": row["soc1"], "SOC 2": " ".join(listed(row["soc2"]))}
    told = {side: said for side, said in sides.items() if said not in {"", "none"}}
    if set(told.values()) <= {"undetermined"}:
        return "not decided"
    words = {"undetermined": "not decided"}
    return "; ".join(f"{side}: {words.get(said, said)}" for side, said in told.items())


def terms(part: Part) -> dict[str, Part]:
    """A list of terms."""
    names, values = part.all("dt"), part.all("dd")
    return {name.text: value for name, value in zip(names, values, strict=True)}


def check_which(files: "Files") -> None:
    """Every system once: answer, both sides, who alters it, what rests on it, its path."""
    section, rows = files.section("which"), files.rows("which.csv")
    if section is None:
        assert not rows
        return
    by_place = {card_id(f"{row['kind']} {row['subject']}"): row for row in rows}
    told = [row for row in rows if row["answer"] != "neither"]
    cards = section.all("details", " card ")
    assert len(cards) == min(len(told), SHOWN["which"])
    assert f"{'All ' if len(rows) > 1 else ''}{len(rows)} stand" in section.text or len(rows) == 1
    for card in cards:
        inner = card.all("div", " inner ")[0]
        row, head = by_place[str(inner.attrs["id"])], card.all("summary")[0]
        assert head.all("span", " what ")[0].text == VERDICTS[row["answer"]]
        assert head.all("span", " where ")[-1].text == asked(row)
        assert head.all("span", " badge ")[0].text in EXPOSURES.values()
        assert inner.all("p", " key ")[0].text.endswith(f"the question is: {row['question']}")
        said = terms(inner.all("dl")[0])
        altering = counted(row["altered_by"])
        named = [one for one in said["Altered by"].text.split(", ") if "no identity" not in one]
        assert (len(named) + more_said(said["Altered by"]) if altering else 0) == altering
        relied = ", ".join(called(key) for key in listed(row["relied_on_by"]))
        assert said["Relied on by"].text == (relied or "no target found")
        if row["controls"]:
            assert said["Identifiers"].text == ", ".join(listed(row["controls"]))
        steps = [one for one in files.rows("paths.csv") if one["path_id"] == row["path_id"]]
        shown = inner.all("ol", " steps ")
        assert len(shown[0].all("li") if shown else []) == (
            len([one for one in steps if one["alternative"] == "0"]) if row["path_id"] else 0
        )


def check_changes(files: "Files") -> None:
    """Every change of a cut: how many rest on it, and of which targets."""
    section = files.section("cuts")
    single: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in files.rows("cuts.csv"):
        single[row["target"], row["rank"]].append(row)
    names = ("edge_kind", "from", "to", "action", "artifact", "pointer")
    changes: dict[tuple[tuple[str, ...], ...], list[Row]] = defaultdict(list)
    for mine in single.values():
        edges = dict.fromkeys(tuple(row[name] for name in names) for row in mine)
        changes[tuple(edges)] += mine
    expected = Counter(
        f"{most} identit{'y' if most == 1 else 'ies'} · "
        + ", ".join(dict.fromkeys(called(row["target"]) for row in mine))
        for mine in changes.values()
        for most in [max(int(row["identities"]) for row in mine)]
    )
    found = section.all("ol", " changes-cut ") if section else []
    items = found[0].all("li") if found else []
    shown = Counter(item.all("span", " proof ")[0].text for item in items)
    assert sum(shown.values()) == min(len(changes), SHOWN["changes"])
    assert not shown - expected
    statements = {row["statement"] for row in files.rows("cuts.csv")} - {""}
    for item in items:
        for proof in item.all("span", " proof ")[1:-1]:
            assert proof.text in {" ".join(one.split()) for one in statements}


def check_findings(files: "Files") -> None:
    """Findings of one rule about one subject are a line, in the order of the file."""
    section = files.section("findings")
    together: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in files.rows("findings.csv"):
        together[row["severity"], row["rule"], row["subject"]].append(row)
    if section is None:
        assert not together
        return
    lines = section.all("tbody")[0].all("tr") if together else []
    assert len(lines) == min(len(together), SHOWN["findings"])
    for line, rows in zip(lines, together.values(), strict=False):
        first, cells = rows[0], line.all("td")
        assert cells[0].text == first["severity"]
        title = first["title"].partition(": ")[0]
        assert cells[1].text == f"{title} {', '.join(listed(first['controls']))}".strip()
        targets = [called(row["target"]) for row in rows if row["target"]]
        said = " ".join(targets[:6]) + (f" and {len(targets) - 6} more" if targets[6:] else "")
        assert cells[2].text == (said or "–")
        assert [one.text for one in cells[3].all("code")] == listed(first["cut_edge"])[:6]
        assert cells[4].text == f"{first['artifact']} {first['pointer']}".strip()
        assert (f"owner {first['owner']}" in line.text) == bool(first["owner"])


def check_rotation(files: "Files") -> None:
    """Credentials by rank: what whoever knows one can do, its age, its users, what stops."""
    section, rows = files.section("rotation"), files.rows("rotation.csv")
    if section is None:
        assert not rows
        return
    shown = section.all("tbody")[0].all("tr")
    assert len(shown) == min(len(rows), SHOWN["rotation"])
    for part, row in zip(shown, rows, strict=False):
        rank, can, age, used, stops = part.all("td")
        assert rank.text == row["rank"]
        assert part.all("b")[0].text == (row["name"] or row["credential"])
        said = verdict(row["soc1"], row["soc2"])
        assert can.text.startswith(VERDICTS[said])
        assert age.text.startswith(f"{int(row['age_days']):,} days" if row["age_days"] else "not")
        assert (f"last used {row['last_used']}" in age.text) == bool(row["last_used"])
        assert (f"until {row['expires']}" in age.text) == bool(row["expires"])
        assert used.text == (f"{int(row['used_by']):,}" if row["used_by"] != "0" else "–")
        many = counted(row["breaks"])
        assert min(many, 2) + more_said(stops) == many
        assert (stops.text == "–") == (not many)
