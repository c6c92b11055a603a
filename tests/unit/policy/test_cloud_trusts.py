"""Which tokens Google Cloud's and Entra's trusts let in: named forms, and every run against them.

The oracle enumerates runs of repositories, gives each the claims that GitHub documents, and works
out each trust from the parts that it was made of: it reads no expression and shares no code with
the product. A trust on subjects and on claims that a subject tells is decided exactly; one on any
other claim is never refused where some run comes in, and never said to be sure.
"""

# ruff: noqa: E501 - a case is a line of its table

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from nhigraph.facts.ends import Condition, Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.policy import trusts
from nhigraph.policy.azure import federation as azure
from nhigraph.policy.federated import Opening
from nhigraph.policy.gcp import federation as gcp
from nhigraph.policy.github_actions.subjects import ISSUER, subjects
from nhigraph.policy.trusts import Answer

AT = Evidence("a.json", "/x", "0" * 64)
POOL = "projects/123/locations/global/workloadIdentityPools/ci"
NAME = f"{POOL}/providers/github"
MAPPING = {
    "google.subject": "assertion.sub", "attribute.repository": "assertion.repository",
    "attribute.owner": "assertion.repository_owner",
    "attribute.home": "'repo/' + assertion.repository",
}  # fmt: skip
Claims = dict[str, str]
Holds = Callable[[Claims], bool]


def provider(condition: str = "", **more: object) -> dict[str, object]:
    oidc = {"issuerUri": ISSUER, "allowedAudiences": ["cloud"]}
    found = {"name": NAME, "state": "ACTIVE", "oidc": oidc, "attributeMapping": MAPPING}
    return {**found, **({"attributeCondition": condition} if condition else {}), **more}


def member(rest: str, *, several: bool = True) -> str:
    return f"principal{'Set' if several else ''}://iam.googleapis.com/{POOL}/{rest}"


REPO = Condition("repository", ("acme/erp",))
AUDIENCE = Condition("aud", ("cloud",))
ALL = member("*")
#: Condition, member, and what is asked of a token beside its audience; None for nobody.
GOOGLE: dict[str, tuple[str, str, tuple[Condition, ...] | None, str]] = {
    "everybody in the pool": ("", ALL, (), ""),
    "one subject": ("", member("subject/repo:acme/erp:ref:refs/heads/main", several=False),
                    (Condition("sub", ("repo:acme/erp:ref:refs/heads/main",)),), ""),
    "one attribute": ("", member("attribute.repository/acme/erp"), (REPO,), ""),
    "an attribute that is put together": ("", member("attribute.home/repo/acme/erp"), (REPO,), ""),
    "an attribute that is never so": ("", member("attribute.home/acme/erp"), None, ""),
    "an attribute that nobody maps": ("", member("attribute.ref/main"), None, ""),
    "a group that nobody maps": ("", member("group/x"), None, ""),
    "another pool": ("", ALL.replace("/ci/", "/other/"), None, ""),
    "no member of a pool": ("", "user:a@acme.example", None, ""),
    "an owner": ("assertion.repository_owner == 'acme'", ALL,
                 (Condition("repository_owner", ("acme",)),), ""),
    "the other way round": ('"acme" == assertion.repository_owner', ALL,
                            (Condition("repository_owner", ("acme",)),), ""),
    "by its index": ("assertion['repository'] == 'acme/erp'", ALL, (REPO,), ""),
    "an attribute of the mapping": ("attribute.repository == 'acme/erp'", ALL, (REPO,), ""),
    "a list": ("assertion.repository in ['acme/erp', 'acme/x']", ALL,
               (Condition("repository", ("acme/erp", "acme/x")),), ""),
    "either of one claim": ("assertion.repository == 'acme/erp' || (assertion.repository=='b/c')",
                            ALL, (Condition("repository", ("acme/erp", "b/c")),), ""),
    "both": ("(assertion.repository == 'acme/erp' && assertion.ref.startsWith('refs/heads/'))",
             ALL, (REPO, Condition("ref", ("refs/heads/*",), glob=True)), ""),
    "nothing": ("true", ALL, (), ""),
    "a text with && in it": ("assertion.repository == 'a && b'", ALL,
                             (Condition("repository", ("a && b",)),), ""),
    "either of two claims": ("assertion.repository == 'a' || assertion.ref == 'b'", ALL, (),
                             "its token fits assertion.repository == 'a' || assertion.ref == 'b'"),
    "not": ("assertion.repository != 'a'", ALL, (), "its token fits assertion.repository != 'a'"),
    "a pattern": ("assertion.sub.matches('^repo:acme/.*$')", ALL, (),
                  "its token fits assertion.sub.matches('^repo:acme/.*$')"),
    "a sign that is a wildcard here": ("assertion.ref.startsWith('a*')", ALL, (),
                                       "its token fits assertion.ref.startsWith('a*')"),
    "either of two, of which one is both": (
        "assertion.repository == 'a' && assertion.ref == 'b' || assertion.repository == 'c'", ALL, (),
        "its token fits assertion.repository == 'a' && assertion.ref == 'b' || assertion.repository == 'c'"),
    "a choice": ("assertion.ref == 'a' && assertion.actor == 'b' ? false : true", ALL, (),
                 "its token fits assertion.ref == 'a' && assertion.actor == 'b' ? false : true"),
    "a comment": ("true // && assertion.repository == 'b'", ALL, (),
                  "its token fits true // && assertion.repository == 'b'"),
    "a text that goes on": (r"assertion.ref == 'a\' && assertion.ref == \'b'", ALL, (),
                            r"its token fits assertion.ref == 'a\' && assertion.ref == \'b'"),
    "brackets in texts": ("(assertion.ref == '(') || (assertion.ref == ')')", ALL,
                          (Condition("ref", ("(", ")")),), ""),
    "not both": ("!(assertion.ref == 'a' && assertion.actor == 'b')", ALL, (),
                 "its token fits !(assertion.ref == 'a' && assertion.actor == 'b')"),
    "a subject that is another claim": ("google.subject == 'acme/erp'", ALL, (Condition("sub", ("acme/erp",)),), ""),
    "half a condition": ("assertion.repository == ", ALL, (),
                         "its token fits assertion.repository =="),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOGLE)
