"""Options that say where a Neo4j server is and who asks, for commands that need one."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nhigraph.cli import asking
from nhigraph.cli.paths import PATH
from nhigraph.errors import UsageError
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from nhigraph.output.neo4j.server import Address

URI = "bolt://localhost:7687"
_URI, _USER = "NHIGRAPH_NEO4J_URI", "NHIGRAPH_NEO4J_USER"
_DATABASE, _PASSWORD = "NHIGRAPH_NEO4J_DATABASE", "NHIGRAPH_NEO4J_PASSWORD"


@dataclass(frozen=True, slots=True)
class Login:
    """What was said of the server; the password is looked for when it is needed.

    Attributes:
        uri: Address, empty where none was said.
        user: Name of the user.
        password_file: File whose first line is the password.
        database: Name of the database; the user's home where it is empty.
        authorities: File of certificates to trust.
    """

    uri: str
    user: str
    password_file: Path | None
    database: str
    authorities: Path | None

    @property
    def told(self) -> bool:
        """Whether a server was named at all."""
        return bool(self.uri)

    def address(self) -> "Address":
        """Where and as whom, with the password.

        Raises:
            UsageError: Nobody says the password, and nobody can be asked.
        """
        from nhigraph.output.neo4j.server import Address

        uri = self.uri or URI
        return Address(uri, self.user, self._password(), self.database, self.authorities)

    def _password(self) -> str:
        if self.password_file is not None:
            try:
                text = self.password_file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError(f"--password-file: {error}") from None
            return text.partition("\n")[0].rstrip("\r")
        if (found := os.environ.get(_PASSWORD)) is not None:
            return found
        if not sys.stdin.isatty():
            raise UsageError(f"no password was given: use --password-file, or set {_PASSWORD}")
        return str(asking.prompt(f"Password of {self.user}", hide_input=True, err=True))


_PATH = PATH
_OPTIONS = (
    click.option(
        "--uri",
        metavar="URI",
        envvar=_URI,
        default="",
        help=f"Server; {URI} by default.",
    ),
    click.option(
        "--user", metavar="NAME", envvar=_USER, default="neo4j", show_default=True, help="User."
    ),
    click.option(
        "--password-file",
        metavar="FILE",
        type=_PATH,
        help="Its first line is the password.",
    ),
    click.option(
        "--database",
        metavar="NAME",
        envvar=_DATABASE,
        default="",
        help="If not the home.",
    ),
    click.option(
        "--ca-file", metavar="FILE", type=_PATH, help="Certificates to trust; TLS then is a must."
    ),
)


def login(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options, handed on as one ``login``."""

    @functools.wraps(command)
    def told(
        *args: Any,  # noqa: ANN401 - whatever the command takes
        uri: str,
        user: str,
        password_file: Path | None,
        database: str,
        ca_file: Path | None,
        **others: Any,  # noqa: ANN401 - as above
    ) -> object:
        login = Login(uri, user, password_file, database, ca_file)
        return command(*args, login=login, **others)

    wrapped: Callable[..., Any] = told
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
