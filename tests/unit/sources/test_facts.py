"""facts/1: what each form says, and what becomes of records that cannot be facts."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from nhigraph.errors import InputError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.facts.tables import NODE_COLUMNS, FactTable
from nhigraph.graph import columns
from nhigraph.ingest.document import Document
from nhigraph.ingest.limits import Limits
from nhigraph.schema import kinds
from nhigraph.schema.properties import by_people
from nhigraph.schema.types import EdgeKind, NodeKind
from nhigraph.sources import facts
from nhigraph.sources.facts.properties import BESIDE, is_secret

HERE = Path(__file__).parent / "facts"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any part of a fact, a case for each
    """A fact as JSON; an evidence as its place."""
    if isinstance(value, Evidence):
        return f"{value.artifact}:{value.line} {value.pointer}: {value.excerpt}"
    if isinstance(value, NodeKind | EdgeKind):
        return value.label
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FactTable):
        return {"is": "FactTable", "what": value.what, "rows": value.frame.to_dict("records")}
    if is_dataclass(value):
        stated = ((field.name, getattr(value, field.name)) for field in fields(value))
        left = ((name, item) for name, item in stated if (name, item) != ("of_anybody", False))
        said = {name: plain(item) for name, item in left if item not in (None, (), {})}
        return {"is": type(value).__name__, **said}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def read(path: Path) -> list[Fact | FactTable]:
    doc = Document(path, path.name)
    assert facts.INGESTOR.recognises(doc)

    return list(facts.INGESTOR.read(doc))


def said(case: str) -> dict[str, list[Any]]:
    inputs = sorted(path for path in (HERE / case).iterdir() if path.name != "expected.json")
    return {path.name: [plain(item) for item in read(path)] for path in inputs}


@pytest.mark.parametrize("case", CASES)
def test_each_fixture_says_what_is_expected_of_it(case: str) -> None:
    """Facts, refusals and notes of every document, in its order."""
    expected = json.loads((HERE / case / "expected.json").read_text())

    assert expected == said(case)


@pytest.mark.parametrize("case", CASES)
def test_no_free_value_of_a_document_is_repeated_in_a_message(case: str) -> None:
    """Canaries stand in every place that is set aside or refused: none comes out."""
    assert "CANARY" not in json.dumps(said(case))


def test_the_day_of_the_extract_is_taken_from_the_document() -> None:
    """``extracted`` is a day; one that cannot be read is none, with a note."""
    good = Document(HERE / "records_yaml" / "erp.facts.yaml", "erp.facts.yaml")
    bad = Document(HERE / "refusals" / "odd.yaml", "odd.yaml")

    assert facts.INGESTOR.extracted(good) == "2026-11-20"
    assert facts.INGESTOR.extracted(bad) is None


def test_no_property_that_is_documented_would_hold_a_secret() -> None:
    assert [name for name in (*by_people(), *BESIDE) if is_secret(name)] == []


@pytest.mark.parametrize("value", ["amqp://u:secret@h", ["x", "https://u:secret@h/x"]])
def test_a_property_with_a_password_in_it_is_set_aside(tmp_path: Path, value: object) -> None:
    """Whatever it is called; what only names a place stays."""
    props = {"docs": "https://wiki.example/x", "place": value, "url": value, "db_pwd": "secret"}
    node = {"kind": "User", "key": "a", "props": props}
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"nhigraph": "facts/1", "nodes": [node]}))
    found, *notes = read(path)

    assert isinstance(found, Node)
    assert found.props == {"docs": "https://wiki.example/x"}
    assert len(notes) == 3
    assert "secret@" not in repr(notes)


def test_a_cell_with_a_password_in_it_is_set_aside(tmp_path: Path) -> None:
    """The other cells of its column stand."""
    path = tmp_path / "x.nodes.csv"
    path.write_text("kind,key,props.url\nUser,a,amqp://u:secret@h\nUser,b,x\n")
    table, note = read(path)

    assert isinstance(table, FactTable)
    assert list(table.frame["props"]) == ["", '{"url":"x"}']
    assert isinstance(note, Note)
    assert "set aside" in note.reason


#: Property, what is stated, what stays, what the line says of it.
CHECKED: list[tuple[str, object, object, str]] = [
    (
        "weaknesses",
        ["Orphaned"],
        None,
        "unknown weakness 'Orphaned' set aside; did you mean 'orphaned'?",
    ),
    ("weaknesses", ["weak_auth", "zz"], ["weak_auth"], "unknown weakness 'zz' set aside"),
    ("owner_status", "Left", None, "did you mean 'left'?"),
    ("trust_subject", "wild", None, "did you mean 'wildcard'?"),
    ("exposed", "yes", None, "expected true or false"),
    ("login", "perhaps", None, "expected true or false"),
    ("rotated", "last year", None, "expected a date such as 2026-11-23"),
    ("used_by", "many", None, "expected a count"),
    ("Rotated", "2026-01-01", "2026-01-01", "did you mean 'rotated'?"),
    ("require_reviews", "0", "0", "did you mean 'required_reviews'?"),
    ("owner-status", "left", "left", "did you mean 'owner_status'?"),
    ("expires", "2026-01-01", "2026-01-01", "did you mean the field 'expires' beside props?"),
    ("created_by", "x", "x", ""),
    ("cost_center", "x", "x", ""),
    ("team", "x", "x", ""),
]


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
@pytest.mark.parametrize(("name", "stated", "stays", "line"), CHECKED)
def test_a_property_that_cannot_be_meant_is_told_and_nothing_is_guessed(
    tmp_path: Path, name: str, stated: object, stays: object, line: str, form: str
) -> None:
    """A misspelt word, name or value has a line with its place; the nearest is not assumed."""
    row: dict[str, Any] = {"kind": "ServiceAccount", "key": "a", f"props.{name}": stated}
    path = tmp_path / ("x.json" if form == "json" else f"x.nodes.{form}")
    if form == "json":
        path.write_text(json.dumps({"nhigraph": "facts/1", "nodes": [nested(row)]}))
    else:
        write_table(path, [row], form)

    found = read(path)
    (cells,) = [
        as_cells(item)["props"] if isinstance(item, Node) else item.frame["props"][0]
        for item in found
        if isinstance(item, Node | FactTable)
    ]
    assert json.loads(cells or "{}").get(name) == stays
    notes = [item.reason for item in found if isinstance(item, Note)]
    assert [line in note for note in notes] == ([True] if line else [])


@pytest.mark.parametrize("form", ["facts/2", "facts/", "facts/11"])
def test_another_version_is_recognised_and_refused(tmp_path: Path, form: str) -> None:
    """Who writes facts/2 is told that this version reads facts/1, not that nobody knows it."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"nhigraph": form}))

    with pytest.raises(InputError, match="expected 'facts/1'"):
        read(path)


