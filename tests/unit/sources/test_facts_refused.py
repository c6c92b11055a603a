"""Records of facts/1 that cannot be read: in every form, what they could have said is not lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.assessment import population
from nhigraph.app.collect import Collection, collect
from nhigraph.app.judged import of_collection
from nhigraph.facts.facts import Edge, Gate, Node, Refused
from nhigraph.ingest.document import Document
from nhigraph.schema.types import State
from nhigraph.sources import facts
from tests.unit.sources.test_facts import nested, write_table

NODES: list[dict[str, Any]] = [
    {"kind": "ServiceAccount", "key": "svc"},
    {"kind": "Dataset", "key": "raw"},
    {"kind": "Dataset", "key": "gl"},
]
ANY = tuple(state.name for state in State)
BAD_DAY = {"valid_from": "2026-01-01", "valid_until": "soon"}

#: What is wrong with an edge, its states hidden at ``from`` and at ``to``.
EDGES: list[tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]] = [
    ({"kind": "CAN_WRITE", "action": "posting"}, ("CONTROL",), ("ALTER",)),
    ({"kind": "CAN_DELETE", "certainty": "likely"}, ("CONTROL",), ("OMIT", "HALT")),
    ({"kind": "CAN_ADMINISTER", "action": "do"}, ("CONTROL",), ANY),
    (
        {"kind": "FEEDS", "transform": "aggregate"},
        ("ALTER", "OMIT", "READ", "HALT"),
        ("ALTER", "OMIT", "READ", "HALT"),
    ),
    ({"kind": "FILTERS", "action": "no"}, ("ALTER", "OMIT", "HALT"), ("OMIT", "HALT")),
    ({"kind": "AUTHENTICATES_AS", "needs": "raw REED"}, ("READ",), ("CONTROL",)),
    ({"kind": "CAN_READ", **BAD_DAY}, ("CONTROL",), ("READ",)),
    ({"kind": "CAN_READD"}, ANY, ANY),
    ({"kind": "SUPPORTS"}, ANY, ANY),
]
FORMS = ("json", "csv", "parquet")


def _collected(
    folder: Path, form: str, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> Collection:
    """The same records in one of the forms."""
    if form == "json":
        needs = {"needs": [{"at": "raw", "state": "REED"}]}
        told = [edge | (needs if "needs" in edge else {}) for edge in edges]
        content = {"nhigraph": "facts/1", "nodes": [nested(n) for n in nodes], "edges": told}
        (folder / "x.facts.json").write_text(json.dumps(content))
    else:
        # Parquet has one type a column; "true" is a flag in text, too.
        told = [{k: _plain(v) for k, v in n.items()} for n in nodes]
        write_table(folder / f"x.nodes.{form}", told, form)
        if edges:
            write_table(folder / f"x.edges.{form}", edges, form)
    return collect([folder])


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _gaps(found: Collection) -> dict[str, tuple[str, ...]]:
    graph = found.graph
    return {
        graph.key_list[node]: tuple(state.name for state in graph.gap_states(row))
        for row, node in enumerate(graph.gaps["node"].tolist())
    }


def _counts_add_up(found: Collection) -> None:
    for document in found.coverage.documents:
        assert document.records == document.accepted + document.merged + document.quarantined
        assert document.accepted >= 0
    assert not found.coverage.complete


def _quarantined(found: Collection) -> int:
    return sum(document.quarantined for document in found.coverage.documents)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("wrong", "source", "target"), EDGES)
def test_a_refused_edge_leaves_a_gap_at_each_known_end(
    tmp_path: Path,
    form: str,
    wrong: dict[str, Any],
    source: tuple[str, ...],
    target: tuple[str, ...],
) -> None:
    """For the states that its kind could have carried there, forwards and backwards."""
    found = _collected(tmp_path, form, NODES, [{"from": "svc", "to": "gl", **wrong}])
    assert _gaps(found) == {"svc": source, "gl": target}
    assert _quarantined(found) == 1
    assert len(found.graph.edges) == 0
    _counts_add_up(found)


@pytest.mark.parametrize("form", FORMS)
def test_gaps_of_refused_records_stand_in_the_documents_coverage(
    tmp_path: Path, form: str
) -> None:
    """Those that were laid, each with its node; of a dangling edge, too."""
    edges = [
        {"kind": "CAN_WRITE", "from": "svc", "to": "gl", "action": "posting"},
        {"kind": "CAN_READ", "from": "svc", "to": "nobody", "action": "read"},
        {"kind": "CAN_STOP", "from": "nobody", "to": "raw", "action": "stopp"},
    ]
    coverage = _collected(tmp_path, form, NODES, edges).coverage
    lines = [line for document in coverage.documents for line in document.gaps.first]
    assert [line.reason.partition(" could not")[0] for line in lines] == [
        "gl: a CAN_WRITE to here",
        "svc: a CAN_WRITE from here",
        "svc: CAN_READ leads to nobody, which no input describes",
        "raw: a CAN_STOP to here",
    ]
    assert all(line.pointer for line in lines)
    assert coverage.gaps == len(lines)


@pytest.mark.parametrize("form", FORMS)
def test_the_days_that_can_be_read_bound_the_gap(tmp_path: Path, form: str) -> None:
    edge = {"kind": "CAN_READ", "from": "svc", "to": "gl", **BAD_DAY}
    gaps = _collected(tmp_path, form, NODES, [edge]).graph.gaps
    assert gaps[["valid_from", "valid_until"]].to_numpy().tolist() == [["2026-01-01", ""]] * 2


@pytest.mark.parametrize("form", FORMS)
def test_days_that_end_before_they_begin_bound_nothing(tmp_path: Path, form: str) -> None:
    """One of the two is wrong, and the right one may well be today's."""
    days = {"valid_from": "2026-05-01", "valid_until": "2026-01-01"}
    edge = {"kind": "CAN_READ", "from": "svc", "to": "gl", **days}
    found = _collected(tmp_path, form, NODES, [edge])
    assert found.graph.gaps[["valid_from", "valid_until"]].to_numpy().tolist() == [["", ""]] * 2
    assert _quarantined(found) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("unknown", "stays"), [("from", "gl"), ("to", "svc")])
