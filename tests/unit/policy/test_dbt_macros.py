"""What the Jinja of hooks becomes: by hand, one by one, and hostile texts that must end."""

import time
from collections.abc import Mapping

import pytest

from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_macros import Rendered, render
from nhigraph.policy.dbt_values import UNTOLD, Relation, as_given

THIS = Relation(("db", "marts", "m"))
RAW = Relation(("db", "raw", "a"))
PLACE = Place(
    "books",
    {
        "this": THIS,
        "schema": "marts",
        "schemas": ["marts", "stage"],
        "target": {"schema": "marts", "type": "postgres"},
        "model": as_given({"columns": {"a": {"name": "a", "meta": {"tag": "t"}}}}),
        "config": as_given({"alias": "m"}),
    },
    {("m",): THIS, ("books", "m"): THIS},
    {("raw", "a"): RAW},
)


def became(text: str, macros: Mapping[str, str] | None = None) -> Rendered:
    given = macros or {}
    texts = {tuple(name.split(".")): body for name, body in given.items()}
    library = Library({(a, b): body for (a, b), body in texts.items()}, "books", "postgres")
    return render(text, PLACE, library)


def scripts(text: str, macros: Mapping[str, str] | None = None) -> list[tuple[str, bool]]:
    found = became(text, macros)
    assert found.problems == ()
    return [(script.sql, script.always) for script in found.scripts]


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("delete from {{ this }}", 'delete from "db"."marts"."m"'),
        ("{{ ref('m') }}", '"db"."marts"."m"'),
        ("{{ ref('books', 'm') }}", '"db"."marts"."m"'),
        ("{{ source('raw', 'a') }}", '"db"."raw"."a"'),
        ("{{ this.schema }}.x", "marts.x"),
        ("{{ this.include(database=false) }}", '"marts"."m"'),
        ("{{ target.schema }}.x", "marts.x"),
        ("{{ target.name }}.x", f"{UNTOLD}.x"),
        ("{{ var('x') }}.x", f"{UNTOLD}.x"),
        ("{{ 'a' ~ '.' ~ 'b' }}", "a.b"),
        ("{{ 'A' | lower }}", "a"),
        ("{{ ['a', 'b'] | join(', ') }}", "a, b"),
        ("{% set x = 'a' %}{{ x }}", "a"),
        ("{% set x %}a{% endset %}{{ x }}", "a"),
        ("{% for x in ['a', 'b'] %}{{ x }}{{ ',' if not loop.last }}{% endfor %}", "a,b"),
        ("{% for s in schemas %}{{ s }};{% endfor %}", "marts;stage;"),
        ("{% if target.type == 'postgres' %}a{% else %}b{% endif %}", "a"),
        ("{% if execute %}a{% endif %}", "a"),
        ("{% if this.schema in ['marts'] %}a{% endif %}", "a"),
        ("{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}{{ n.x }}",
         "2"),
        ("{% set x = 'a' %}{% for i in [1] %}{% set x = 'b' %}{% endfor %}{{ x }}", "a"),
        ("{% set l = [] %}{% do l.append('a') %}{{ l | first }}", "a"),
        ("{# a remark #}a", "a"),
        ("{{ log('x') }}a", "a"),
        ("{{ return('a') }}", "a"),
        ("{{ 's3://b/c'[5:] }}", "b/c"),
        ("{{ 'a' if 's3://b'.startswith('s3://') }}", "a"),
        ("{{ '/b/' | trim('/') }}", "b"),
        ("{{ none | default('a') }}", "None"),
        ("{{ none | default('a', true) }}", "a"),
        ("{{ 'a' if {'x': 1} is mapping else 'b' }}", "a"),
        ("{{ 'a' if [] is mapping else 'b' }}", "b"),
        ("{{ [1, 'b', none] }}", "[1, 'b', None]"),
        ("{{ var('x') or 'a' }}", UNTOLD),
        ("{% for x in 'a', 'b', 'c' %}{{ x }}{% if x == 'b' %}{% break %}{% endif %}{% endfor %}",
         "ab"),
        ("{% for x in 'a', 'b' %}{% if x == 'a' %}{% continue %}{% endif %}{{ x }}{% endfor %}",
         "b"),
        ("{{ model.columns.a.meta.tag }}", "t"),
        ("{% for c in model.columns.values() %}{{ c.name }}{% endfor %}", "a"),
        ("{{ config.get('alias') }}", "m"),
        ("{{ exceptions.warn('x') }}a", "a"),
    ],
)  # fmt: skip
def test_what_text_alone_tells_is_told(text: str, sql: str) -> None:
    assert scripts(text) == [(sql, True)]


