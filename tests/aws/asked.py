"""Random questions about policies, and each in the words of whoever is to answer it.

A question has its context keys supplied, so that nothing of it is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from nhigraph.policy.aws import Authority, Policy, Principal, Request, Sort, read_policy
from nhigraph.policy.aws.authority import FULL
from nhigraph.policy.aws.context import ABSENT, Profile

HERE, THERE = "111111111111", "222222222222"
ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "kms:Decrypt",
    "kms:PutKeyPolicy",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "secretsmanager:GetSecretValue",
    "lambda:InvokeFunction",
    "dynamodb:PutItem",
)
RESOURCES = {
    "s3": ("arn:aws:s3:::ledger/2026/gl.csv", "arn:aws:s3:::team-a/x"),
    "kms": ("arn:aws:kms:eu-west-1:{}:key/k-1",),
    "sqs": ("arn:aws:sqs:eu-west-1:{}:orders",),
    "sts": ("arn:aws:iam::{}:role/target",),
    "secretsmanager": ("arn:aws:secretsmanager:eu-west-1:{}:secret:db-Ab12Cd",),
    "lambda": ("arn:aws:lambda:eu-west-1:{}:function:post",),
    "dynamodb": ("arn:aws:dynamodb:eu-west-1:{}:table/gl",),
}
KEYS = {
    "aws:SourceIp": ("10.0.0.7", "203.0.113.9"),
    "aws:SecureTransport": ("true", "false"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    "aws:MultiFactorAuthAge": ("100", "5000"),
    "aws:RequestedRegion": ("eu-west-1",),
    "aws:PrincipalTag/team": ("a", "b"),
    "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "aws:TagKeys": (("team", "cost"), ("team",)),
    "aws:SourceArn": ("arn:aws:sns:eu-west-1:111111111111:topic",),
}
SINGLE = {
    "aws:SourceIp": (("IpAddress", "10.0.0.0/8"), ("NotIpAddress", "10.0.0.0/8")),
    "aws:SecureTransport": (("Bool", "true"), ("Bool", "false"), ("Null", "true")),
    "aws:CurrentTime": (
        ("DateGreaterThan", "2026-06-01T00:00:00Z"),
        ("DateLessThanEquals", "2026-01-01T00:00:00Z"),
    ),
    "aws:MultiFactorAuthAge": (("NumericLessThan", "3600"), ("NumericGreaterThanEquals", "100")),
    "aws:RequestedRegion": (
        ("StringEquals", ["eu-west-1", "us-east-1"]),
        ("StringNotLike", "eu-*"),
    ),
    "aws:PrincipalTag/team": (
        ("StringEquals", "a"),
        ("StringLike", "?"),
        ("StringNotEqualsIgnoreCase", "A"),
        ("Null", "false"),
    ),
    "aws:SourceVpce": (("StringNotEquals", "vpce-1"), ("StringEqualsIfExists", "vpce-2")),
    "aws:SourceArn": (
        ("ArnLike", "arn:aws:sns:*:*:topic"),
        ("ArnNotEquals", "arn:aws:sns:*:3:t"),
        ("ArnEqualsIfExists", "arn:aws:sqs:*:*:*"),
    ),
}
MANY = (
    ("ForAllValues:StringEquals", ["team", "cost"]), ("ForAnyValue:StringEquals", ["cost"]),
    ("ForAllValues:StringLike", "te*"), ("ForAnyValue:StringNotEquals", "team"),
    ("ForAllValues:StringNotEquals", "cost"),
)  # fmt: skip


@dataclass
class Question:
    """One question, as plain values.

    Attributes:
        role: Whether a role's session asks; else a user.
        action: The action.
        resource: ARN of the resource.
        account: Its account.
        context: Context keys, all that there are.
        identity: Documents of identity policies.
        boundary: Document, or None.
        session: Document, or None.
        scps: Documents by level.
        rcps: Documents by level, without AWS's own.
        resource_policy: Document, or None.
    """

    role: bool
    action: str
    resource: str
    account: str
    context: Mapping[str, str | tuple[str, ...]]
    identity: list[dict[str, object]]
    boundary: dict[str, object] | None = None
    session: dict[str, object] | None = None
    scps: list[list[dict[str, object]]] = field(default_factory=list)
    rcps: list[list[dict[str, object]]] = field(default_factory=list)
    resource_policy: dict[str, object] | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{HERE}:{'role' if self.role else 'user'}/asker"

    def simulation(self) -> dict[str, object]:
        """For iam-simulate, with the keys that it does not fill in itself."""
        who = f"arn:aws:sts::{HERE}:assumed-role/asker/run" if self.role else self.arn
        own = {
            "aws:PrincipalArn": self.arn,
            "aws:PrincipalAccount": HERE,
            "aws:ResourceAccount": self.account,
            "aws:PrincipalType": "AssumedRole" if self.role else "User",
            **({} if self.role else {"aws:username": "asker"}),
        }
        told = {key: [*v] if isinstance(v, tuple) else v for key, v in self.context.items()}

        def levels(many: list[list[dict[str, object]]]) -> list[dict[str, object]]:
            return [
                {"orgIdentifier": f"l{at}", "policies": named(level)}
                for at, level in enumerate(many)
            ]

        def named(many: list[dict[str, object]]) -> list[dict[str, object]]:
            return [{"name": f"p{at}", "policy": one} for at, one in enumerate(many)]

        return {
            "request": {
                "principal": who,
                "action": self.action,
                "resource": {"resource": self.resource, "accountId": self.account},
                "contextVariables": {**own, **told},
            },
            "identityPolicies": named(self.identity),
            "serviceControlPolicies": levels(self.scps),
            "resourceControlPolicies": levels(self.rcps),
            **({"resourcePolicy": self.resource_policy} if self.resource_policy else {}),
            **({"sessionPolicy": self.session} if self.session else {}),
            **({"permissionBoundaryPolicies": named([self.boundary])} if self.boundary else {}),
        }

    def request(self) -> Request:
        """For us: every key that is not supplied is absent."""
        who = Principal(
            self.arn, Sort.ROLE if self.role else Sort.USER, HERE,
            session="run" if self.role else "", bounded=self.boundary is not None,
        )  # fmt: skip
        said = {
            key.lower(): (value if isinstance(value, tuple) else (value,))
            for key, value in self.context.items()
        }
        absent = {key.lower(): () for key in KEYS}
        values = {"aws:requestedregion": ABSENT} if "aws:requestedregion" not in said else {}
        profile = Profile({**absent, **said})
        return Request(who, self.action, self.resource, self.account, values, profile=profile)

    def authority(self) -> Authority:
        """For us."""
        return Authority(
            identity=tuple(_policy(one, f"p{at}") for at, one in enumerate(self.identity)),
            boundary=_policy(self.boundary, "boundary") if self.boundary else None,
            session=(_policy(self.session, "session"),) if self.session else (),
            scps=tuple(tuple(_policy(one, "scp") for one in level) for level in self.scps),
            rcps=tuple((FULL, *(_policy(one, "rcp") for one in level)) for level in self.rcps),
            resource=_policy(self.resource_policy, "resource") if self.resource_policy else None,
        )


def _policy(document: object, name: str) -> Policy:
    return read_policy(document, name, (name, ()))


class Maker:
    """Makes questions from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def question(self) -> Question:
        random = self.random
        action = random.choice(ACTIONS)
        account = random.choice((HERE, HERE, HERE, THERE))
        service = action.partition(":")[0]
        resource = random.choice(RESOURCES[service]).format(account)
        context = {
            key: random.choice(values) for key, values in KEYS.items() if random.random() < 0.6
        }
        asked = Question(
            random.random() < 0.6, action, resource, account, context,
            [self.document(action, resource, 0.9) for _ in range(random.choice((1, 1, 2)))],
        )  # fmt: skip
        if random.random() < 0.25:
            asked.boundary = self.document(action, resource, 0.9)
        if asked.role and random.random() < 0.15:
            asked.session = self.document(action, resource, 0.9)
        if random.random() < 0.3:
            asked.scps = [[self.document(action, resource, 0.95)] for _ in range(2)]
        if random.random() < 0.2 and service != "lambda":
            asked.rcps = [[self.control(action, resource)]]
        if random.random() < 0.6 or service in {"kms", "sts"}:
            asked.resource_policy = self.document(action, resource, 0.9, principal=True)
        return asked

    def document(
        self, action: str, resource: str, allow: float, *, principal: bool = False
    ) -> dict[str, object]:
        """A policy that has something to do with the question."""
        random = self.random
        statements = [
            self.statement(action, resource, random.random() < allow, principal=principal)
            for _ in range(random.choice((1, 1, 2, 3)))
        ]
        version = "2012-10-17" if random.random() < 0.9 else "2008-10-17"
        return {"Version": version, "Statement": statements}

    def control(self, action: str, resource: str) -> dict[str, object]:
        """A resource control policy: denies alone, of everybody, of named services' actions."""
        statement = self.statement(action, resource, False, principal=False)
        if statement.pop("NotAction", None) or statement["Action"] == "*":
            statement["Action"] = f"{action.partition(':')[0]}:*"
        return {"Version": "2012-10-17", "Statement": [{**statement, "Principal": "*"}]}

    def statement(
        self, action: str, resource: str, allow: bool, *, principal: bool
    ) -> dict[str, object]:
        random = self.random
        service = action.partition(":")[0]
        mine = random.random() < (0.85 if allow else 0.5)
        if mine:
            actions = random.choice(
                (action, f"{service}:*", "*", action.upper(), f"{action[:-3]}*")
            )
            named = {"Action": actions}
        else:
            named = random.choice(
                ({"Action": "ec2:Run*"}, {"NotAction": f"{service}:*"}, {"NotAction": "iam:*"})
            )
        pattern = random.choice(
            (
                "*",
                resource,
                f"{resource[:-1]}?",
                f"{resource[:-3]}*",
                "arn:aws:s3:::team-${aws:PrincipalTag/team}/*",
                "arn:aws:s3:::${aws:username}/*",
            )
        )
        about = {"Resource": pattern} if random.random() < 0.92 else {"NotResource": pattern}
        statement: dict[str, object] = {
            "Effect": "Allow" if allow else "Deny", **named, **about,
        }  # fmt: skip
        if principal:
            statement |= self.principal(allow)
        if random.random() < 0.4:
            statement["Condition"] = self.condition()
        return statement

    def principal(self, allow: bool) -> dict[str, object]:
        random = self.random
        names: list[object] = [
            "*",
            {"AWS": "*"},
            {"AWS": HERE},
            {"AWS": f"arn:aws:iam::{HERE}:root"},
            {"AWS": f"arn:aws:iam::{HERE}:user/asker"},
            {"AWS": f"arn:aws:iam::{HERE}:role/asker"},
            {"AWS": f"arn:aws:sts::{HERE}:assumed-role/asker/run"},
            {"AWS": [f"arn:aws:iam::{HERE}:role/other", f"arn:aws:iam::{THERE}:root"]},
            {"Service": "lambda.amazonaws.com"},
        ]
        if not allow and random.random() < 0.15:
            listed = random.sample(
                [f"arn:aws:iam::{HERE}:root", f"arn:aws:iam::{HERE}:user/asker",
                 f"arn:aws:iam::{HERE}:role/asker", f"arn:aws:sts::{HERE}:assumed-role/asker/run"],
                random.choice((1, 2, 3)),
            )  # fmt: skip
            return {"NotPrincipal": {"AWS": listed}}
        return {"Principal": random.choice(names)}

    def condition(self) -> dict[str, object]:
        random = self.random
        found: dict[str, dict[str, object]] = {}
        for _ in range(random.choice((1, 1, 2))):
            if random.random() < 0.2:
                operator, value = random.choice(MANY)
                found.setdefault(operator, {})["aws:TagKeys"] = value
                continue
            key = random.choice(sorted(SINGLE))
            operator, value = random.choice(SINGLE[key])
            found.setdefault(operator, {})[key] = value
        return {**found}