def test_an_end_that_no_input_describes_leaves_the_gap_to_the_other(
    tmp_path: Path, form: str, unknown: str, stays: str
) -> None:
    edge = {"kind": "CAN_WRITE", "from": "svc", "to": "gl", "action": "posting", unknown: "nobody"}
    found = _collected(tmp_path, form, NODES, [edge])
    assert set(_gaps(found)) == {stays}
    assert _quarantined(found) == 1


#: What is wrong with a node, and what of it stays: kind, nhi, state, expires. What cannot be read
#: may have said what hides least, and is laid so.
BROKEN_NODES: list[tuple[dict[str, Any], tuple[str, str, str, str]]] = [
    ({"kind": "ServiceAcount", "nhi": True}, ("Unknown", "true", "", "")),
    ({"kind": "FinancialReporting"}, ("Unknown", "", "", "")),
    (
        {"kind": "User", "state": "gone", "expires": "2027-01-01"},
        ("User", "", "active", "2027-01-01"),
    ),
    ({"kind": "User", "expires": "soon", "state": "active"}, ("User", "", "active", "unread")),
    ({"kind": "User", "nhi": "perhaps"}, ("User", "unread", "", "")),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("broken", "stays"), BROKEN_NODES)
def test_a_refused_node_stays_with_what_is_readable_and_a_gap(
    tmp_path: Path, form: str, broken: dict[str, Any], stays: tuple[str, str, str, str]
) -> None:
    """Other records may still lead to it; who is of unknown kind is in the population."""
    node = {"key": "x", "name": "n", "props.used_by": 3, **broken}
    edge = {"kind": "CAN_WRITE", "from": "x", "to": "gl"}
    found = _collected(tmp_path, form, [*NODES, node], [edge])
    graph = found.graph
    at = graph.node_id("x")
    assert at is not None
    cells = graph.nodes.iloc[at]
    assert tuple(cells[name] for name in ("kind", "nhi", "state", "expires")) == stays
    assert cells["name"] == "n"
    assert graph.props(at) == {"used_by": 3}
    assert _gaps(found) == {"x": ANY}
    assert len(graph.edges) == 1
    _counts_add_up(found)


