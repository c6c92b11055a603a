"""Which pipelines' tokens a role lets in: every run that there can be, against the patterns.

The oracle enumerates runs of a repository, writes the subject of each as GitHub documents it, and
compares it with each condition by a matcher of its own; it shares no code with the product.
"""

# ruff: noqa: E501 - a case is a line of its table

import re
from dataclasses import dataclass, replace
from random import Random

import pytest

from nhigraph.facts.ends import Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.policy import trusts
from nhigraph.policy.aws.federation import exactness, openings
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.github_actions.subjects import ISSUER, Form, subjects
from nhigraph.policy.trusts import Answer

AT = Evidence("a.json", "/x", "0" * 64)
ROLE = "arn:aws:iam::111111111111:role/deployer"
PROVIDER = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
HOST = "token.actions.githubusercontent.com"
ENVIRONMENTS = (None, "production", "staging")
EVENTS: tuple[dict[str, object], ...] = (
    {"push": {"branches": ["main"]}}, {"push": {"tags": ["v1"]}}, {"pull_request": None},
    {"schedule": None}, {"push": {"branches": ["main", "dev"]}, "pull_request": None},
)  # fmt: skip


@dataclass(frozen=True)
class Repository:
    owner: str
    name: str
    owner_id: str
    id: str
    claims: tuple[str, ...] = ("repo", "context")


#: Claims that a repository's subjects may be made of.
CLAIMS = (
    ("repo", "context"), ("repo", "context"), ("repository_owner", "context"), ("repository",),
    ("repository", "context", "repository_owner"), ("context", "repo"),
)  # fmt: skip


def runs(repository: Repository, environment: str | None, events: dict[str, object]) -> set[str]:
    """Subjects of every run, in both shapes that a repository may have."""
    found = set()
    for event, filters in events.items():
        if environment is not None:
            found.add(f"environment:{environment}")
        elif event == "pull_request":
            found.add("pull_request")
        elif event == "schedule":
            found |= {f"ref:refs/heads/{branch}" for branch in ("main", "dev", "x")}
        else:
            assert isinstance(filters, dict)
            found |= {f"ref:refs/heads/{one}" for one in filters.get("branches", [])}
            found |= {f"ref:refs/tags/{one}" for one in filters.get("tags", [])}
    plain = f"repo:{repository.owner}/{repository.name}"
    fixed = f"repo:{repository.owner}@{repository.owner_id}/{repository.name}@{repository.id}"
    told = {
        "repository": f"repository:{repository.owner}/{repository.name}",
        "repository_owner": f"repository_owner:{repository.owner}",
    }
    return {
        ":".join({**told, "repo": home, "context": one}[name] for name in repository.claims)
        for one in found
        for home in (plain, fixed)
    }


def like(pattern: str, text: str) -> bool:
    body = "".join(".*" if x == "*" else "." if x == "?" else re.escape(x) for x in pattern)
    return re.fullmatch(body, text, re.DOTALL) is not None


def let_in(
    condition: dict[str, dict[str, list[str]]], subject: str, repository: Repository
) -> bool:
    """Whether a repository's token with that subject and AWS's audience passes a condition."""
    claims = {
        f"{HOST}:sub": subject,
        f"{HOST}:aud": "sts.amazonaws.com",
        f"{HOST}:repository": f"{repository.owner}/{repository.name}",
    }
    for operator, keys in condition.items():
        for key, values in keys.items():
            glob = "Like" in operator
            if not any(like(x, claims[key]) if glob else x == claims[key] for x in values):
                return False
    return True


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def repository(self) -> Repository:
        pick = self.random.choice
        return Repository(
            pick(("acme", "acme2")),
            pick(("erp", "erp-tools")),
            "77",
            pick(("88", "99")),
            pick(CLAIMS),
        )

    def pattern(self) -> str:
        pick = self.random.choice
        home = pick((
            "repo:acme/erp", "repo:acme/*", "repo:acme*", "repo:*", "repo:acme@77/erp@88", "repo:*/erp*",
            "repo:acme@*/erp@*", "repo:acme/erp-?ools", "*", "repository_owner:acme",
            "repository:acme/erp", "repository:acme/*", "ref:refs/heads/main",
        ))  # fmt: skip
        run = pick((
            ":ref:refs/heads/main", ":*", ":environment:production", ":pull_request", ":ref:refs/tags/v?",
            ":ref:refs/heads/*", ":environment:*", "",
        ))  # fmt: skip
        return f"{home}{run}"

    def condition(self) -> dict[str, dict[str, list[str]]]:
        random = self.random
        operator = random.choice((
            "StringLike", "StringEquals", "ForAnyValue:StringLike", "StringLikeIfExists",
            "ForAllValues:StringEquals",
        ))  # fmt: skip
        found: dict[str, dict[str, list[str]]] = {}
        if random.random() < 0.9:
            values = [self.pattern() for _ in range(random.choice((1, 1, 2)))]
            found.setdefault(operator, {})[f"{HOST}:sub"] = values
        if random.random() < 0.3:
            plain = "StringLike" if "Like" in operator else "StringEquals"
            whose = (
                random.choice(("acme/*", "*/erp-?ools")) if plain == "StringLike" else "acme/erp"
            )
            found.setdefault(plain, {})[f"{HOST}:repository"] = [whose]
        if random.random() < 0.7:
            audience = random.choice(("sts.amazonaws.com", "sts.amazonaws.com", "other"))
            found.setdefault("StringEquals", {})[f"{HOST}:aud"] = [audience]
        return found


