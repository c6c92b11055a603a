"""dbt's documents whole: every fact of a case, every version, a public project, damaged files."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.errors import InputError
from nhigraph.facts.ends import Project
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.graph.merge import merge_props
from nhigraph.ingest.document import Checkout, Document
from nhigraph.schema.types import EdgeKind, NodeKind
from nhigraph.sources import dbt

HERE = Path(__file__).parent / "dbt"
WHOLE = sorted(path.parent.name for path in HERE.glob("*/expected.json"))
REAL = Path(__file__).parents[4] / "shared" / "data" / "real" / "dbt_quickbooks"
LINEAGE = ("FEEDS", "FILTERS")


def read(path: Path, checkout: Checkout | None = None) -> list[Fact]:
    document = Document(path, path.name, checkout=checkout)
    assert dbt.INGESTOR.recognises(document)
    return [fact for fact in dbt.INGESTOR.read(document) if isinstance(fact, Fact)]


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any part of a fact, a case for each
    """A fact as JSON; an evidence as its place."""
    if isinstance(value, Evidence):
        return f"{value.pointer} {value.basis}"
    if isinstance(value, NodeKind | EdgeKind):
        return value.label
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        stated = ((field.name, getattr(value, field.name)) for field in fields(value))
        left = ((name, item) for name, item in stated if (name, item) != ("of_anybody", False))
        said = {name: plain(item) for name, item in left if item not in (None, (), {})}
        return {"is": type(value).__name__, **said}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def said(case: str) -> list[Any]:
    (path,) = (path for path in (HERE / case).iterdir() if path.name != "expected.json")
    facts = [plain(fact) for fact in read(path)]
    return sorted(facts, key=lambda fact: json.dumps(fact, sort_keys=True))


def outcome(document: Document) -> str:
    """The facts of a document, or the error that it ends in, as text."""
    try:
        dbt.INGESTOR.extracted(document)
        return repr(list(dbt.INGESTOR.read(document))) if dbt.INGESTOR.recognises(document) else ""
    except InputError as error:
        return str(error)


def words(node: Node) -> tuple[str, ...]:
    found = node.props.get("dbt", ())
    assert isinstance(found, tuple)
    return found


def edges(facts: list[Fact], *labels: str) -> set[tuple[str, str, str]]:
    found = (fact for fact in facts if isinstance(fact, Edge))
    return {(e.kind.label, e.source, e.target) for e in found if e.kind.label in labels}


@pytest.mark.parametrize("case", WHOLE)
def test_each_fixture_says_what_is_expected_of_it(case: str) -> None:
    """Every fact, with the place it was said at."""
    assert json.loads((HERE / case / "expected.json").read_text()) == said(case)


@pytest.mark.parametrize("case", sorted(path.name for path in HERE.iterdir()))
def test_no_secret_of_a_document_is_in_a_fact(case: str) -> None:
    """Canaries stand in every field that can hold a credential."""
    for path in (HERE / case).rglob("*.*"):
        document = Document(path, path.name)
        if path.suffix in {".json", ".yml"} and dbt.INGESTOR.recognises(document):
            assert "CANARY" not in outcome(document)


# --- the versions of a manifest -----------------------------------------------------------------


def manifest(version: int) -> dict[str, Any]:
    """One project as dbt of that version writes it.

    https://docs.getdbt.com/reference/artifacts/manifest-json: `raw_code` and `compiled_code` are
    `raw_sql` and `compiled_sql` until v6; groups and access are there since v9; a manifest names
    its project since v11; relations of what was parsed only have no `relation_name` until v6.
    """
    old = version <= 6
    raw, compiled = ("raw_sql", "compiled_sql") if old else ("raw_code", "compiled_code")
    common = {"package_name": "acme", "database": "erp", "tags": [], "meta": {}}

    def node(kind: str, name: str, schema: str, **more: object) -> dict[str, Any]:
        return {
            **common,
            "unique_id": f"{kind}.acme.{name}",
            "resource_type": kind,
            "name": name,
            "alias": name,
            "schema": schema,
            "original_file_path": f"models/{name}.sql",
            "config": {"materialized": "table", "tags": []},
            **({"root_path": "."} if version <= 7 else {}),
            **more,
        }

    staged = node("model", "staged", "stg")
    staged[raw] = "select id, amount from {{ source('raw', 'payments') }}"
    staged["depends_on"] = {"macros": [], "nodes": ["source.acme.raw.payments"]}
    if not old:
        staged["relation_name"] = '"erp"."stg"."staged"'
    revenue = node("model", "revenue", "marts", relation_name='"erp"."marts"."revenue"')
    revenue[compiled] = (
        'select s.amount from "erp"."stg"."staged" s join "erp"."raw"."calendar" c using (id)'
    )
    revenue["depends_on"] = {
        "macros": [],
        "nodes": ["model.acme.staged", "source.acme.raw.calendar"],
    }
    if version >= 9:
        revenue |= {"group": "finance", "access": "public"}
    sources = {
        f"source.acme.raw.{name}": {
            **common,
            "unique_id": f"source.acme.raw.{name}",
            "resource_type": "source",
            "source_name": "raw",
            "name": name,
            "identifier": name,
            "schema": "raw",
            "relation_name": f'"erp"."raw"."{name}"',
            "config": {"enabled": True},
        }
        for name in ("payments", "calendar")
    }
    exposure = {
        "name": "board_pack",
        "package_name": "acme",
        "owner": {"email": "finance@example.org"},
        "depends_on": {"macros": [], "nodes": ["model.acme.revenue"]},
    }
    if version >= 5:
        exposure["tags"] = ["reporting"]
    metadata = {
        "dbt_schema_version": f"https://schemas.getdbt.com/dbt/manifest/v{version}.json",
        "generated_at": "2026-11-20T23:59:59.5Z",
        "adapter_type": "postgres",
        # The MD5 of the project's name.
        "project_id": "aa1fc9c7f7b2e3b5b1e1d6e6b3b7b3a5",
    }
    if version >= 11:
        metadata["project_name"] = "acme"
    body: dict[str, Any] = {
        "metadata": metadata,
        "nodes": {"model.acme.staged": staged, "model.acme.revenue": revenue},
        "sources": sources,
        "exposures": {"exposure.acme.board_pack": exposure},
        "metrics": {},
        "disabled": {} if version >= 4 else [],
    }
    if version >= 9:
        owner = {"name": "Finance engineering", "email": None}
        body["groups"] = {
            "group.acme.finance": {"name": "finance", "package_name": "acme", "owner": owner}
        }
    return body


@pytest.mark.parametrize("version", [*range(4, 13), 20])
def test_every_version_says_the_same_of_one_project(version: int, tmp_path: Path) -> None:
    """Names of fields moved over the years, what they say did not."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest(version)))
    facts = read(path)

    key = "dataset:postgres:erp.{}".format
    assert edges(facts, *LINEAGE, "COMPUTES") == {
        ("FEEDS", key("raw.payments"), key("stg.staged")),
        ("FEEDS", key("stg.staged"), key("marts.revenue")),
        ("FILTERS", key("stg.staged"), key("marts.revenue")),
        ("FILTERS", key("raw.calendar"), key("marts.revenue")),
        ("FEEDS", key("marts.revenue"), "report:dbt:board_pack"),
        ("COMPUTES", "model:dbt:acme.staged", key("stg.staged")),
        ("COMPUTES", "model:dbt:acme.revenue", key("marts.revenue")),
    }
    assert not [fact for fact in facts if isinstance(fact, Note | Gap | Refused)]
    owners = {fact.key: fact.owner for fact in facts if isinstance(fact, Node) and fact.owner}
    assert owners.pop("report:dbt:board_pack") == "finance@example.org"
    assert owners == ({key("marts.revenue"): "Finance engineering"} if version >= 9 else {})
    assert dbt.INGESTOR.extracted(Document(path, path.name)) == "2026-11-20"


