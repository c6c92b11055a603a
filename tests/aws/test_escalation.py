"""Every rule of escalation: found where all it needs is allowed, not found where one thing is not.

The cases are made from the rules: an estate of two identities in which exactly the needed actions
are allowed, and for each of them one in which it is denied.
"""

# ruff: noqa: E501 - a record of the account is a line

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.details import read_details
from nhigraph.policy.aws.escalation import Escalations
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.organization import Member
from nhigraph.policy.aws.ways import Need, Rule, rules
from nhigraph.policy.trusts import Answer

ACCOUNT = "111111111111"
IAM = f"arn:aws:iam::{ACCOUNT}"
REGION = f"eu-west-1:{ACCOUNT}"
OTHER = "222222222222"
#: What is listed: a thing of each type that a rule is tried with, or that has to be there.
RUNNING = {
    "ec2:instance": f"arn:aws:ec2:{REGION}:instance/i-1",
    "ecs:service": f"arn:aws:ecs:{REGION}:service/main/s",
    "lambda:function": f"arn:aws:lambda:{REGION}:function:f",
    "codebuild:project": f"arn:aws:codebuild:{REGION}:project/b",
    "states:statemachine": f"arn:aws:states:{REGION}:stateMachine:m",
    "cloudformation:stack": f"arn:aws:cloudformation:{REGION}:stack/s/1",
    "ecs:task-definition": f"arn:aws:ecs:{REGION}:task-definition/work:1",
    "rds:db": f"arn:aws:rds:{REGION}:db:erp",
    "rds:cluster": f"arn:aws:rds:{REGION}:cluster:erp",
    "dynamodb:table": f"arn:aws:dynamodb:{REGION}:table/gl",
    "redshift:cluster": f"arn:aws:redshift:{REGION}:cluster:dwh",
}


#: What is whoever's the identity acts as besides: nothing of its own.
THEIRS = [
    f"{IAM}:{name}"
    for name in ("role/target", "user/target", "group/theirs", "policy/theirs", "policy/all")
]


#: What a rule means by words of its own: of a service that no rule is about, and of SAML.
MEANT = {
    "$service": "events:PutTargets",
    "arn:*:saml-provider/*": f"{IAM}:saml-provider/idp",
    "arn:*:oidc-provider/oidc.eks.*": f"{IAM}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/1",
}


def statement(action: str, *, allow: bool = True, on: object = "*") -> dict[str, object]:
    return {"Effect": "Allow" if allow else "Deny", "Action": action, "Resource": on}