def test_a_provider_and_a_member_ask_of_a_token_what_they_say(case: str) -> None:
    condition, whom, asked, words = GOOGLE[case]
    found = [*gcp.openings(provider(condition), whom)]
    if asked is None:
        assert found == []
    else:
        assert found == [Opening(ISSUER, (AUDIENCE, *asked), words)]


def test_a_provider_that_is_off_or_of_saml_lets_nobody_in() -> None:
    assert [*gcp.openings(provider(disabled=True), ALL)] == []
    assert [*gcp.openings(provider(state="DELETED"), ALL)] == []
    assert [*gcp.openings(provider(oidc=None, saml={}), ALL)] == []


def test_a_provider_without_audiences_takes_its_own_name() -> None:
    (found,) = gcp.openings(provider(oidc={"issuerUri": ISSUER}), ALL)
    own = f"//iam.googleapis.com/{NAME}"
    assert found.conditions == (Condition("aud", (f"https:{own}", own)),)


def flexible(value: str) -> dict[str, object]:
    body = {"value": value, "languageVersion": 1}
    return {"issuer": ISSUER, "audiences": ["a"], "claimsMatchingExpression": body}


MAIN = Condition("sub", ("repo:acme/erp:ref:refs/heads/*",), glob=True)
#: A credential, and what is asked of a token beside its audience.
ENTRA: dict[str, tuple[dict[str, object], tuple[Condition, ...], str]] = {
    "one subject": ({"issuer": ISSUER, "subject": "repo:acme/erp:environment:p", "audiences": ["a"]},
                    (Condition("sub", ("repo:acme/erp:environment:p",)),), ""),
    "a star in a subject is one": ({"issuer": ISSUER, "subject": "repo:*", "audiences": ["a"]},
                                   (Condition("sub", ("repo:*",)),), ""),
    "a pattern": (flexible("claims['sub'] matches 'repo:acme/erp:ref:refs/heads/*'"), (MAIN,), ""),
    "both": (flexible("claims['sub'] matches 'repo:acme/erp:ref:refs/heads/*' and "
                      "claims['job_workflow_ref'] eq 'acme/w/.github/workflows/x.yml@refs/heads/main'"),
             (MAIN, Condition("job_workflow_ref",
                              ("acme/w/.github/workflows/x.yml@refs/heads/main",))), ""),
    "something else": (flexible("claims['sub'] like 'x'"), (), "its token fits claims['sub'] like 'x'"),
    "nothing": ({"issuer": ISSUER, "audiences": ["a"]}, (),
                "which subjects the credential lets in is not in its description"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENTRA)
def test_a_credential_asks_of_a_token_what_it_says(case: str) -> None:
    credential, asked, words = ENTRA[case]
    expected = Opening(ISSUER, (Condition("aud", ("a",)), *asked), words)
    assert [*azure.openings(credential)] == [expected]


def test_a_credential_without_an_issuer_lets_nobody_in() -> None:
    assert [*azure.openings({"subject": "x"})] == []


# -- every run ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    owner: str
    name: str
    kind: str
    ref: str

    def claims(self, *, numbers: bool) -> Claims:
        home = f"{self.owner}@7/{self.name}@8" if numbers else f"{self.owner}/{self.name}"
        ends = {"environment": f"environment:{self.ref}", "pull_request": "pull_request"}
        return {
            "sub": f"repo:{home}:{ends.get(self.kind, f'ref:{self.ref}')}",
            "repository": f"{self.owner}/{self.name}",
            "repository_owner": self.owner,
            "ref": self.ref if self.kind == "push" else "refs/heads/any",
            "actor": "somebody",
        }


def runs(owner: str, name: str, environment: str | None, branches: list[str]) -> list[Run]:
    if environment is not None:
        return [Run(owner, name, "environment", environment)]
    return [Run(owner, name, "push", f"refs/heads/{one}") for one in branches]


def like(pattern: str) -> Callable[[str], bool]:
    body = "".join(".*" if x == "*" else "." if x == "?" else re.escape(x) for x in pattern)
    return lambda text: re.fullmatch(body, text, re.DOTALL) is not None


class Maker:
    """Trusts from parts, each with what it means."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def subject(self) -> str:
        pick = self.random.choice
        home = pick(("repo:acme/erp", "repo:acme/other", "repo:acme@7/erp@8", "repo:acme2/erp"))
        return home + pick((":ref:refs/heads/main", ":environment:production", ":pull_request"))

    def start(self) -> str:
        pick = self.random.choice
        return pick(("repo:acme/", "repo:acme", "repo:acme/erp:ref:", "repo:acme@7/", "x"))

    def part(self) -> tuple[str, Holds, bool]:
        """A comparison, what it means, and whether it is of what the subject tells alone."""
        pick = self.random.choice
        kind = pick((
            "sub", "list", "start", "end", "repository", "owner", "or", "actor", "mixed", "not",
            "both or", "choice",
        ))  # fmt: skip
        one, other, start = self.subject(), self.subject(), self.start()
        end = pick((":pull_request", "/main", "production", "zzz"))
        repository, owner = pick(("acme/erp", "acme/x")), pick(("acme", "acme2"))
        forms: dict[str, tuple[str, Holds, bool]] = {
            "sub": (f"assertion.sub == '{one}'", lambda c: c["sub"] == one, True),
            "list": (f"assertion.sub in ['{one}', \"{other}\"]",
                     lambda c: c["sub"] in (one, other), True),
            "start": (f"google.subject.startsWith('{start}')",
                      lambda c: c["sub"].startswith(start), True),
            "end": (f"assertion.sub.endsWith('{end}')", lambda c: c["sub"].endswith(end), True),
            "or": (f"(google.subject == '{one}' || assertion.sub == '{other}')",
                   lambda c: c["sub"] in (one, other), True),
            "repository": (f"attribute.repository == '{repository}'",
                           lambda c: c["repository"] == repository, True),
            "owner": (f"assertion.repository_owner == '{owner}'",
                      lambda c: c["repository_owner"] == owner, True),
            "actor": ("assertion.actor == 'somebody'", lambda c: c["actor"] == "somebody", False),
            "mixed": (f"(attribute.repository == '{repository}' || assertion.sub == '{one}')",
                      lambda c: c["repository"] == repository or c["sub"] == one, False),
            "both or": (
                f"attribute.repository == '{repository}' && assertion.actor == 'x' || assertion.sub == '{one}'",
                lambda c: c["sub"] == one, False),
            "choice": (f"(attribute.repository == '{repository}' && assertion.sub == '{one}' ? false : true)",
                       lambda c: not (c["repository"] == repository and c["sub"] == one), False),
            "not": (f"attribute.repository != '{repository}'",
                    lambda c: c["repository"] != repository, False),
        }  # fmt: skip
        return forms[kind]

    def google(self) -> tuple[list[Opening], Holds, bool, int]:
        parts = [self.part() for _ in range(self.random.choice((0, 1, 1, 2)))]
        # One that stands alone needs no brackets.
        several = [one if len(parts) == 1 else f"({one})" for one, _, _ in parts]
        text = " && ".join(several)
        whom, subject = ALL, self.subject()
        holds: list[Holds] = [one for _, one, _ in parts]
        plain = all(one for _, _, one in parts)
        if self.random.random() < 0.4:
            whom = member(f"subject/{subject}", several=False)
            holds.append(lambda c: c["sub"] == subject)
        count = sum("sub" in one for one, _, _ in parts) + (whom != ALL)
        return [*gcp.openings(provider(text), whom)], _all(holds), plain, count

    def entra(self) -> tuple[list[Opening], Holds, bool, int]:
        subject = self.subject()
        if self.random.random() < 0.5:
            body: dict[str, object] = {
                "issuer": ISSUER,
                "subject": subject,
                "audiences": ["cloud"],
            }
            return [*azure.openings(body)], lambda c: c["sub"] == subject, True, 1
        pattern = self.random.choice((f"{self.start()}*", subject[:-2] + "*", "*/erp:*", "?*"))
        body = flexible(f"claims['sub'] matches '{pattern}'") | {"audiences": ["cloud"]}
        fits = like(pattern)
        return [*azure.openings(body)], lambda c: fits(c["sub"]), True, 1


def _all(holds: list[Holds]) -> Holds:
    return lambda claims: all(one(claims) for one in holds)


def differing(seed: int, count: int, cloud: str) -> tuple[list[str], set[Answer]]:
    maker, found, answers = Maker(seed), [], set()
    for _ in range(count):
        made, holds, plain, conditions = maker.google() if cloud == "google" else maker.entra()
        pick = maker.random.choice
        owner, name = pick(("acme", "acme2")), pick(("erp", "other"))
        environment, branches = pick((None, None, "production")), pick((["main"], ["main", "dev"]))
        token = Token(
            "job", AT, issuer=ISSUER,
            subjects=subjects(f"{owner}/{name}", environment, {"push": {"branches": branches}}),
        )  # fmt: skip
        told = [
            trusts.accepts(
                Trust("x", AT, issuer=x.issuer, conditions=x.conditions, unknown=x.unknown), token
            )
            for x in made
        ]
        answer = trusts.any_of(told).answer
        several = runs(owner, name, environment, branches)
        expected = any(holds(one.claims(numbers=n)) for one in several for n in (True, False))
        answers.add(answer)
        # Several conditions on one claim are each met, and whether by one subject is a doubt.
        exact = plain and conditions < 2
        if (answer is not Answer.NO) is not expected and (exact or expected):
            found.append(f"{expected} {told} {made} {token.subjects}")
        if answer is Answer.YES and not plain:
            found.append(f"sure {told} {made}")
    return found, answers


@pytest.mark.parametrize("cloud", ["google", "entra"])
def test_a_token_is_let_in_where_some_run_is(cloud: str) -> None:
    found, answers = differing(1, 2_000, cloud)
    assert found == []
    assert Answer.NO in answers
    assert len(answers) > 1
