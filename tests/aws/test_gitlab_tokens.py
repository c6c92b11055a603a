"""Which GitLab jobs' tokens a role lets in: every run that there can be, against the patterns.

The oracle enumerates refs of a project, writes the subject of each as GitLab documents it
(https://docs.gitlab.com/ci/secrets/id_token_authentication/, read 29 November 2026:
``project_path:GROUP/PROJECT:ref_type:branch|tag:ref:NAME``) and compares it with each condition by
a matcher of its own; it shares no code with the product, which reads a pipeline's file.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from nhigraph.facts.ends import Token, Trust
from nhigraph.facts.evidence import Evidence
from nhigraph.ingest.document import Checkout, Document
from nhigraph.policy import trusts
from nhigraph.policy.aws.federation import openings
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.trusts import Answer
from nhigraph.sources import gitlab_ci

AT = Evidence("a.json", "/x", "0" * 64)
ROLE = "arn:aws:iam::111111111111:role/deployer"
HOSTS = ("gitlab.com", "git.acme.example")
PROJECTS = ("acme/erp", "acme/erp-tools", "acme/finance/erp", "acme2/erp")
AUDIENCES = ("sts.amazonaws.com", "https://gitlab.com", "other")
#: A name with a slash meets a pattern that was meant for a project in a group.
NAMES = ("main", "dev", "release/1", "x:y", "z/erp", "v1", "v2.0")


@dataclass(frozen=True)
class Project:
    host: str
    path: str
    audience: str
    rule: str
    parts: tuple[str, ...] | None


#: What a job runs on, and the sorts of ref that it then has.
RULES = {"always": ("branch", "tag"), "tags": ("tag",), "branches": ("branch",)}
WRITTEN = {
    "always": "",
    "tags": "  rules: [{if: $CI_COMMIT_TAG}]\n",
    "branches": "  rules: [{if: $CI_COMMIT_BRANCH}]\n",
}


#: What a project's record may say that its subjects are made of; None where there is no record.
PARTS = (
    None,
    ("project_path", "ref_type", "ref"),
    ("project_path", "ref", "ref_type"),
    ("project_path", "ref"),
    ("project_path", "ref_type"),
)


def runs(project: Project) -> set[str]:
    """Subjects of every run."""
    return {
        ":".join(
            f"{one}:{ {'project_path': project.path, 'ref_type': sort, 'ref': name}[one] }"
            for one in project.parts or ("project_path", "ref_type", "ref")
        )
        for sort in RULES[project.rule]
        for name in NAMES
        if ":" not in name  # No ref has one: git check-ref-format.
    }


def like(pattern: str, text: str) -> bool:
    body = "".join(".*" if x == "*" else "." if x == "?" else re.escape(x) for x in pattern)
    return re.fullmatch(body, text, re.DOTALL) is not None


def let_in(condition: dict[str, dict[str, list[str]]], host: str, claims: dict[str, str]) -> bool:
    for operator, keys in condition.items():
        for key, values in keys.items():
            name = key.removeprefix(f"{host}:")
            glob = "Like" in operator
            if not any(like(x, claims[name]) if glob else x == claims[name] for x in values):
                return False
    return True


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def project(self) -> Project:
        pick = self.random.choice
        rule = pick(sorted(RULES))
        return Project(pick(HOSTS), pick(PROJECTS), pick(AUDIENCES), rule, pick(PARTS))

    def pattern(self) -> str:
        pick = self.random.choice
        home = pick((
            "project_path:acme/erp", "project_path:acme/*", "project_path:acme*", "project_path:*",
            "project_path:acme/finance/erp", "project_path:acme/*/erp", "project_path:*/erp", "*",
        ))  # fmt: skip
        run = pick((
            ":ref_type:branch:ref:main", ":ref_type:tag:ref:v*", ":ref_type:tag:ref:v?", ":*", "",
            ":ref_type:*:ref:main", ":ref_type:branch:ref:*", "*", ":ref:main", ":ref:v*",
            ":ref_type:branch", ":ref:main:ref_type:branch", ":ref:*:ref_type:tag", ":ref:m?in:*",
            ":ref_type:branch:ref:release/*",
        ))  # fmt: skip
        return f"{home}{run}"

    def condition(self, host: str) -> dict[str, dict[str, list[str]]]:
        random = self.random
        operator = random.choice(("StringLike", "StringEquals", "ForAnyValue:StringLike"))
        found: dict[str, dict[str, list[str]]] = {}
        if random.random() < 0.9:
            values = [self.pattern() for _ in range(random.choice((1, 1, 2)))]
            found.setdefault(operator, {})[f"{host}:sub"] = values
        if random.random() < 0.7:
            found.setdefault("StringEquals", {})[f"{host}:aud"] = [random.choice(AUDIENCES)]
        return found


def tokens(project: Project, folder: Path) -> list[Token]:
    """Tokens by the source, of a project's pipeline."""
    path = folder / ".gitlab-ci.yml"
    path.write_text(
        "post:\n  script: [./post]\n  id_tokens:\n    AWS:\n"
        f"      aud: {project.audience}\n{WRITTEN[project.rule]}"
    )
    home = f"gitlab:{project.host}/{project.path}"
    doc = Document(path, ".gitlab-ci.yml", checkout=Checkout(home, ".gitlab-ci.yml"))
    if project.parts is not None:
        record = folder / "project.json"
        record.write_text(json.dumps({"ci_id_token_sub_claim_components": project.parts}))
        doc.told = {"": Document(record, "project.json")}
    return [one for one in gitlab_ci.read(doc) if isinstance(one, Token)]


def differing(seed: int, count: int, folder: Path) -> tuple[list[str], set[bool]]:
    maker, found, both = Maker(seed), [], set()
    for _ in range(count):
        project = maker.project()
        trusted = maker.random.choice((project.host, project.host, project.host, *HOSTS))
        condition = maker.condition(trusted)
        provider = f"arn:aws:iam::111111111111:oidc-provider/{trusted}"
        statement = {
            "Effect": "Allow", "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
        }  # fmt: skip
        document = {"Version": "2012-10-17", "Statement": statement}
        several = tokens(project, folder)
        assert several
        answers = [
            trusts.accepts(
                Trust(ROLE, AT, issuer=x.issuer, conditions=x.conditions, unknown=x.unknown), token
            )
            for x in openings(ROLE, read_policy(document, "trust", ("f", ())), ())
            for token in several
        ]
        expected = trusted == project.host and any(
            let_in(condition, trusted, {"sub": one, "aud": project.audience})
            for one in runs(project)
        )
        both.add(expected)
        # Only a record says for certain what a subject is made of.
        assert all(bool(one.doubt) is (project.parts is None) for one in several)
        if (trusts.any_of(answers).answer is not Answer.NO) is not expected:
            found.append(f"{expected} {answers} {condition} {project} {several[0].subjects}")
    return found, both


def test_a_token_is_let_in_exactly_where_some_run_is(tmp_path: Path) -> None:
    assert differing(1, 200, tmp_path) == ([], {True, False})


@pytest.mark.nightly
def test_two_thousand_tokens_are_let_in_exactly_where_some_run_is(tmp_path: Path) -> None:
    assert differing(2, 2_000, tmp_path) == ([], {True, False})