def test_a_condition_that_only_a_run_can_tell_is_taken_both_ways() -> None:
    assert scripts("{% if var('x') %}a{% else %}b{% endif %}") == [("b", False), ("a", False)]
    assert scripts("{% if var('x') %}a{% endif %}") == [("a", False)]


def test_what_does_not_change_is_decided_once() -> None:
    text = "{% if target.name == 'x' %}a{% endif %}{% if target.name == 'x' %}b{% endif %}"
    assert scripts(text) == [("ab", False)]
    text = "{% if run_query('q') %}a{% endif %}{% if run_query('q') %}b{% endif %}"
    assert {sql for sql, _ in scripts(text)} == {"q", "a", "b", "ab"}


def test_what_follows_an_error_is_not_run_and_what_goes_without_it_always_is() -> None:
    raised = "{% do exceptions.raise_compiler_error('no') %}"
    text = f"{{% do run_query('a') %}}{{% if var('x') %}}{raised}b{{% endif %}}c"
    assert scripts(text) == [("a", True), ("c", True)]
    assert scripts(f"{raised}a") == []


HELPERS = {
    "books.bucket": "{% macro bucket(n) %}{% set b = var('b', {}) %}{% if b is mapping %}"
    "{% if n in b %}{{ return(b[n]) }}{% endif %}{% endif %}"
    "{% if var('c') %}{{ return('c') }}{% endif %}{{ return(var('d')) }}{% endmacro %}",
    "books.same": "{% macro same() %}{% if var('e') %}{{ log('x') }}{% endif %}"
    "{{ return('s') }}{% endmacro %}",
    "books.fails": "{% macro fails() %}{% do exceptions.raise_compiler_error('x') %}"
    "{% endmacro %}",
    "books.tries": "{% macro tries() %}{% if var('b') %}{% do run_query('delete from u') %}"
    "{% do exceptions.raise_compiler_error('x') %}{% endif %}{{ return('t') }}{% endmacro %}",
    "books.runs": "{% macro runs(n) %}{% if var('b')[n] %}{% do run_query('delete from t') %}"
    "{% endif %}{{ return('r') }}{% endmacro %}",
}


def test_macros_that_only_make_a_value_do_not_multiply_the_ways() -> None:
    many = " ".join(f"{{{{ bucket('{n}') }}}}" for n in range(9))
    assert scripts(f"a {many} {{{{ same() }}}}", HELPERS) == [
        (f"a {' '.join([UNTOLD] * 9)} s", True)
    ]
    # One that runs something is never taken for its value.
    text = "".join(f"{{{{ runs('{n}') }}}}" for n in range(9))
    found = became(text, HELPERS)
    assert "delete from t" in {script.sql for script in found.scripts}
    assert found.problems == ("it has more branches than are followed",)
    assert scripts(f"{many} {{{{ fails() }}}}", HELPERS) == []
    # Nor one that runs something and then fails.
    found = became(f"{many} {{{{ tries() }}}}", HELPERS)
    assert "delete from u" in {script.sql for script in found.scripts}


def test_what_every_way_runs_is_always_run() -> None:
    text = "{% do run_query('a') %}{% if var('x') %}b{% endif %}"
    assert scripts(text) == [("a", True), ("b", False)]


