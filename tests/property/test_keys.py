"""Every form of key: reading is the inverse of printing, and no two of them print alike.

The forms are found on the package, so that a new one is asked without being listed.
"""

import dataclasses
import typing
from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nhigraph.facts import keys
from nhigraph.facts.keys.parts import Parts

#: Texts that look like pieces of keys, and words that are such.
HOSTILE = (
    *("", "job", "secret", "workflow", "environment", "action", "team", "runner-group", "user"),
    *("anyone", "local", "file", "protection", "permission", "%75ser", "action@x", "?", "*"),
    *("/", "/job/", "/secret/", "a/b", "x.y", "[z]", "a]b[c", "#", "a#b.yml", "x@y.yml", "%2F"),
    *("%", "%25", "%5B", ":", "a:b", "@", ";", "|", ",", "a,b", "Acme", "İ", "ß", "Σς", "ünïcode"),
    *("\n", "\0", " ", "github:acme/erp", "role:postgres:erp/x", "dataset:postgres[x]:a.b.c"),
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet="aB/%#[]:@;.,|2F5", max_size=6),
    st.text(max_size=4),
    st.tuples(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE)).map("".join),
)
#: Texts that are kept as they are, so what they may be is their form's affair.
RAW = {
    (keys.AwsPrincipal, "arn"): TEXTS.map("arn:{}".format),
    (keys.Bucket, "name"): st.from_regex(r"[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]", fullmatch=True),
    (keys.Thing, "path"): st.just("branch/main"),
}
FORMS = sorted(
    (
        found
        for found in vars(keys).values()
        if isinstance(found, type) and issubclass(found, keys.Key) and found is not keys.Key
    ),
    key=lambda form: form.__name__,
)


def _of_type(type_: object) -> st.SearchStrategy[object]:
    if type_ is str:
        return TEXTS
    if isinstance(type_, type) and issubclass(type_, Parts):
        # A form without parts is one from which platforms derive theirs.
        own = [type_] if "__dataclass_fields__" in vars(type_) else FORMS
        return st.sampled_from([one for one in own if issubclass(one, type_)]).flatmap(_parts)
    inner = [one for one in typing.get_args(type_) if one is not Ellipsis]
    if typing.get_origin(type_) is tuple:
        return st.lists(_of_type(inner[0]), max_size=3).map(tuple)
    return st.one_of([st.none() if one is type(None) else _of_type(one) for one in inner])


def _parts(form: type[Parts]) -> st.SearchStrategy[object]:
    types = typing.get_type_hints(form)
    names = [one.name for one in dataclasses.fields(form)]  # type: ignore[arg-type]
    raw = {name: RAW[form, name] for name in names if (form, name) in RAW}
    return st.builds(form, **{name: _of_type(types[name]) for name in names} | raw)


KEYS = st.sampled_from(FORMS).flatmap(_parts)
often: Callable[..., Callable[..., None]] = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@often
@given(KEYS)
@example(keys.Written(keys.Repository("acme", "file"), "deploy.sh", "PGPASSWORD"))
def test_reading_is_the_inverse_of_printing(key: keys.Key) -> None:
    assert keys.parse(key.text) == key
    assert type(key).parse(key.text) == key


@often
@given(KEYS, KEYS)
def test_two_keys_never_share_a_text(one: keys.Key, other: keys.Key) -> None:
    assert (one == other) == (one.text == other.text)


@often
@given(st.sampled_from(FORMS).flatmap(lambda form: st.tuples(_parts(form), _parts(form))))
def test_two_keys_of_one_form_never_share_a_text(pair: tuple[keys.Key, keys.Key]) -> None:
    one, other = pair
    assert (one == other) == (one.text == other.text)


@often
@given(KEYS, TEXTS)
def test_a_qualifier_is_put_on_and_taken_off(key: keys.Key, at: str) -> None:
    plain, qualified = key.unqualified(), key.qualified(at)
    assert qualified.unqualified() == plain
    assert qualified.qualifier == (at if qualified != plain else "")
    assert keys.unqualified(qualified.text) == plain.text
    assert keys.parse(qualified.text) == qualified


@often
@given(TEXTS, TEXTS)
@example("github:", "a/b/job/x")
@example("secret:", "github:a/b/file/c#d/e")
def test_what_is_read_prints_as_it_was_apart_from_case(head: str, tail: str) -> None:
    text = head + tail
    key = keys.parse(text)
    assert key is None or key.text.casefold() == text.casefold()
    assert keys.canonical(keys.canonical(text)) == keys.canonical(text)


@often
@given(KEYS)
def test_pieces_make_up_the_text(key: keys.Key) -> None:
    assert "".join(piece for piece, _ in key.pieces()) == key.text


@often
@given(KEYS)
def test_folding_letters_in_another_case_are_the_same_key(key: keys.Key) -> None:
    # Codes of encoded letters are no letters of the name; beyond ASCII two cases are not two.
    other = "".join(
        piece.swapcase() if folds and piece.isascii() and "%" not in piece else piece
        for piece, folds in key.pieces()
    )
    assert keys.canonical(other) == key.text
