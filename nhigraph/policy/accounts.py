"""Which of a server's accounts a login is, by the platform's rule, and whose key stands for it.

PostgreSQL looks a role up by the name that the client gives, to the letter: names were folded when
the role was made, if it was made without quotes
(https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS; from which
hosts, pg_hba.conf says, which no catalog shows). A platform that has its own accounts for each
host picks one by the host that it sees, which no document of the client's side says: every
account of that name may be the one (MySQL: https://dev.mysql.com/doc/refman/8.4/en/
connection-access.html). Both read 28 November 2026.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from nhigraph.facts import keys
from nhigraph.facts.ends import Account
from nhigraph.policy.clients import ROLE_PLATFORMS
from nhigraph.policy.servers import ANY_DATABASE

#: Platforms that pick an account by the host that they see the client come from.
PICKED_BY_HOST: Final = frozenset({"mysql"})
#: Patterns that every host matches, whoever writes them.
_ANYWHERE = frozenset({"", "%", "*"})


def answering(user: str, accounts: Iterable[Account]) -> Iterator[tuple[Account, str]]:
    """Accounts of one server that a login under a name may be, each with its condition.

    Args:
        user: The name, as the client gives it.
        accounts: Accounts of the server.
    """
    found = [one for one in accounts if one.name == user]
    for one in found:
        anywhere = not one.hosts or not _ANYWHERE.isdisjoint(one.hosts)
        # One account for every host is the one, unless another one is nearer to the client's.
        alone = anywhere and all(other.at == one.at for other in found)
        yield one, "" if alone else _from(one)


def _from(account: Account) -> str:
    hosts = " or ".join(account.hosts) or "any host"
    return f"it connects as the {account.name} of {hosts}"


def undescribed(database: keys.Database, user: str) -> str:
    """Key of an account that no document describes; empty where nobody is named."""
    if not user or database.platform not in ROLE_PLATFORMS:
        return ""
    if database.platform in PICKED_BY_HOST:
        # Of which host it is, nobody says; a database's name is none of the account.
        anywhere = database.name == ANY_DATABASE
        holder = keys.database(database.platform, "") if anywhere else database
        return keys.Role(holder, f"{user}@?").text
    return keys.Role(database, user).text


def told_by_login(platform: str) -> bool:
    """Whether a login says by itself whose key stands for its account."""
    return platform in ROLE_PLATFORMS - PICKED_BY_HOST
