"""What a hook's text becomes, against Jinja itself on whatever only a run can tell.

Texts are drawn from the words that are followed. Jinja renders each with values drawn for what a
run is asked (``var``), as dbt renders it, with ``return`` and macros; the walk, which knows none
of these values, must have that text among those that it says are run, or say that there may be
more.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_macros import Rendered, render
from nhigraph.policy.dbt_values import UNTOLD

ASKED = ("p", "q", "r")
VALUES: tuple[object, ...] = (
    *("a", "b-c", "s3://x/y", "", None, True, False, 3),
    *(["a", "z"], [], {"a": "k"}, {}),
)
_EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]
_WORDS = ("a", "b", "x ", "s3://n", "", ", ")


class _ReturnedError(Exception):
    pass


def _quoted(text: str) -> str:
    return f"'{text}'"


def _filters(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(["upper", "lower", "trim", "string", "list", "trim('/')", "items"])
    others = st.sampled_from(
        ["length", "first", "last", "join('+')", "default('d')", "default('d', true)", "string"]
    )
    return st.tuples(inner, names | others).map(lambda one: f"({one[0]}) | {one[1]}")


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    ends = st.sampled_from(["[1:]", "[:-1]", "[:2]", "[::2]", "[-2:]"])
    tests = st.sampled_from(["none", "string", "mapping", "sequence", "number", "boolean", "true"])
    calls = st.sampled_from(
        [
            *(".startswith('s3')", ".endswith('b')", ".upper()", ".replace('a', 'o')"),
            *(".split('/')", ".get('a')", ".get('b', 'd')", ".items()", ".keys()", ".strip('a')"),
        ]
    )
    signs = st.sampled_from(["==", "!=", "in", "not in", "and", "or", "~"])
    return st.one_of(
        _filters(inner),
        st.tuples(inner, ends).map(lambda one: f"({one[0]}){one[1]}"),
        st.tuples(inner, tests).map(lambda one: f"(({one[0]}) is {one[1]})"),
        st.tuples(inner, tests).map(lambda one: f"(({one[0]}) is not {one[1]})"),
        st.tuples(inner, calls).map(lambda one: f"({one[0]}){one[1]}"),
        st.tuples(pair, signs).map(lambda one: f"(({one[0][0]}) {one[1]} ({one[0][1]}))"),
        inner.map(lambda one: f"(not ({one}))"),
        st.tuples(inner, inner, inner).map(
            lambda one: f"(({one[0]}) if ({one[1]}) else ({one[2]}))"
        ),
        st.lists(inner, max_size=3).map(lambda many: f"[{', '.join(many)}]"),
        st.sampled_from(["one", "two"]).flatmap(
            lambda name: inner.map(lambda one: f"{name}({one})")
        ),
    )


PLAIN = st.one_of(
    st.sampled_from(_WORDS).map(_quoted),
    st.sampled_from(["1", "none", "true", "x", "y", "{'a': 'k', 'b': 'l'}", "['a', 'b']"]),
    st.sampled_from(ASKED).map(lambda name: f"var('{name}')"),
)
EXPRESSION = st.recursive(PLAIN, _more, max_leaves=5)


def _tags(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["{% break %}", "{% continue %}", ""])
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(EXPRESSION, inner, inner).map(
            lambda one: f"{{% if {one[0]} %}}{one[1]}{{% else %}}{one[2]}{{% endif %}}"
        ),
        st.tuples(EXPRESSION, inner, EXPRESSION, leaves).map(
            lambda one: (
                f"{{% for x in [1, 'b', {one[0]}] %}}{{% if {one[2]} %}}{one[1]}{one[3]}"
                "{% endif %}{{ x }}{% endfor %}"
            )
        ),
        st.tuples(st.sampled_from("xy"), EXPRESSION).map(
            lambda one: f"{{% set {one[0]} = {one[1]} %}}"
        ),
    )


TEXT = st.recursive(
    st.sampled_from(["w ", "v "]) | EXPRESSION.map(lambda one: f"{{{{ {one} }}}}"),
    _tags,
    max_leaves=6,
)
BODY = TEXT | EXPRESSION.map(lambda one: f"{{{{ return({one}) }}}}")


def _macro(name: str, body: str) -> str:
    return f"{{% macro {name}(x, y='t') %}}{body}{{% endmacro %}}"


def _really(text: str, macros: Mapping[str, str], values: Mapping[str, object]) -> str | None:
    """What Jinja makes of a text; None where it fails."""
    environment = jinja2.Environment(extensions=_EXTENSIONS)  # noqa: S701 - no page is made
    shared: dict[str, Any] = {"var": values.get}

    def back(value: object) -> None:
        raise _ReturnedError(value)

    def called(name: str) -> Callable[..., object]:
        module = environment.from_string(macros[name], globals=shared).module

        def run(*given: object) -> object:
            try:
                return getattr(module, name)(*given)
            except _ReturnedError as returned:
                return returned.args[0]

        return run

    shared["return"] = back
    try:
        # The first calls none, so that no two call each other.
        shared["one"] = called("one")
        shared["two"] = called("two")
        return environment.from_string(text, globals=shared).render()
    except _ReturnedError as returned:
        return str(returned.args[0])
    except (TypeError, AttributeError, SyntaxError, jinja2.TemplateError, LookupError, ValueError):
        return None


def _dense(text: str) -> str:
    """A text without its blanks, of which a script keeps none at its ends."""
    return "".join(text.split())


def _may_be(found: Rendered, text: str) -> bool:
    text = _dense(text)
    for script in found.scripts:
        pieces = [
            re.escape(piece) for piece in re.split(UNTOLD, _dense(script.sql), flags=re.IGNORECASE)
        ]
        if re.fullmatch(".*".join(pieces), text, re.DOTALL):
            return True
    return False


@settings(max_examples=400, deadline=None)
@given(
    TEXT,
    st.tuples(BODY, BODY),
    st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in ASKED}),
)
def test_what_jinja_makes_of_a_text_is_among_what_it_may_become(
    text: str, bodies: tuple[str, str], values: dict[str, object]
) -> None:
    plain = bodies[0].replace("one(", "str(").replace("two(", "str(")
    macros = {"one": _macro("one", plain), "two": _macro("two", bodies[1].replace("two(", "one("))}
    real = _really(text, macros, values)
    if real is None:
        return
    library = Library(
        {("books", name): body for name, body in macros.items()}, "books", "postgres"
    )
    found = render(text, Place("books", {}, {}, {}), library)
    assert found.problems or not real.strip() or _may_be(found, real), (real, found)