MACROS = {
    "books.run": "{% macro run(t, n=1) %}{% do run_query('a ' ~ t ~ n) %}{% endmacro %}",
    "books.text": "{% macro text(t) %}b {{ t }}{% endmacro %}",
    "books.back": "{% macro back() %}{{ return('c') }}{% endmacro %}",
    "books.wrap": "{% macro wrap() %}d {{ caller() }}{% endmacro %}",
    "books.both": "{% macro both() %}{{ text('x') }}{% endmacro %}",
    "books.state": "{% macro state() %}{% call statement('s') %}e{% endcall %}{% endmacro %}",
    "books.default__on": "{% macro default__on() %}f{% endmacro %}",
    "books.postgres__on": "{% macro postgres__on() %}g{% endmacro %}",
    "pack.text": "{% macro text(t) %}h {{ t }}{% endmacro %}",
    "pack.far": "{% macro far() %}{{ text('y') }}{% endmacro %}",
}


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("{{ run('t') }}", "a t1"),
        ("{{ run('t', 2) }}", "a t2"),
        ("{{ run(n=3, t='t') }}", "a t3"),
        ("{{ text('t') }}", "b t"),
        ("{{ back() }}", "c"),
        ("{% call wrap() %}x{% endcall %}", "d x"),
        ("{{ both() }}", "b x"),
        ("{{ state() }}", "e"),
        ("{{ adapter.dispatch('on')() }}", "g"),
        ("{{ pack.text('t') }}", "h t"),
        ("{{ pack.far() }}", "h y"),
        ("{{ adapter.truncate_relation(this) }}", f"truncate table {THIS}"),
        ("{{ adapter.drop_relation(this) }}", f"drop table {THIS}"),
        ("{% call statement('x') %}i{% endcall %}", "i"),
    ],
)
def test_macros_are_followed(text: str, sql: str) -> None:
    found = became(text, MACROS)
    assert found.problems == ()
    assert sql in [script.sql for script in found.scripts]


@pytest.mark.parametrize(
    "text",
    [
        "{{ absent() }}",
        "{{ pack.absent() }}",
        "{{ adapter.dispatch('absent')() }}",
        "{{ adapter.rename_relation(this, this) }}",
        "{{ var('x')() }}",
        "{% include 'x' %}",
        "{% if %}",
        "{{ 'open",
    ],
)
def test_what_cannot_be_followed_is_a_problem(text: str) -> None:
    assert became(text, MACROS).problems


def test_a_list_that_changes_in_another_way_is_not_taken_for_known() -> None:
    text = "{% set l = ['a'] %}{% do l.sort_by_hand() %}{% for x in l %}{{ x }};{% endfor %}"
    assert scripts(text) == [(f"a;{UNTOLD};", True)]


def test_relations_that_are_named_are_kept_even_where_a_text_is_not_read() -> None:
    assert became("{{ absent(ref('m'), source('raw', 'a')) }}").named == {THIS, RAW}


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
        "{% set x = [1] %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
        "{% set x = 'a' %}" + "{% set x = x ~ x %}" * 19 + "{{ x | replace('a', x) }}",
        "{{ f() }}",
        "".join(f"{{% if var('{i}') %}}select {i};{{% endif %}}" for i in range(60)),
        "{% for a in [1,2,3,4,5,6,7,8,9] %}" * 9 + "x" + "{% endfor %}" * 9,
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% if a %}" * 900 + "{% endif %}" * 900,
        "{% for a in [1,2,3,4,5,6,7,8,9] %}{% do run_query('"
        + "x" * 300_000
        + "') %}{% endfor %}",
        "{{ [1]['²'] }}{{ [1][99999999999999999999999] }}{{ 'a'.split('') }}",
    ],
    ids=range(10),
)
def test_a_hostile_text_ends_soon(text: str) -> None:
    begun = time.monotonic()
    became(text, {"books.f": "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}"})
    assert time.monotonic() - begun < 20
