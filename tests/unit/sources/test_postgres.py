"""PostgreSQL exports: what each becomes, and what becomes of records that cannot be read.

Each folder of ``postgres/`` holds an export and ``expected.json``: one line for each fact, sorted.
An edge is ``KIND FROM -> TO [action] [needs KEY, …] [if CONDITION] @pointer:line``.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhigraph.errors import InputError
from nhigraph.facts.ends import Account, Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.schema.types import Certainty
from nhigraph.sources.postgres import INGESTOR, read

HERE = Path(__file__).parent / "postgres"
CASES = sorted(path.name for path in HERE.iterdir() if path.is_dir())


def document(case: str) -> Document:
    (path,) = (HERE / case).glob("*.postgres.json")
    return Document(path, path.name)


def place(evidence: Evidence) -> str:
    return f"@{evidence.pointer or 'whole'}:{evidence.line}"


def line(fact: Fact) -> str:  # noqa: PLR0911 - one line for each type
    """A fact as one line."""
    at = place(fact.evidence)
    match fact:
        case Node():
            stated = [fact.name or ""]
            stated += [f"expires {fact.expires}"] if fact.expires else []
            stated += ["no identity"] if fact.nhi is False else []
            stated += [f"{name}={value}" for name, value in fact.props.items() if value]
            return f"{fact.kind.label} {fact.key}: {', '.join(stated)} {at}"
        case Edge():
            assert (fact.certainty is Certainty.CERTAIN) is (fact.condition is None)
            parts = [fact.kind.label, fact.source, "->", fact.target]
            parts += [fact.action or "", fact.transform or ""]
            parts += [f"needs {', '.join(f'{n.at} {n.state.name}' for n in fact.needs)}"]
            parts[-1] *= bool(fact.needs)
            parts += [f"if {fact.condition}" if fact.condition else "", at]
            return " ".join(part for part in parts if part)
        case Gap():
            states = ", ".join(state.name for state in fact.states)
            return f"Gap {fact.at} [{states}]: {fact.reason} {at}"
        case Account():
            (database,) = fact.endpoint.database
            where = f"{fact.endpoint.platform} {getattr(database, 'text', '?')}"
            said = f"{fact.name}, login={fact.login} in {fact.holder}"
            return f"Account {fact.at} of {where} {said} {at}"
        case Holder():
            proofs = ", ".join(f"{kind} {text}" for kind, text in sorted(fact.proofs.items()))
            return f"Holder {fact.at} of {', '.join(fact.names)}: {proofs} {at}"
        case Refused():
            return f"Refused: {fact.reason} {at}"
        case Note():
            return f"Note: {fact.reason} {at}"
    raise AssertionError(fact)


@pytest.mark.parametrize("case", CASES)
def test_each_export_becomes_the_facts_that_stand_beside_it(case: str) -> None:
    """Every fact of every fixture, with its place."""
    expected = json.loads((HERE / case / "expected.json").read_text())
    doc = document(case)

    assert INGESTOR.recognises(doc)
    assert sorted(line(fact) for fact in read(doc)) == expected


@pytest.mark.parametrize(
    ("section", "name", "item", "right"),
    [
        ("relations", "gl", "loader=r", "CAN_READ {} -> dataset:postgres:erp.fin.gl "),
        ("relations", "gl", "loader=t", "HOLDS {} -> grant:postgres:erp/trigger/fin.gl "),
        ("relations", "gl", "loader=x", "HOLDS {} -> grant:postgres:erp/references/fin.gl "),
        ("schemas", "fin", "loader=U", "HOLDS {} -> grant:postgres:erp/usage/fin "),
        ("schemas", "fin", "loader=C", "HOLDS {} -> grant:postgres:erp/create/fin "),
        ("databases", "erp", "loader=C", "HOLDS {} -> grant:postgres:erp/create schema/erp "),
        ("databases", "erp", "loader=c", "HOLDS {} -> grant:postgres:erp/connect/erp "),
        ("functions", "book", "loader=X", "HOLDS {} -> grant:postgres:erp/execute/api.book"),
        ("default_privileges", None, "loader=r", "HOLDS {} -> grant:postgres:erp/default select/"),
    ],
)
def test_a_privilege_of_two_grantors_stands_at_both_items(
    tmp_path: Path, section: str, name: str | None, item: str, right: str
) -> None:
    """Either gives it alone: who revokes one of them has stopped nobody."""
    content = copy.deepcopy(document("ledger").content)
    (number,) = [at for at, one in enumerate(content[section]) if one.get("name") == name][:1]
    content[section][number]["acl"] = [f"{item}/finance_owner", f"{item}/provisioner"]
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content))

    said = [line(fact) for fact in read(Document(path, path.name))]
    start = right.format("role:postgres:erp/loader")
    at = {one.rpartition("@")[2].rpartition(":")[0] for one in said if one.startswith(start)}
    assert {f"/{section}/{number}/acl/0", f"/{section}/{number}/acl/1"} <= at


@pytest.mark.parametrize("case", CASES)
def test_every_edge_and_gap_stands_on_nodes_of_the_same_export(case: str) -> None:
    """No edge dangles but one to what a refused record would have made."""
    facts = list(read(document(case)))
    nodes = {fact.key for fact in facts if isinstance(fact, Node)}

    for fact in facts:
        if isinstance(fact, Edge):
            assert {fact.source, fact.target, *(need.at for need in fact.needs)} <= nodes
        if isinstance(fact, Gap):
            assert fact.at in nodes


@pytest.mark.parametrize("case", CASES)
def test_a_source_yields_only_the_kinds_it_announces(case: str) -> None:
    """``emits`` is what the documentation prints."""
    kinds = [fact.kind for fact in read(document(case)) if isinstance(fact, Node | Edge)]

    assert all(kind in INGESTOR.emits for kind in kinds)


@pytest.mark.parametrize("case", CASES)
def test_no_literal_of_a_definition_or_body_reaches_a_fact(case: str) -> None:
    """Canaries stand in view definitions and function bodies, and in nothing that is kept."""
    said = "".join(repr(fact) for fact in read(document(case)))

    assert "CANARY" not in said


def test_the_fixtures_do_hold_canaries() -> None:
    """The test above can fail."""
    assert "CANARY" in document("ledger").text
    assert "CANARY" in document("refusals").text


def test_the_day_of_the_export_is_the_extract_date() -> None:
    """An unreadable moment is no date, and stops nothing."""
    doc = document("ledger")

    assert INGESTOR.extracted(doc) == "2026-11-23"
    doc.content["extracted_at"] = "2026-99-23T08:00:00Z"
    assert INGESTOR.extracted(doc) is None
    doc.content["extracted_at"] = 7
    assert INGESTOR.extracted(doc) is None


def test_another_version_is_recognised_and_refused(tmp_path: Path) -> None:
    """Who has an export of another form is told which one is read."""
    path = tmp_path / "erp.postgres.json"
    path.write_text('{"nhigraph_export": "postgres/2"}')
    doc = Document(path, path.name)

    assert INGESTOR.recognises(doc)
    with pytest.raises(InputError, match="expected postgres/1"):
        list(read(doc))


@pytest.mark.parametrize("text", ["[]", "1", "null", '{"nhigraph_export": 1}', '{"a": []}'])
def test_other_documents_are_not_recognised(tmp_path: Path, text: str) -> None:
    """Whatever does not say that it is such an export is left to other sources."""
    path = tmp_path / "erp.postgres.json"
    path.write_text(text)

    assert not INGESTOR.recognises(Document(path, path.name))


def test_a_missing_section_ends_the_document(tmp_path: Path) -> None:
    """Without memberships every answer could be too small: nothing is answered."""
    content = json.loads(document("ledger").text)
    del content["memberships"]
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content))

    with pytest.raises(InputError, match="memberships"):
        list(read(Document(path, path.name)))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - JSON
    """Every place below the top of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


