"""A server: its address and rights, and what its driver's errors mean for whoever sees them.

What arrives in which case was measured with driver 6.4.1 and server 5.26.18. A closed port, an
unknown name, the port of Browser and TLS where there is none are all ``ServiceUnavailable``; a
``neo4j://`` address hides which of them it was behind "Unable to retrieve routing information".
"""

import contextlib
import logging
import ssl
import time
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from nhigraph.errors import ServerError, UsageError
from nhigraph.records import dataclass

if TYPE_CHECKING:
    import neo4j

SCHEMES: Final = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
#: Earlier ones do not read ``CALL (x) { … }``.
OLDEST: Final = (5, 23)
#: How long a transaction is tried again where the connection drops, in seconds.
RETRY_SECONDS = 30.0
_READ_ONLY = "read-only"
_ONLINE = "online"
#: Between two looks at a database that comes up, in seconds.
_PAUSE = 0.2
#: Where to look for why a database is down: its status says no more than that it is.
_LOOK: Final = (
    "the server's debug.log says why: its disk may be full, or it was made read-only and a crash "
    "left indexes to rebuild, which only a start that may write does"
)
_NO_SPACE: Final = "space left on device"
_FULL: Final = (
    "the disk of the server is full: make room, then restart it; what was there before stands"
)
#: States of a database that is on its way up.
_COMING: Final = frozenset({"starting", "initial", "unknown"})
_PORT: Final = 7687


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and as whom to ask it.

    Attributes:
        uri: ``bolt://host:7687``, or with ``+s`` for TLS.
        user: Name.
        password: Its password.
        database: Name of the database; the user's home where it is empty.
        authorities: File of certificates to trust; then the connection is encrypted.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = ""
    authorities: Path | None = None

    @property
    def said(self) -> str:
        """The server in words; ``host:port`` looks like a login to whoever cuts passwords."""
        parts = urlsplit(self.uri)
        try:
            port = parts.port or _PORT
        except ValueError:
            port = _PORT
        return f"{parts.hostname or self.uri}, port {port}"


@contextlib.contextmanager
def connected(address: Address) -> Iterator["neo4j.Driver"]:
    """A driver that reached its server.

    Raises:
        UsageError: The address is none of Bolt's.
        ServerError: The server cannot be used, or stops answering; says why in one line.
    """
    import neo4j  # noqa: PLC0415 - slow to import, and only those who push need it

    scheme = _scheme(address)
    # The driver writes what it raises into its log, too; a handler of nothing keeps it there.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    with translated(address):
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            notifications_min_severity="OFF",
            user_agent="nhigraph",
            max_transaction_retry_time=RETRY_SECONDS,
            **_trust(address, scheme),
        )
        with driver:
            driver.verify_connectivity()
            _new_enough(driver)
            _require_up(driver, address)
            with _told_why(driver, address):
                yield driver


def _scheme(address: Address) -> str:
    scheme, sep, host = address.uri.partition("://")
    if not sep or scheme not in SCHEMES or not host:
        raise UsageError("--uri: expected an address such as bolt://localhost:7687")
    if "@" in host:
        raise UsageError("--uri: no user or password in it: --user and --password-file say these")
    return scheme


def _trust(address: Address, scheme: str) -> dict[str, Any]:
    """Options of the driver for certificates of one's own."""
    if address.authorities is None:
        return {}
    if "+" in scheme:
        raise UsageError("--ca-file goes with bolt:// or neo4j://, which it makes encrypted")
    if not address.authorities.is_file():
        raise UsageError(f"--ca-file: no such file: {address.authorities}")
    import neo4j  # noqa: PLC0415 - as above

    try:
        ssl.create_default_context(cafile=address.authorities)
    except (ssl.SSLError, OSError) as error:
        raise UsageError(
            f"--ca-file: expected certificates in PEM (BEGIN CERTIFICATE): {address.authorities}"
        ) from error
    trusted = neo4j.TrustCustomCAs(str(address.authorities))
    return {"encrypted": True, "trusted_certificates": trusted}


def _new_enough(driver: "neo4j.Driver") -> None:
    agent = str(driver.get_server_info().agent)  # Neo4j/5.26.18
    number = agent.partition("/")[2]
    parts = number.split(".")
    version = tuple(int(part) for part in parts[:2] if part.isdecimal())
    if len(version) == 2 and version < OLDEST:  # noqa: PLR2004 - major and minor
        raise ServerError(
            f"the server is Neo4j {number}: nhigraph needs {'.'.join(map(str, OLDEST))} or newer"
        )


def _standing(driver: "neo4j.Driver", database: str) -> dict[str, Any] | None:
    """What the server says of a database; None of one that is not there."""
    with driver.session(database="system") as session:
        listed = session.run(
            "SHOW DATABASES YIELD name, access, home, currentStatus AS status, "
            "statusMessage AS message"
        ).data()
    for one in listed:
        if one["name"] == database.lower() if database else one["home"]:
            return one
    return None


def _require_up(driver: "neo4j.Driver", address: Address) -> None:
    """Wait while the database comes up; the server answers before it does.

    Raises:
        ServerError: It does not come up. The driver would try for as long, and not say why.
    """
    until = time.monotonic() + RETRY_SECONDS
    while (down := _down(driver, address.database)) and down.status != _ONLINE:
        if down.status not in _COMING or time.monotonic() > until:
            raise ServerError(f"{address.said}: {down.said}")
        time.sleep(_PAUSE)