def test_every_kind_but_those_of_the_scope_can_be_stated(tmp_path: Path) -> None:
    """A kind added to the schema can be written in a facts file without another change."""
    path = tmp_path / "all.yaml"
    nodes = [{"kind": kind, "key": kind} for kind in kinds.NODE_KINDS]
    edges = [{"kind": kind, "from": "a", "to": "b"} for kind in kinds.EDGE_KINDS]
    path.write_text(json.dumps({"nhigraph": "facts/1", "nodes": nodes, "edges": edges}))

    found = read(path)
    emitted = {item.kind.label for item in found if isinstance(item, Node | Edge)}

    assert {kind.label for kind in facts.INGESTOR.emits} == emitted
    assert sum(isinstance(item, Refused) for item in found) == 3


# --- tables ------------------------------------------------------------------------------------


def as_cells(item: Fact) -> dict[str, Any]:
    """What the store makes of an object, in the columns of a table."""
    if isinstance(item, Node):
        nhi = "" if item.nhi is None else str(item.nhi).lower()
        state = str(item.state or "")
        props = columns.props_cell(item.props)
        days = columns.date_cell(item.expires)
        names = (item.key, item.name or "", item.owner or "")
        return dict(
            zip(
                NODE_COLUMNS,
                (item.kind.label, *names, nhi, state, days, props),
                strict=True,
            )
        )
    assert isinstance(item, Edge)
    return {
        "kind": item.kind.label,
        "from": item.source,
        "to": item.target,
        "action": item.action or "",
        "certainty": str(item.certainty),
        "condition": item.condition or "",
        "gate": item.gate or "",
        "needs": columns.needs_cell(item.needs),
        "valid_from": columns.date_cell(item.valid_from),
        "valid_until": columns.date_cell(item.valid_until),
        "transform": str(item.transform or ""),
    }


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
WORDS = TEXTS.filter(lambda text: text != "" and text == text.strip() and ";" not in text)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(str)
NODES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"kind": st.sampled_from(["User", "Dataset", "Nonsense"]), "key": TEXTS},
    optional={
        "name": TEXTS,
        "nhi": st.booleans(),
        "state": st.sampled_from(["active", "deleted", "gone"]),
        "expires": st.one_of(DAYS, st.just("2026-13-01")),
        "tags": st.lists(WORDS, min_size=1, max_size=3, unique=True),
        "props.created": st.one_of(DAYS, st.just("then")),
        "props.used_by": st.integers(0, 10**6),
        "props.exposed": st.booleans(),
        "props.place": TEXTS,
    },
)
EDGES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["FEEDS", "CAN_READ", "SUPPORTS", "FED"]),
        "from": TEXTS,
        "to": TEXTS,
    },
    optional={
        "action": st.sampled_from(["post", "read", "write"]),
        "certainty": st.sampled_from(["certain", "assumed", "sure"]),
        "condition": TEXTS,
        "valid_from": DAYS,
        "valid_until": DAYS,
        "transform": st.sampled_from(["copy", "other", "none"]),
    },
)


