"""Logins to databases by IAM: what is listed, and what takes them and no listing shows.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html and
``…/rds-proxy-connecting.html`` (read 30 November 2026): a policy names a database or a proxy by
the id of the resource.
"""

from pathlib import Path

import pytest

from nhigraph.facts.ends import Login
from nhigraph.facts.values import literal
from tests.unit.sources.test_aws_inventory import (
    ACCOUNT,
    IAM,
    REGION,
    Answers,
    allow,
    arn,
    collected,
    edges,
    gaps,
    role,
)

DATABASES: Answers = {
    f"{REGION}/rds/describe-db-instances": {"DBInstances": [
        {"DBInstanceIdentifier": "gl", "DBInstanceArn": arn("rds", "db:gl"), "Engine": "postgres",
         "Endpoint": {"Address": "gl.abc.eu-west-1.rds.amazonaws.com", "Port": 5432},
         "DBName": "gl", "MasterUsername": "master", "DbiResourceId": "db-GL",
         "IAMDatabaseAuthenticationEnabled": True}]},
    f"{REGION}/rds/describe-db-clusters": {"DBClusters": []},
}  # fmt: skip
PROXY = {"DBProxyArn": arn("rds", "db-proxy:prx-0a1"), "DBProxyName": "pool"}


def proxies(*listed: object) -> Answers:
    return {**DATABASES, f"{REGION}/rds/describe-db-proxies": {"DBProxies": [*listed]}}


def users(resource: str, user: str = "etl") -> str:
    return f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{resource}/{user}"


CONNECT = "rds-db:connect"
RDS, POOL = (f"arn:aws:{one}::{ACCOUNT}:unlisted" for one in ("rds", "rds-db"))
#: Answers, what is allowed, as whom it logs in to the database, and what it reaches besides.
CASES: dict[str, tuple[Answers, dict[str, object], list[str], set[str]]] = {
    "no database is listed": ({}, allow(CONNECT, users("db-GL")), [], {RDS}),
    "no database is listed, and nobody connects": ({}, allow("s3:GetObject"), [], set()),
    "a database that is listed": (DATABASES, allow(CONNECT, users("db-GL")), ["etl"], set()),
    "a proxy, and none is listed": (DATABASES, allow(CONNECT, users("prx-0a1")), [], {POOL}),
    "anything, and no proxy is listed": (DATABASES, allow(CONNECT), [""], {POOL}),
    "a proxy that is listed": (proxies(PROXY), allow(CONNECT, users("prx-0a1")), [], {POOL}),
    "another proxy": (proxies(PROXY), allow(CONNECT, users("prx-9")), [], set()),
    "anything, and there is no proxy": (proxies(), allow(CONNECT), [""], set()),
    "all but one user": (
        proxies(),
        {"Effect": "Allow", "Action": CONNECT, "NotResource": users("*", "master")},
        [""],
        set(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_whoever_may_connect_logs_in_or_reaches_what_is_in_no_input(
    tmp_path: Path, case: str
) -> None:
    answers, allowed, logins, others = CASES[case]
    found = collected(tmp_path, [role("app", allowed)], answers)
    app = f"{IAM}:role/app"
    told = [one for one in found.facts if isinstance(one, Login) and one.at == app]
    assert [literal(one.user) or "" for one in told] == logins
    reached = {target for source, target in edges(found, "CAN_WRITE") if source == app}
    assert reached == others
    for one in others:
        called = "rds" if one is RDS else "RDS Proxy"
        assert gaps(found, one) == [f"what {called} has in account {ACCOUNT} is in no input"]