@pytest.mark.parametrize("version", [1, 2, 3, 13, 19, 21, 99, 100000])
def test_other_versions_are_refused_with_what_is_expected(version: int, tmp_path: Path) -> None:
    """One line with the place, not a guess at what the keys mean."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest(version)))

    with pytest.raises(InputError) as error:
        read(path)

    assert error.value.pointer == "/metadata/dbt_schema_version"
    assert "v4 to v12" in error.value.problem
    assert f"v{version}" in error.value.problem


def test_the_checkout_holds_the_project_surely_and_its_packages_by_choice(tmp_path: Path) -> None:
    """An installed package lies elsewhere; the project says which one is installed."""
    body = manifest(12)
    body["nodes"]["model.acme.staged"]["package_name"] = "bought"
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = read(path, Checkout("acme/erp", "target/manifest.json"))

    held = {
        fact.target: fact.certainty.value
        for fact in facts
        if isinstance(fact, Edge) and fact.source == "github:acme/erp"
    }
    assert held == {
        "model:dbt:acme.revenue": "certain",
        "model:dbt:bought.staged": "conditional",
    }


# --- lineage where it is not plain --------------------------------------------------------------


def revenue(tmp_path: Path, **change: object) -> list[Fact]:
    """The facts of the project with another SQL, or other fields, of the model `revenue`."""
    body = manifest(12)
    body["nodes"]["model.acme.revenue"] |= change
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    target = "dataset:postgres:erp.marts.revenue"
    return [
        fact
        for fact in read(path)
        if isinstance(fact, Note | Gap | Refused)
        or (isinstance(fact, Edge) and fact.target == target and fact.kind.label in LINEAGE)
    ]


def inputs(facts: list[Fact]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for label, source, _ in edges(facts, *LINEAGE):
        found.setdefault(source.removeprefix("dataset:postgres:"), set()).add(label)
    return {source: "+".join(sorted(labels)) for source, labels in found.items()}


BOTH = {"erp.stg.staged": "FEEDS+FILTERS", "erp.raw.calendar": "FEEDS+FILTERS"}
SIMPLE = 'select amount from "erp"."stg"."staged"'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"compiled_code": "select from where ("}, "the SQL was not read"),
        ({"compiled_code": "select 1; select 2"}, "expected one statement"),
        ({"compiled_code": None, "raw_code": "{{ my_macro() }}"}, "its Jinja is more than names"),
        ({"compiled_code": None, "raw_code": None}, "holds no SQL"),
        ({"language": "python"}, "python model"),
        (
            {"raw_code": "{% if is_incremental() %}{{ my_macro() }}{% endif %}"},
            "a branch that was not compiled",
        ),
    ],
)
def test_where_the_sql_leaves_it_open_both_uses_stand_with_a_reason(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    """Never less than what may be, and the reason is kept."""
    facts = revenue(tmp_path, **change)

    assert inputs(facts) == BOTH
    (note,) = (fact for fact in facts if isinstance(fact, Note))
    assert reason in note.reason


def test_an_input_the_sql_does_not_name_is_kept_as_both(tmp_path: Path) -> None:
    """A macro or a hook may read it."""
    facts = revenue(tmp_path, compiled_code=SIMPLE)

    assert inputs(facts) == {**BOTH, "erp.stg.staged": "FEEDS"}
    assert any("does not name" in fact.reason for fact in facts if isinstance(fact, Note))


def test_a_relation_that_only_the_sql_names_is_an_input_too(tmp_path: Path) -> None:
    """Raw table names get past ``ref``; without a schema the search path decides."""
    sql = f"{SIMPLE} join erp.FX.rates using (day) join marts.days using (day) join bare using (d)"
    facts = revenue(tmp_path, compiled_code=sql)

    found = inputs(facts)
    assert found["erp.fx.rates"] == "FEEDS+FILTERS"
    assert found["erp.marts.days"] == "FEEDS+FILTERS"
    sure = {e.source: e.certainty.value for e in facts if isinstance(e, Edge)}
    assert sure["dataset:postgres:erp.fx.rates"] == "certain"
    assert sure["dataset:postgres:erp.marts.bare"] == "conditional"
    notes = [fact.reason for fact in facts if isinstance(fact, Note)]
    assert sum("no relation that depends_on leads to" in note for note in notes) == 3


def test_what_an_input_is_taken_from_itself_is_no_edge(tmp_path: Path) -> None:
    """An incremental model reads what it wrote before."""
    sql = f'{SIMPLE} where id > (select max(id) from "erp"."marts"."revenue")'

    assert "erp.marts.revenue" not in inputs(revenue(tmp_path, compiled_code=sql))


def test_both_branches_of_an_incremental_model_count(tmp_path: Path) -> None:
    """Compiled on an empty database, the calendar would seem to be of no use."""
    raw = (
        "select amount from {{ ref('staged') }}"
        "{% if is_incremental() %} where day > (select max(day)"
        " from {{ source('raw', 'calendar') }}){% endif %}"
    )
    facts = revenue(tmp_path, compiled_code=SIMPLE, raw_code=raw)

    assert inputs(facts) == {"erp.stg.staged": "FEEDS+FILTERS", "erp.raw.calendar": "FILTERS"}


@pytest.mark.parametrize("change", [{"unique_key": "id"}, {"unique_key": ["id", "day"]}])
def test_writing_by_key_makes_every_value_decide_rows(
    tmp_path: Path, change: dict[str, object]
) -> None:
    """A row is replaced or kept by what stands in its key."""
    facts = revenue(
        tmp_path, compiled_code=SIMPLE, config={"materialized": "incremental", **change}
    )

    assert inputs(facts)["erp.stg.staged"] == "FEEDS+FILTERS"


def test_a_dependency_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    """An input nobody can name may be written by anybody."""
    depends = {"nodes": ["model.acme.gone", "function.acme.rate"]}
    facts = revenue(tmp_path, depends_on=depends, compiled_code=None, raw_code="select 1 as x")

    gaps = [fact for fact in facts if isinstance(fact, Gap)]
    assert {gap.at for gap in gaps} == {"dataset:postgres:erp.marts.revenue"}
    assert ["model.acme.gone" in gap.reason for gap in gaps] == [True, False]
    assert ["function.acme.rate" in gap.reason for gap in gaps] == [False, True]


def test_what_a_table_function_reads_is_said_to_be_unknown(tmp_path: Path) -> None:
    """It stands in the SQL and hides its own inputs."""
    facts = revenue(tmp_path, compiled_code=f"{SIMPLE} cross join feed(1) f")

    assert any("table function feed" in f.reason for f in facts if isinstance(f, Note))


def test_exposures_reach_models_through_metrics(tmp_path: Path) -> None:
    """A dashboard on a metric shows what the metric's model holds."""
    body = manifest(12)
    body["metrics"] = {
        "metric.acme.total": {"depends_on": {"nodes": ["semantic_model.acme.revenue"]}}
    }
    body["semantic_models"] = {
        # A circle must not keep the reader busy for ever.
        "semantic_model.acme.revenue": {
            "depends_on": {"nodes": ["model.acme.revenue", "metric.acme.total"]}
        }
    }
    exposure = body["exposures"]["exposure.acme.board_pack"]
    exposure["depends_on"]["nodes"] = ["metric.acme.total", "metric.acme.gone"]
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = read(path)

    fed = ("FEEDS", "dataset:postgres:erp.marts.revenue", "report:dbt:board_pack")
    assert fed in edges(facts, "FEEDS")
    assert [fact.at for fact in facts if isinstance(fact, Gap)] == ["report:dbt:board_pack"]