def nested(record: dict[str, Any]) -> dict[str, Any]:
    """The record form of a row: ``props.*`` columns become properties."""
    plain_fields = {name: value for name, value in record.items() if "props." not in name}
    props = {
        name.removeprefix("props."): value
        for name, value in record.items()
        if name.startswith("props.")
    }
    return {**plain_fields, "props": props} if props else plain_fields


def write_table(path: Path, rows: list[dict[str, Any]], form: str) -> None:
    names = sorted({name for row in rows for name in row})
    if form == "parquet":
        table = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
        parquet.write_table(table, path)
        return

    def cell(value: Any) -> str:  # noqa: ANN401 - a cell of any column
        if value is None:
            return ""
        text = ";".join(value) if isinstance(value, list) else str(value)
        text = text.lower() if isinstance(value, bool) else text
        return '"' + text.replace('"', '""') + '"'

    lines = [",".join(names), *(",".join(cell(row.get(name)) for name in names) for row in rows)]
    path.write_bytes("\n".join(lines).encode() + b"\n")


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("what", ["nodes", "edges"])
@given(data=st.data())
def test_a_table_says_what_the_same_records_say(
    tmp_path: Path, data: st.DataObject, what: str, form: str
) -> None:
    """Row for record, in YAML and in both tabular forms: the same facts, the same refusals."""
    row = NODES if what == "nodes" else EDGES
    rows: list[dict[str, Any]] = data.draw(st.lists(row, min_size=1, max_size=6))
    records, table = tmp_path / "r.json", tmp_path / f"t.{what}.{form}"
    records.write_text(json.dumps({"nhigraph": "facts/1", what: [nested(row) for row in rows]}))
    write_table(table, rows, form)

    by_record = read(records)
    by_row = read(table)

    kept = [as_cells(item) for item in by_record if isinstance(item, Node | Edge)]
    frames = [item.frame for item in by_row if isinstance(item, FactTable)]
    cells = [row for frame in frames for row in frame.drop(columns="row").to_dict("records")]
    assert kept == cells
    refused = [item.evidence.pointer for item in by_record if isinstance(item, Refused)]
    numbers = [int(pointer.rsplit("/", 1)[1]) + 1 for pointer in refused]
    rows_refused = [item.evidence.pointer for item in by_row if isinstance(item, Refused)]
    assert [f"row {number}" for number in numbers] == rows_refused


