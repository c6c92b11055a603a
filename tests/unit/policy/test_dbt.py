"""dbt's own words: versions, catalog types, ephemeral names, Jinja that is only names."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.policy import dbt
from nhigraph.policy.dbt_jinja import Names, resolve

NAMES = Names(
    refs={("a",): '"s"."a"', ("pkg", "a"): '"s"."a"', ("m", "v2"): '"s"."m_v2"'},
    sources={("raw", "t"): '"raw"."t"'},
    this='"s"."me"',
)


@pytest.mark.parametrize(
    ("schema", "version"),
    [
        ("https://schemas.getdbt.com/dbt/manifest/v12.json", 12),
        ("https://schemas.getdbt.com/dbt/manifest/v99.json", 99),
        ("https://schemas.getdbt.com/dbt/manifest/v4", 4),
        ("https://schemas.getdbt.com/dbt/manifest/vX.json", None),
        ("https://schemas.getdbt.com/dbt/catalog/v1.json", None),
        ("", None),
    ],
)
def test_the_version_is_the_number_in_the_schemas_address(
    schema: str, version: int | None
) -> None:
    """dbt names the schema of an artifact by its address."""
    assert dbt.manifest_version(schema) == version


def test_the_root_package_is_known_by_name_or_by_the_digest_of_it() -> None:
    """Manifests before v11 tell the MD5 of the project's name only."""
    digest = hashlib.md5(b"acme", usedforsecurity=False).hexdigest()

    assert dbt.root_package("acme", None, "acme")
    assert not dbt.root_package("acme", digest, "other")
    assert dbt.root_package(None, digest, "acme")
    assert not dbt.root_package(None, digest, "other")
    assert not dbt.root_package(None, None, "acme")


@pytest.mark.parametrize(
    ("types", "stats", "platform"),
    [
        (["text", "timestamp without time zone", "integer"], [], "postgres"),
        (["integer[]", "double precision"], [], "postgres"),
        (["character varying(256)", "integer"], [], None),
        (["character varying(256)", "integer"], ["has_stats", "diststyle"], "redshift"),
        (["super", "character varying(256)"], [], "redshift"),
        (["TEXT", "TIMESTAMP_NTZ(9)"], [], "snowflake"),
        (["timestamp_ntz", "string"], [], None),
        (["INT64", "STRING"], [], "bigquery"),
        (["HUGEINT", "VARCHAR"], [], "duckdb"),
        (["VARCHAR", "INTEGER", "DATE"], [], None),
        (["INT64", "TIMESTAMP_NTZ"], [], None),
        ([], [], None),
    ],
)
def test_a_catalogs_platform_shows_in_types_that_only_it_has(
    types: list[str], stats: list[str], platform: str | None
) -> None:
    """Types that several platforms write decide nothing."""
    assert dbt.catalog_platform(types, stats) == platform


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ("select 1", ("select 1",)),
        ("select * from {{ ref('a') }}", ('select * from "s"."a"',)),
        ('select * from {{ ref("pkg", "a") }}', ('select * from "s"."a"',)),
        ("select * from {{ ref('m', v=2) }}", ('select * from "s"."m_v2"',)),
        ("select * from {{ ref('m', version='2') }}", ('select * from "s"."m_v2"',)),
        ("select * from {{- source('raw', 't') -}} x", ('select * from "raw"."t" x',)),
        ("{{ config(materialized='table', tags=['x']) }}select 1", ("select 1",)),
        ("{# {{ my_macro() }} #}select 1", ("select 1",)),
        ("select * from {{ this }}", ('select * from "s"."me"',)),
        ("{% snapshot s %}select 1{% endsnapshot %}", ("select 1",)),
        ('select \'{{ var("day", "2026") }}\' as d', ("select 'x' as d",)),
        ("select '{{ target.name }}' as d", ("select 'x' as d",)),
        (
            "select 1{% if is_incremental() %} where a{% else %} where b{% endif %}",
            ("select 1 where a", "select 1 where b"),
        ),
        (
            "select 1{%- if is_incremental() -%} where a{%- endif -%}",
            ("select 1", "select 1 where a"),
        ),
        ("{% if is_incremental() %}{{ ref('gone') }}{% endif %}", None),
        ("select * from {{ ref('gone') }}", None),
        ("select * from {{ ref(name) }}", None),
        ("select * from {{ source('raw') }}", None),
        ("select {{ var('column') }} from a", None),
        ("select '' {{ var('column') }} ''", None),
        ("select {{ dbt_utils.star(ref('a')) }}", None),
        ("{% set x = 1 %}select 1", None),
        ("{% for x in [1] %}select 1{% endfor %}", None),
        ("{% if target.name == 'prod' %}select 1{% endif %}", None),
        ("{% if is_incremental() %}select 1", None),
        ("select 1{% endif %}", None),
        ("select {{ 'open", None),
        ("select {{ (((((( }}", None),
    ],
)
def test_raw_sql_becomes_text_where_text_alone_says_what(
    raw: str, texts: tuple[str, ...] | None
) -> None:
    """Names become relations; whatever could become any SQL resolves to nothing."""
    found = resolve(raw, NAMES)

    assert found == (None if texts is None else tuple(sorted(texts)))


PIECES = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "'", '"', "(", ")", "-", " ", "\n", "\0", "a", "1", ","),
    *("ref", "source", "config", "is_incremental()", "if ", "else", "endif", "="),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_text_breaks_the_reading_of_jinja(pieces: list[str]) -> None:
    """Any text resolves, to texts without braces, or does not."""
    for text in resolve("".join(pieces), NAMES) or ():
        assert "{{" not in text
        assert "{%" not in text


def test_an_ephemeral_model_is_known_by_the_names_adapters_give_it() -> None:
    """Compared without case: Snowflake and Oracle fold them."""
    assert "__dbt__cte__conv" in dbt.cte_names("Conv")
    assert "dbt__cte__conv__" in dbt.cte_names("Conv")