def estate(rule: Rule, needs: list[Need], *, without: str = "", trusted: bool = True) -> Estate:
    """An account in which one identity is allowed all that a rule needs, but for one action."""
    role = rule.only == "role" or (not rule.only and rule.tried != "own_group")
    arn = f"{IAM}:{'role' if role else 'user'}/asker"
    said = [MEANT.get(one.action, one.action) for one in needs]
    rows = [statement(one, on=THEIRS if rule.held else "*") for one in said]
    if without:
        rows.append(statement(MEANT.get(without, without), allow=False))
    elif rule.denied and not rule.held:
        rows.append(statement("s3:DeleteBucket", allow=False))
    document = {"Version": "2012-10-17", "Statement": rows}
    services = (
        [MEANT.get(x, x) for x in rule.trusts]
        if trusted and rule.trusts
        else ["events.amazonaws.com"]
    )
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": {"Federated": services}, "Action": "sts:AssumeRoleWith*"}]}  # fmt: skip
    kind = "Role" if role else "User"
    asker: dict[str, object] = {
        "Arn": arn, f"{kind}Id": "A", f"{kind}PolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
        "AttachedManagedPolicies": [{"PolicyArn": f"{IAM}:policy/own"}], "GroupList": ["ours"],
        "AssumeRolePolicyDocument": trust,
    }  # fmt: skip
    target: dict[str, object] = {
        "AttachedManagedPolicies": [{"PolicyArn": f"{IAM}:policy/theirs"}]
    }
    if rule.bounded:
        limited = target if rule.held else asker
        limited["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"{IAM}:policy/all"}
    everything = {"Version": "2012-10-17", "Statement": [statement("*")]}
    denied = [statement("s3:DeleteBucket", allow=False)] if rule.denied and rule.held else []
    denied += [statement(f"{one}:*") for one in rule.serves[-1:]]
    inline = [
        {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": denied}}
    ]
    body = {
        "UserDetailList": [{"Arn": f"{IAM}:user/target", "UserId": "T", "GroupList": ["theirs"], "UserPolicyList": inline,
                            **target}] + ([] if role else [asker]),
        "RoleDetailList": [{"Arn": f"{IAM}:role/target", "RoleId": "R", "AssumeRolePolicyDocument": trust,
                            "RolePolicyList": inline, **target}]
        + ([asker] if role else []),
        "GroupDetailList": [{"Arn": f"{IAM}:group/{x}", "GroupName": x} for x in ("ours", "theirs")],
        "Policies": [
            {"Arn": f"{IAM}:policy/{name}", "PolicyName": name,
             "PolicyVersionList": [{"IsDefaultVersion": True, "Document": said}]}
            for name, said in (
                ("own", {"Version": "2012-10-17", "Statement": []}), ("all", everything),
                ("theirs", {"Version": "2012-10-17", "Statement": []}),
            )
        ],
    }  # fmt: skip
    found = Estate()
    found.add_details(read_details(body, "details.json"))
    if any(one.on == "$gone provider" for one in needs):
        found.federated.add((ACCOUNT, "saml-provider"))
    for arn in RUNNING.values():
        found.resources[arn] = Resource(arn, ACCOUNT, ("list.json", ()), role=f"{IAM}:role/target")
    if rule.manages:
        manager = Member(ACCOUNT, "", "o-1", ("tree.json", ()), (), (), manager=True)
        found.members = {ACCOUNT: manager, OTHER: replace(manager, id=OTHER, manager=False)}
    return found


def gained(rule: Rule, made: Estate) -> bool:
    asker = next(one for one in made.identities.values() if one.principal.name == "asker")
    return rule.id in {one.rule.id for one in Escalations(made).of(asker)}


def ways(rule: Rule) -> Iterator[list[Need]]:
    """Each set of needs that is enough."""
    for chosen in product(*rule.needs):
        yield [need for each in chosen for need in each]


def usable(rule: Rule, needs: list[Need]) -> bool:
    """Whether a set is for the sort of identity that the case has (a user's boundary, a role's)."""
    role = rule.only == "role" or (not rule.only and rule.tried != "own_group")
    other = "User" if role else "Role"
    return rule.tried != "self" or not any(other in one.action for one in needs)


CASES = [(rule, needs) for rule in rules() for needs in ways(rule) if usable(rule, needs)]
IDS = [f"{rule.id}:{'+'.join(x.action for x in needs)}" for rule, needs in CASES]


@pytest.mark.parametrize(("rule", "needs"), CASES, ids=IDS)
def test_a_way_is_found_where_all_is_allowed_and_not_where_one_thing_is_denied(
    rule: Rule, needs: list[Need]
) -> None:
    assert gained(rule, estate(rule, needs))
    for one in needs:
        assert not gained(rule, estate(rule, needs, without=one.action)), one.action
    if rule.trusts:
        assert not gained(rule, estate(rule, needs, trusted=False))


HELD = [(rule, needs) for rule, needs in CASES if rule.held]


@pytest.mark.parametrize(
    ("rule", "needs"), HELD, ids=[f"{x.id}:{'+'.join(y.action for y in z)}" for x, z in HELD]
)
def test_whoever_gives_somebody_rights_has_them_who_acts_as_that_somebody(
    rule: Rule, needs: list[Need]
) -> None:
    made = estate(rule, needs)
    asker = next(one for one in made.identities.values() if one.principal.name == "asker")
    found = [x for x in Escalations(made).of(asker) if x.rule is rule]
    assert [(x.target, x.held) for x in found] == [("", f"{IAM}:{rule.held}/target")]
    if rule.bounded or rule.denied:
        made = estate(rule, needs)
        free = replace(made.identities[found[0].held], boundary="", inline=())
        made.identities[free.arn] = free
        assert not any(x.rule is rule for x in Escalations(made).of(asker))


def test_what_has_to_be_there_is_a_condition_until_it_is_listed_and_a_no_where_it_is_not() -> None:
    rule = next(one for one in rules() if one.id == "task-again")
    needs = next(ways(rule))
    made = estate(rule, needs)
    asker = next(one for one in made.identities.values() if one.principal.name == "asker")

    def found() -> list[str]:
        return [x.finding.condition for x in Escalations(made).of(asker) if x.rule is rule]

    above = [f"no policy of the organization of account {ACCOUNT} forbids it"]
    assert found() == above
    del made.resources[RUNNING["ecs:task-definition"]]
    assert found() == [f"{above[0]} and account {ACCOUNT} has a ecs:task-definition"]
    made.listings[ACCOUNT, "ecs"] = {"clusterArns", "taskDefinitionArns"}
    assert found() == []


def test_what_runs_as_nobody_is_no_way_and_where_it_is_listed_no_condition_stands_for_it() -> None:
    rule = next(one for one in rules() if one.id == "start-of-instance")
    loose = next(one for one in rules() if one.id == "some-instance")
    made = estate(rule, next(ways(rule)))
    assert gained(rule, made)
    assert gained(loose, estate(loose, next(ways(loose))))
    listed = estate(loose, next(ways(loose)))
    listed.listings[ACCOUNT, "ec2"] = {"Reservations"}
    assert not gained(loose, listed)
    for arn in RUNNING.values():
        made.resources[arn] = Resource(arn, ACCOUNT, ("list.json", ()))
    assert not gained(rule, made)


def test_what_has_nothing_to_do_with_a_role_is_asked_once() -> None:
    rule = next(one for one in rules() if one.id == "new-function")
    made = estate(rule, next(ways(rule)))
    for number in range(50):
        arn = f"{IAM}:role/more-{number}"
        target = made.identities[f"{IAM}:role/target"]
        made.identities[arn] = replace(target, principal=replace(target.principal, arn=arn))
    asker = next(one for one in made.identities.values() if one.principal.name == "asker")
    found = [x for x in Escalations(made).of(asker) if x.rule is rule]
    assert len(found) == 51
    assert {x.finding.answer for x in found} == {Answer.POSSIBLE}


def test_every_action_of_a_rule_is_one_that_there_is() -> None:
    named = {
        x.action.lower()
        for rule in rules()
        for several in rule.needs
        for each in several
        for x in each
        if x.action != "$service"
    }
    assert named - effects.actions().keys() == set()
    assert len({rule.id for rule in rules()}) == len(rules())
    assert {
        one for rule in rules() for one in rule.trusts if not one.endswith(".amazonaws.com")
    } == {"arn:*:oidc-provider/oidc.eks.*", "arn:*:saml-provider/*"}


def test_the_table_of_the_documentation_is_that_of_the_rules() -> None:
    page = (Path(__file__).parents[2] / "docs" / "aws.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| ([a-z0-9]+-\d{3}) \| (.+) \|$", page, re.MULTILINE))
    told = {(one, way) for one, how in rows.items() for way in re.findall(r"`([a-z-]+)`", how)}
    mine = {(ref, rule.id) for rule in rules() for ref in rule.refs if ":" not in ref}
    assert told == mine
    assert len(rows) == 65 + 24


def roles_gained(trusts: dict[str, object], *rows: dict[str, object]) -> dict[str, str]:
    """By rule, on which condition a user gains a role of one trust."""
    document = {"Version": "2012-10-17", "Statement": [*rows]}
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trusts}]}
    body = {
        "UserDetailList": [
            {
                "Arn": f"{IAM}:user/asker",
                "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
            }
        ],
        "RoleDetailList": [{"Arn": f"{IAM}:role/target", "AssumeRolePolicyDocument": trust}],
    }
    found = Estate()
    found.add_details(read_details(body, "details.json"))
    found.members[ACCOUNT] = Member(ACCOUNT, "", "", ("tree.json", ()), (), ())
    (asker,) = (one for one in found.identities.values() if one.principal.name == "asker")
    return {x.rule.id: x.finding.condition for x in Escalations(found).of(asker)}


