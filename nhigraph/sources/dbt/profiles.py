"""profiles.yml: the connections a run of dbt opens, and as whom."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.ends import Endpoint, Login, Target
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.facts import Value as Property
from nhigraph.facts.values import UNKNOWN, Literal, Local, Secret, Value, literal
from nhigraph.ingest import secret_names
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record, mapping
from nhigraph.policy import dbt as policy
from nhigraph.policy.accounts import told_by_login
from nhigraph.policy.clients import ROLE_PLATFORMS
from nhigraph.policy.servers import usual_port
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

#: Field of a profile -> property, for what is no secret. Everything else is left out.
#: https://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles
_PLAIN = {
    "type": "platform",
    "host": "host",
    "server": "host",
    "hostname": "host",
    "port": "port",
    "dbname": "database",
    "database": "database",
    "catalog": "database",
    "project": "database",
    "schema": "schema",
    "dataset": "schema",
    "user": "user",
    "username": "user",
    "role": "role",
    "account": "account",
    "warehouse": "warehouse",
    "method": "method",
    "authenticator": "method",
    "impersonate_service_account": "impersonates",
    "keyfile": "keyfile",
    "private_key_path": "keyfile",
}
#: A value that carries a credential beside what it is for, as in `md:erp?motherduck_token=`.
_INLINE = re.compile(r"(token|passw|secret|key)\w*=", re.IGNORECASE)
#: What no name, address or path holds, and connection texts, URLs and pasted keys do.
_UNLIKELY = re.compile(r"://|:.*@|[;={\n\r]|-----BEGIN", re.DOTALL)
_LONGEST = 200
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
#: Snowflake's authenticator is the address of an identity provider, or a word.
_ADDRESS = re.compile(r"https://[\w.-]+(?::\d+)?(?:/[\w./-]*)?\Z")
_ENV = re.compile(
    r"""env_var\(\s*(['"])(?P<name>[^'"]+)\1\s*(?:,\s*(['"])(?P<default>[^'"]*)\3\s*)?\)"""
)
#: Fields that hold what the login itself is made with.
_LOGIN = frozenset({"pass", "password"})

#: The field of the login's own password, in every notation.
_PASSWORD = "password"  # noqa: S105 - the name of a field

#: Fields a login rests on.
_COORDINATES = frozenset({"host", "database", "user", "role"})

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """What one value of a profile says.

    Attributes:
        name: Its path in the profile, with dots.
        literal: The value, where it is written out.
        names: Environment variables it is made of.
        default: What stands in for the only variable where that is not set.
        line: Line of the file it stands on.
    """

    name: str = ""
    literal: str | None = None
    names: tuple[str, ...] = ()
    default: str | None = None
    line: int = 0

    @property
    def value(self) -> str | None:
        """The value, or what it is where nothing is set."""
        return self.literal if self.literal is not None else self.default

    @property
    def reference(self) -> Value:
        """The value as far as it is known: a text, a variable, or anything."""
        if self.literal is not None:
            return (Literal(self.literal),)
        # Of several variables each is a part of it.
        return (Local(self.names[0], self.default),) if len(self.names) == 1 else UNKNOWN


def recognises(content: object) -> bool:
    """Whether a parsed document looks like profiles: names with ``outputs`` that have a type."""
    if not isinstance(content, dict):
        return False
    for profile in content.values():
        outputs = profile.get("outputs") if isinstance(profile, dict) else None
        for output in outputs.values() if isinstance(outputs, dict) else ():
            if isinstance(output, dict) and isinstance(output.get("type"), str):
                return True
    return False


def read(doc: Document) -> Iterator[Fact]:
    """Yield the connections of a document, profile by profile."""
    for profile, body in doc.content.items():
        # `config` holds settings of dbt itself (until 1.7), and is no profile.
        if profile == "config":
            continue
        record = Record(doc, body if isinstance(body, dict) else {}, (profile,))
        try:
            outputs = mapping(doc, record.body.get("outputs"), profile, "outputs")
            target = record.body.get("target")
        except InputError as error:
            yield record.refused(error)
            continue
        for output, inner in outputs.items():
            place = (profile, "outputs", output)
            connection = Record(doc, inner if isinstance(inner, dict) else {}, place)
            try:
                facts = list(_connection(connection, profile, output, target=target))
            except InputError as error:
                facts = [connection.refused(error)]
            yield from facts


def _connection(record: Record, profile: str, output: str, *, target: object) -> Iterator[Fact]:
    checkout = record.doc.checkout
    home = (keys.repository_named(checkout.repository), checkout.path) if checkout else ()
    key = keys.Connection(profile, output, *home).text
    at = record.doc.at(*record.pointer, excerpt=False)
    platform = record.required("type")
    if not policy.PLATFORM.match(platform):
        raise record.fail("type", "expected the name of an adapter, such as postgres")
    platform = policy.platform(platform)
    plain, secret = _fields(record)
    if platform in policy.SCHEMA_IS_DATABASE and "schema" in plain:
        plain["database"] = plain["schema"]
    usual = usual_port(platform)
    if usual and "port" not in plain:
        plain["port"] = _Field(literal=usual)
    props = _props(record, plain, secret) | {"platform": platform}
    props |= {"profile": profile, "output": output}
    if isinstance(target, str) and "{{" not in target:
        props["default_target"] = target == output
    role = _role(platform, plain)
    if role is not None:
        props["database_role"] = role[0]
    yield Node(k.SYSTEM, key, at, name=f"dbt {profile} {output}", props=props)
    default = props.get("default_target")
    yield Target(
        key,
        at,
        profile=profile,
        name=output,
        default=default if isinstance(default, bool) else None,
        repository=home[0].text if home else "",
        file=checkout.path if checkout else "",
    )
    # A field that may hold a credential is stated, and not told.
    unread = {_PLAIN[str(path[0])] for path in secret if len(path) == 1 and path[0] in _PLAIN}
    login = _login(key, at, platform, {**dict.fromkeys(unread, _Field()), **plain}, secret)
    yield login
    yield from _secrets(record, key, secret, role, login)
    yield from _identity(key, platform, plain, role, record, unread)
    for found in secret.values():
        if found.literal is None and not found.names:
            yield Gap(key, f"its {found.name} comes from an expression that is not read", at)


def _login(
    key: str,
    at: Evidence,
    platform: str,
    plain: dict[str, _Field],
    secret: dict[_Path, _Field],
) -> Login:
    """Who connects where, as far as the profile says and the run's variables will."""
    named = {
        one.name: tuple(Local(name) for name in one.names) for one in secret.values() if one.names
    }
    passwords = named.pop(_PASSWORD, ())
    lines = {n: one.line for n, one in plain.items() if n in _COORDINATES and one.name}
    lines |= {one.name: one.line for one in secret.values()}

    def value(name: str) -> Value:
        return plain[name].reference if name in plain else ()

    return Login(
        key,
        at,
        endpoint=Endpoint(platform, value("host"), value("port"), value("database")),
        user=value("user"),
        password=passwords,
        role=value("role"),
        options=named,
        lines=lines,
    )


def _props(
    record: Record, plain: dict[str, _Field], secret: dict[_Path, _Field]
) -> dict[str, Property]:
    """What the fields say that is written out."""
    props: dict[str, Property] = {}
    checkout = record.doc.checkout
    if checkout is not None:
        props |= {"repository": checkout.repository, "file": checkout.path}
    props |= {name: one.literal for name, one in plain.items() if one.literal is not None}
    if any(found.value for found in secret.values()):
        props["password_literal"] = True
    return props


def _fields(record: Record) -> tuple[dict[str, _Field], dict[_Path, _Field]]:
    """Fields that may be told, by property, and those that may not, by their place."""
    plain: dict[str, _Field] = {}
    secret: dict[_Path, _Field] = {}
    waiting: list[tuple[_Path, object]] = [((name,), value) for name, value in record.body.items()]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*path, name), inner) for name, inner in pairs]
            continue
        if value is None or value == "" or isinstance(value, bool):
            continue
        found = _field(record, path, value)
        if _is_secret(path, found, str(value)):
            secret[path] = found
        elif len(path) == 1 and path[0] in _PLAIN:
            plain.setdefault(_PLAIN[str(path[0])], found)
    return plain, dict(sorted(secret.items(), key=lambda pair: pair[1].name))


