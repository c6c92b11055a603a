"""A resource of an account, and the address of an answer that says something of one."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from nhigraph.policy.aws.statements import Place
from nhigraph.records import dataclass

ADDRESS: Final = re.compile(
    r"(?:.*/)?aws/(?P<account>\d{12})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/"
    r"(?P<command>[a-z0-9-]+)(?:/(?P<name>.+))?\.json\Z"
)


#: An ARN: partition, service, region, account and resource.
ARN: Final = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Attributes:
        arn: Its ARN.
        account: Whose it is.
        place: Where it is said.
        name: For people.
        key: ARN of the key that encrypts it; empty for none of one's own.
        role: The role that runs there, by its ARN or its name; empty for none.
        facts: What else is said that others need, such as a database's address.
        code: ARNs of what it runs, such as a bucket with a script.
        named: A policy names it, and nothing else says anything of it.
    """

    arn: str
    account: str
    place: Place
    name: str = ""
    key: str = ""
    role: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    code: tuple[str, ...] = ()
    named: bool = False

    @property
    def says(self) -> int:
        """How much is said of it: a listing of names says less than a description."""
        return sum(map(bool, (self.key, self.role, self.code, *self.facts.values())))


@dataclass(frozen=True, slots=True)
class At:
    """Where an answer stands.

    Attributes:
        artifact: The document.
        account: Of which account it is.
        region: Of which region; ``global`` for none.
        name: Of which thing it is; empty for a listing.
    """

    artifact: str
    account: str
    region: str
    name: str

    def place(self, *pointer: str | int) -> Place:
        """A place in the answer."""
        return self.artifact, pointer

    def arn(self, service: str, rest: str) -> str:
        """The ARN of something in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"

    def key(self, said: str) -> str:
        """The ARN of a key, or of its alias; empty for a key that AWS manages, which serves all.

        Services print what they were given: an ARN, the id of a key, an alias
        (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id).
        """
        if said and not ARN.fullmatch(said):
            said = self.arn("kms", said if said.startswith("alias/") else f"key/{said}")
        return "" if ":alias/aws/" in said else said


def text(row: object, *names: str) -> str:
    """The text at a place of a record; empty where none is."""
    body = row
    for name in names:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body if isinstance(body, str) else ""
