"""IAMSpy's own questions, through the documents as the source gathers them: 39 of 39.

A question is asked of what ``aws_iam`` reads. IAMSpy takes a resource that is in no file for one
without a policy, and an account of which no tree is given for one of no organization; we say
POSSIBLE to what the organization might forbid, which counts as "can" there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nhigraph.ingest.discover import discover
from nhigraph.policy.aws import Request, decide, effects
from nhigraph.policy.aws.context import Profile, Value, known
from nhigraph.policy.aws.gathered import gather
from nhigraph.policy.trusts import Answer
from nhigraph.sources import aws_iam, aws_org

DATA = Path(__file__).parents[1] / "data" / "aws_iamspy"
QUESTIONS = json.loads((DATA / "expected.json").read_text("utf-8"))
#: Keys that the questions' policies ask for: where nothing else may be in a request, it has none.
ASKED_FOR = ("aws:referer",)


class Asked:
    """The documents of one question."""

    def __init__(self, question: Mapping[str, list[str]]) -> None:
        names = [question[x] for x in ("account_files", "resource_policy_files", "scp_files")]
        documents = discover([DATA / name for row in names for name in row]).documents
        for doc in documents:
            assert aws_iam.recognises(doc) or aws_org.recognises(doc), doc.artifact
        self.estate = gather((doc.artifact, doc.contents) for doc in documents).estate

    def can(self, arn: str, action: str, resource: str, said: list[str], *, strict: bool) -> bool:
        one = self.estate.identities.get(arn)
        if one is None:
            return False
        kind = effects.type_of(resource)
        holder = effects.holder_arn(resource, kind) if kind is not None else resource
        self.estate.policies.setdefault(holder, None)
        values: dict[str, Value] = {}
        for key, _, value in (text.partition("=") for text in said):
            values[key.lower()] = known(value)
        # With `strict`, a request has no keys but these.
        profile = Profile(dict.fromkeys(ASKED_FOR, ())) if strict else Profile()
        owner = self.estate.owner(holder) or one.principal.account
        request = Request(one.principal, action, resource, owner, values, profile=profile)
        authority = self.estate.authority(one, holder, action.partition(":")[0])
        return decide(request, authority).answer is not Answer.NO


def answered(question: Mapping[str, Any]) -> object:
    """Our answer to a question, in IAMSpy's form."""
    asked = Asked(question)
    sort, given = question["question"], question["input"]
    about = 3 if sort == "can_i" else 2
    rest: list[Any] = [*given[about:], *([], None, False)[len(given) - about :]]
    said, strict = rest[0], bool(rest[2])

    def can(arn: object, action: object, resource: object) -> bool:
        return asked.can(str(arn), str(action), str(resource), said, strict=strict)

    who = sorted(asked.estate.identities)
    if sort == "can_i":
        return can(*given[:3])
    action, resources = given[:2]
    if isinstance(resources, list):
        return [[arn, one] for one in resources for arn in who if can(arn, action, one)]
    return [arn for arn in who if can(arn, action, resources)]


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_it_answers_as_iamspy_expects(number: int) -> None:
    question = QUESTIONS[number]
    found, expected = answered(question), question["expected"]
    if isinstance(expected, list):
        assert isinstance(found, list)
        assert sorted(map(str, found)) == sorted(map(str, expected))
    else:
        assert found is expected


def test_there_are_as_many_questions_as_there_should_be() -> None:
    assert len(QUESTIONS) == 39