def _is_secret(path: _Path, found: _Field, text: str) -> bool:
    last = next((part for part in reversed(path) if isinstance(part, str)), "")
    if _INLINE.search(text) or secret_names.is_secret(last):
        return True
    name = _PLAIN.get(last)
    return name is not None and found.value is not None and not _fits(name, found.value)


def _fits(name: str, value: str) -> bool:
    """Whether a value looks like what a field is for; what does not may hold a credential."""
    if name == "keyfile":
        # Paths may have a drive in front, and spaces in them.
        value = _DRIVE.sub("", value, count=1).replace(" ", "")
    elif name == "method" and _ADDRESS.match(value):
        return True
    forms = {value, unquote(value)}
    if len(value) > _LONGEST or any(_UNLIKELY.search(form) for form in forms):
        return False
    if name == "host" and "@" in unquote(value):
        return False
    return re.search(r"\s", value.strip()) is None


def _field(record: Record, path: _Path, value: object) -> _Field:
    name = ".".join("password" if part == "pass" else str(part) for part in path)
    text, line = str(value), record.doc.at(*record.pointer, *path, excerpt=False).line
    if "{{" not in text:
        return _Field(name, literal=text, line=line)
    found = list(_ENV.finditer(text))
    names = tuple(dict.fromkeys(match["name"] for match in found))
    alone = len(found) == 1 and re.fullmatch(r"\s*\{\{[^{}]*\}\}\s*", text) is not None
    return _Field(name, None, names, found[0]["default"] if alone else None, line)


