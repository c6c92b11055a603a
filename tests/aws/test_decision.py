"""What the evaluator decides, by tables: each case with the page that says so."""

# ruff: noqa: E501 - a case is a line of its table

import pytest

from nhigraph.policy.aws import Authority, Principal, Request, Sort, decide, read_policy
from nhigraph.policy.aws.authority import Grant, Unread
from nhigraph.policy.aws.context import Class, Profile, Value, known
from nhigraph.policy.aws.statements import Policy
from nhigraph.policy.trusts import Answer

YES, POSSIBLE, NO = Answer.YES, Answer.POSSIBLE, Answer.NO
HERE, THERE = "111111111111", "222222222222"
USER = Principal(
    f"arn:aws:iam::{HERE}:user/app", Sort.USER, HERE, id="AIDAAPP", tags=(("team", "a"),)
)
ROLE = Principal(f"arn:aws:iam::{HERE}:role/x/app", Sort.ROLE, HERE, id="AROAAPP", tags=())
BUCKET = "arn:aws:s3:::ledger"
OBJECT = f"{BUCKET}/2026/gl.csv"
KEY = f"arn:aws:kms:eu-west-1:{HERE}:key/k"
TARGET = f"arn:aws:iam::{HERE}:role/target"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"


def allow(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def when(operator: str, key: str, *values: str) -> dict[str, object]:
    return {"Condition": {operator: {key: list(values)}}}


def policy(*statements: object, name: str = "p", version: str = "2012-10-17") -> Policy:
    return read_policy({"Version": version, "Statement": list(statements)}, name, (name, ()))


def granted(who: object, action: str = "s3:*", **more: object) -> Policy:
    statement = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": "*", **more}
    return policy(statement, name="bucket policy")


def asks(
    who: Principal,
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    account: str = HERE,
    **values: Value,
) -> Request:
    return Request(
        who, action, resource, account, {k.replace("__", ":"): v for k, v in values.items()}
    )


MINE = policy(allow("s3:*"))
CASES = [
    # name, request, authority, answer, page
    ("an allow of its own is enough in one account", asks(USER), Authority((MINE,)), YES,
     "reference_policies_evaluation-logic_policy-eval-basics.html"),
    ("nothing said is no", asks(USER), Authority(), NO,
     "reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html"),
    ("a deny anywhere wins", asks(USER), Authority((MINE, policy(deny("s3:GetObject")))), NO,
     "reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html"),
    ("NotAction allows the rest of everything", asks(USER),
     Authority((policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),)), YES,
     "reference_policies_elements_notaction.html"),
    ("NotResource leaves out what it names", asks(USER),
     Authority((policy({"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/*"}),)), NO,
     "reference_policies_elements_notresource.html"),
    ("a boundary without an allow limits", asks(ROLE),
     Authority((MINE,), boundary=policy(allow("sqs:*"))), NO, "access_policies_boundaries.html"),
    ("a boundary does not limit what is granted to a user", asks(USER),
     Authority(boundary=policy(allow("sqs:*")), resource=granted({"AWS": USER.arn})), YES,
     "access_policies_boundaries.html"),
    ("a boundary limits what is granted to a role", asks(ROLE),
     Authority(boundary=policy(allow("sqs:*")), resource=granted({"AWS": ROLE.arn})), NO,
     "access_policies_boundaries.html"),
    ("a boundary that was not supplied is no NO", asks(ROLE),
     Authority((MINE,), boundary=Unread("its boundary allows it")), POSSIBLE,
     "access_policies_boundaries.html"),
    ("a session policy limits", asks(ROLE), Authority((MINE,), session=(policy(allow("sqs:*")),)), NO,
     "access_policies.html#policies_session"),
    ("a grant to the account leaves it to the account", asks(USER),
     Authority(resource=granted({"AWS": f"arn:aws:iam::{HERE}:root"})), NO,
     "reference_policies_elements_principal.html"),
    ("everybody is granted to", asks(ROLE), Authority(resource=granted("*")), YES,
     "reference_policies_elements_principal.html"),
    ("a deleted role's unique id is not a new one of its name", asks(ROLE),
     Authority(resource=granted({"AWS": "AROAOLDONE"})), NO,
     "reference_policies_elements_principal.html"),
    ("a grant to one session is possible for its role", asks(ROLE),
     Authority(resource=granted({"AWS": f"arn:aws:sts::{HERE}:assumed-role/app/nightly"})), POSSIBLE,
     "reference_policies_elements_principal.html"),
    ("every level has to allow", asks(USER),
     Authority((MINE,), scps=((policy(allow()),), (policy(allow("sqs:*")),))), NO,
     "../../../organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"),
    ("a level that was not supplied is no NO", asks(USER),
     Authority((MINE,), scps=Unread("no policy of the organisation forbids it")), POSSIBLE,
     "../../../organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"),
    ("nobody else's organisation limits a service-linked role",
     asks(Principal(f"arn:aws:iam::{HERE}:role/aws-service-role/x.amazonaws.com/R", Sort.ROLE, HERE)),
     Authority((MINE,), scps=((policy(deny()),),)), YES,
     "../../../organizations/latest/userguide/orgs_manage_policies_scps.html"),
    ("a resource control policy denies what the account owns", asks(USER),
     Authority((MINE,), rcps=((policy(allow(), deny("s3:*", Principal="*")),),)), NO,
     "../../../organizations/latest/userguide/orgs_manage_policies_rcps.html"),
    ("a resource control policy is not about functions",
     asks(USER, "lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{HERE}:function:f"),
     Authority((policy(allow()),), rcps=((policy(deny()),),)), YES,
     "../../../organizations/latest/userguide/orgs_manage_policies_rcps.html"),
    ("another account has to allow too", asks(USER, account=THERE), Authority((MINE,)), NO,
     "reference_policies_evaluation-logic-cross-account.html"),
    ("both accounts allow", asks(USER, account=THERE),
     Authority((MINE,), resource=granted({"AWS": HERE})), YES,
     "reference_policies_evaluation-logic-cross-account.html"),
    ("another account alone is not enough", asks(USER, account=THERE),
     Authority(resource=granted({"AWS": USER.arn})), NO,
     "reference_policies_evaluation-logic-cross-account.html"),
    ("whose bucket it is, nobody says", asks(USER, account=""), Authority((MINE,)), POSSIBLE,
     "reference_policies_evaluation-logic-cross-account.html"),
    ("an allow of its own opens no role that does not trust", asks(USER, "sts:AssumeRole", TARGET),
     Authority((policy(allow()),), resource=granted({"AWS": THERE}, "sts:AssumeRole")), NO,
     "id_roles_terms-and-concepts.html"),
    ("a role that trusts one user asks for nothing else", asks(USER, "sts:AssumeRole", TARGET),
     Authority(resource=granted({"AWS": USER.arn}, "sts:AssumeRole")), YES,
     "reference_policies_evaluation-logic_policy-eval-denyallow.html"),
    ("a role that trusts the account leaves it to its policies", asks(USER, "sts:AssumeRole", TARGET),
     Authority((policy(allow("sts:*")),), resource=granted({"AWS": HERE}, "sts:AssumeRole")), YES,
     "reference_policies_evaluation-logic_policy-eval-denyallow.html"),
    ("an external id is a secret", asks(USER, "sts:AssumeRole", TARGET),
     Authority(resource=granted({"AWS": USER.arn}, "sts:AssumeRole",
               **when("StringEquals", "sts:ExternalId", "CANARY-1"))), POSSIBLE,
     "id_roles_common-scenarios_third-party.html"),
    ("a key without a word for the account is closed", asks(USER, "kms:Decrypt", KEY),
     Authority((policy(allow()),), resource=granted({"AWS": ROLE.arn}, "kms:*")), NO,
     "../../../kms/latest/developerguide/key-policies.html"),
    ("a grant opens a key", asks(ROLE, "kms:Decrypt", KEY),
     Authority(resource=granted({"AWS": HERE}, "kms:*"),
               grants=(Grant(ROLE.arn, ("Decrypt",), False, policy(name="grant")),)), YES,
     "../../../kms/latest/developerguide/grants.html"),
    ("NotPrincipal with Deny denies whoever has a boundary",
     asks(Principal(USER.arn, Sort.USER, HERE, bounded=True)),
     Authority((MINE,), resource=policy({"Effect": "Deny", "NotPrincipal": {"AWS": [USER.arn, HERE]},
                                         "Action": "*", "Resource": "*"})), NO,
     "access_policies_boundaries.html"),
    ("NotPrincipal with Deny exempts who is listed with their account", asks(USER),
     Authority((MINE,), resource=policy({"Effect": "Deny", "NotPrincipal": {"AWS": [USER.arn, HERE]},
                                         "Action": "*", "Resource": "*"})), YES,
     "reference_policies_elements_notprincipal.html"),
    ("NotPrincipal with Deny may deny who is listed without their account", asks(USER),
     Authority((MINE,), resource=policy({"Effect": "Deny", "NotPrincipal": {"AWS": [USER.arn]},
                                         "Action": "*", "Resource": "*"})), POSSIBLE,
     "reference_policies_elements_notprincipal.html"),
    ("NotPrincipal with Deny denies others of an account that is listed", asks(USER),
     Authority((MINE,), resource=policy({"Effect": "Deny", "NotPrincipal": {"AWS": [USER.arn + "2", HERE]},
                                         "Action": "*", "Resource": "*"})), NO,
     "reference_policies_elements_notprincipal.html"),
    ("what the caller chooses is chosen well", asks(ROLE, "iam:PassRole", TARGET),
     Authority((policy(allow("iam:PassRole", **when("StringEquals", "iam:PassedToService", "ecs.amazonaws.com"))),)),
     YES, "id_roles_use_passrole.html"),
    ("what the caller chooses cannot be two things at once", asks(ROLE, "iam:PassRole", TARGET),
     Authority((policy(allow("iam:PassRole", **when("StringEquals", "iam:PassedToService", "a.amazonaws.com")),
                       deny(**when("StringLike", "iam:PassedToService", "a.*"))),)), NO,
     "id_roles_use_passrole.html"),
    ("where a request comes from is not known", asks(USER),
     Authority((policy(allow("*", **when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))),)), POSSIBLE,
     "reference_policies_condition-keys.html"),
    ("a deny under an unknown condition leaves it possible", asks(USER),
     Authority((MINE, policy(deny(**when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"))))), POSSIBLE,
     "reference_policies_condition-keys.html"),
    ("a direct caller has no source that a service sets", asks(USER),
     Authority((policy(allow(**when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"))),)), NO,
     "reference_policies_condition-keys.html"),
    ("a role has no user's name", asks(ROLE, resource="arn:aws:s3:::home/app/x"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::home/${aws:username}/*")),)), NO,
     "reference_policies_variables.html"),
    ("a user has its name", asks(USER, resource="arn:aws:s3:::home/app/x"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::home/${aws:username}/*")),)), YES,
     "reference_policies_variables.html"),
    ("a default stands where there is no key", asks(ROLE, resource="arn:aws:s3:::home/all/x"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::home/${aws:username, 'all'}/*")),)), YES,
     "reference_policies_variables.html"),
    ("a variable is text in an old policy", asks(USER, resource="arn:aws:s3:::home/app/x"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::home/${aws:username}/*"), version="2008-10-17"),)), NO,
     "reference_policies_elements_version.html"),
    ("an escaped star is a star", asks(USER, resource="arn:aws:s3:::b/a*"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::b/a${*}")),)), YES,
     "reference_policies_variables.html"),
    ("an action without resources needs a statement about all", asks(USER, "s3:ListAllMyBuckets", "*"),
     Authority((policy(allow("s3:*", "arn:aws:s3:::*")),)), NO,
     "reference_policies_actions-resources-contextkeys.html"),
    ("who asks for their own identity needs no right", asks(USER, "sts:GetCallerIdentity", "*"),
     Authority((policy(deny()),)), YES, "reference_policies_elements_action.html"),
    ("a long-lived key has no time of issue", asks(USER),
     Authority((policy(allow(**when("DateGreaterThan", "aws:TokenIssueTime", "2020-01-01T00:00:00Z"))),)), NO,
     "reference_policies_condition-keys.html"),
    ("a role's id begins every session's", asks(ROLE),
     Authority((policy(allow(**when("StringLike", "aws:userid", "AROAAPP:*"))),)), YES,
     "reference_policies_condition-keys.html"),
    ("an operator that nobody knows is not known", asks(USER),
     Authority((policy(allow(**when("StringSoundsLike", "aws:username", "app"))),)), POSSIBLE,
     "reference_policies_elements_condition_operators.html"),
    ("a name to come is one that is allowed",
     Request(ROLE, "lambda:CreateFunction", f"arn:aws:lambda:*:{HERE}:function:*", any_new=True),
     Authority((policy(allow("lambda:*", "arn:aws:lambda:*:*:function:team-*"),
                       deny("lambda:*", "arn:aws:lambda:*:*:function:ops-*")),)), YES,
     "reference_policies_elements_resource.html"),
    ("no name to come is left", Request(ROLE, "lambda:CreateFunction",
                                        f"arn:aws:lambda:*:{HERE}:function:*", any_new=True),
     Authority((policy(allow("lambda:*"), deny("lambda:*", "arn:aws:lambda:*:*:function:*")),)), NO,
     "reference_policies_elements_resource.html"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "authority", "answer", "page"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_it_decides_as_the_provider_says(
    request_: Request, authority: Authority, answer: Answer, page: str
) -> None:
    found = decide(request_, authority)
    assert found.answer is answer, f"{found}; {GUIDE}{page}"
    # Every NO says what blocks, every POSSIBLE what it depends on.
    assert bool(found.reason) is (answer is NO)
    assert bool(found.condition) is (answer is POSSIBLE)


OPERATORS = [
    # operator, asked, had (None: the key is missing), whether it holds
    ("StringEquals", "a", ["a"], True), ("StringEquals", "a", ["A"], False),
    ("StringEquals", "a*", ["ab"], False), ("StringEquals", "a", None, False),
    ("StringNotEquals", "a", None, True), ("StringNotEquals", "a", ["a"], False),
    ("StringEqualsIgnoreCase", "a", ["A"], True), ("StringNotEqualsIgnoreCase", "a", ["A"], False),
    ("StringLike", "a*", ["ab"], True), ("StringLike", "a?", ["a"], False),
    ("StringNotLike", "a*", ["ab"], False), ("StringNotLikeIfExists", "a*", None, True),
    ("StringEqualsIfExists", "a", None, True), ("StringEqualsIfExists", "a", ["b"], False),
    ("NumericEquals", "10", ["10.0"], True), ("NumericNotEquals", "10", ["11"], True),
    ("NumericLessThan", "10", ["9"], True), ("NumericLessThanEquals", "10", ["10"], True),
    ("NumericGreaterThan", "10", ["9"], False), ("NumericGreaterThanEquals", "10", ["x"], False),
    ("DateEquals", "2026-01-01T00:00:00Z", ["1767225600"], True),
    ("DateNotEquals", "2026-01-01", ["2026-01-01T00:00:00Z"], False),
    ("DateLessThan", "2026-01-01T00:00:00Z", ["2025-12-31T23:59:59Z"], True),
    ("DateLessThanEquals", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00+01:00"], True),
    ("DateGreaterThan", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00Z"], False),
    ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00Z"], True),
    ("Bool", "true", ["True"], True), ("Bool", "true", None, False),
    ("BoolIfExists", "true", None, True), ("BinaryEquals", "QQ==", ["QQ=="], True),
    ("IpAddress", "10.0.0.0/8", ["10.9.9.9"], True), ("IpAddress", "10.0.0.0/8", ["::1"], False),
    ("NotIpAddress", "10.0.0.0/8", ["11.0.0.1"], True), ("NotIpAddress", "10.0.0.0/8", None, True),
    ("ArnEquals", "arn:aws:sns:*:1:t", ["arn:aws:sns:eu:1:t"], True),
    ("ArnLike", "arn:aws:*:t", ["arn:aws:sns:eu:1:t"], False),
    ("ArnNotEquals", "arn:aws:sns:*:1:t", ["arn:aws:sns:eu:2:t"], True),
    ("ArnNotLike", "arn:aws:sns:*:1:t", None, True),
    ("Null", "true", None, True), ("Null", "true", ["a"], False), ("Null", "false", ["a"], True),
    ("ForAllValues:StringEquals", "a", ["a", "b"], False),
    ("ForAllValues:StringEquals", "a", None, True), ("ForAllValues:StringLike", "a*", ["ab", "a"], True),
    ("ForAnyValue:StringEquals", "a", ["a", "b"], True), ("ForAnyValue:StringEquals", "a", None, False),
    ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
    ("ForAllValues:StringNotEquals", "a", ["a", "b"], False),
    ("ForAnyValue:StringEqualsIfExists", "a", None, True),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "asked", "had", "holds"), OPERATORS)
def test_an_operator_holds_as_its_page_says(
    operator: str, asked: str, had: list[str] | None, holds: bool
) -> None:
    profile = Profile({"x:key": tuple(had or ())})
    one = policy(allow(**when(operator, "x:key", asked)))
    found = decide(Request(USER, "s3:GetObject", OBJECT, HERE, profile=profile), Authority((one,)))
    assert found.answer is (YES if holds else NO)


def test_a_profile_says_who_decides_about_a_key() -> None:
    one = policy(allow("s3:*", **when("StringEquals", "aws:SourceVpce", "vpce-1")))
    chosen = Profile(classes={"aws:sourcevpce": Class.CHOSEN})
    assert decide(asks(USER), Authority((one,))).answer is POSSIBLE
    assert (
        decide(
            Request(USER, "s3:GetObject", OBJECT, HERE, profile=chosen), Authority((one,))
        ).answer
        is YES
    )


def test_a_no_cites_the_statement_that_denies() -> None:
    blocking = policy(allow(), deny("s3:*", Sid="NoBuckets"), name="guard")
    found = decide(asks(USER), Authority((MINE, blocking)))
    assert found.reason == "the deny statement NoBuckets of the identity policy guard denies it"
    assert found.places == (("guard", ("Statement", 1)),)


def test_policies_are_read_encoded_and_what_is_malformed_is_told() -> None:
    encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
    one = read_policy(encoded, "encoded", ("f", ("doc",)))
    assert decide(asks(USER), Authority((one,))).answer is YES
    assert one.statements[0].place == ("f", ("doc",))
    bad = read_policy(
        {"Statement": [{"Effect": "allow"}, {"Effect": "Allow", "Action": {}}, 3]}, "b", ("f", ())
    )
    assert [place[1] for place, _ in bad.problems] == [
        ("Statement", 0),
        ("Statement", 1),
        ("Statement", 2),
    ]
    assert read_policy("nonsense", "n", ("f", ())).problems


def test_a_known_key_is_compared() -> None:
    one = policy(allow("s3:*", **when("StringEquals", "s3:prefix", "a")))
    assert decide(asks(USER, s3__prefix=known("b")), Authority((one,))).answer is NO


def test_what_is_one_of_several_alternatives_is_no_condition_of_its_own() -> None:
    both = {
        "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
        "StringEquals": {"aws:SourceVpc": "vpc-1"},
    }
    other = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    one = policy(allow("s3:*", Condition=both), allow("s3:*", Condition=other))
    found = decide(asks(USER), Authority((one,), boundary=Unread("its boundary allows it")))
    assert found.condition.split(" and ")[1:] == ["its boundary allows it"]
    assert ", or " in found.condition