def test_parquet_columns_may_have_the_types_their_writers_choose(tmp_path: Path) -> None:
    """Dictionaries, dates, timestamps, nullable floats for counts, lists: all are read."""
    path = tmp_path / "t.nodes.parquet"
    table = pa.table(
        {
            "kind": pa.array(["User", "User"]).dictionary_encode(),
            "key": pa.array([1, 2]),
            "name": pa.nulls(2),
            "nhi": pa.array([True, None]),
            "expires": pa.array([date(2027, 1, 1), None]),
            "props.created": pa.array([np.datetime64("2026-01-01T10:00:00"), None]),
            "props.used_by": pa.array([3.0, None]),
            "props.share": pa.array([0.5, float("nan")]),
            "props.big": pa.array([2**40, None]),
            "props.tags": pa.array([["a", "b"], []]),
            "props.odd": pa.array([{"a": 1}, None]),
        }
    )
    parquet.write_table(table, path)

    bulk, note = read(path)

    assert isinstance(bulk, FactTable)
    first = '{"big":1099511627776,"created":"2026-01-01","share":0.5,"tags":["a","b"],"used_by":3}'
    assert [first, ""] == bulk.frame["props"].tolist()
    assert bulk.frame["key"].tolist() == ["1", "2"]
    assert bulk.frame["nhi"].tolist() == ["true", ""]
    assert bulk.frame["expires"].tolist() == ["2027-01-01", ""]
    assert isinstance(note, Note)
    assert note.reason.startswith("the column 'props.odd' set aside: expected text")


@pytest.mark.parametrize(
    ("name", "table", "problem"),
    [
        ("t.nodes.parquet", {"kind": ["User"]}, "the column 'key' is missing"),
        (
            "t.edges.parquet",
            {"kind": ["FEEDS"], "form": ["a"], "to": ["b"]},
            "'form' stands there",
        ),
        ("t.nodes.parquet", {"kind": ["User"], "key": [[1]]}, "the column 'key': expected text"),
        (
            "t.nodes.parquet",
            {"kind": ["User"], "key": ["a"], "tags": ["a"], "props.tags": ["b"]},
            "stands there twice",
        ),
    ],
)
def test_a_table_without_its_columns_is_not_read(
    tmp_path: Path, name: str, table: dict[str, list[Any]], problem: str
) -> None:
    """What is wrong with every row is one error, which names the column."""
    path = tmp_path / name
    parquet.write_table(pa.table(table), path)

    with pytest.raises(InputError, match=problem):
        read(path)


def test_text_that_is_not_utf8_is_an_error_in_both_tabular_forms(tmp_path: Path) -> None:
    """The place is named; nothing is decoded by guessing."""
    path = tmp_path / "t.nodes.csv"
    path.write_bytes("kind,key\nUser,caf\xe9\n".encode("latin-1"))
    with pytest.raises(InputError, match="byte 17: expected UTF-8"):
        read(path)

    offsets = pa.py_buffer(np.array([0, 4], dtype=np.int32).tobytes())
    broken = pa.StringArray.from_buffers(1, offsets, pa.py_buffer(b"caf\xe9"))
    path = tmp_path / "t.nodes.parquet"
    parquet.write_table(pa.table({"kind": ["User"], "key": broken}), path)
    with pytest.raises(InputError, match="not UTF-8"):
        read(path)


