"""The evaluator against iam-simulate, on random questions whose context keys are all supplied.

Each way in which the two may differ is one of ``explained``, with the provider's page.
"""

from pathlib import Path

import pytest

from nhigraph.policy.aws import decide
from nhigraph.policy.trusts import Answer
from tests.aws import simulate
from tests.aws.asked import THERE, Maker, Question


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate.installed(tmp_path_factory.mktemp("simulate"))


def explained(asked: Question, answer: Answer, theirs: str) -> str:
    """Why the two differ; empty where nothing explains it."""
    documents = [*asked.identity, *(one for level in asked.scps for one in level)]
    documents += [one for level in asked.rcps for one in level]
    documents += [x for x in (asked.boundary, asked.session, asked.resource_policy) if x]
    text = str(documents)
    if answer is Answer.POSSIBLE and "NotPrincipal" in text:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        return "some services check the account first: who is listed without it may be denied"
    if answer is Answer.POSSIBLE and "'NotResource': 'arn:aws:s3:::" in text and "${" in text:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
        return "an unresolved variable may make the whole statement invalid"
    star = "'Principal': '*'" in str(asked.resource_policy) or "{'AWS': '*'}" in text
    limits = asked.boundary is not None or asked.session is not None
    if answer is Answer.YES and theirs == "ImplicitlyDenied" and star and limits:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        return "boundary and session policies do not limit what `*` grants"
    named = "assumed-role/asker/run" in str(asked.resource_policy)
    if answer is Answer.YES and named and limits:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
        return "boundary and session policies do not limit what is granted to a session"
    old = (one for one in documents if one["Version"] == "2008-10-17" and "${" in str(one))
    if answer is not Answer.POSSIBLE and any(old):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
        return "variables are texts in policies of version 2008-10-17"
    return ""


def differing(program: Path, seed: int, count: int) -> tuple[list[str], int]:
    """Unexplained differences, and how many there are of the explained ones."""
    maker = Maker(seed)
    questions = [maker.question() for _ in range(count)]
    theirs = simulate.ask(program, [one.simulation() for one in questions])
    assert len(theirs) == count
    assert set(theirs) == {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"}
    unexplained, told = [], 0
    for asked, answer in zip(questions, theirs, strict=True):
        ours = decide(asked.request(), asked.authority())
        agrees = ours.answer is (Answer.YES if answer == "Allowed" else Answer.NO)
        if agrees:
            continue
        # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
        without_effect = asked.action == "kms:PutKeyPolicy" and asked.account == THERE
        if without_effect or explained(asked, ours.answer, answer):
            told += 1
        else:
            unexplained.append(f"{answer} but {ours}: {asked}")
    return unexplained, told


def test_it_answers_as_iam_simulate_does(program: Path) -> None:
    unexplained, told = differing(program, seed=1, count=400)
    assert unexplained == []
    assert told < 20


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [2, 3])
def test_it_answers_thousands_of_questions_as_iam_simulate_does(program: Path, seed: int) -> None:
    unexplained, told = differing(program, seed, count=5_000)
    assert unexplained == []
    assert told < 200
