"""Where a database client connects, from the words it was given.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
"""

import re
from urllib.parse import unquote

_URL = re.compile(
    r"(?:postgres|postgresql)://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>[^:/?@]*)(?::(?P<port>\d+))?(?:/(?P<dbname>[^?@]*))?(?:\?.*)?\Z",
    re.DOTALL,
)
_VALUE = r"\s*+(\w++)\s*+=\s*+('(?:\\.|[^'\\])*+'|(?:\\.|[^\s'\\])*+)"
_PAIR = re.compile(_VALUE, re.DOTALL)
_PAIRS = re.compile(rf"(?:{_VALUE}(?=\s|\Z))++\s*+\Z", re.DOTALL)
_KEPT = ("host", "port", "user", "dbname", "password")
_DATABASE = re.compile(r"[\w.${}\ue000\ue001-]{1,80}\Z")
_POINTS = re.compile(r"[\ue000$]")
#: A value of an option in which a credential stands beside what the option is for.
SECRET = re.compile(r"://[^@]*@|(?:passw|pwd|secret|token)\w*\s*=", re.IGNORECASE)


def database(loose: list[str], options: dict[str, str], *, lost: bool) -> None:
    """What names the database may be a connection text, which then goes before every option.

    Loose words are the database, where no option has named it, and the user, likewise
    (https://www.postgresql.org/docs/current/app-psql.html).
    """
    words = list(loose)
    target = options.pop("dbname", None) or (words.pop(0) if words else "")
    if words:
        options.setdefault("user", words[0])
    url = _URL.match(target)
    if url:
        found = {part: unquote(value) for part, value in url.groupdict().items() if value}
    elif _PAIRS.match(target):
        pairs = _PAIR.findall(target)
        found = {key: value.strip("'") for key, value in pairs if key in _KEPT}
    elif _DATABASE.match(target):
        whole = _POINTS.match(target) is not None
        found = {"connection" if whole and "host" not in options else "dbname": target}
    else:
        found = {"connection" if target else "dbname": "?"} if target or lost else {}
    # Only what points elsewhere is kept of a password, never its text.
    if not _POINTS.match(found.get("password", "$")):
        del found["password"]
    options.update(found)