@dataclass(frozen=True, slots=True)
class _Down:
    """A database that cannot be used.

    Attributes:
        status: ``online`` stays there even where nothing can be asked any more.
        said: What to tell of it.
    """

    status: str
    said: str


def _down(driver: "neo4j.Driver", database: str) -> _Down | None:
    """What the server says is wrong with a database; None where it says nothing."""
    one = _standing(driver, database)
    message = _one_line(str(one["message"] or "")) if one else ""
    if one is None or (one["status"] == _ONLINE and not message):
        return None
    if _NO_SPACE in message.lower():
        said = _FULL
    elif one["status"] == _ONLINE:
        said = f"of the database {one['name']!r} the server says: {message}"
    else:
        why = f": {message}" if message else ""
        said = f"the database {one['name']!r} is not up ({one['status']}){why}; {_LOOK}"
    return _Down(one["status"], said)


@contextlib.contextmanager
def _told_why(driver: "neo4j.Driver", address: Address) -> Iterator[None]:
    """Note beside an error what the server says is wrong with the database, if it does."""
    from neo4j import exceptions  # noqa: PLC0415 - slow to import

    try:
        yield
    except exceptions.Neo4jError as error:
        with contextlib.suppress(exceptions.DriverError, exceptions.Neo4jError):
            if down := _down(driver, address.database):
                error.add_note(down.said)
        raise


def require_writable(driver: "neo4j.Driver", database: str) -> None:
    """Refuse to begin where nothing can be written.

    Raises:
        ServerError: The database is read-only.
    """
    one = _standing(driver, database)
    if one is not None and one["access"] == _READ_ONLY:
        raise ServerError(
            f"the database {one['name']!r} is read-only: nothing was changed; "
            "push to another one, or make it writable"
        )


@contextlib.contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the driver's errors into one line that says what to do.

    Raises:
        ServerError: What went wrong.
    """
    from neo4j import exceptions  # noqa: PLC0415 - slow to import

    try:
        yield
    except exceptions.DriverError as error:
        raise ServerError(_noted(_of_driver(error, address), error)) from error
    except exceptions.Neo4jError as error:
        raise ServerError(_noted(_of_server(error, address), error)) from error
    except OSError as error:
        raise ServerError(f"{address.said}: {error}") from error


def _noted(said: str, error: Exception) -> str:
    """The line, and what was noted beside the error on its way: how far a push came."""
    return "; ".join((said, *getattr(error, "__notes__", ())))


def _of_driver(error: Exception, address: Address) -> str:
    """A line for what the driver says before or beside the server's word."""
    said = _chain(error)
    hint = "expected something like bolt://localhost:7687"
    if type(error).__name__ == "UnsupportedServerProduct":
        return f"{address.said}: an old server, or no Neo4j: nhigraph needs 5.23 or newer"
    for mark, meaning in (
        ("looks like HTTP", f"that is the port of a web page, not of Bolt; {hint}"),
        ("DNS resolve", "no such host"),
        ("Name or service not known", "no such host"),
        ("Connection refused", f"nobody listens there; is the server up? {hint}"),
        ("mismatch, certificate", "its certificate is of another host: use the name that it has"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted: --ca-file names one"),
        ("SSL", "TLS was asked for and the server has none there: try bolt://"),
        (
            "incomplete handshake",
            "it hung up: one that speaks TLS alone wants bolt+s://, or --ca-file",
        ),
        ("routing information", "no cluster answers there: for one server use bolt://"),
    ):
        if mark in said:
            return f"{address.said}: {meaning}"
    return f"{address.said}: the connection was lost: {_one_line(said)}"


def _chain(error: BaseException | None) -> str:
    said = []
    while error is not None:
        said.append(str(error))
        error = error.__cause__ or error.__context__
    return " / ".join(said)


def _of_server(error: Any, address: Address) -> str:  # noqa: ANN401 - neo4j.exceptions
    """A line for the server's own codes."""
    code = str(error.code or "")
    meanings = {
        "Security.Unauthorized": f"wrong user or password for {address.user!r}",
        "Security.AuthenticationRateLimit": "too many wrong passwords: wait, then try once more",
        "Security.CredentialsExpired": f"the password of {address.user!r} must be changed first",
        "Security.Forbidden": f"{address.user!r} has no right to do that",
        "General.WriteOnReadOnlyAccessDatabase": "the database is read-only: nothing was changed",
        "Statement.AccessMode": "the statement writes, and was asked as one that only reads",
        "Database.DatabaseNotFound": f"no database {address.database!r}: none is ever made",
        "Database.DatabaseUnavailable": "the database is not up",
        "General.DatabaseUnavailable": "the database is not up",
        "Transaction.TransactionLogError": "the server could not write what was sent",
        "Transaction.TransactionStartFailed": "the database takes nothing more until a restart",
    }
    for end, meaning in meanings.items():
        if code.endswith(end):
            return f"{address.said}: {meaning}"
    if _NO_SPACE in str(error).lower():
        return f"{address.said}: {_FULL}"
    return f"{address.said}: {code}: {_one_line(str(error.message or error))}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
