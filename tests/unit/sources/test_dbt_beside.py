"""Statements that a model's own text runs, or its header, do what they do in a hook.

dbt-core 1.11.16 ran each of these ways on PostgreSQL 15.18: ``sql_header``, ``set_sql_header``,
``run_query``, a ``statement`` block, and a macro with either.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nhigraph.facts.ends import Writes
from nhigraph.facts.facts import Edge, Fact, Gap, Note
from nhigraph.ingest.document import Document
from nhigraph.sources import dbt
from tests.unit.sources.dbt_hooks import CASES, MANIFEST

WHOLE = json.loads(MANIFEST.read_text(encoding="utf-8"))
#: Hooks that are read whole, and go one way only.
HOOKED = [
    case.name
    for case in CASES
    if case.where == "post" and case.name not in {"procedure", "function", "do", "branch"}
]
QUERY = "select k, n from raw.a"
Node = dict[str, Any]


def _hook(node: Node) -> str:
    return str(node["config"]["post-hook"][0]["sql"])


def _header(node: Node, manifest: Node) -> None:
    node["config"]["sql_header"] = _hook(node)


def _query(node: Node, manifest: Node) -> None:
    asked = f"{{% set asked %}}{_hook(node)}{{% endset %}}{{% do run_query(asked) %}}"
    node["raw_code"] = f"{asked}{QUERY}"


def _executed(node: Node, manifest: Node) -> None:
    _query(node, manifest)
    node["raw_code"] = f"{{% if execute %}}{node['raw_code']}{{% endif %}}"


def _block(node: Node, manifest: Node) -> None:
    block = f"{{% call statement('x') %}}{_hook(node)}{{% endcall %}}"
    node["raw_code"] = f"{block}{QUERY}"


def _macro(node: Node, manifest: Node) -> None:
    name = node["name"]
    text = _hook(node).replace("{{ this }}", "{{ here }}")
    block = f"{{% call statement('x') %}}{text}{{% endcall %}}"
    inner = f"{{{{ inner_{name}(at) }}}}"
    macros = {
        f"inner_{name}": f"{{% macro inner_{name}(here) %}}{block}{{% endmacro %}}",
        f"outer_{name}": f"{{% macro outer_{name}(at) %}}{inner}{{% endmacro %}}",
    }
    for called, macro in macros.items():
        at = f"macro.books.{called}"
        said = {"name": called, "package_name": "books", "macro_sql": macro, "unique_id": at}
        manifest["macros"][at] = said
    node["raw_code"] = f"{{{{ outer_{name}(this) }}}}{QUERY}"


WAYS: dict[str, Callable[[Node, Node], None]] = {
    "header": _header,
    "run_query": _query,
    "run_query where it executes": _executed,
    "statement": _block,
    "macro": _macro,
}


def read(manifest: Node, folder: Path) -> list[Fact]:
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return list(dbt.read(Document(path, path.name)))


def moved(facts: list[Fact], name: str) -> set[tuple[str, str, str, str, str]]:
    """Edges into the case's tables of the ledger, by whoever and from whatever."""
    tables = {f"dataset:postgres:books.ledger.{one}_{name}" for one in "tu"}
    return {
        (one.kind.label, one.source, one.target, one.certainty.name, one.condition or "")
        for one in facts
        if isinstance(one, Edge) and one.target in tables
    }


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> list[Fact]:
    return read(WHOLE, tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("way", WAYS)
def test_a_statement_does_by_a_models_text_what_it_does_in_a_hook(
    way: str, hooked: list[Fact], tmp_path: Path
) -> None:
    manifest = copy.deepcopy(WHOLE)
    for name in HOOKED:
        node = manifest["nodes"][f"model.books.m_{name}"]
        WAYS[way](node, manifest)
        node["config"]["post-hook"] = []
    found = read(manifest, tmp_path)
    expected = {name: moved(hooked, name) for name in HOOKED}
    assert sum(bool(one) for one in expected.values()) > len(HOOKED) * 3 // 4
    assert {name: moved(found, name) for name in HOOKED} == expected
    writes = {(one.at, one.target, one.verb) for one in hooked if isinstance(one, Writes)}
    told = {(one.at, one.target, one.verb) for one in found if isinstance(one, Writes)}
    assert told == writes


def test_what_a_model_only_asks_leaves_nothing_behind(hooked: list[Fact], tmp_path: Path) -> None:
    """Introspection is in many models: it is no logic, and no gap."""
    manifest = copy.deepcopy(WHOLE)
    for name in HOOKED:
        node = manifest["nodes"][f"model.books.m_{name}"]
        node["config"]["post-hook"] = []
        asked = "run_query('select distinct k from ' ~ adapter.get_relation('a', 'b', 'c'))"
        node["raw_code"] = f"{{% set all = {asked} %}}{{% do run_query(all) %}}{QUERY}"
    found = read(manifest, tmp_path)
    assert all(not moved(found, name) for name in HOOKED)
    gaps = {one.at for one in hooked if isinstance(one, Gap)}
    assert {one.at for one in found if isinstance(one, Gap)} <= gaps


@pytest.mark.parametrize(
    ("name", "package", "told"),
    [
        ("create_table_as", "books", True),
        ("postgres__create_view_as", "books", True),
        ("materialization_view_postgres", "books", True),
        ("materialization_mine_default", "books", True),
        ("generate_schema_name", "books", False),
        ("postgres__of_my_own", "books", False),
        ("create_table_as", "dbt_elsewhere", False),
    ],
)
def test_a_macro_in_the_place_of_dbts_own_is_told(
    name: str, package: str, *, told: bool, tmp_path: Path
) -> None:
    """What it runs beside is not read; dbt's own packages are its own."""
    manifest = copy.deepcopy(WHOLE)
    at = f"macro.{package}.{name}"
    text = f"{{% macro {name}() %}}{{% endmacro %}}"
    manifest["macros"] |= {
        f"macro.dbt.{own}": {"name": own, "package_name": "dbt", "macro_sql": ""}
        for own in ("create_table_as", "create_view_as", "generate_schema_name")
    }
    manifest["macros"][at] = {"name": name, "package_name": package, "macro_sql": text}
    found = [one.reason for one in read(manifest, tmp_path) if isinstance(one, Note)]
    assert any(name in reason and "in place of dbt's own" in reason for reason in found) is told
