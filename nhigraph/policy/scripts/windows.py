"""What scripts of PowerShell and ``cmd`` set for programs, as a Unix shell says it.

Only variables of the environment are rewritten: ``$env:NAME = 'text'`` and ``$env:NAME``
(https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_environment_variables),
``set NAME=text`` and ``%NAME%``
(https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/set_1, read 30
November 2026). What is set inside braces, brackets or behind other words of a line may be set or
not. All else stays as it is: of these shells only known tools are told.
"""

import re
from collections.abc import Callable
from typing import Final

_SET: Final = re.compile(
    r"(?i)\$\{?env:(?P<name>\w+)\}?[ \t]*(?P<sign>[-+*/%?]*)=(?!=)[ \t]*"
    r"(?P<value>(?:'[^'\n]*'|\"[^\"\n]*\"|[^;}\n'\"])*)"
)
_NAMED: Final = re.compile(r"(?i)\$(?:env:(\w+)|\{env:(\w+)\})")
_CMD_SET: Final = re.compile(
    r"(?i)(?<![\w/.%-])@?set[ \t]+(?P<quote>\"?)(?P<name>\w+)=(?P<value>[^&\"\n)]*)(?P=quote)"
)
_CMD_NAMED: Final = re.compile(r"%(\w+)%")
#: A text in quotes or another variable; anything else the shell works out.
_PLAIN: Final = re.compile(r"(?:'[^']*'|\"[^\"`]*\"|\$\{?[\w:]+\}?|[\d.]+)\s*\Z")
_WORKED_OUT: Final = "$(true)"
#: Behind this, a command runs or does not.
_PERHAPS: Final = "test || "
_OPENS, _CLOSES = "{(", "})"


def as_unix(text: str, shell: str) -> str:
    """A script with variables of the environment as a Unix shell writes them."""
    if shell.lower() == "cmd":
        told = _rewritten(text, _CMD_SET, lambda found: f'"{found["value"].strip()}"')
        return _CMD_NAMED.sub(r"${\1}", told)
    if "env:" not in text.lower():
        return text
    told = _rewritten(text, _SET, _value)
    return _NAMED.sub(lambda found: f"${{{found[1] or found[2]}}}", told)


def _value(found: re.Match[str]) -> str:
    value = found["value"].strip()
    return value if _PLAIN.match(value) and not found["sign"] else _WORKED_OUT


def _rewritten(text: str, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str]) -> str:
    pieces: list[str] = []
    at = depth = 0
    for found in pattern.finditer(text):
        before = text[at : found.start()]
        depth += sum((one in _OPENS) - (one in _CLOSES) for one in before)
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        alone = not re.split(r"[;&]", line)[-1].strip("@ \t\r")
        perhaps = "" if alone and depth <= 0 else _PERHAPS
        # What stands before it on the line goes on being a command of its own.
        apart = "" if alone else "; "
        pieces += (before, apart, perhaps, f"export {found['name']}={value(found)}")
        at = found.end()
    return "".join((*pieces, text[at:]))