# --- a public project ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quickbooks() -> list[Fact]:
    if not REAL.is_dir():
        pytest.skip("the public data files are not beside this checkout")
    return read(REAL / "manifest.json")


def datasets(facts: list[Fact], kind: str) -> dict[str, str]:
    """Key of the relation of every resource of a type, by unique id."""
    nodes = (fact for fact in facts if isinstance(fact, Node) and fact.kind.label == "Dataset")
    return {
        word: node.key for node in nodes for word in words(node) if word.startswith(f"{kind}.")
    }


@pytest.mark.xdist_group("dbt_quickbooks")
def test_sources_and_seeds_of_the_public_project_meet(quickbooks: list[Fact]) -> None:
    """52 sources and 52 seeds are 52 relations, and no property of theirs disagrees."""
    sources, seeds = datasets(quickbooks, "source"), datasets(quickbooks, "seed")

    assert len(datasets(quickbooks, "model")) == 144
    assert (len(sources), len(seeds)) == (52, 52)
    assert set(sources.values()) == set(seeds.values())
    assert len(set(sources.values())) == 52
    nodes: dict[str, list[Node]] = {}
    for fact in quickbooks:
        if isinstance(fact, Node):
            nodes.setdefault(fact.key, []).append(fact)
    for same in nodes.values():
        assert len({node.name for node in same}) == 1
        assert merge_props(node.props for node in same)[1] == []