def differing(seed: int, count: int) -> list[str]:
    maker, found = Maker(seed), []
    for _ in range(count):
        repository, condition = maker.repository(), maker.condition()
        environment, events = maker.random.choice(ENVIRONMENTS), maker.random.choice(EVENTS)
        statement = {
            "Effect": "Allow", "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
        }  # fmt: skip
        document = {"Version": "2012-10-17", "Statement": statement}
        token = Token(
            "job", AT, issuer=ISSUER, audiences=("sts.amazonaws.com",),
            subjects=subjects(
                f"{repository.owner}/{repository.name}", environment, events, Form(repository.claims)
            ),
        )  # fmt: skip
        answers = [
            trusts.accepts(
                Trust(ROLE, AT, issuer=x.issuer, conditions=x.conditions, unknown=x.unknown), token
            )
            for x in openings(ROLE, read_policy(document, "trust", ("f", ())), ())
        ]
        # Of which numbers a repository is, no file says: any pair of them.
        several = [replace(repository, id=one) for one in ("88", "99", "12")]
        expected = any(
            let_in(condition, s, x) for x in several for s in runs(x, environment, events)
        )
        told = trusts.any_of(answers).answer is not Answer.NO
        # What a subject of another form does not tell of its repository stays a condition.
        unsaid = "repo" not in repository.claims and any(
            f"{HOST}:repository" in keys for keys in condition.values()
        )
        if told is not expected and (expected or not unsaid):
            found.append(f"{expected} {answers} {condition} {token.subjects}")
    return found


def test_a_token_is_let_in_exactly_where_some_run_is() -> None:
    assert differing(1, 200) == []


@pytest.mark.nightly
def test_two_thousand_tokens_are_let_in_exactly_where_some_run_is() -> None:
    assert differing(2, 2_000) == []


def trusting(condition: object = None, **more: object) -> dict[str, object]:
    asked = {"Condition": condition} if condition is not None else {}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:*",
        **asked,
        **more,
    }


EXACT = [
    ({"StringEquals": {f"{HOST}:sub": "repo:acme/erp:environment:production"}}, "exact"),
    ({"StringLike": {f"{HOST}:sub": "repo:acme/erp:*"}}, "wildcard"),
    ({"StringLike": {f"{HOST}:sub": "repo:acme/erp:environment:production"}}, "exact"),
    ({"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}}, "missing"),
    (None, "missing"),
]


@pytest.mark.parametrize(("condition", "how"), EXACT)
def test_a_trust_says_how_exactly_it_names_subjects(condition: object, how: str) -> None:
    document = {"Version": "2012-10-17", "Statement": trusting(condition)}
    (one,) = openings(ROLE, read_policy(document, "trust", ("f", ())), ())
    assert exactness(one) == how


def test_what_is_no_comparison_of_a_claim_stays_in_words() -> None:
    condition = {
        "StringNotLike": {f"{HOST}:sub": "repo:acme/*"},
        "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
    }
    document = {"Version": "2012-10-17", "Statement": trusting(condition)}
    (one,) = openings(ROLE, read_policy(document, "trust", ("f", ())), ())
    assert one.conditions == ()
    assert "StringNotLike" in one.unknown
    assert "aws:SourceIp" in one.unknown


def test_a_deny_takes_a_trust_away_or_is_a_condition() -> None:
    deny = {**trusting(), "Effect": "Deny"}
    some = {**trusting({"StringLike": {f"{HOST}:sub": "*:pull_request"}}), "Effect": "Deny"}
    for extra, count in ((deny, 0), (some, 1)):
        document = {"Version": "2012-10-17", "Statement": [trusting(), extra]}
        found = [*openings(ROLE, read_policy(document, "trust", ("f", ())), ())]
        assert len(found) == count
        assert all("does not apply" in one.unknown for one in found)
