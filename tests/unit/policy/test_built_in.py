"""What a platform gives by itself, by hand: kind, source, target, place, and whether it stands."""

import pytest

from nhigraph.facts import keys
from nhigraph.policy.built_in import built_in
from nhigraph.policy.stated import Stated

_ERP = "postgres:erp"
_PROJECT = "gitlab:gitlab.example/acme/erp"
_GROUP = "gitlab:gitlab.example/groups/acme"
_REPOSITORY = "github:acme/erp"
_IAM = "arn:aws:iam::111111111111"
_GRANT = "arn:aws:s3::111111111111:grant/0123456789abcdef"
#: What nobody can take away.
STANDS = [
    ("MEMBER_OF", f"role:{_ERP}/a", f"role:{_ERP}/public", "/roles/3/name"),
    ("MEMBER_OF", f"role:{_ERP}/a", f"role:{_ERP}/public", "/edges/0"),
    ("CAN_READ", f"role:{_ERP}/pg_read_all_data", f"container:{_ERP}", "/roles/9"),
    ("HOLDS", f"role:{_ERP}/pg_write_all_data", f"grant:{_ERP}/usage/fin", "/roles/9"),
    ("CAN_ADMINISTER", f"role:{_ERP}/pg_execute_server_program", f"cluster:{_ERP}", "/roles/9"),
    ("CAN_ASSUME", f"grant:{_ERP}/createrole/roles", f"role:{_ERP}/a", "/roles/3/name"),
    ("HOLDS", f"role:{_ERP}/a", f"grant:{_ERP}/session as/a", "/roles/3"),
    ("HOLDS", f"grant:{_ERP}/create/fin", f"grant:{_ERP}/make/tables", "/schemas/1"),
    ("MEMBER_OF", "role:mysql:etl@%25", "role:mysql:PUBLIC", "/accounts/3"),
    ("CAN_ASSUME", "grant:mysql:mints/accounts", "role:mysql:etl@%25", "/accounts/3"),
    ("RUNS_AS", "grant:mysql:execute/fin.post", "role:mysql:owner@%25", "/accounts/3"),
    ("CAN_WRITE", f"{_REPOSITORY}/permission/push", _REPOSITORY, "/0/permissions"),
    ("CAN_READ", f"{_REPOSITORY}/permission/push", f"{_REPOSITORY}/secret/DSN", "/0/permissions"),
    ("MEMBER_OF", f"{_PROJECT}/members/owner", f"{_PROJECT}/members/maintainer", "/0"),
    ("MEMBER_OF", f"{_GROUP}/members/owner", f"{_GROUP}/members/maintainer", "/0"),
    ("HOLDS", f"{_PROJECT}/members/developer", f"{_PROJECT}/permission/developer", "/0"),
    ("HOLDS", f"{_GROUP}/permission/owner", f"{_PROJECT}/permission/owner", "/0"),
    ("HOLDS", f"{_PROJECT}/permission/developer", f"{_PROJECT}/permission/push", "/0"),
    ("CAN_ADMINISTER", f"{_PROJECT}/permission/maintainer", _PROJECT, "/0"),
    ("CAN_READ", f"{_PROJECT}/permission/maintainer", f"{_PROJECT}/variable/DSN", "/0/key"),
    (
        *("MEMBER_OF", "gitlab:gitlab.example/users/ada"),
        *("gitlab:gitlab.example/admin/account-number/7", "/0/username"),
    ),
    ("MEMBER_OF", f"{_IAM}:role/a", f"{_IAM}:anybody", "/RoleDetailList/0"),
    ("CAN_WRITE", _GRANT, "arn:aws:dynamodb:eu-west-1:111111111111:table/t", "/Table"),
    ("CAN_WRITE", _GRANT, "arn:aws:s3:::ledger-in", "/Buckets/0"),
]
#: What somebody gave, or may set otherwise.
GOES = [
    ("CAN_WRITE", f"role:{_ERP}/public", f"dataset:{_ERP}.fin.gl", "/relations/0/acl/1"),
    ("HOLDS", f"role:{_ERP}/public", f"grant:{_ERP}/make/functions", "/databases/0/acl"),
    ("MEMBER_OF", f"role:{_ERP}/a", f"role:{_ERP}/pg_read_all_data", "/memberships/2"),
    ("CAN_READ", f"role:{_ERP}/pg_monitor", f"dataset:{_ERP}.fin.gl", "/relations/0/acl/1"),
    ("HOLDS", f"role:{_ERP}/a", f"grant:{_ERP}/createrole/roles", "/roles/3/createrole"),
    ("OWNS", f"role:{_ERP}/a", f"dataset:{_ERP}.fin.gl", "/relations/0/owner"),
    ("CAN_DELETE", f"role:{_ERP}/a", f"container:{_ERP}.fin", "/schemas/1/owner"),
    ("CAN_WRITE", f"grant:{_ERP}/execute/fin.post", f"dataset:{_ERP}.fin.gl", "/functions/0"),
    ("CAN_READ", "role:mysql:PUBLIC", "container:mysql:crm", "/schema_privileges/0"),
    ("MEMBER_OF", "role:mysql:etl@%25", "role:mysql:PUBLIC@%25", "/role_edges/0"),
    ("HOLDS", "role:mysql:etl@%25", "grant:mysql:mints/accounts", "/global_privileges/0"),
    ("HOLDS", "github:user/ada", f"{_REPOSITORY}/permission/push", "/0/permissions"),
    ("CAN_ADMINISTER", "github:user/ada", _REPOSITORY, "/0/permissions"),
    (
        *("MEMBER_OF", "gitlab:gitlab.example/users/ada"),
        *(f"{_PROJECT}/members/maintainer", "/0/access_level"),
    ),
    ("MEMBER_OF", f"{_GROUP}/members/owner", f"{_PROJECT}/members/owner", "/0/group_access_level"),
    ("CAN_WRITE", f"{_PROJECT}/permission/push-as-developer", _PROJECT, "/0/name"),
    ("HOLDS", f"{_PROJECT}/access-token/4", f"{_PROJECT}/permission/push", "/0/scopes"),
    ("MEMBER_OF", "app:a", "app:everybody", "/edges/0"),
    ("HOLDS", f"{_IAM}:role/a", _GRANT, "/RoleDetailList/0/RolePolicyList/0"),
    ("MEMBER_OF", f"{_IAM}:user/a", f"{_IAM}:group/b", "/UserDetailList/0/GroupList/0"),
    ("CAN_WRITE", f"{_IAM}:role/a", "arn:aws:s3:::ledger-in", "/RoleDetailList/0"),
]


def _stands(case: tuple[str, str, str, str]) -> bool:
    kind, source, target, pointer = case
    ends = (keys.parse(source), keys.parse(target))
    assert ("app:" in source) == (None in ends), "a key of no form"
    return built_in(Stated(kind, *ends, (pointer,)))


@pytest.mark.parametrize("case", STANDS, ids=lambda case: " ".join(case[:3]))
def test_nobody_takes_away_what_a_platform_gives_by_itself(
    case: tuple[str, str, str, str],
) -> None:
    assert _stands(case)


@pytest.mark.parametrize("case", GOES, ids=lambda case: " ".join(case[:3]))
def test_what_was_given_or_set_can_be_taken_away(case: tuple[str, str, str, str]) -> None:
    assert not _stands(case)


def test_an_edge_stands_where_one_of_its_places_is_the_platforms_own() -> None:
    ends = (keys.parse(f"role:{_ERP}/pg_read_all_data"), keys.parse(f"container:{_ERP}"))
    assert built_in(Stated("CAN_READ", *ends, ("/edges/0", "/roles/9")))
    assert not built_in(Stated("CAN_READ", *ends, ("/edges/0",)))