@pytest.mark.xdist_group("dbt_quickbooks")
def test_every_dependency_of_the_public_project_is_accounted_for(quickbooks: list[Fact]) -> None:
    """336: 271 of models, each an edge; 65 of tests, each a record of what is tested."""
    places = Counter(
        fact.evidence.pointer
        for fact in quickbooks
        if (isinstance(fact, Edge) and fact.kind.label in LINEAGE)
        or (isinstance(fact, Node) and "dbt_tests" in fact.props)
    )
    dependencies = {place for place in places if "/depends_on/nodes/" in place}

    assert set(places) == dependencies, "no input was found that the manifest does not declare"
    assert sum(place.startswith("/nodes/model.") for place in dependencies) == 271
    assert sum(place.startswith("/nodes/test.") for place in dependencies) == 65
    assert len(dependencies) == 336


@pytest.mark.xdist_group("dbt_quickbooks")
def test_the_sql_of_every_model_of_the_public_project_is_read(quickbooks: list[Fact]) -> None:
    """No model falls back to both uses, and a good part of the inputs is of one use only."""
    remarks = [fact.reason for fact in quickbooks if isinstance(fact, Note | Gap | Refused)]
    uses: dict[tuple[str, str], set[str]] = {}
    for label, source, target in edges(quickbooks, *LINEAGE):
        uses.setdefault((source, target), set()).add(label)
    told = Counter("+".join(sorted(labels)) for labels in uses.values())

    assert remarks == ["16 disabled resources are left out"]
    assert told == {"FEEDS+FILTERS": 160, "FEEDS": 89, "FILTERS": 22}


