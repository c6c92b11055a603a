"""A condition told of an edge is settled by a key's values just as the evaluator decides it."""

import pytest

from nhigraph.policy.aws import Authority, Principal, Request, Sort, decide
from nhigraph.policy.aws.assumed import settled
from nhigraph.policy.aws.context import Class, Profile
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.trusts import Answer
from tests.aws.asked import SINGLE

WHO = Principal("arn:aws:iam::111111111111:role/x", Sort.ROLE, "111111111111")
VALUES = {
    "aws:SourceIp": ("10.0.0.7", "203.0.113.9"), "aws:SecureTransport": ("true", "false"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    "aws:MultiFactorAuthAge": ("100", "5000"), "aws:RequestedRegion": ("eu-west-1", "us-west-2"),
    "aws:PrincipalTag/team": ("a", "b", "ab"), "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "aws:SourceArn": ("arn:aws:sns:eu-west-1:111111111111:topic", "arn:aws:sqs:eu-west-1:1:q"),
}  # fmt: skip
CASES = [
    (key, operator, [*texts] if isinstance(texts, list) else [texts], value)
    for key, rows in SINGLE.items()
    for operator, texts in rows
    for value in (*VALUES[key], None)
]


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize(("key", "operator", "texts", "value"), CASES)
def test_a_key_settles_a_condition_as_the_evaluator_would(
    key: str, operator: str, texts: list[str], value: str | None, effect: str
) -> None:
    about = {"Action": "s3:GetObject", "Resource": "*", "Condition": {operator: {key: texts}}}
    row: dict[str, object] = {"Effect": effect, **about}
    allow: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    rows = [row] if effect == "Allow" else [allow, row]
    policy = read_policy({"Version": "2012-10-17", "Statement": rows}, "own", ("f", ()))
    values = () if value is None else (value,)

    def asked(profile: Profile) -> tuple[Answer, str]:
        request = Request(WHO, "s3:GetObject", "arn:aws:s3:::b/x", "111111111111", profile=profile)
        found = decide(request, Authority(identity=(policy,)))
        return found.answer, found.condition

    before, condition = asked(Profile(classes={key.lower(): Class.UNKNOWN}))
    assert before is Answer.POSSIBLE
    answer, _ = asked(Profile({key.lower(): values}))
    assert settled(condition, key, values) is (answer is Answer.YES)
    assert settled(condition, "aws:other", values) is None
