"""dbt's files: what a manifest, a catalog and a profile say; expected by hand."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from nhigraph.errors import InputError
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.ingest.discover import discover
from nhigraph.ingest.document import Document
from nhigraph.sources import dbt

CASES = Path(__file__).parent / "dbt"
REVENUE = "dataset:postgres:erp.marts.revenue"
PAYMENTS = "dataset:postgres:erp.raw.payments"
STAGED = "dataset:postgres:erp.stg.stg_payments"
DAYS = "dataset:postgres:erp.stg.open_days"
CANARY = "CANARY-not-a-secret-1"


def _facts(name: str) -> list[Fact]:
    (path,) = (CASES / name).iterdir()
    document = Document(path, path.name)
    assert dbt.INGESTOR.recognises(document)
    return [fact for fact in dbt.INGESTOR.read(document) if isinstance(fact, Fact)]


def _edges(facts: list[Fact], *kinds: str) -> set[tuple[str, str, str]]:
    found = (f for f in facts if isinstance(f, Edge))
    return {(f.kind.label, f.source, f.target) for f in found if f.kind.label in kinds}


def test_values_feed_and_conditions_filter() -> None:
    """The payments give the amount; the calendar only decides which rows there are."""
    lineage = _edges(_facts("v12"), "FEEDS", "FILTERS")
    assert {edge for edge in lineage if edge[2] == STAGED} == {
        ("FEEDS", PAYMENTS, STAGED),
        ("FILTERS", PAYMENTS, STAGED),
    }
    assert ("FEEDS", STAGED, REVENUE) in lineage
    assert ("FILTERS", DAYS, REVENUE) in lineage
    assert ("FEEDS", DAYS, REVENUE) not in lineage


def test_what_cannot_be_read_stands_as_both_and_says_why() -> None:
    facts = _facts("v12")
    lineage = _edges(facts, "FEEDS", "FILTERS")
    for name in ("forecast", "loop"):
        target = f"dataset:postgres:erp.marts.{name}"
        assert {("FEEDS", REVENUE, target), ("FILTERS", REVENUE, target)} <= lineage
        assert any(name in f.evidence.pointer for f in facts if isinstance(f, Note)), name


def test_a_source_and_a_seed_of_one_relation_are_one_key() -> None:
    nodes = [f for f in _facts("v12") if isinstance(f, Node) and f.key == PAYMENTS]
    said = {word for node in nodes for word in node.props.get("dbt", ())}  # type: ignore[union-attr]
    assert {"source:raw.payments", "seed:payments"} <= said
    assert len({node.name for node in nodes}) == 1, "no conflict when they merge"


def test_lineage_goes_through_an_ephemeral_model() -> None:
    calendar = "dataset:postgres:erp.ref.calendar"
    assert ("FILTERS", calendar, DAYS) in _edges(_facts("v12"), "FILTERS")


def test_the_models_sql_computes_its_relation() -> None:
    computes = _edges(_facts("v12"), "COMPUTES")
    assert ("COMPUTES", "model:dbt:acme.revenue", REVENUE) in computes


def test_owners_groups_tags_and_tests_are_kept() -> None:
    nodes = [f for f in _facts("v12") if isinstance(f, Node) and f.key == REVENUE]
    assert {node.owner for node in nodes} - {None} == {"Finance engineering"}
    said = {word for node in nodes for word in node.props.get("dbt", ())}  # type: ignore[union-attr]
    assert {"group:finance", "tag:ledger", "model:revenue"} <= said
    tests = {t for node in nodes for t in node.props.get("dbt_tests", ())}  # type: ignore[union-attr]
    assert tests == {"test.acme.not_null_revenue"}


def test_an_exposure_is_a_report_fed_by_what_it_depends_on() -> None:
    facts = _facts("v12")
    (report,) = [f for f in facts if isinstance(f, Node) and f.kind.label == "Report"]
    assert (report.key, report.owner) == ("report:dbt:board_pack", "Finance")
    assert ("FEEDS", REVENUE, "report:dbt:board_pack") in _edges(facts, "FEEDS")


def test_declared_grants_are_rights_and_unknown_ones_are_gaps() -> None:
    facts = _facts("v12")
    rights = _edges(facts, "CAN_READ", "CAN_WRITE", "CAN_DELETE")
    role = "role:postgres:erp/{}".format
    assert ("CAN_READ", role("reporting"), REVENUE) in rights
    assert ("CAN_WRITE", role("backfill"), REVENUE) in rights
    assert ("CAN_DELETE", role("backfill"), REVENUE) in rights
    assert any(isinstance(f, Gap) and f.at == role("pilot") for f in facts)


def test_a_manifest_of_2021_reads_by_its_own_names() -> None:
    lineage = _edges(_facts("v4"), "FEEDS", "FILTERS")
    assert lineage == {("FEEDS", PAYMENTS, REVENUE)}


def test_a_catalog_tells_the_owning_role() -> None:
    owns = _edges(_facts("catalog"), "OWNS")
    assert owns == {("OWNS", "role:postgres:erp/transformer", REVENUE)}


def test_a_profile_is_a_connection_and_its_password_stays_where_it_is() -> None:
    facts = _facts("profiles")
    connections = {f.name: f for f in facts if isinstance(f, Node) and f.kind.label == "System"}
    assert len(connections) == 2
    assert CANARY not in repr(facts)
    (secret,) = [f for f in facts if isinstance(f, Node) and f.kind.label == "Secret"]
    assert secret.props["exposed"] is True, "a literal password in a file is exposed"
    (edge,) = _edges(facts, "AUTHENTICATES_AS")
    assert edge[2] == "role:postgres:erp/developer"


def test_a_checkout_holds_the_models_it_was_built_from() -> None:
    """Who changes the repository changes the logic."""
    (document,) = [d for d in discover([CASES / "checkout"]).documents if d.path.suffix == ".json"]
    facts = [fact for fact in dbt.INGESTOR.read(document) if isinstance(fact, Fact)]
    contains = _edges(facts, "CONTAINS")
    assert ("CONTAINS", "github:local/checkout", "model:dbt:acme.stg_payments") in contains


def test_an_unknown_version_is_refused_with_its_place() -> None:
    document = Document(CASES / "broken" / "manifest.json", "manifest.json")
    with pytest.raises(InputError) as error:
        list(dbt.INGESTOR.read(document))
    assert error.value.pointer == "/metadata/dbt_schema_version"
    assert "v99" in str(error.value)


HOSTILE: tuple[Any, ...] = (None, [], {}, "", 0, True, [[1]], {"a": {"b": []}}, "x" * 300, -1.5)


def _spots(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for name, member in value.items():
            found += _spots(member, (*path, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            found += _spots(member, (*path, number))
    return found


@pytest.mark.parametrize("name", ["v12", "v4", "catalog"])
def test_a_damaged_file_ends_in_an_input_error_or_less(name: str, tmp_path: Path) -> None:
    """Any member gone or of another type: never a crash of the reader."""
    (source,) = (CASES / name).iterdir()
    whole = json.loads(source.read_text())
    rng = random.Random(1)
    spots = _spots(whole)
    for number in range(150):
        damaged = copy.deepcopy(whole)
        *path, last = rng.choice(spots)
        holder = damaged
        for part in path:
            holder = holder[part]
        if rng.random() < 0.3:
            del holder[last]
        else:
            holder[last] = rng.choice(HOSTILE)
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(damaged))
        document = Document(file, file.name)
        try:
            if dbt.INGESTOR.recognises(document):
                for fact in dbt.INGESTOR.read(document):
                    assert isinstance(fact, Fact | Refused)
        except InputError:
            continue


@pytest.mark.parametrize("wrong", [[], "x", 7])
@pytest.mark.parametrize("part", ["exposures", "functions", "groups", "macros"])
def test_a_part_that_is_no_mapping_is_refused_and_takes_no_relation_with_it(
    part: str, wrong: object, tmp_path: Path
) -> None:
    (source,) = (CASES / "v12").iterdir()
    manifest = json.loads(source.read_text(encoding="utf-8")) | {part: wrong}
    file = tmp_path / source.name
    file.write_text(json.dumps(manifest), encoding="utf-8")
    facts = list(dbt.INGESTOR.read(Document(file, file.name)))
    (refused,) = (one for one in facts if isinstance(one, Refused))
    assert refused.evidence.pointer == f"/{part}"
    assert {one.key for one in facts if isinstance(one, Node)} >= {REVENUE, PAYMENTS, STAGED}