@pytest.mark.xdist_group("dbt_quickbooks")
@pytest.mark.parametrize(
    ("name", "models", "sources"),
    [("general_ledger", 92, 39), ("balance_sheet", 97, 39)],
)
def test_ancestors_in_the_public_project_are_those_that_dbt_knows(
    quickbooks: list[Fact], name: str, models: int, sources: int
) -> None:
    """Through ephemeral models too."""
    above: dict[str, set[str]] = {}
    for _, source, target in edges(quickbooks, *LINEAGE, "COMPUTES"):
        above.setdefault(target, set()).add(source)
    model_keys, source_keys = datasets(quickbooks, "model"), datasets(quickbooks, "source")
    found: set[str] = set()
    waiting = [model_keys[f"model.quickbooks.quickbooks__{name}"]]
    while waiting:
        for key in above.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)

    assert len(found & set(model_keys.values())) == models
    assert len(found & set(source_keys.values())) == sources
    # One for each model above, and one for the statement itself.
    assert sum(key.startswith("model:dbt:") for key in found) == models + 1


@pytest.mark.skipif(not REAL.is_dir(), reason="the public data files are not beside this checkout")
def test_the_catalog_of_the_public_project_speaks_of_the_same_relations(
    quickbooks: list[Fact],
) -> None:
    """Its platform shows in its types; every relation of it is one of the manifest's."""
    facts = read(REAL / "catalog.json")
    owned = {edge[2] for edge in edges(facts, "OWNS")}
    known = {fact.key for fact in quickbooks if isinstance(fact, Node)}

    assert len(owned) == 177
    assert owned <= known
    assert {edge[1] for edge in edges(facts, "OWNS")} == {"role:postgres:postgres/postgres"}


# --- documents that are no dbt, and damaged ones ------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"metadata": None},
        {"metadata": {"dbt_schema_version": 12}},
        {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}},
        {"apiVersion": "v1", "metadata": {"name": "x"}},
        {"jobs": {"outputs": {"x": "y"}}},
        {"job": {"outputs": {"x": {"value": "y"}}}},
    ],
)
def test_other_documents_are_not_recognised(tmp_path: Path, content: object) -> None:
    """Run results, Kubernetes objects and workflows have some of the same words."""
    for name in ("x.json", "x.yml"):
        path = tmp_path / name
        path.write_text(json.dumps(content))
        assert not dbt.INGESTOR.recognises(Document(path, name))