def _role(platform: str, plain: dict[str, _Field]) -> tuple[str, bool, str] | None:
    """Key of the role a connection logs in as, whether that is certain, and its name."""
    user, database = plain.get("user", _Field()), plain.get("database", _Field())
    if not told_by_login(platform) or user.value is None or database.value is None:
        return None
    certain = user.literal is not None and database.literal is not None
    return keys.Role(keys.database(platform, database.value), user.value).text, certain, user.value


def _secrets(
    record: Record,
    key: str,
    secret: dict[_Path, _Field],
    role: tuple[str, bool, str] | None,
    login: Login,
) -> Iterator[Fact]:
    """A credential in the file itself: whoever reads the file has it."""
    checkout = record.doc.checkout
    asked = _is_asked(login) and checkout is not None
    for path, found in secret.items():
        if not found.value:
            continue
        holder = keys.Stored(key, found.name).text
        at = record.doc.at(*record.pointer, *path, excerpt=False)
        name = f"{found.name} in {record.doc.artifact.rpartition('/')[2]}"
        opens = role if path[-1] in _LOGIN else None
        # One that is tied to nobody is an identity of its own, with what it opens unknown.
        nhi = None if opens or asked else True
        yield Node(k.SECRET, holder, at, name=name, nhi=nhi, props={"exposed": True})
        if opens is None and asked and path[-1] in _LOGIN and checkout is not None:
            # Which of its accounts it opens, the server says: whoever has the file can ask it.
            repository = keys.repository_named(checkout.repository).text
            yield replace(login, at=repository, evidence=at, password=(Secret(holder),))
        elif opens is None:
            yield Gap(holder, "which identity it opens is not read", at)
        else:
            doubts = [] if found.literal is not None else [f"{found.names[0]} is not set"]
            doubts += [] if opens[1] else ["its user and database are the defaults"]
            yield Edge(
                k.AUTHENTICATES_AS,
                holder,
                opens[0],
                at,
                certainty=Certainty.CONDITIONAL if doubts else Certainty.CERTAIN,
                condition=" and ".join(doubts) or None,
            )
        if checkout is not None:
            home = keys.repository_named(checkout.repository)
            yield Node(k.REPOSITORY, home.text, at, name=home.name)
            yield Edge(k.CONTAINS, home.text, holder, at)


def _is_asked(login: Login) -> bool:
    """Whether the server picks the account that a login is of, where all else is told."""
    where = login.endpoint
    told = literal(login.user) is not None and literal(where.database) is not None
    return told and where.platform in ROLE_PLATFORMS and not told_by_login(where.platform)


def _identity(
    key: str,
    platform: str,
    plain: dict[str, _Field],
    role: tuple[str, bool, str] | None,
    record: Record,
    unread: set[str],
) -> Iterator[Fact]:
    """The role a run logs in as, or why it is not known."""
    at = record.doc.at(*record.pointer, excerpt=False)
    if role is not None:
        yield Node(k.DATABASE_ROLE, role[0], at, name=role[2])
    if platform not in ROLE_PLATFORMS:
        yield Gap(key, f"which identity a {platform} connection has is not read", at)
        return
    for name in ("user", "database"):
        found = plain.get(name, _Field())
        if found.names:
            variables = " and ".join(found.names)
            yield Gap(key, f"the {name} comes from environment variable {variables}", at)
        elif found.name and found.literal is None:
            yield Gap(key, f"the {name} comes from an expression that is not read", at)
        elif found.literal is None and name in unread:
            yield Gap(
                key, f"the field of the {name} holds a connection text, which is not read", at
            )
        elif found.literal is None:
            yield Gap(key, f"the profile names no {name}", at)
