"""The account of a run: records stay accounted for, whoever writes in it."""

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap, Node, Note
from nhigraph.facts.missing import Missing
from nhigraph.ingest.coverage import Coverage, DocumentCoverage, Status
from nhigraph.ingest.ledger import Ledger
from nhigraph.schema import kinds as k

AT = Evidence("a.json", "/x", "0" * 64, "", "declared", 1)
EXPORT = Missing("s", "title", "settles", "by")


def opened() -> Ledger:
    documents = (
        DocumentCoverage("a.json", Status.READ, accepted=5),
        DocumentCoverage("b", Status.READ),
    )
    return Ledger(Coverage(documents, {}))


def test_records_read_are_accepted_merged_or_refused_after_every_entry() -> None:
    """Five were read: one repeats another, one leads nowhere."""
    ledger = opened()
    ledger.settle("a.json", merged=1, refused=[("/n/1", "dangles")], notes=[("/n", "note")])
    ledger.settle("a.json", refused=[("/n/2", "dangles too")])
    found, untouched = ledger.close().documents
    assert (found.records, found.accepted, found.merged, found.quarantined) == (5, 2, 1, 2)
    assert [line.reason for line in found.notes.first] == ["note"]
    assert untouched.records == 0
    assert not ledger.close().complete


def test_gaps_and_notes_of_joins_are_told_once_under_their_documents() -> None:
    """Other facts are none of the account's business."""
    ledger = opened()
    gap, note = Gap("k", "why", AT), Note("what", AT)
    ledger.found([gap, gap, note, Node(k.SYSTEM, "k", AT)])
    found = ledger.close().documents[0]
    assert [line.reason for line in found.gaps.first] == ["k: why"]
    assert [line.reason for line in found.notes.first] == ["what"]


def test_what_is_missing_is_listed_once_and_of_an_unknown_document_nothing_is_said() -> None:
    """A derived fact may rest on what was no document of this run."""
    ledger = opened()
    ledger.miss([EXPORT, EXPORT])
    ledger.settle("elsewhere", merged=3)
    assert ledger.close().absent == (EXPORT,)
    assert [one.artifact for one in ledger.close().documents] == ["a.json", "b"]