def test_a_catalog_of_no_known_platform_is_refused_whole() -> None:
    """Owners are roles of a platform: without it their keys would be guesses."""
    with pytest.raises(InputError, match="does not name its adapter"):
        read(HERE / "catalog_undecided" / "catalog.json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("relation_name", "a.b.c.d"),
        ("relation_name", '"open'),
        ("relation_name", {}),
        ("compiled_code", ["x"]),
        ("tags", {"a": 1}),
        ("depends_on", []),
        ("depends_on", {"nodes": [None]}),
        ("config", "x"),
        ("resource_type", "metric"),
        ("package_name", None),
    ],
)
def test_a_record_is_refused_whole_and_what_needs_it_says_so(
    tmp_path: Path, field: str, value: object
) -> None:
    """Half a model would be a lineage with a hole that nobody sees.

    Its relation stays with a gap, where its name can be read.
    """
    body = manifest(12)
    body["nodes"]["model.acme.staged"][field] = value
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = read(path)

    (refused,) = (fact for fact in facts if isinstance(fact, Refused))
    assert refused.evidence.pointer == "/nodes/model.acme.staged"
    said_there = [f for f in facts if f.evidence.pointer.startswith(refused.evidence.pointer)]
    readable = field != "relation_name"
    kinds = [Node, Gap, Refused] if readable else [Refused]
    assert [type(fact) for fact in said_there] == kinds
    staged = ["dataset:postgres:erp.stg.staged"] if readable else []
    gaps = sorted(fact.at for fact in facts if isinstance(fact, Gap))
    assert gaps == ["dataset:postgres:erp.marts.revenue", *staged]


@pytest.mark.parametrize("adapter", [None, "", 5, "Postgres", "a:b", "x" * 60, ["postgres"]])
def test_an_adapter_that_could_imitate_a_key_is_refused(tmp_path: Path, adapter: object) -> None:
    """The platform stands at the front of every key."""
    body = manifest(12)
    body["metadata"]["adapter_type"] = adapter
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))

    with pytest.raises(InputError, match="adapter"):
        read(path)


HOSTILE: tuple[Any, ...] = (
    *(None, [], {}, "", 0, 1, True, -1.5, "x", "a.b", "{{ x }}", "'" * 7, "x" * 300),
    *([[1]], [None], {"a": None}, {"": {"": []}}, {"nodes": 1}, {"outputs": {"x": {"type": "y"}}}),
)


def spots(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for name, member in value.items():
            yield from spots(member, (*path, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from spots(member, (*path, number))


@pytest.mark.parametrize(
    "case",
    [
        "dbt_1_11/manifest.json",
        "v12/manifest.json",
        "catalog/catalog.json",
        "all_fields/profiles.yml",
    ],
)
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(2, 40))]
)
def test_a_damaged_document_ends_in_an_input_error_or_less(
    case: str, seed: int, tmp_path: Path
) -> None:
    """Members gone, doubled, of another type: every fact that is left has its place."""
    source = HERE / case
    text = source.read_text()
    whole = json.loads(text) if source.suffix == ".json" else yaml.safe_load(text)
    rng = random.Random(seed)
    everywhere = list(spots(whole))
    for number in range(60):
        damaged = json.loads(json.dumps(whole))
        for _ in range(rng.choice([1, 1, 3])):
            *path, last = rng.choice(everywhere)
            holder = damaged
            try:
                for part in path:
                    holder = holder[part]
                if rng.random() < 0.25:
                    del holder[last]
                else:
                    holder[last] = rng.choice(HOSTILE)
            except (KeyError, IndexError, TypeError):
                continue  # an earlier damage took the place away
        file = tmp_path / f"{number}{source.suffix}"
        file.write_text(json.dumps(damaged))
        document = Document(file, file.name)
        assert "CANARY" not in outcome(document)