DEEP: list[Any] = []
for _ in range(50):
    DEEP = [DEEP]
CONTENTS = {case: json.loads(document(case).text) for case in CASES}
#: Records of sections of which the fixtures have none.
FURTHER: dict[str, Any] = {
    "calls": {"function": ["fin", "log", ""], "sort": "rule", "name": "x", "relation": None},
    "system_functions": {"name": "lo_export", "arguments": "", "owner": "etl", "acl": ["etl=X/x"]},
    "settings": {"name": "archive_command", "acl": ["etl=sA/x"]},
    "foreign_servers": {"name": "far", "owner": "etl", "acl": ["etl=U/x"]},
    "dependents": {
        "sort": "type",
        "name": "fin.state",
        "schema": "fin",
        "owner": "etl",
        "relations": [["fin", "gl"]],
        "renames": [["fin", "gl"]],
    },
}
CONTENTS["ledger"] |= {section: [record] for section, record in FURTHER.items()}
PLACES = {
    case: [path for path in places(content) if path != ("nhigraph_export",)]
    for case, content in CONTENTS.items()
}
VALUES: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "public",
    "x",
    "r",
    "v",
    -1,
    28,
    10**30,
    1.5,
    True,
    DEEP,
    [1],
    [["a"]],
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from((*VALUES, "drop", "twice"))),
    min_size=1,
    max_size=4,
)


