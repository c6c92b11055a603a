"""What documents say to each other survives its form as JSON, whatever stands in it."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from nhigraph.facts import end_form, ends, values
from nhigraph.facts.ends import (
    Account,
    Call,
    Condition,
    Container,
    End,
    Endpoint,
    Login,
    Step,
    Trust,
    Work,
)
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.values import (
    Connection,
    Input,
    Literal,
    Local,
    Port,
    Secret,
    Token,
    Unknown,
    Variable,
    Within,
)

PLACE = Evidence("a.yml", "/jobs/a", "0" * 64, "", "declared", 1)
_text = st.text(max_size=6)
_part = st.one_of(st.none(), st.builds(Literal, _text), st.builds(Port, _text), st.just(Unknown()))
_ref = st.one_of(
    st.builds(Secret, _text),
    st.builds(Within, _text),
    st.builds(Input, _text),
    st.builds(Variable, _text),
    st.builds(Local, _text, st.none() | _text),
    st.builds(Literal, st.none() | _text),
    st.builds(Port, _text),
    st.just(Token()),
    st.just(Unknown()),
    st.builds(Connection, _part, _part, _part, _part, _text),
)
_value = st.lists(_ref, max_size=3).map(tuple)
_named = st.dictionaries(_text, _value, max_size=3)
_endpoint = st.builds(Endpoint, _text, _value, _value, _value)
_end: st.SearchStrategy[End] = st.one_of(
    st.builds(
        Step,
        st.just("k"),
        st.just(PLACE),
        step=st.none() | st.integers(0, 9),
        env=_named,
        given=_named,
    ),
    st.builds(
        Work,
        st.just("k"),
        st.just(PLACE),
        program=_text,
        opaque=st.booleans(),
        step=st.none() | st.integers(0, 9),
        options=_named,
    ),
    st.builds(
        Call,
        st.just("k"),
        st.just(PLACE),
        callee=_text,
        step=st.none() | st.integers(0, 9),
        inputs=_named,
        secrets=_named,
        inherits=st.booleans(),
        commit=_text,
    ),
    st.builds(
        Container,
        st.just("k"),
        st.just(PLACE),
        name=_text,
        image=_text,
        ports=st.lists(_text, max_size=3).map(tuple),
    ),
    st.builds(
        Trust,
        st.just("k"),
        st.just(PLACE),
        issuer=_text,
        conditions=st.lists(
            st.builds(Condition, _text, st.lists(_text, max_size=2).map(tuple), st.booleans()),
            max_size=2,
        ).map(tuple),
        unknown=_text,
    ),
    st.builds(
        ends.Token,
        st.just("k"),
        st.just(PLACE),
        issuer=_text,
        subjects=st.lists(_text, max_size=2).map(tuple),
        audiences=st.lists(_text, max_size=2).map(tuple),
        beyond=st.lists(_text, max_size=2).map(tuple),
        doubt=_text,
        gate=_text,
    ),
    st.builds(
        Account,
        st.just("k"),
        st.just(PLACE),
        endpoint=_endpoint,
        name=_text,
        login=st.none() | st.booleans(),
        hosts=st.lists(_text, max_size=3).map(tuple),
        holder=_text,
    ),
    st.builds(
        Login,
        st.just("k"),
        st.just(PLACE),
        endpoint=_endpoint,
        user=_value,
        password=_value,
        role=_value,
        lines=st.dictionaries(_text, st.integers(0, 9), max_size=2),
    ),
)


@given(_end)
def test_an_end_comes_back_from_its_body(end: End) -> None:
    """Whatever its texts hold: no mark of a notation can be imitated."""
    assert end_form.end(type(end).__name__, "k", PLACE, end_form.body(end)) == end


@given(_ref)
def test_a_reference_comes_back_from_its_cells(ref: values.Ref) -> None:
    """Each type, and connection texts with parts of every type."""
    cells = values.encoded(ref)
    assert cells is not None
    assert values.decoded(cells) == ref


def test_a_value_that_is_one_text_is_a_literal_and_nothing_else_is() -> None:
    """Several texts, an empty one, one that is not kept: none can be relied on."""
    assert values.literal((Literal("db"),)) == "db"
    for value in (None, (), (Literal(),), (Literal(""),), (Literal("a"), Literal("b"))):
        assert values.literal(value) is None
    assert values.literal((Unknown(),)) is None


def test_what_a_variable_stands_for_is_the_steps_word_then_its_default() -> None:
    """A variable that nobody sets and without a default may be anything."""
    env = {"HOST": (Literal("db"),)}
    assert values.settled((Local("HOST", "x"),), env) == (Literal("db"),)
    assert values.settled((Local("PORT", "5432"),), env) == (Literal("5432"),)
    assert values.settled((Local("PORT"),), env) == (Unknown(),)


def test_inputs_are_replaced_by_what_is_handed_over() -> None:
    """One that nobody hands over may be anything."""
    given_ = {"password": (Secret("k"),)}
    assert values.bound((Input("password"), Input("other")), given_) == (Secret("k"), Unknown())


def test_an_end_of_a_type_that_a_third_party_brings_comes_back_too() -> None:
    """Its fields may be of every type that ends have."""

    @dataclass(frozen=True, slots=True)
    class Lease(End):
        seconds: int = 0
        holder: values.Value = ()

    ends.TYPES["Lease"] = Lease
    try:
        lease = Lease("k", PLACE, 60, (Secret("s"),))
        assert end_form.end("Lease", "k", PLACE, end_form.body(lease)) == lease
    finally:
        del ends.TYPES["Lease"]