def output(tmp_path: Path, **body: object) -> tuple[Node, list[Fact]]:
    """The connection of a profile with one output, and the other facts."""
    path = tmp_path / "profiles.yml"
    given = {"type": "postgres", "user": "loader", "dbname": "erp", **body}
    path.write_text(yaml.safe_dump({"p": {"outputs": {"prod": given}}}))
    node, *others = read(path)
    assert isinstance(node, Node)
    return node, others


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user", "svc@acme.com"),
        ("user", "ACME\\svc"),
        ("account", "ab12345.eu-west-1.aws"),
        ("host", "db.internal,1433"),
        ("keyfile", "C:\\Users\\svc@acme\\my keys\\erp.json"),
        ("keyfile", "/etc/my keys/erp.json"),
        ("project", "acme.com:erp"),
        ("authenticator", "https://acme.okta.com/app"),
        ("user", "{{ env_var('DB_USER', 'dev') }}"),
    ],
)
def test_a_field_that_looks_like_what_it_is_for_is_kept(
    tmp_path: Path, field: str, value: str
) -> None:
    _, facts = output(tmp_path, **{field: value})

    assert not [fact for fact in facts if isinstance(fact, Node) and fact.kind.label == "Secret"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user", "loader:hush@db"),
        ("user", "loader%3Ahush%40db"),
        ("dbname", "postgresql://a:hush@h/erp"),
        ("dbname", "host=h password=hush"),
        ("dbname", "erp;Pwd.hush"),
        ("dbname", "erp hush"),
        ("dbname", "erp\nhush"),
        ("dbname", "hush" * 60),
        ("dbname", "{{ env_var('DB', 'postgresql://a:hush@h/erp') }}"),
        ("host", "hush@db.internal"),
        ("keyfile", '{"private_key": "hush"}'),
        ("keyfile", "-----BEGIN PRIVATE KEY-----hush"),
        ("authenticator", "https://u:hush@acme.okta.com"),
    ],
)
def test_a_field_that_may_hold_a_credential_is_a_secret_in_a_file(
    tmp_path: Path, field: str, value: str
) -> None:
    """Its value is not kept; where the role hangs on it, the role is not known."""
    node, facts = output(tmp_path, **{field: value})

    kinds = [fact.kind.label for fact in facts if isinstance(fact, Node)]
    reasons = [fact.reason for fact in facts if isinstance(fact, Gap)]
    name = {"dbname": "database"}.get(field, field)
    assert "hush" not in f"{node} {facts}"
    assert "Secret" in kinds
    known = field not in {"user", "dbname"}
    assert ("DatabaseRole" in kinds) == known
    unread = f"the field of the {name} holds a connection text, which is not read"
    assert (unread in reasons) == (not known)


def test_meta_under_a_secrets_name_or_with_a_password_in_it_is_left_out(tmp_path: Path) -> None:
    body = manifest(12)
    meta = {"steward": "Anna", "api-key": "secret", "dsn": "secret", "wiki": "https://u:secret@h"}
    body["nodes"]["model.acme.revenue"]["meta"] = meta
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = [fact for fact in read(path) if isinstance(fact, Node)]

    assert [fact.props["dbt_meta"] for fact in facts if "dbt_meta" in fact.props] == [
        ("steward: Anna",)
    ]


def test_a_file_in_the_sql_is_no_relation_and_is_told_without_its_name(tmp_path: Path) -> None:
    """What depends_on names stays an input; of the file there is a note."""
    sql = "select f.x from 'https://u:secret@h/x.csv' f join erp.raw.calendar c using (id)"
    body = manifest(12)
    body["metadata"]["adapter_type"] = "duckdb"
    body["nodes"]["model.acme.revenue"]["compiled_code"] = sql
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = read(path)

    target = "dataset:duckdb:erp.marts.revenue"
    inputs = {source for _, source, end in edges(facts, *LINEAGE) if end == target}
    notes = [fact.reason for fact in facts if isinstance(fact, Note)]
    assert inputs == {"dataset:duckdb:erp.stg.staged", "dataset:duckdb:erp.raw.calendar"}
    assert any(
        note.endswith("the SQL reads a file or stage, which is no relation") for note in notes
    )
    assert "secret" not in repr(facts)


@pytest.mark.parametrize(
    "place", ["'s3://key:hush@lake/gl.parquet'", "read_csv('https://a:hush@h')"]
)
def test_a_source_that_is_a_file_is_refused_and_missed(tmp_path: Path, place: str) -> None:
    """It has no key that anything else could meet it on; what depends on it says so."""
    body = manifest(12)
    body["sources"]["source.acme.raw.payments"]["relation_name"] = place
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(body))
    facts = read(path)

    (refused,) = [fact.reason for fact in facts if isinstance(fact, Refused)]
    assert refused == "relation_name: a file or stage, which is no relation"
    assert [fact.at for fact in facts if isinstance(fact, Gap)] == [
        "dataset:postgres:erp.stg.staged"
    ]
    assert "hush" not in repr(facts)