def test_what_stands_beside_unreadable_properties_counts(tmp_path: Path) -> None:
    """A weakness that people state is not lost with a list where a mapping belongs."""
    beside = {"weaknesses": ["orphaned"], "tags": ["pii"], "owner": "finance"}
    node = {"kind": "ServiceAccount", "key": "x", "props": ["exposed"], **beside}
    found = _collected(tmp_path, FORMS[0], [*NODES, node], [])
    at = found.graph.node_id("x")
    assert at is not None
    assert found.graph.props(at) == {"tags": ["pii"], "weaknesses": ["orphaned"]}
    assert found.graph.owner_list[at] == "finance"
    assert _gaps(found) == {"x": ANY}


@pytest.mark.parametrize("form", FORMS)
def test_a_refused_record_beside_a_good_one_of_its_node_costs_no_count(
    tmp_path: Path, form: str
) -> None:
    found = _collected(tmp_path, form, [*NODES, {"kind": "Datset", "key": "gl"}], [])
    graph = found.graph
    assert set(graph.kinds(graph.node_id("gl") or 0)) == {"Dataset", "Unknown"}
    assert _gaps(found) == {"gl": ANY}
    assert [d.accepted for d in found.coverage.documents] == [len(NODES)]
    _counts_add_up(found)


#: What one record says that takes a node out, what another one says that cannot be read, and
#: whether the node counts and is in the population.
BESIDE: dict[str, tuple[dict[str, Any], dict[str, Any], bool, bool]] = {
    "disabled": ({"state": "disabled"}, {"state": "gone"}, True, True),
    "deleted": ({"state": "deleted"}, {"state": "aktive"}, True, True),
    "expired": ({"expires": "2026-01-01"}, {"expires": "soon"}, True, True),
    "no identity": ({"nhi": False}, {"nhi": "perhaps"}, True, True),
    "all three": (
        {"state": "deleted", "expires": "2026-01-01", "nhi": False},
        {"state": "gone", "expires": "soon", "nhi": "perhaps"},
        *(True, True),
    ),
    "disabled, and refused for something else": (
        *({"state": "disabled"}, {"kind": "ServiceAcount"}, False, True),
    ),
    "disabled, and the unread one says when it ends": (
        *({"state": "disabled"}, {"state": "gone", "expires": "2026-01-01"}, False, True),
    ),
    "no identity, and unread in its state": ({"nhi": False}, {"state": "gone"}, True, False),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", BESIDE)
def test_what_cannot_be_read_may_have_said_what_hides_least(
    tmp_path: Path, form: str, name: str
) -> None:
    """Beside a record that takes the node out: it counts, with its gap, whatever the order."""
    out, unread, counts, listed = BESIDE[name]
    svc: dict[str, Any] = {"kind": "ServiceAccount", "key": "svc"}
    for at, records in enumerate(([out, unread], [unread, out])):
        folder = tmp_path / str(at)
        folder.mkdir()
        found = _collected(folder, form, [*NODES[1:], *({**svc, **one} for one in records)], [])
        judged = of_collection(found, option="2026-11-23")
        node = found.graph.node_id("svc")
        assert node is not None
        assert bool(judged.estate.alive[node]) == counts
        assert bool(judged.estate.nhi[node]) == listed
        assert _gaps(found) == {"svc": ANY}
        printed = [row.expires for row in population(judged.estate, {}) if row.key == "svc"]
        assert "unread" not in printed
        _counts_add_up(found)


@pytest.mark.parametrize("form", FORMS)
def test_a_record_that_can_be_read_adds_to_one_that_cannot(tmp_path: Path, form: str) -> None:
    """A flag that is true stays true; a later day than all is not known to be one."""
    svc = {"kind": "User", "key": "svc"}
    nodes = [*NODES[1:], {**svc, "nhi": True, "expires": "2099-01-01"}]
    nodes.append({**svc, "nhi": "perhaps", "expires": "soon"})
    found = _collected(tmp_path, form, nodes, [])
    cells = found.graph.nodes.iloc[found.graph.node_id("svc") or 0]
    assert (cells["nhi"], cells["expires"]) == ("true", "unread")
    notes = [line.reason for document in found.coverage.documents for line in document.notes.first]
    assert any("expires: unread stands" in note for note in notes)


def test_a_row_of_a_node_with_other_cells_than_the_header_says_nothing_of_its_life(
    tmp_path: Path,
) -> None:
    """Its state is in another column now, so another record's word is not the last one."""
    write_table(tmp_path / "x.nodes.csv", [*NODES, {**NODES[0], "state": "disabled"}], "csv")
    (tmp_path / "y.nodes.csv").write_text("kind,key,state\nServiceAccount,svc,Smith, active\n")
    found = collect([tmp_path])
    judged = of_collection(found, option="2026-11-23")
    assert judged.estate.alive[found.graph.node_id("svc") or 0]
    assert _gaps(found) == {"svc": ANY}


@pytest.mark.parametrize("form", FORMS)
def test_a_node_without_a_key_has_nothing_to_stay_as(tmp_path: Path, form: str) -> None:
    found = _collected(tmp_path, form, [*NODES, {"kind": "User", "key": ""}], [])
    assert found.graph.key_list == ["gl", "raw", "svc"]
    assert _quarantined(found) == 1


@pytest.mark.parametrize(
    ("row", "gaps"),
    [
        ("CAN_WRITE,svc,gl,while open, at night", {"svc", "gl"}),
        ("CAN_WRITE,svc,gl", {"svc", "gl"}),
        ("note, one,CAN_WRITE,svc,gl", {"svc", "gl"}),
        ("CAN_WRITE,svc", {"svc"}),
    ],
)
def test_a_row_with_other_cells_than_the_header_leaves_gaps_at_the_keys_in_it(
    tmp_path: Path, row: str, gaps: set[str]
) -> None:
    """A comma that nobody quoted moves every cell behind it."""
    write_table(tmp_path / "x.nodes.csv", NODES, "csv")
    (tmp_path / "x.edges.csv").write_text(f"kind,from,to,condition\n{row}\n")
    found = collect([tmp_path])
    assert _gaps(found) == dict.fromkeys(gaps, ANY)
    _counts_add_up(found)


@pytest.mark.parametrize("wrong", [{"kind": "aproval"}, {"approvers": "one"}, {"at": ["x"]}])
def test_what_a_refused_gate_said_is_not_known_whatever_another_record_claims(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    """It may fail, and it never holds."""
    gate: dict[str, Any] = {"key": "g", "kind": "approval", "approvers": ["a"]}
    gate["tests"] = {"human": True}
    content = {"nhigraph": "facts/1", "nodes": NODES, "gates": [gate, {**gate, **wrong}]}
    (tmp_path / "x.json").write_text(json.dumps(content))
    record = collect([tmp_path]).graph.gate_records["g"]
    assert (record.kind, record.tests, record.approvers) == ("approval", {}, ("a",))
    content["gates"] = [{**gate, **wrong}]
    (tmp_path / "x.json").write_text(json.dumps(content))
    found = collect([tmp_path])
    assert "g" not in found.graph.gate_records
    _counts_add_up(found)


def test_a_gap_whose_states_cannot_be_read_hides_any(tmp_path: Path) -> None:
    content = {"nhigraph": "facts/1", "nodes": NODES, "gaps": [{"at": "svc", "states": ["REED"]}]}
    (tmp_path / "x.json").write_text(json.dumps(content))
    assert _gaps(collect([tmp_path])) == {"svc": ANY}


@pytest.mark.parametrize(
    ("section", "meant"), [("edgs", "edges"), ("Nodes", "nodes"), ("gap", "gaps")]
)
def test_a_section_under_another_name_is_a_refused_record(
    tmp_path: Path, section: str, meant: str
) -> None:
    """Its records are lost, so the reading is not complete; a field that is no list is a note."""
    content = {
        "nhigraph": "facts/1",
        "nodes": NODES,
        section: [{"kind": "CAN_READ"}],
        "about": "x",
    }
    (tmp_path / "x.facts.json").write_text(json.dumps(content))
    found = collect([tmp_path]).coverage
    (document,) = found.documents
    (refused,) = document.refused.first
    assert f"unknown section '{section}'" in refused.reason
    assert meant in refused.reason
    assert [line.reason for line in document.notes.first] == ["unknown field 'about' set aside"]
    assert not found.complete


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("more.facts.yaml", b"nhigraf: facts/1\nedges: []\n"),
        ("more.facts.json", b"[]"),
        ("more.edges.csv", b"kind;from;to\nCAN_WRITE;svc;gl\n"),
        ("more.nodes.csv", "kind,key\nDataset,x\n".encode("utf-16")),
    ],
)
def test_a_file_that_is_named_as_facts_and_is_none_is_a_bad_file(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """Another header, separator or encoding; the others are read."""
    (tmp_path / "x.facts.json").write_text(json.dumps({"nhigraph": "facts/1", "nodes": NODES}))
    (tmp_path / name).write_bytes(content)
    found = collect([tmp_path]).coverage
    (bad,) = found.bad
    assert bad.artifact == name
    assert bad.problem is not None
    assert not found.complete


# -- misspelt fields ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "record", "refused"),
    [
        ("nodes", {"kind": "Report", "key": "acme:bot", "nih": True}, True),
        ("nodes", {"kind": "Report", "key": "acme:bot", "nih": "yes"}, True),
        # That it is none, a report says by itself.
        ("nodes", {"kind": "Report", "key": "acme:bot", "nih": False}, False),
        ("nodes", {"kind": "Report", "key": "acme:bot", "nhi": True, "nih": True}, False),
        ("nodes", {"kind": "Report", "key": "acme:bot", "status": "new"}, False),
        ("gates", {"kind": "review", "key": "acme:rule", "lgo": "acme:log"}, True),
        ("gates", {"kind": "review", "key": "acme:rule", "att": "acme:erp"}, True),
        ("gates", {"kind": "review", "key": "acme:rule", "colour": "red"}, False),
        # Set aside, it leaves an edge that says more.
        ("edges", {"kind": "CAN_READ", "from": "a", "to": "b", "valid_untl": "2020-01-01"}, False),
        ("edges", {"kind": "CAN_READ", "from": "a", "to": "b", "gaet": "acme:rule"}, False),
    ],
)
def test_a_misspelt_field_refuses_a_record_that_then_says_too_little(
    section: str, record: dict[str, object], refused: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.facts.json"
    path.write_text(json.dumps({"nhigraph": "facts/1", section: [record]}))
    found = [*facts.INGESTOR.read(Document(path, "a.facts.json"))]
    told = [one.reason for one in found if isinstance(one, Refused)]
    assert len(told) == refused
    assert all("unknown field; did you mean" in reason for reason in told)
    kept = any(isinstance(one, Node | Edge | Gate) for one in found)
    assert kept is not refused
