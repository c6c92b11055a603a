"""Running sources over documents: isolation, coverage, order."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from nhigraph.errors import InputError
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.ingest.coverage import LISTED, Coverage, Line, Status
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Expected, Ingestor
from nhigraph.ingest.run import Collected, run
from nhigraph.schema import kinds
from nhigraph.sources import facts, scope

INGESTORS = {"facts": facts.INGESTOR, "scope": scope.INGESTOR}


def fake(read: Any, **changes: Any) -> Ingestor:  # noqa: ANN401 - what a test replaces
    """A source of ``*.fake`` files that reads as it is told."""
    made = Ingestor("Fake", ("*.fake",), lambda _: True, read, (kinds.USER,))
    return replace(made, **changes)


def documents(folder: Path, **texts: str) -> list[Document]:
    found = []
    for name, text in texts.items():
        path = folder / name.replace("_", ".")
        path.write_text(text)
        found.append(Document(path, path.name))
    return found


def user(doc: Document) -> Iterator[Fact]:
    yield Node(kinds.USER, doc.text.strip(), doc.line(1))


def node_keys(collected: Collected) -> list[str]:
    return [fact.key for fact in collected.facts if isinstance(fact, Node)]


def test_what_was_read_before_an_error_stands_and_the_rest_is_said_to_be_lost(
    tmp_path: Path,
) -> None:
    """A document that breaks in the middle is partial, with the place and the advice."""

    def breaks(doc: Document) -> Iterator[Fact]:
        yield from user(doc)
        raise InputError(doc.artifact, "/page/2", "the page is cut off", "export it again")

    collected = run(documents(tmp_path, a_fake="x"), {"fake": fake(breaks)})

    (entry,) = collected.documents
    assert node_keys(collected) == ["x"]
    assert entry.status is Status.PARTIAL
    assert entry.problem == Line("/page/2", "the page is cut off; export it again")
    assert entry.bad


@pytest.mark.parametrize("error", [InputError("", "", "cut off"), KeyError("x")])
def test_whatever_a_document_that_breaks_off_has_named_has_a_gap(
    tmp_path: Path, error: Exception
) -> None:
    def breaks(doc: Document) -> Iterator[Fact]:
        yield from user(doc)
        yield Edge(kinds.CAN_READ, "starts", "ends", doc.whole())
        if doc.artifact == "a.fake":
            raise error

    collected = run(documents(tmp_path, a_fake="x", b_fake="y"), {"fake": fake(breaks)})

    gaps = [fact for fact in collected.left if isinstance(fact, Gap)]
    assert {gap.at for gap in gaps} == {"x", "starts"}
    assert {(gap.states, gap.evidence.artifact) for gap in gaps} == {((), "a.fake")}
    assert "may say more of it" in gaps[0].reason


def test_a_record_that_may_be_about_anybody_is_about_whoever_the_document_names(
    tmp_path: Path,
) -> None:
    """Of a document that describes nobody, about those whom its source describes elsewhere."""

    def refuses(doc: Document) -> Iterator[Fact]:
        if doc.artifact != "b.fake":
            yield from user(doc)
        if doc.artifact != "c.fake":
            yield Refused("torn", doc.whole(), of_anybody=True)

    made = documents(tmp_path, a_fake="x", c_fake="z")
    collected = run(made, {"fake": fake(refuses)})
    assert [fact.at for fact in collected.left if isinstance(fact, Gap)] == ["x"]

    made = documents(tmp_path, b_fake="y", c_fake="z")
    collected = run(made, {"fake": fake(refuses)})
    assert [fact.at for fact in collected.left if isinstance(fact, Gap)] == ["z"]


def test_a_fault_of_a_source_names_its_class_only_and_the_others_go_on(tmp_path: Path) -> None:
    """An unforeseen error may quote a secret in its text: that text appears nowhere."""

    def fails(doc: Document) -> Iterator[Fact]:
        if doc.artifact == "a.fake":
            raise KeyError("CANARY-not-a-secret-1")
        yield from user(doc)

    collected = run(documents(tmp_path, a_fake="x", b_fake="y"), {"fake": fake(fails)})

    first, second = collected.documents
    assert first.status is Status.FAILED
    assert first.problem is not None
    assert "internal error in the source fake (KeyError)" in first.problem.reason
    assert "CANARY" not in json.dumps(first.as_json())
    assert second.status is Status.READ
    assert node_keys(collected) == ["y"]


@pytest.mark.parametrize("where", ["read", "recognises", "extracted"])
def test_a_fault_of_a_source_is_raised_where_it_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """With NHIGRAPH_DEBUG=1 the developer sees the traceback, wherever the fault is."""

    def fails(_: Document) -> None:
        raise KeyError("x")

    changes: dict[str, Any] = {where: fails}
    broken = replace(fake(user), **changes)
    assert run(documents(tmp_path, a_fake="x"), {"fake": broken}).documents[0].status == "failed"

    monkeypatch.setenv("NHIGRAPH_DEBUG", "1")
    with pytest.raises(KeyError):
        run(documents(tmp_path, a_fake="x"), {"fake": broken})


def test_a_source_that_cannot_parse_a_document_does_not_stop_another_that_can(
    tmp_path: Path,
) -> None:
    """The first source asked is not the judge of whether a document is readable."""
    parses = fake(user, recognises=lambda doc: bool(doc.content))
    (doc,) = documents(tmp_path, a_fake="{")

    collected = run([doc], {"a": parses, "b": fake(user)})

    assert [(entry.source, entry.status) for entry in collected.documents] == [("b", Status.READ)]


def test_two_sources_that_recognise_one_document_are_both_named(tmp_path: Path) -> None:
    """The first by name reads it, and the coverage says that another would have."""
    collected = run(documents(tmp_path, a_fake="x"), {"b": fake(user), "a": fake(user)})

    (entry,) = collected.documents
    assert entry.source == "a"
    assert entry.notes.first == (Line("", "the source b recognises it too; read as a"),)


@pytest.mark.parametrize(
    ("name", "explicit", "status"),
    [
        ("x_json", False, Status.NOT_RECOGNISED),
        ("x_csv", False, Status.NOT_RECOGNISED),
        ("x_py", False, None),
        ("x_py", True, Status.NOT_RECOGNISED),
        ("x_json", True, Status.NOT_RECOGNISED),
    ],
)
def test_what_nobody_recognises_has_a_line_if_it_is_data_or_was_named(
    tmp_path: Path, name: str, explicit: bool, status: Status | None
) -> None:
    """Other files are counted by suffix; a file the user named is a fault."""
    (doc,) = documents(tmp_path, **{name: "[]"})
    named = frozenset({doc.artifact}) if explicit else frozenset[str]()

    collected = run([doc], INGESTORS, explicit=named)

    if status is None:
        assert collected.documents == ()
        assert collected.other_files == {".py": 1}
    else:
        (entry,) = collected.documents
        assert status is entry.status
        assert explicit is entry.bad


def test_a_table_of_somebody_else_is_not_said_to_be_text(tmp_path: Path) -> None:
    """Its name is one of ours, its columns are not: no encoding would help."""
    path = tmp_path / "dbt.nodes.parquet"
    parquet.write_table(pa.table({"unique_id": ["model.x"]}), path)
    (entry,) = run([Document(path, path.name)], INGESTORS).documents

    assert entry.status is Status.UNREADABLE
    assert entry.problem is not None
    assert "its name says nhigraph facts, its content does not" in entry.problem.reason


def test_every_record_is_accepted_or_in_quarantine(tmp_path: Path) -> None:
    """Notes are no records; gaps are; the first lines are listed and all are counted."""

    def many(doc: Document) -> Iterator[Fact]:
        yield Note("n", doc.whole())
        yield Gap("x", "g", doc.line(1))
        for _ in range(LISTED + 5):
            yield Refused("r", doc.line(1))

    (entry,) = run(documents(tmp_path, a_fake="x"), {"fake": fake(many)}).documents

    assert (entry.records, entry.accepted, entry.quarantined) == (LISTED + 6, 1, LISTED + 5)
    assert (len(entry.refused.first), entry.gaps.total, entry.notes.total) == (LISTED, 1, 1)
    shown = entry.as_json()
    assert shown["records"] == LISTED + 6


def test_the_graph_moves_records_but_never_loses_one(tmp_path: Path) -> None:
    """Merged and dangling records leave the accepted ones; the sum stays."""
    (entry,) = run(documents(tmp_path, a_fake="x"), {"fake": fake(user)}).documents
    entry = replace(entry, accepted=5)

    settled = entry.settled(
        merged=2, quarantined=[Line("/edges/1", "no such node")], conflicts=[Line("", "owner")]
    )

    assert (settled.records, settled.accepted, settled.merged, settled.quarantined) == (5, 2, 2, 1)
    assert settled.notes.total == 1


def test_an_export_that_is_expected_and_absent_is_named_with_what_it_would_settle(
    tmp_path: Path,
) -> None:
    """Only for sources that were read, and only while the other was not."""
    wants = fake(user, expects=(Expected("grants", "who may write a table"),))
    offers = fake(user, accepts=("*.grants",))
    (one,) = documents(tmp_path, a_fake="x")
    (other,) = documents(tmp_path, b_grants="y")
    ingestors = {"wants": wants, "grants": offers}

    alone = run([one], ingestors).coverage(ingestors)
    both = run([one, other], ingestors).coverage(ingestors)
    neither = run([other], ingestors).coverage(ingestors)

    (absent,) = alone.absent
    assert (absent.source, absent.settles, absent.wanted_by) == (
        "grants",
        "who may write a table",
        "wants",
    )
    assert both.absent == neither.absent == ()


def test_a_message_is_printable_and_short(tmp_path: Path) -> None:
    """A terminal obeys nothing that a document's names contain."""

    def hostile(doc: Document) -> Iterator[Fact]:
        yield Refused("name \x1b[2J\u202e" + "x" * 10_000, doc.whole())

    (entry,) = run(documents(tmp_path, a_fake="x"), {"fake": fake(hostile)}).documents

    (line,) = entry.refused.first
    assert line.reason.startswith(r"name \x1b[2J\u202e")
    assert len(line.reason) < 500


