"""What every rule must keep, whatever it finds; a new rule is tested by being there."""

import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph import rules
from nhigraph.app.collect import collect
from nhigraph.app.findings import found_rules
from nhigraph.app.judged import of_collection
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.found import FindingRow, Register
from nhigraph.findings.fingerprint import fingerprint
from nhigraph.findings.rule import HEADINGS
from nhigraph.findings.severity import SEVERITIES
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.frameworks import FRAMEWORKS
from nhigraph.trace.changes import Changes
from tests.estate_files import write_estate
from tests.unit.rules import cases as fixtures
from tests.unit.rules.cases import Case, asked, estate, said
from tests.unit.rules.overlap import FILE, lines

ROOT = Path(__file__).parents[2]
NAMES = sorted(found_rules())
CASES = list(fixtures.cases())
HITS = [case for case in CASES if case.name == "hit"]
#: Words of an opinion, which only an auditor gives.
_OPINION = re.compile(r"\b(compliant|certified|safe)\b", re.IGNORECASE)


def _title(case: Case) -> str:
    return case.title


def test_rules_are_the_modules_of_their_folder() -> None:
    there = {m.name for m in pkgutil.iter_modules(rules.__path__) if not m.name.startswith("_")}
    assert set(NAMES) == there


def test_every_weakness_has_a_rule_of_its_name_and_its_identifiers() -> None:
    assert set(WEAKNESSES) <= set(NAMES)
    for name, weakness in WEAKNESSES.items():
        assert found_rules()[name].maps == weakness.maps


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_says_under_each_heading_what_it_does(name: str) -> None:
    doc = importlib.import_module(f"nhigraph.rules.{name}").__doc__
    assert doc is not None
    first, blank, *rest = doc.strip("\n").split("\n")
    assert first.endswith(".")
    assert not blank
    heads = [line.partition(":")[0] for line in rest if not line.startswith(" ")]
    assert tuple(heads) == HEADINGS
    parts = re.split(rf"^(?:{'|'.join(HEADINGS)}):", "\n".join(rest), flags=re.MULTILINE)
    assert all(len(part.strip()) > 10 for part in parts[1:])
    assert "STUB" not in doc, f"put something in place of the stubs: nhigraph/rules/{name}.py"
    assert not _OPINION.search(doc)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_maps_to_identifiers_that_exist(name: str) -> None:
    maps = found_rules()[name].maps
    for framework, known in FRAMEWORKS.items():
        assert set(getattr(maps, framework)) <= known.ids
    entity = ("CC1.", "CC2.", "CC3.", "CC4.", "CC5.", "P1.", "P2.", "P3.")
    assert not [one for one in maps.tsc if one.startswith(entity)]
    assert maps.ids


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_a_hit_a_miss_and_a_gap(name: str) -> None:
    body = fixtures.fixtures().get(name, {})
    assert tuple(body) == fixtures.CASES, f"tests/unit/rules/{name}.yaml"
    assert "STUB" not in (fixtures.HERE / f"{name}.yaml").read_text(encoding="utf-8")


def test_fixtures_belong_to_rules() -> None:
    assert set(fixtures.fixtures()) == set(NAMES)


@pytest.mark.parametrize("case", CASES, ids=_title)
def test_what_every_rule_says_of_every_fixture_was_reviewed(case: Case) -> None:
    """Written anew by `make overlap`; the difference is read by people."""
    reviewed = FILE.read_text(encoding="utf-8").splitlines()
    assert lines(case) == [line for line in reviewed if line.split(" ")[0] == case.title]


def test_the_overlap_holds_nothing_else() -> None:
    titles = {line.split(" ")[0] for line in FILE.read_text(encoding="utf-8").splitlines()}
    assert titles <= {case.title for case in CASES}


# --- findings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=_title)
def test_findings_are_whole_and_come_worst_first(case: Case) -> None:
    found = said(case.title)
    order = [(SEVERITIES.index(r.severity), r.rule, r.subject, r.target) for r in found.rows]
    assert order == sorted(order)
    assert len({row.fingerprint for row in found.rows}) == len(found.rows)
    for row in found.rows:
        assert row.fingerprint == fingerprint(row.rule, row.subject, row.target)
        assert row.title
        assert row.artifact
        assert not _OPINION.search(row.title)


def _without(found: Estate, row: FindingRow) -> Estate:
    """The estate after the change that each edge of the cut stands for is made."""
    graph = found.graph
    changes = Changes(graph)
    cells = {name: graph.edges[name].tolist() for name in ("src", "dst", "kind", "action")}
    keys = graph.key_list
    gone: list[int] = []
    for edge in range(len(graph.edges)):
        kind = " ".join(part for part in (cells["kind"][edge], cells["action"][edge]) if part)
        if f"{keys[cells['src'][edge]]} -{kind}-> {keys[cells['dst'][edge]]}" in row.cut_edge:
            gone += changes.whole(changes.of([edge]))
    assert gone, row.cut_edge
    return replace(found, dropped=frozenset(gone))


@pytest.mark.parametrize("case", HITS, ids=_title)
def test_removing_the_cut_removes_the_finding(case: Case) -> None:
    """Of its own rule and of every other one; each by itself, the others may stay."""
    before = estate(case.title)
    cut = {row.cut_edge: row for row in said(case.title).rows if row.cut_edge}
    for edges, row in cut.items():
        left = {one.fingerprint for one in asked(_without(before, row)).rows}
        ended = [one for one in said(case.title).rows if one.cut_edge == edges]
        assert not left & {one.fingerprint for one in ended}, edges


def _again(case: Case, folder: Path) -> Register:
    """The case once more: records turned round, in several files of other names."""
    facts = [
        {"nhigraph": "facts/1", part: [record]}
        for part in ("gaps", "gates", "edges", "nodes")
        for record in reversed(case.body.get(part, []))
    ]
    case.write(folder)
    scope = (folder / "scope.json").read_text(encoding="utf-8")
    for path in folder.iterdir():
        path.unlink()
    write_estate(folder, facts, {})
    (folder / "scope.json").write_text(scope, encoding="utf-8")
    for path in sorted(folder.glob("part-*")):
        path.rename(path.with_name(f"z{path.name}"))
    return asked(of_collection(collect([folder])).estate)


@pytest.mark.parametrize("case", HITS, ids=_title)
def test_a_finding_is_the_same_whatever_the_files_are_called(case: Case, tmp_path: Path) -> None:
    def told(found: Register) -> list[FindingRow]:
        return [replace(row, artifact="", pointer="") for row in found.rows]

    again = _again(case, tmp_path)
    assert told(again) == told(said(case.title))
    assert again.not_known == said(case.title).not_known


def test_a_fingerprint_goes_by_rule_subject_and_target_alone() -> None:
    one = fingerprint("long_lived", "acme:a", "fin:gl")
    others = {
        fingerprint("orphaned", "acme:a", "fin:gl"),
        fingerprint("long_lived", "acme:b", "fin:gl"),
        fingerprint("long_lived", "acme:a", "fin:revenue"),
        fingerprint("long_lived", "acme:a", ""),
        fingerprint("long_lived", "acme:afin:gl", ""),
    }
    assert len(others) == 5
    assert one not in others
    # Written down once: another version of the tool must find the same finding again.
    assert one == "4b0823e74f0881c26c30926a317394c3"
