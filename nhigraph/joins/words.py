"""The words in which a source says where a value comes from (``REF`` in github_actions)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Refs = tuple[str, ...]
Env = Mapping[str, Refs]

UNKNOWN: Refs = ("expression",)
_REF = re.compile(r"(?:secret|within|var|input|service):|(?:token|expression)\Z")
#: More digits than any line has.
_LONGEST = 10
_DSN_PARTS = 5
_CODE = re.compile(r"%([0-9A-F]{2})")


def decoded(text: str) -> str:
    """A literal as it was written."""
    return _CODE.sub(lambda found: chr(int(found[1], 16)), text)


def number(text: str) -> int:
    """A line of a document; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST else 0


def value(written: str, env: Env) -> Refs:
    """What an option's ``VALUE`` stands for."""
    name = written.removeprefix("env:")
    if name != written:
        return env.get(name, UNKNOWN)
    if written == "?":
        return UNKNOWN
    if _REF.match(written):
        return tuple(ref.replace("%3B", ";") for ref in written.split("|"))
    return (f"literal:{written}",)


def literal(refs: Refs | None) -> str | None:
    """The text, if that is all it can be."""
    if refs is None or len(refs) != 1 or not refs[0].startswith("literal:"):
        return None
    return decoded(refs[0].removeprefix("literal:")) or None


def secrets(refs: Refs | None) -> list[tuple[str, bool]]:
    """Keys of secrets a value may be, each with whether the value is the secret itself."""
    found = []
    for ref in refs or ():
        whole, key = ref.startswith("secret:"), ref.removeprefix("within:").removeprefix("secret:")
        if whole or ref.startswith("within:secret:"):
            found.append((key, whole))
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client connects and as whom; None for what it is not told."""

    user: Refs | None = None
    host: Refs | None = None
    port: Refs | None = None
    database: Refs | None = None
    password: Refs | None = None


def dsns(refs: Refs | None) -> list[Place]:
    """What connection texts state."""
    found: list[Place] = []
    for ref in refs or ():
        parts = ref.removeprefix("dsn:").split(";", _DSN_PARTS - 1)
        if ref.startswith("dsn:") and len(parts) == _DSN_PARTS:
            user, host, port, database = (_stated(part) for part in parts[:-1])
            found.append(Place(user, host, port, database, (parts[-1],)))
    return found


def _stated(part: str) -> Refs | None:
    if part.startswith("service:"):
        return (part,)
    return None if not part else UNKNOWN if part == "?" else (f"literal:{part}",)


def bound(refs: Refs, inputs: Mapping[str, Refs]) -> Refs:
    """References with inputs replaced by what was handed over for them."""
    found: list[str] = []
    for ref in refs:
        name = ref.removeprefix("input:")
        found += inputs.get(name, UNKNOWN) if name != ref else [ref]
    return tuple(dict.fromkeys(found))


def pairs(lines: Iterable[str]) -> dict[str, Refs]:
    """``NAME=REF`` lines, several of one name united."""
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, ref = line.partition("=")
        found.setdefault(name, []).append(ref)
    return {name: tuple(refs) for name, refs in found.items()}


def by_step(lines: Iterable[str]) -> dict[str, dict[str, Refs]]:
    """``STEP:NAME=REF`` lines by step."""
    found: dict[str, list[str]] = {}
    for line in lines:
        step, _, rest = line.partition(":")
        found.setdefault(step, []).append(rest)
    return {step: pairs(rest) for step, rest in found.items()}