def test_a_source_sees_files_by_artifact_by_name_and_by_place_in_the_checkout(
    tmp_path: Path,
) -> None:
    """Upper case in a suffix changes nothing."""
    (doc,) = documents(tmp_path, A_FAKE="x")

    assert run([doc], {"fake": fake(user)}).documents[0].status is Status.READ


def test_progress_is_told_of_every_document(tmp_path: Path) -> None:
    """By name, with how far the work is: in bytes, as the time that is left is."""
    told: list[tuple[int, int, str]] = []

    run(
        documents(tmp_path, b_fake="xyz", a_fake="y"),
        {"fake": fake(user)},
        progress=lambda *step: told.append(step),
    )

    assert told == [(0, 4, "a.fake"), (1, 4, "b.fake")]


def test_a_document_keeps_its_digest_and_forgets_its_content(tmp_path: Path) -> None:
    """A thousand documents cost the memory of one."""
    (doc,) = documents(tmp_path, a_json='{"nhigraph": "facts/1"}')

    (entry,) = run([doc], INGESTORS).documents

    assert set(vars(doc)).isdisjoint({"data", "text", "content", "_positions"})
    assert entry.sha256 == doc.sha256


NODES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=3)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(contents=st.lists(NODES, min_size=2, max_size=5), data=st.data())
def test_the_order_of_the_documents_changes_nothing(
    tmp_path: Path, contents: list[list[str]], data: st.DataObject
) -> None:
    """Facts, tables and coverage are the same, in the same order."""
    docs = []
    for number, names in enumerate(contents):
        path = tmp_path / f"{number}.json"
        nodes = [{"kind": "User", "key": name} for name in names]
        path.write_text(json.dumps({"nhigraph": "facts/1", "nodes": nodes}))
        docs.append(Document(path, path.name))
    one = run(docs, INGESTORS)
    other = run(data.draw(st.permutations(docs)), dict(reversed(INGESTORS.items())))

    assert one == other
    records = sum(len(names) for names in contents)
    assert records == sum(entry.records for entry in one.documents)


def test_coverage_is_complete_only_if_all_was_read(tmp_path: Path) -> None:
    """One bad file or one record in quarantine, and "complete" is not printed."""
    good = '{"nhigraph": "facts/1", "nodes": [{"kind": "User", "key": "a"}]}'
    bad = '{"nhigraph": "facts/1", "nodes": [{"kind": "Usr", "key": "a"}]}'

    def coverage(**texts: str) -> Coverage:
        return run(documents(tmp_path, **texts), INGESTORS).coverage(INGESTORS)

    assert coverage(a_json=good).complete
    assert not coverage(a_json=good, b_json=bad).complete
    assert not coverage(a_json=good, b_json="{").complete
    assert coverage(a_json=good, b_json="{").as_json()["complete"] is False