PROJECT_FILE = """\
name: ledger
version: "1.0"
profile: warehouse
models: {ledger: {+schema: marts}}
"""


def test_a_project_file_says_its_folder_and_its_profile(tmp_path: Path) -> None:
    """In a checkout the key is inside the repository: two may have a project of one name."""
    path = tmp_path / "dbt_project.yml"
    path.write_text(PROJECT_FILE)
    alone, said_alone = read(path)
    inside, said_inside = read(path, Checkout("acme/erp", "transform/dbt_project.yml"))

    assert isinstance(alone, Node)
    assert isinstance(inside, Node)
    assert said_alone == Project(
        alone.key, alone.evidence, name="ledger", folders=(), profile="warehouse"
    )
    assert said_inside == Project(
        inside.key,
        inside.evidence,
        name="ledger",
        repository="github:acme/erp",
        folders=("transform",),
        profile="warehouse",
    )
    assert (alone.key, dict(alone.props)) == (
        "project:dbt:ledger",
        {"dbt_project": "ledger", "profile": "warehouse"},
    )
    assert inside.key == "project:dbt:acme%2Ferp/ledger"
    assert inside.props["folders"] == ("transform",)
    assert inside.evidence.line == 1


def test_a_manifest_in_a_target_folder_says_where_its_project_lies() -> None:
    """Project file and manifest meet on one key, so that what one of them lacks the other has."""
    (path,) = (HERE / "checkout" / "target").iterdir()
    facts = read(path, Checkout("acme/erp", "transform/target/manifest.json"))
    (project,) = (f for f in facts if isinstance(f, Node) and "dbt_project" in f.props)
    elsewhere = read(path, Checkout("acme/erp", "exports/manifest.json"))

    assert project.props["folders"] == ("transform",)
    assert project.props["manifest"] is True
    assert ("CONTAINS", project.key, "model:dbt:acme.stg_payments") in edges(facts, "CONTAINS")
    assert not any("folders" in f.props for f in elsewhere if isinstance(f, Node))


@pytest.mark.parametrize("text", ["name: 7\n", "- a\n", "profile: p\n"])
def test_another_document_of_that_name_is_no_project(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dbt_project.yml"
    path.write_text(text)

    assert not dbt.INGESTOR.recognises(Document(path, path.name))


def test_profiles_of_two_checkouts_are_two_connections(tmp_path: Path) -> None:
    """One name, two files, two databases: merged, they would be a connection nobody opens."""
    path = tmp_path / "profiles.yml"
    path.write_text("p: {outputs: {prod: {type: postgres, dbname: erp, user: u}}}\n")
    keys = {
        fact.key
        for repository in ("acme/erp", "acme/crm")
        for fact in read(path, Checkout(repository, "profiles.yml"))
        if isinstance(fact, Node) and fact.kind.label == "System"
    }

    assert keys == {
        "connection:dbt:acme%2Ferp%2Fprofiles.yml/p/prod",
        "connection:dbt:acme%2Fcrm%2Fprofiles.yml/p/prod",
    }


PROPERTIES = """\
version: 2
models:
  - name: revenue
    columns: [{name: amount, data_tests: [not_null]}]
sources:
  - name: raw
    tables: [{name: payments}]
"""


def test_a_property_file_is_known_and_read_by_way_of_the_manifest(tmp_path: Path) -> None:
    path = tmp_path / "schema.yml"
    path.write_text(PROPERTIES)
    (note,) = read(path)

    assert isinstance(note, Note)
    assert "manifest" in note.reason


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\n",
        "version: 2\nmodels: {revenue: {}}\n",
        "version: 2\nmodels: [revenue]\n",
        "version: 2\nmodels: [{name: a}]\njobs: {}\n",
        "services: [{name: a}]\n",
        "models: []\n",
    ],
)
def test_what_only_resembles_a_property_file_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "schema.yml"
    path.write_text(text)

    assert not dbt.INGESTOR.recognises(Document(path, path.name))
