"""Databases behind an account: secrets that log in, and logins by IAM authentication.

RDS keeps the master user's password in a secret where it manages it
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html). With IAM
authentication, whoever is allowed ``rds-db:connect`` on ``dbuser:RESOURCE/USER`` logs in as that
user, if the database lets it: in PostgreSQL it has to have ``rds_iam``
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html, both
read 29 November 2026). A proxy takes such logins, too, under an id of its own
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html, read 30 November
2026). What any other secret opens, no export of AWS says.
"""

from collections.abc import Iterator

from nhigraph.facts.asks import Opens
from nhigraph.facts.ends import Endpoint, Login
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.facts.values import Literal, Secret, Value
from nhigraph.policy.aws import globs
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import Identity
from nhigraph.policy.aws.giving import anywhere
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Statement
from nhigraph.policy.trusts import Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.aws_iam.rights import unlisted
from nhigraph.sources.aws_iam.told import Told

_CONNECT = "rds-db:connect"
#: What there is of proxies, in the name of what no listing shows.
_PROXIES = "rds-db"
_UNKNOWN = "what this secret opens is in no input"


def platform(engine: str) -> str:
    """The platform of an engine of RDS; empty for one that no source reads."""
    low = engine.lower()
    if "postgres" in low:
        return "postgres"
    return "mysql" if "mysql" in low or "mariadb" in low else ""


def _text(said: str) -> Value:
    return (Literal(said),) if said else ()


def _endpoint(database: Resource) -> Endpoint:
    facts = database.facts
    return Endpoint(
        platform(facts.get("engine", "")),
        _text(facts.get("host", "")),
        _text(facts.get("port", "")),
        _text(facts.get("database", "")),
    )


def managed(told: Told) -> frozenset[str]:
    """Secrets in which RDS keeps a master user's password."""
    return frozenset(
        one.facts["secret"] for one in told.estate.resources.values() if one.facts.get("secret")
    )


def master(told: Told, database: Resource) -> Iterator[Fact]:
    """Yield that a database's secret opens its master user."""
    secret = database.facts.get("secret", "")
    if secret and platform(database.facts.get("engine", "")):
        yield Login(
            database.arn,
            told.at(database.place),
            endpoint=_endpoint(database),
            user=_text(database.facts.get("master", "")),
            password=(Secret(secret),),
        )


def unknown(told: Told, secret: Resource, known: frozenset[str]) -> Iterator[Fact]:
    """Yield that nobody says what a secret opens."""
    if secret.arn.split(":")[2] == "secretsmanager" and secret.arn not in known:
        yield Gap(secret.arn, _UNKNOWN, told.at(secret.place), (State.READ,), asks=Opens())


def logins(told: Told, one: Identity) -> Iterator[Fact]:
    """Yield the users of databases as whom an identity logs in by itself."""
    statements = _letting(told, one)
    for database in told.estate.resources.values() if statements else ():
        facts = database.facts
        if facts.get("iam") != "yes" or not platform(facts.get("engine", "")):
            continue
        part, region, owner = (database.arn.split(":")[at] for at in (1, 3, 4))
        users = f"arn:{part}:rds-db:{region}:{owner}:dbuser:{facts['resource']}/"
        for user in sorted({x for s in statements for x in _users(s, users)}):
            asked = f"{users}{user or 'nhigraph-any-other'}"
            found = decide(
                Request(one.principal, _CONNECT, asked, owner),
                told.estate.authority(one, asked, "rds-db"),
            )
            if found.answer is not Answer.NO:
                at = told.at(told.said(found, one.place))
                yield Login(one.arn, at, endpoint=_endpoint(database), user=_text(user))


def elsewhere(told: Told, one: Identity) -> Iterator[Edge]:
    """Yield that an identity logs in to databases or proxies that no listing shows."""
    statements = _letting(told, one)
    _, part, _, _, account, _ = one.arn.split(":", 5)
    users = f"arn:{part}:rds-db:*:{account}:dbuser:"
    listings = told.estate.listings.get((account, "rds"), ())
    if not statements:
        return
    if not told.estate.is_listed(account, "rds"):
        service, forms = "rds", [f"{users}*"]
    elif "DBProxies" in listings:
        mine = (x for x in told.estate.resources.values() if x.account == account)
        ids = (x.arn.rpartition(":")[2] for x in mine if ":db-proxy:" in x.arn)
        service, forms = _PROXIES, [f"{users}{name}/*" for name in sorted(ids)]
    elif any(action.startswith("rds-db:") for x in statements for action in x.actions):
        service, forms = _PROXIES, [f"{users}prx-*"]
    else:
        # Whoever may do anything whatever administers what lies behind a proxy.
        return
    for form in forms:
        request = Request(one.principal, _CONNECT, form, account, any_new=True)
        found = decide(request, told.estate.base(one))
        if found.answer is not Answer.NO:
            target = unlisted(service, account)
            given = anywhere(told.estate, one, (_CONNECT,))
            yield told.edge(k.CAN_WRITE, one.arn, target, found, other=one.place, given=given)
            return


def _letting(told: Told, one: Identity) -> list[Statement]:
    """Statements of an identity's own policies that let it log in."""
    return [
        statement
        for policy in told.estate.base(one).identity
        for statement in policy.statements
        if statement.allow and statement.has_action(_CONNECT)
    ]


def _users(statement: Statement, users: str) -> Iterator[str]:
    """Users that a statement names; an empty text for any."""
    if statement.not_resources:
        yield ""
        return
    for text in statement.resources:
        met = globs.meet(globs.parse(f"{users}*"), globs.parse(text, lambda _: None))
        if met is not None:
            last = text.rpartition("/")[2]
            yield "" if set("*?$") & set(last) or "/" not in text else last
