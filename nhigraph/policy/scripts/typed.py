"""Passwords that are typed into a command, and texts that stand for one without being one.

A workflow runs as it is written: whatever a client is given is what it tries. So a weak word such
as ``changeme`` is a password where a login is known to use it; where none is, nobody has to ask
what such a word opens. A mask, a reference to a variable and an empty text are no password
anywhere. Options are those of each tool's own reference: curl(1), mysql(1), docker-login(1),
sshpass(1), redis-cli, sqlcmd.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

from nhigraph.policy.scripts.connection_text import of_word, password
from nhigraph.policy.scripts.wrappers import CLIENT, unwrapped
from nhigraph.policy.shell import SUBSTITUTED, commands

_MASK = re.compile(r"(?:[*xX.•#?_-]{3,}|<[^<>]*>|\[[^\[\]]*\]|\{\{.*\}\}|%\w+%)?\Z", re.DOTALL)
_WORDS = frozenset({"true", "false", "null", "none", "inherit", "~"})
_WEAK = re.compile(
    r"(?:change[-_ ]?(?:me|it|this)|dummy|fake|example|placeholder|unused|not[-_]?(?:used|needed)"
    r"|foo|bar|(?:my|test|the)?[-_]?(?:password|passwd|secret|token|key)\d{0,3}|test(?:ing)?\d{0,3}"
    r"|postgres|root|admin|mysql|redis|guest|sa|ci|1234?5?6?7?8?9?0?)\Z",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(r"--no-|.*[-_](?:stdin|prompt|file|env|env-var|from\w*)\Z")
#: Tools whose ``--password`` asks for one, or takes it behind ``=`` only.
_ATTACHED = frozenset(
    {"createdb", "createuser", "dropdb", "pg_dump", "pg_dumpall", "pg_restore", "psql", "vacuumdb"}
)
#: Programs that start what their other words say.
_STARTS = frozenset({"kubectl", "oc", "ssh", "sshpass", "autossh"})
#: Tools that take it as the next word, or behind the letter.
_APART = frozenset({"mydumper", "myloader"})
_MYSQL = re.compile(r"(?:mysql|mariadb)[\w-]*\Z")
#: Short options, by tool, that a password follows; ``:`` where it stands behind the user's name.
_SHORT = {
    "curl": (("-u", "--user", "-U", "--proxy-user"), ":"),
    "docker": (("-p",), ""),
    "helm": (("-p",), ""),
    "podman": (("-p",), ""),
    "az": (("-p",), ""),
    **dict.fromkeys(("mydumper", "myloader"), (("-p",), "")),
    "sshpass": (("-p",), ""),
    "sqlcmd": (("-P",), ""),
    "bcp": (("-P",), ""),
    "redis-cli": (("-a", "--pass"), ""),
}
#: Tools whose first word is ``USER/PASSWORD@DATABASE`` (Oracle, SQL*Plus User's Guide, CONNECT).
_SLASHED = frozenset({"sqlplus", "sqlldr", "expdp", "impdp", "exp", "imp", "sql"})
_SLASH = re.compile(r"[\w$#.-]+/(?P<password>[^/@\s]+)@\S+\Z")
_LOGS_IN = frozenset({"docker", "helm", "podman", "az"})
_HEADER = re.compile(
    r"(?:authorization:\s*(?:bearer|token|basic)|x-api-key:|x-[\w-]*token:)\s+(\S+)\Z",
    re.IGNORECASE,
)
#: ``NAME=VALUE``, alone or behind an option: ``TOKEN=x``, ``--set=password=x``.
_NAMED = re.compile(r"(?:--?[\w-]+=)?(?P<name>[A-Za-z][\w.-]*)=(?P<value>.+)\Z", re.DOTALL)
_MARKED = re.compile(r"\$|.*[\ue000" + SUBSTITUTED + "]", re.DOTALL)


def is_value(text: str) -> bool:
    """Whether a text written for a secret is one: no mask, no switch, no reference."""
    plain = text.strip()
    return not (_MASK.match(plain) or plain.lower() in _WORDS or _MARKED.match(plain) is not None)


def is_weak(text: str) -> bool:
    """Whether it is a word that stands in many files and opens nothing by itself."""
    return _WEAK.match(text.strip()) is not None


def passwords(words: tuple[str, ...], is_secret: Callable[[str], bool]) -> Iterator[str]:
    """Values that a command is given as a password, whatever the tool; never let them out.

    Args:
        words: The command, its wrappers taken off.
        is_secret: Whether an option of this name may hold a secret's value.
    """
    if not words:
        return
    tool = posixpath.basename(words[0])
    for inner in _inside(tool, words):
        yield from passwords(inner, is_secret)
    shorts, mark = _SHORT.get(tool, ((), ""))
    if tool in _LOGS_IN and "login" not in words:
        shorts = ()
    for at, word in enumerate(words[1:], 1):
        behind = words[at + 1] if at + 1 < len(words) else ""
        for value in _given(word, behind, tool, shorts, is_secret):
            found = value.partition(mark)[2] if mark and word.startswith(shorts) else value
            if is_value(found) and "$" not in found:
                yield found


def _inside(tool: str, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Clients of databases that another program starts, here or on another machine."""
    if tool not in _STARTS:
        return
    for at, word in enumerate(words[1:], 1):
        if CLIENT.match(posixpath.basename(word)):
            yield words[at:]
            return
        if " " in word:
            yield from (unwrapped(one.words) for one in commands(word))


def _given(
    word: str, behind: str, tool: str, shorts: tuple[str, ...], is_secret: Callable[[str], bool]
) -> Iterator[str]:
    option, equals, value = word.partition("=")
    stated = password(of_word(word))
    if stated:
        yield stated
    elif option in shorts:
        yield value if equals else behind
    elif (
        (_MYSQL.match(tool) or tool in _APART) and word.startswith("-p") and len(word) > len("-p")
    ):
        yield word[len("-p") :]
    elif option.startswith("--") and is_secret(option) and not _NO_VALUE.match(option):
        if equals:
            yield value
        elif tool not in _ATTACHED and not _MYSQL.match(tool) and behind[:1] != "-":
            yield behind
    elif tool in _SLASHED and (slash := _SLASH.match(word)):
        yield slash["password"]
    elif header := _HEADER.match(word):
        yield header[1]
    elif (named := _NAMED.match(word)) and is_secret(named["name"]):
        yield named["value"]
