"""Where a database client connects, from the words it was given.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING : a URI's parameters
stand for keywords and go before what stands in front of them, ``hostaddr`` before ``host``
(tried with psql 15.18). Drivers of MySQL have forms of their own, read here too: Go's data source
names (https://github.com/go-sql-driver/mysql#dsn-data-source-name) and the pairs of .NET's, whose
words several drivers share (https://dev.mysql.com/doc/connector-net/en/connector-net-8-0-connection-options.html,
https://www.npgsql.org/doc/connection-string-parameters.html; read 28 November 2026): which server
is meant the port says, else the words that one driver has alone.
"""

import re
from urllib.parse import parse_qsl, unquote

#: What stands for the port is none if it is no number: of a broken text it may be the password.
_URL = re.compile(
    r"(?:jdbc:)?(?P<scheme>postgres|postgresql|redshift|mysql2?|mariadb|trilogy)(?:\+\w+)?://"
    r"(?:(?P<user>[^:@/]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>\[[^\]@/]*\]|[^:/?@]*)(?::(?P<port>\d*|\ue000\d+\ue001|\$\{?\w+\}?))?(?:/(?P<dbname>[^?@]*))?"
    r"(?:\?(?P<query>.*))?\Z",
    re.DOTALL,
)
_VALUE = r"\s*+(\w++)\s*+=\s*+('(?:\\.|[^'\\])*+'|(?:\\.|[^\s'\\])*+)"
_PAIR = re.compile(_VALUE, re.DOTALL)
_PAIRS = re.compile(rf"(?:{_VALUE}(?=\s|\Z))++\s*+\Z", re.DOTALL)
#: ``user:password@tcp(host:port)/database?…``, of some tools behind ``mysql://``.
_GO = re.compile(
    r"(?:mysql://)?(?P<user>[^:@/()\s]+):(?P<password>[^@\s]*)@(?:tcp6?|unix)"
    r"\((?P<host>\[[^\]()]*\]|[^:()]*)(?::(?P<port>[^()]*))?\)/(?P<dbname>[^?\s]*)(?:\?\S*)?\Z"
)
#: Words of .NET's drivers, in lower case and without spaces, to what they state.
_NET = {
    **dict.fromkeys(("server", "host", "datasource", "address", "addr"), "host"),
    **dict.fromkeys(("uid", "userid", "user", "username"), "user"),
    **dict.fromkeys(("pwd", "password"), "password"),
    **dict.fromkeys(("database", "initialcatalog"), "dbname"),
    "port": "port",
}
#: Those of SQL Server's driver alone, and of PostgreSQL's.
_SQL_SERVER = frozenset(
    {"initialcatalog", "trustedconnection", "integratedsecurity", "trustservercertificate"}
    | {"multipleactiveresultsets", "encrypt", "applicationintent", "persistsecurityinfo"}
)
_NPGSQL = frozenset({"host", "username"})
_OPTION = re.compile(r"-{1,2}[\w.-]+=")
_KEPT = ("user", "password", "host", "port", "dbname")
_DATABASE = re.compile(r"(?:[\w.${}\ue000\ue001-]{1,80}|\$\{\w+:?[-=][\w.-]{0,60}\})\Z")
_POINTS = re.compile(r"[\ue000$]")
#: A value of an option in which a credential stands beside what the option is for.
SECRET = re.compile(r"://[^@]*@|(?:passw|pwd|secret|token)\w*\s*=", re.IGNORECASE)


def parts(text: str) -> dict[str, str] | None:
    """Host, port, user, dbname and password that a connection text states; None for no such text.

    The password is as it was written: whoever asks must not let it out.
    """
    url = _URL.match(text)
    if url:
        stated = {part: unquote(value) for part, value in url.groupdict("").items()}
        pairs = [
            (name, stated[name].strip("[]") if name == "host" else stated[name])
            for name in _KEPT
            if stated[name]
        ]
        pairs += parse_qsl(url["query"] or "")
    elif go := _GO.match(text):
        pairs = [(name, go[name] or "") for name in _KEPT]
    elif net := _net(text):
        said = {_NET[word]: value for word, value in net.items() if word in _NET}
        return None if _net_platform(net) == "mssql" else said
    elif _PAIRS.match(text):
        pairs = [(name, value.strip("'")) for name, value in _PAIR.findall(text)]
    else:
        return None
    said = dict(pairs)
    if said.get("hostaddr"):
        said["host"] = said["hostaddr"]
    return {name: value for name, value in said.items() if name in _KEPT and value}


def _net(text: str) -> dict[str, str]:
    """Words and values of a text of .NET's; empty for another text."""
    cut = [part.partition("=") for part in text.split(";") if part.strip()]
    if not cut[1:] or not all(equals for _, equals, _ in cut):
        return {}
    said = {
        re.sub(r"[\s_]", "", word).lower(): value.strip().strip("\"'") for word, _, value in cut
    }
    told = {_NET[word] for word in said if word in _NET}
    return said if {"host", "password"} <= told else {}


def _net_platform(said: dict[str, str]) -> str:
    port = said.get("port", "")
    if said.keys() & _SQL_SERVER or port == "1433":
        return "mssql"
    return "" if port == "5432" or (port != "3306" and said.keys() >= _NPGSQL) else "mysql"


def of_word(word: str) -> str:
    """The connection text with a password that a word of a command is, or its option's value."""
    text = _OPTION.sub("", word, count=1) if word.startswith("-") else word
    return text if ("://" in text and "@" in text) or _GO.match(text) or _net(text) else ""


def password(text: str) -> str:
    """The password of a text of Go's or .NET's; empty for another text. Never let it out."""
    go, net = _GO.match(text), _net(text)
    return go["password"] if go else net.get("pwd", net.get("password", ""))


def platform(text: str) -> str:
    """What answers where a connection text leads; empty for PostgreSQL and what speaks like it.

    ``mysql2`` and ``trilogy`` are the adapters of Rails
    (https://guides.rubyonrails.org/configuring.html#configuring-a-database), ``mysql+pymysql``
    names a driver of SQLAlchemy, ``jdbc:mariadb`` MariaDB's (read 28 November 2026).
    """
    if _GO.match(text):
        return "mysql"
    if net := _net(text):
        return _net_platform(net)
    url = _URL.match(text)
    of_mysql = url is not None and url["scheme"] in ("mysql", "mysql2", "mariadb", "trilogy")
    return "mysql" if of_mysql else ""


def points(text: str) -> bool:
    """Whether a text is not itself the value but points at it: a variable, an expression."""
    return _POINTS.match(text) is not None


def is_database(text: str) -> bool:
    """Whether a word can be a database's name, or points at one."""
    return _DATABASE.match(text) is not None


def database(loose: list[str], options: dict[str, str], *, lost: bool) -> None:
    """What names the database may be a connection text, which then goes before every option.

    Loose words are the database, where no option has named it, and the user, likewise
    (https://www.postgresql.org/docs/current/app-psql.html).
    """
    words = list(loose)
    target = options.pop("dbname", None) or (words.pop(0) if words else "")
    if words:
        options.setdefault("user", words[0])
    found = parts(target)
    if found is None:
        if is_database(target):
            found = {
                "connection" if points(target) and "host" not in options else "dbname": target
            }
        else:
            found = {"connection" if target else "dbname": "?"} if target or lost else {}
    options.update(found)