def changed(case: str, changes: list[tuple[int, Any]]) -> Any:  # noqa: ANN401 - JSON
    """The fixture with places dropped, doubled or replaced."""
    content = copy.deepcopy(CONTENTS[case])
    for number, value in changes:
        path = PLACES[case][number % len(PLACES[case])]
        holder: Any = content
        try:
            for part in path[:-1]:
                holder = holder[part]
            if value == "drop":
                del holder[path[-1]]
            elif value == "twice" and isinstance(holder, list):
                holder.append(holder[int(path[-1])])
            else:
                # Of its own each time: a later change may put something into it.
                holder[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # An earlier change took the place away.
    return content


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from(CASES), changes=CHANGES)
def test_whatever_stands_in_an_export_only_input_errors_escape(
    tmp_path_factory: pytest.TempPathFactory, case: str, changes: list[tuple[int, Any]]
) -> None:
    """Dropped, doubled and replaced places, at any depth."""
    path = tmp_path_factory.mktemp("changed") / "erp.postgres.json"
    path.write_text(json.dumps(changed(case, changes)))
    try:
        facts = list(read(Document(path, path.name)))
    except InputError:
        return
    assert all(isinstance(fact, Fact) for fact in facts)


@pytest.mark.parametrize("section", FURTHER)
@pytest.mark.parametrize("broken", [5, None, [], "x", {"name": 1}])
def test_a_record_that_is_none_is_refused_and_the_others_stand(
    section: str, broken: object, tmp_path: Path
) -> None:
    content = json.loads(document("ledger").text)
    content[section] = [FURTHER[section], broken]
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content))
    facts = list(read(Document(path, path.name)))
    refused = [fact.reason for fact in facts if isinstance(fact, Refused)]
    assert [one.startswith(f"/{section}/1") for one in refused] == [True]


def test_views_in_a_circle_end_and_leave_a_gap(tmp_path: Path) -> None:
    """No database has them; a document may."""
    content = copy.deepcopy(CONTENTS["ledger"])
    one = next(item for item in content["relations"] if item["name"] == "entries")
    one["reads"] = [{"schema": "api", "name": "entries", "columns": ["id"]}]
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content))

    gaps = [fact for fact in read(Document(path, path.name)) if isinstance(fact, Gap)]
    assert any("deeper" in gap.reason for gap in gaps)


def test_a_lattice_of_views_is_read_in_a_moment(tmp_path: Path) -> None:
    """Each view over both of the layer below: 2^40 ways, and each question is asked once."""
    content = copy.deepcopy(CONTENTS["ledger"])
    shape = next(item for item in content["relations"] if item["name"] == "entries")
    below = ["gl"]
    for layer in range(40):
        names = [f"a{layer}", f"b{layer}"]
        for name in names:
            reads = [
                {"schema": "fin" if one == "gl" else "api", "name": one, "columns": ["id"]}
                for one in below
            ]
            content["relations"].append({**shape, "name": name, "reads": reads})
        below = names
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(content))

    assert sum(isinstance(fact, Node) for fact in read(Document(path, path.name))) > 80


def through(export: dict[str, Any], tmp_path: Path) -> set[str]:
    """Views that feed their base for whoever writes through them."""
    path = tmp_path / "erp.postgres.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    facts = [fact for fact in read(Document(path, path.name)) if isinstance(fact, Edge)]
    return {
        fact.source
        for fact in facts
        if fact.kind.label == "FEEDS" and str(fact.evidence.pointer).endswith("/updatable")
    }


@pytest.mark.parametrize("conditional", [False, True])
@pytest.mark.parametrize("event", ["2", "3", "4"])
def test_a_view_feeds_no_table_whose_rule_takes_a_writes_place(
    tmp_path: Path, event: str, conditional: bool
) -> None:
    """The other writes are edges of their own."""
    export = json.loads((HERE / "ledger" / "erp.postgres.json").read_text())
    entries = "dataset:postgres:erp.api.entries"
    verb = {"2": "UPDATE", "3": "INSERT", "4": "DELETE"}[event]
    rule = {
        "name": "kept", "relation": ["fin", "gl"], "event": event, "instead": True,
        "enabled": "O", "conditional": conditional, "relations": [],
        "definition": f"CREATE RULE kept AS ON {verb} TO fin.gl DO INSTEAD NOTHING;",
    }  # fmt: skip

    assert entries in through(export, tmp_path)
    export["rules"].append(rule)
    assert entries not in through(export, tmp_path)
