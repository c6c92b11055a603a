"""Secrets that are parts of one login: one fact tells what they open.

Programs take an address or an identifier beside the credential that goes with it: an app's id and
its private key (https://github.com/actions/create-github-app-token), a user and a password
(https://github.com/docker/login-action), a team and its token
(https://turborepo.dev/docs/reference/system-environment-variables). What says whose, or where, or
unlocks a key, opens nothing by itself: it is a *companion*, and whoever knows what the credential
opens knows its companion's share.

A companion goes with a credential

* where a document hands both to one program at one place, under names that differ in nothing but
  the words for such parts (``app-id`` and ``private-key``, ``ERP_HOST`` and ``ERP_PASSWORD``), or
* where one holder keeps both under names that do (``BOT_APP_ID``, ``BOT_PRIVATE_KEY``).

One that could go with several credentials goes with none, and two credentials never go together:
each may open something else. Names are hints, for grouping and wording only.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from nhigraph.policy.known_names import known, words

#: What says whose or where, or what unlocks.
_COMPANIONS = frozenset(
    {"ID", "IDENTIFIER", "USER", "USERNAME", "LOGIN", "EMAIL", "ACCOUNT", "NAME", "CLIENT", "APP"}
    | {"ORG", "ORGANIZATION", "TEAM", "TENANT", "PROJECT", "WORKSPACE", "ROLE", "INSTALLATION"}
    | {"URL", "URI", "HOST", "HOSTNAME", "ENDPOINT", "SERVER", "PORT", "REGION", "DOMAIN"}
    | {"DATABASE", "DB", "SCHEMA", "WAREHOUSE", "PASSPHRASE"}
)
#: What lets its holder in.
_CREDENTIALS = frozenset(
    {"TOKEN", "KEY", "SECRET", "PASSWORD", "PASSWD", "PWD", "PASS", "PEM", "CREDENTIALS", "PAT"}
)
#: What stands before these and says nothing of whose they are.
_BESIDE = frozenset({"API", "ACCESS", "AUTH", "PRIVATE"})
#: Words that make a companion of a name, whatever stands beside them.
_ALWAYS = frozenset({"ID", "IDENTIFIER", "PASSPHRASE"})
_PARTS = _COMPANIONS | _CREDENTIALS | _BESIDE


class Part(Enum):
    """What a name says that its secret is of a login."""

    COMPANION = "companion"
    CREDENTIAL = "credential"


def part(name: str) -> Part | None:
    """Which part of a login a name says that it is; None where it says neither."""
    own = frozenset(words(name))
    if own & _ALWAYS:
        return Part.COMPANION
    if own & _CREDENTIALS:
        return Part.CREDENTIAL
    return Part.COMPANION if own & _COMPANIONS else None


Stem = tuple[str, ...]


def stems(name: str) -> tuple[Stem, ...]:
    """What a name has besides the words for parts, the closest likeness first; empty for none.

    The provider who documents it; what stands before its last word (``DB_PASSWORD`` is of ``DB``);
    before the words for parts at its end; and whatever is none.
    """
    own, of = words(name), known(name)
    end = len(own)
    while end and own[end - 1] in _PARTS:
        end -= 1
    before = own[:-1] if end < len(own) and set(own[:-1]) - _BESIDE - _CREDENTIALS else ()
    provider = () if of is None else (f"provider {of.provider}",)
    return provider, before, own[:end], tuple(one for one in own if one not in _PARTS)


#: How many likenesses ``stems`` tells, the last of which may be that there is nothing besides.
_LIKENESSES = 4


def together(places: Iterable[Mapping[str, str]], *, bare: bool) -> dict[str, set[str]]:
    """Per companion the credentials that it may go with.

    Args:
        places: What stands at one place each: name to whatever is told apart.
        bare: Names of nothing but parts go together, too: those that one program takes.
    """
    found: dict[str, set[str]] = {}
    for place in places:
        parted = ((name, part(name)) for name in place)
        waiting = {name: (sort, stems(name)) for name, sort in parted if sort is not None}
        for which in range(_LIKENESSES if len(waiting) > 1 else 0):
            bonds = _alike(waiting, which, empty=bare and which == _LIKENESSES - 1)
            for name, mates in bonds.items():
                found.setdefault(place[name], set()).update(place[mate] for mate in mates)
            for one in {*bonds, *(mate for mates in bonds.values() for mate in mates)}:
                del waiting[one]
    return found


def _alike(
    parts: Mapping[str, tuple[Part, tuple[Stem, ...]]], which: int, *, empty: bool
) -> dict[str, list[str]]:
    """Companions among some names, each with the credentials that are like it."""
    credentials: dict[Stem, list[str]] = {}
    for name, (sort, likenesses) in parts.items():
        if sort is Part.CREDENTIAL and (likenesses[which] or empty):
            credentials.setdefault(likenesses[which], []).append(name)
    companions = (
        (name, one[which]) for name, (sort, one) in parts.items() if sort is not Part.CREDENTIAL
    )
    return {name: credentials[stem] for name, stem in companions if stem in credentials}


def leaders(bonds: Mapping[str, set[str]]) -> dict[str, str]:
    """Companion to its one credential; what is a credential elsewhere is no companion."""
    credentials = {one for many in bonds.values() for one in many}
    return {
        one: next(iter(many))
        for one, many in bonds.items()
        if len(many) == 1 and one not in credentials
    }