def test_rows_keep_their_numbers_across_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table is worked on in parts; the row of a fact is that of the file."""
    monkeypatch.setattr("nhigraph.sources.facts.opened._SLICE_ROWS", 3)
    path = tmp_path / "t.nodes.parquet"
    kind = ["User"] * 10
    kind[4] = kind[7] = "Usr"
    created = ["2026-01-01"] * 10
    created[5] = created[8] = "then"
    parquet.write_table(
        pa.table({"kind": kind, "key": list("abcdefghij"), "props.created": created}), path
    )

    found = read(path)

    rows = [n for i in found if isinstance(i, FactTable) for n in i.frame["row"]]
    assert rows == [1, 2, 3, 4, 6, 7, 9, 10]
    assert [i.evidence.pointer for i in found if isinstance(i, Refused)] == ["row 5", "row 8"]
    (note,) = [i for i in found if isinstance(i, Note)]
    assert note.reason.endswith("in 2 rows, first in row 6")


# --- hostile input -----------------------------------------------------------------------------

TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(["", "User", "FEEDS", "READ", "2026-01-01", "CONTROL", "approval"]),
        TEXTS,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "nodes",
                    "edges",
                    "gates",
                    "gaps",
                    "kind",
                    "key",
                    "from",
                    "to",
                    "at",
                    "state",
                    "states",
                    "props",
                    "tests",
                    "needs",
                    "tags",
                    "reason",
                    "expires",
                    "action",
                    "approvers",
                    "extracted",
                    "nhi",
                ]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)
KNOWN = json.loads((HERE / "records_json" / "erp.json").read_text())


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tree=st.dictionaries(
        st.sampled_from(["nodes", "edges", "gates", "gaps", "extracted", "other"]),
        st.one_of(TREES, st.lists(TREES, max_size=3)),
    )
)
def test_any_tree_of_json_gives_facts_or_an_input_error(
    tmp_path: Path, tree: dict[str, Any]
) -> None:
    """Whatever stands where, no other error comes out, and no gap or edge without its node key."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"nhigraph": "facts/1", **tree}))

    try:
        found = read(path)
    except InputError:
        return

    for item in found:
        if isinstance(item, Gap):
            assert item.at


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_known_document_with_one_part_replaced_still_reads(
    tmp_path: Path, data: st.DataObject
) -> None:
    """One wrong value costs at most its own record: as many facts and refusals as records."""
    content = json.loads(json.dumps(KNOWN))
    section = data.draw(st.sampled_from(["nodes", "edges"]))
    record = data.draw(st.sampled_from(content[section]))
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(TREES)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content))

    found = read(path)

    assert sum(not isinstance(item, Note) for item in found) == 3


def test_an_item_that_holds_the_separator_of_lists_stays_one_item(tmp_path: Path) -> None:
    """Also beside cells that are empty or absent."""
    rows: list[dict[str, Any]] = [
        {"kind": "User", "key": "a", "tags": ["x\x1fy", "z\x1e", "\x1es"]},
        {"kind": "User", "key": "b", "tags": None},
        {"kind": "User", "key": "c", "tags": []},
    ]
    path = tmp_path / "t.nodes.parquet"
    write_table(path, rows, "parquet")
    (table,) = [item.frame for item in read(path) if isinstance(item, FactTable)]

    assert [json.loads(cell or "{}").get("tags") for cell in table["props"]] == [
        ["x\x1fy", "z\x1e", "\x1es"],
        None,
        None,
    ]


def test_the_limit_of_texts_is_none_of_a_parquet_table(tmp_path: Path) -> None:
    """Its bytes are not read as a whole, however many they are."""
    path = tmp_path / "many.nodes.parquet"
    parquet.write_table(pa.table({"kind": ["User"], "key": ["acme:a"]}), path)
    found = list(facts.INGESTOR.read(Document(path, path.name, limits=Limits(text_bytes=10))))
    assert [len(one) for one in found if isinstance(one, FactTable)] == [1]
