"""Secrets whose value the file itself shows.

Whoever can read the repository can read them (CWE-798), so the repository contains them and they
are ``exposed``. Which text is one, its name decides (``ingest.secret_names``), or its place: the
password of a connection text, an option of a client. The value is compared, here and nowhere
else, to tell two of one name apart; it goes no further.

No question is asked about a password that a container beside the job is given as its own, nor
about a weak word that no login is seen to use (``policy.scripts.typed``): of those there is
the node, and the job reads it only where a join shows that it logs in with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.ingest import secret_names
from nhigraph.ingest.document import Document
from nhigraph.policy.scripts import typed
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k

Pointer = tuple[str | int, ...]

_IN_URL = re.compile(r"://[^\s/?#@:]{0,256}:(?P<password>[^\s@]{1,256})@")
#: Oracle's (JDBC Developer's Guide, thin-style names): ``jdbc:oracle:thin:USER/PASSWORD@//HOST``.
_IN_THIN = re.compile(r"jdbc:oracle:\w+:[^/\s:@]+/(?P<password>[^\s@]{1,256})@", re.IGNORECASE)
#: Variables by which images of servers are told the password that they are to have.
_OF_SERVER = re.compile(
    r"(?:POSTGRES|POSTGRESQL|PGBOUNCER|PG|MYSQL|MARIADB|MSSQL|SA|SQLSERVER|MONGO(?:DB)?|REDIS|VALKEY"
    r"|RABBITMQ|MINIO|CLICKHOUSE|ORACLE|APP_USER|ELASTIC(?:SEARCH)?|OPENSEARCH|NEO4J|COUCHDB"
    r"|INFLUXDB|DOCKER_INFLUXDB|KEYCLOAK|KC|LDAP|VAULT_DEV|COCKROACH|CITUS|TIMESCALE)_?\w*",
    re.IGNORECASE,
)
#: Lists of names of secrets, not secrets (hashicorp/vault-action, get-secretmanager-secrets).
_LISTS = re.compile(r"(?:.*[_-])?secrets\Z", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether a variable, input or option of this name may hold a secret's value."""
    return secret_names.is_secret(name) and not _LISTS.match(name)


@dataclass
class Written:
    """The secrets that one file shows.

    Attributes:
        doc: The file.
        repository: Its repository, as checkouts name it.
    """

    doc: Document
    repository: str
    _values: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def key(self, name: str, value: str) -> str:
        """Key of a secret: by its name, and a number where the file has several of one name."""
        known = self._values.setdefault(name, [])
        if value not in known:
            known.append(value)
        number = known.index(value) + 1
        path = self.doc.checkout.path if self.doc.checkout else self.doc.artifact
        shown = name if number == 1 else f"{name}~{number}"
        return keys.Written(keys.repository_named(self.repository), path, shown).text


@dataclass
class Literals:
    """Those that one job or action has.

    Attributes:
        written: Those of its file.
        own: Passwords of the containers beside it.
        asked: Key to name and place of each; None as place where nobody asks what it opens.
    """

    written: Written
    own: frozenset[str] = field(default=frozenset(), repr=False)
    found: dict[str, tuple[str, Pointer, bool]] = field(default_factory=dict)

    def of(self, name: str, value: str, at: Pointer) -> str | None:
        """Key of the secret that a variable or input of this name is; None for no secret."""
        inside = _IN_URL.search(value) or _IN_THIN.search(value)
        if inside:
            return self.password(name or "url", inside["password"], at)
        return self.password(name, value, at) if is_secret(name) else None

    def password(self, name: str, value: str, at: Pointer) -> str | None:
        """Key of what its place shows to be a password; None where the text is none."""
        if not at or not typed.is_value(value):
            return None
        key = self.written.key(name, value)
        asked = value not in self.own and not typed.is_weak(value)
        self.found.setdefault(key, (name, at, asked))
        return key

    def facts(self, reader: str | None, gates: Sequence[str | None] = (None,)) -> Iterator[Fact]:
        """The secrets, in the repository, and read by the job that has them, past its gates."""
        repository = keys.repository_named(self.written.repository).text
        for key, (name, at, asked) in sorted(self.found.items()):
            evidence: Evidence = self.written.doc.at(*at, excerpt=False)
            yield Node(k.SECRET, key, evidence, name=name, props={"exposed": True})
            yield Edge(k.CONTAINS, repository, key, evidence)
            if asked and reader is not None:
                read = Edge(k.CAN_READ, reader, key, evidence, action="use_secret")
                yield from (replace(read, gate=gate) for gate in gates)

    @property
    def asked(self) -> tuple[str, ...]:
        """Keys of those of which it matters what they open."""
        return tuple(sorted(key for key, (_, _, asked) in self.found.items() if asked))


def of_server(name: str) -> bool:
    """Whether images of servers are told by a variable of this name what password to have."""
    return is_secret(name) and _OF_SERVER.match(name) is not None
