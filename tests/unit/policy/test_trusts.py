"""Which tokens a trust accepts: named cases, and globs against every short text there is."""

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.facts.ends import Condition, Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.policy import trusts
from nhigraph.policy.trusts import Accepted, Answer

AT = Evidence("a.json", "/x", "0" * 64, "", "declared", 3)
ISSUER = "https://token.example"
MAIN = "repo:acme/erp:ref:refs/heads/main"


def sub(*values: str, glob: bool = False) -> Condition:
    return Condition("sub", values, glob)


def aud(*values: str) -> Condition:
    return Condition("aud", values)


def answer(
    *conditions: Condition, issuer: str = ISSUER, unknown: str = "", **token: object
) -> Accepted:
    has = {"subjects": (MAIN,), "audiences": ("*",)} | token
    return trusts.accepts(
        Trust("role", AT, issuer=issuer, conditions=conditions, unknown=unknown),
        Token("job", AT, issuer=ISSUER, **has),  # type: ignore[arg-type]
    )


YES, NO = Accepted(Answer.YES), Accepted(Answer.NO)
CASES: dict[str, tuple[Accepted, Accepted]] = {
    "every token of the issuer": (answer(), YES),
    "an issuer without its scheme": (answer(issuer="TOKEN.example/"), YES),
    "another issuer": (answer(issuer="https://token.other"), NO),
    "that subject": (answer(sub(MAIN)), YES),
    "one of several": (answer(sub("x", MAIN)), YES),
    "another subject": (answer(sub("repo:acme/erp:ref:refs/heads/dev")), NO),
    "a star that is no glob": (answer(sub("repo:acme/erp:*")), NO),
    "a glob": (answer(sub("repo:acme/erp:*", glob=True)), YES),
    "a glob with one character": (answer(sub("repo:acme/er?:*", glob=True)), YES),
    "a glob of another repository": (answer(sub("repo:acme/other:*", glob=True)), NO),
    "a prefix that forgets the colon": (answer(sub("repo:acme/e*", glob=True)), YES),
    "an actor with a choice": (answer(sub(MAIN), subjects=("repo:acme/erp:ref:*",)), YES),
    "an actor without it": (answer(sub(MAIN), subjects=("repo:acme/erp:environment:*",)), NO),
    "no subject at all": (answer(sub(MAIN), subjects=()), NO),
    "any audience": (answer(aud("sts.example")), YES),
    "another audience": (answer(aud("sts.example"), audiences=("other",)), NO),
    "another case": (
        answer(sub(MAIN.replace("acme", "Acme"))),
        Accepted(Answer.POSSIBLE, f"its token has sub equal to {MAIN.replace('acme', 'Acme')}"),
    ),
    "a claim that the token's document does not tell": (
        answer(sub(MAIN), Condition("repository_id", ("7",))),
        Accepted(Answer.POSSIBLE, "its token has repository_id equal to 7"),
    ),
    "what was not understood": (
        answer(sub(MAIN), unknown="an address"),
        Accepted(Answer.POSSIBLE, "an address"),
    ),
    "what was not understood never lets in": (answer(sub("x"), unknown="an address"), NO),
    "a doubt about subjects": (
        answer(sub(MAIN), doubt="who knows"),
        Accepted(Answer.POSSIBLE, f"its token has sub equal to {MAIN} (who knows)"),
    ),
    "a doubt about subjects that nobody asks for": (answer(aud("x"), doubt="who knows"), YES),
    "two conditions of one claim, which one text may not meet": (
        answer(sub("repo:acme/*", glob=True), sub("*:main", glob=True), subjects=("*",)),
        Accepted(
            Answer.POSSIBLE, "its token has sub like repo:acme/* and its token has sub like *:main"
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trust_accepts_a_token_for_certain_possibly_or_not(case: str) -> None:
    found, expected = CASES[case]
    assert found == expected


def test_other_code_in_its_place_may_obtain_more() -> None:
    """Never for certain: somebody has to change what runs."""
    token = Token("job", AT, issuer=ISSUER, subjects=(MAIN,), beyond=("repo:acme/erp:*",))
    prod = sub("repo:acme/erp:environment:prod")
    asked = Trust("role", AT, issuer=ISSUER, conditions=(prod,))
    assert trusts.accepts(asked, token) == NO
    assert trusts.accepts_beyond(asked, token) == Accepted(
        Answer.POSSIBLE,
        "it is run so that its token has sub equal to repo:acme/erp:environment:prod",
    )
    other = Trust("role", AT, issuer=ISSUER, conditions=(sub("repo:acme/crm:*", glob=True),))
    assert trusts.accepts_beyond(other, token) == NO


def test_of_several_trusts_the_widest_answers() -> None:
    maybe = Accepted(Answer.POSSIBLE, "x")
    assert trusts.any_of([NO, maybe, YES]) == YES
    assert trusts.any_of([NO, maybe]) == maybe
    assert trusts.any_of([]) == NO


_TEXTS = ["".join(signs) for size in range(7) for signs in product("ab", repeat=size)]
_glob = st.text(alphabet="ab*?", max_size=4)
_pattern = st.text(alphabet="ab*", max_size=4)


@given(_pattern, _glob)
def test_two_patterns_have_a_text_in_common_where_some_text_fits_both(
    pattern: str, glob: str
) -> None:
    """By every text of up to six signs: no two such patterns meet in a longer one only."""
    some = any(fnmatchcase(one, pattern) and fnmatchcase(one, glob) for one in _TEXTS)
    assert trusts.common(pattern, glob, glob=True) is some


@given(_pattern, st.text(alphabet="ab*?", max_size=4))
def test_a_value_that_is_no_glob_is_only_itself(pattern: str, value: str) -> None:
    assert trusts.common(pattern, value, glob=False) is fnmatchcase(value, pattern)