def test_whoever_writes_what_a_provider_of_saml_says_is_whom_they_like() -> None:
    provider = f"{IAM}:saml-provider/idp"
    update = statement("iam:UpdateSAMLProvider", on=provider)
    trusts: dict[str, object] = {
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithSAML",
    }
    theirs = {
        "StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml", "SAML:sub": "somebody"}
    }
    network = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    assert roles_gained({**trusts, "Condition": theirs}, update) == {"provider-of-saml": ""}
    assert roles_gained({**trusts, "Condition": theirs | network}, update) == {
        "provider-of-saml": "aws:SourceIp IpAddress 192.0.2.0/24"
    }
    assert roles_gained(trusts, statement("iam:UpdateSAMLProvider", on=f"{provider}-2")) == {}
    assert roles_gained({**trusts, "Action": "sts:AssumeRoleWithWebIdentity"}, update) == {}


DOUBT = f"what a service does as {IAM}:role/target for whoever hands it to that is what matters"


@pytest.mark.parametrize(
    ("service", "action", "found"),
    [
        ("events.amazonaws.com", "events:PutTargets", True),
        ("events.amazonaws.com", "events:ListRules", False),
        ("events.amazonaws.com", "iot:CreateTopicRule", False),
        ("batchoperations.s3.amazonaws.com", "s3:CreateJob", True),
        ("airflow-env.amazonaws.com", "airflow:CreateEnvironment", True),
        ("vpc-flow-logs.amazonaws.com", "ec2:CreateFlowLogs", True),
        ("ec2.amazonaws.com.cn", "ec2:RunInstances", True),
        ("lambda.amazonaws.com", "lambda:CreateAlias", False),
        ("ssm.amazonaws.com", "ssm:CreateActivation", False),
        ("what-is-new.amazonaws.com", "events:PutTargets", False),
        ("what-is-new.amazonaws.com", "what-is-new:*", True),
    ],
)
def test_a_role_that_is_handed_to_a_service_without_a_rule_may_do_what_matters(
    service: str,
    action: str,
    found: bool,
) -> None:
    trusts: dict[str, object] = {"Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    passes = statement("iam:PassRole", on=f"{IAM}:role/target")
    told = roles_gained(trusts, passes, statement(action))
    assert told.get("other-service") == (DOUBT if found else None)
    assert "other-service" not in roles_gained(trusts, passes)
    assert "other-service" not in roles_gained(trusts, statement(action))
    only = {"StringEquals": {"iam:PassedToService": "other.amazonaws.com"}}
    assert "other-service" not in roles_gained(
        trusts, {**passes, "Condition": only}, statement(action)
    )
    assert ("new-machine" in told) is (action == "ssm:CreateActivation")


COPIES = {
    "db:erp": (["rds:ModifyDBSnapshotAttribute"], ["rds:RestoreDBInstanceFromDBSnapshot"]),
    "cluster:erp": (
        ["rds:ModifyDBClusterSnapshotAttribute"],
        ["rds:RestoreDBClusterFromSnapshot"],
    ),
    "table/gl": (["dynamodb:RestoreTableFromBackup"],),
    "cluster:dwh": (["redshift:RestoreFromClusterSnapshot"],),
}


@pytest.mark.parametrize(
    ("what", "actions"), [(what, one) for what, several in COPIES.items() for one in several]
)
def test_whoever_shares_or_restores_copies_reads_what_was_copied_and_nothing_else(
    what: str, actions: list[str]
) -> None:
    rule = next(x for x in rules() if x.gain == "read")
    made = estate(rule, [Need(action, "*") for action in actions])
    (asker,) = (one for one in made.identities.values() if one.principal.name == "asker")
    found = [x for x in Escalations(made).of(asker) if x.rule.gain == "read"]
    assert [x.target.partition(f"{REGION}:")[2] for x in found] == [what]
    assert f"of {found[0].target} is there" in found[0].finding.condition
