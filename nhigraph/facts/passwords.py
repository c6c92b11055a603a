"""Secrets that people write into texts beside an address, and what is left when they are cut out.

Every text of a document passes here before it is part of a fact or of a message. What is cut is
what a login is made with; user, host and the rest stay, so that the text still says what it is
about. By its looks alone nobody can tell a password: only the places where one stands are known.

Forms: URL (RFC 3986, userinfo), libpq's words and URIs (PostgreSQL, libpq-connstring), ODBC and
ADO.NET pairs, query strings, shared access signatures, HTTP headers (RFC 6750, RFC 7617), options
of command lines, SQL's PASSWORD and IDENTIFIED BY, tokens that name their issuer themselves, and
notes of people, ``token: value``.

What follows the colon of a note is cut unless it is a word that goes on with a sentence, as in
``token: rotated in May`` (``notes.py`` has them): a word too much is lost rather than a secret
shown. Directly behind a colon that is a key's own (``acme:token:x``) nothing is: keys are names.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from nhigraph.facts import notes

#: What stands where a secret stood.
MARK: Final = "***"

#: Ends of names that say that the value is a secret; none may be longer than what is before "=".
_NAMES: Final = (
    r"(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?"
    r"|(?:api|access|account|private|shared|signing|storage|encryption|primary|secondary)[_-]?key"
    r"|sharedaccesssignature|(?:\A|[^A-Za-z])(?:pass|pw|sig|dsn))"
)
_PASSWORDS: Final = r"(?:passw(?:or)?d|passphrase|passcode|pwd)"
#: A value in quotes, in braces, or up to what ends it in a list of pairs.
_VALUE: Final = (
    r"(?P<s>'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?|\{[^}]*\}?|[^\s=;&'\"{](?:\\.|[^\s;&])*)"
)
#: What a note calls a secret: the names above, and keys in two words.
_NOTED: Final = (
    rf"(?i:{_NAMES}|(?:api|access|account|private|shared|signing|storage|encryption)[ ]key)"
    r"[\"'`*]*\s*:(?:[*]{2}|`)?"
)
#: Its value in a note, behind words that may stand before one: in quotes, in braces, or a word.
_NOTE: Final = (
    rf"(?i:(?:(?:{'|'.join(notes.BEFORE)}),?\s+){{0,4}})(?:[*]{{2}}|`)?(?P<note>)"
    r"(?P<s>'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?|\{[^}]*\}?|\[[^\]]*\]?"
    r"|(?:[!&|>]\S*\s+)?(?:[*][^\s*\"'`.:;,)}\]]|[^\s;&'\"{\[*`])(?:\\.|[^\s;&])*)"
)
#: Several words may be one secret.
_PHRASE: Final = r"(?i:passphrase)[\"'`*]*\s*:"
_PHRASED: Final = r"(?P<note>)(?P<s>[^\s;&'\"{\[*`][^\n;,]*)"
_URL: Final = r"://[^\s/?#@:\[]*:(?P<s>\S)"

#: Patterns that hold in keys too: nothing that a key is made of looks like them.
_IN_KEYS: Final = (
    rf"(?i:{_NAMES}[\"']?\s*=\s*){_VALUE}",
    r"(?P<s>\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}))",
    r"(?P<s>\b(?:xox[a-z]-[\w-]{10,}|sk_(?:live|test)_\w{10,}|AIza[\w-]{30,}))",
    r"(?P<s>\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)",
    r"(?s:(?P<s>-----BEGIN [A-Z ]*PRIVATE KEY-----.*))",
    rf"{_PHRASE}(?:(?:[*]{{2}}|`)\s*|\s+){_PHRASED}",
    rf"{_NOTED}\s+{_NOTE}",
)
#: Patterns of other texts.
_IN_TEXTS: Final = (
    *_IN_KEYS,
    rf"{_PHRASE}{_PHRASED}",
    rf"(?:\A|[^\w:/.#@%-])[\w.-]{{0,64}}?{_NOTED}{_NOTE}",
    rf"(?i:\"{_NAMES}\"\s*:\s*){_VALUE}",
    r"(?i:\bauthorization[\"']?\s*[:=]\s*[\"']?(?:[a-z]+\s+)?)(?P<s>[^\s\"']+)",
    r"(?i:\b(?:bearer|basic)\s+)(?P<s>[\w.~+/=-]{6,})",
    rf"(?i:-{_NAMES}\s+)(?P<s>[^\s-]\S*)",
    r"(?:\s-u\s+[^\s:]{1,128}:)(?P<s>\S+)",
    r"(?i:\b(?:password|identified\s+by)\s+)(?P<s>'(?:[^'\\]|\\.)*'?)",
    r"[\w.%+-]{1,64}:(?P<s>[^\s:@/]{1,512})@(?P<host>[\w.-]+)(?::\d|/\w)",
    r"[\w.%+-]{1,64}/(?P<s>[^\s:@/]{1,512})@(?P<host>//|[\w.-]+:\d)",
)
#: What follows "bearer" and "basic" where these are words of a sentence.
_WORDS: Final = frozenset(
    {"access", "auth", "authentication", "authorisation", "authorization", "credential"}
    | {"credentials", "header", "headers", "login", "plan", "scheme", "support", "token", "tokens"}
)

#: What points at a secret, behind the colon of a note: an expression of a workflow, a key, a date.
_POINTS = re.compile(
    r"\$\{\{\s*(?:secrets|vars|inputs|env|github|steps|needs|matrix)\.[\w.-]+\s*\}\}"
    r"|(?:arn:aws[\w-]*:|op://|(?:dataset|github|gitlab|k8s|role|secret):\S*/)\S"
    r"|\d{4}-\d\d-\d\d(?![\w-])"
    r"|\{\s*(?:key|kind|tag|name|owner|dbt|downstream_of)\s*:"
)

#: GitHub's permission of that name, which is none.
_PERMISSION = re.compile(r"id-token\s*[:=]\s*(?:read|write|none)\Z")

#: The subject of a token of GitHub's, with numbers after the names: ``repo:acme@12/erp@34:…``
#: (https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims).
_SUBJECT = re.compile(r"repo:[\w.-]+@\d+/")

#: Members of a claim that name a node or a gate.
_KEYS: Final = frozenset({"key", "from", "to", "gate", "downstream_of"})

_KEY_PATTERNS = tuple(re.compile(pattern) for pattern in _IN_KEYS)
_TEXT_PATTERNS = tuple(re.compile(pattern) for pattern in _IN_TEXTS)
_USER = re.compile(r"://[^\s/?#@:\[]*:")
_PORT_ENDS = re.compile(r"[/?#]|\Z")
#: A port, or the first of several hosts with theirs; or what stands for one, or nothing.
_PORT = re.compile(r"\d*(?:,.*)?|\W.*")
_WORD = re.compile(r"\S+")


def _plain(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


#: One pattern for engines without groups and looking around, for whole columns: where it does not
#: match there is nothing to cut.
SUSPECT_KEY: Final = "|".join(_plain(pattern) for pattern in (_URL, *_IN_KEYS))
SUSPECT_TEXT: Final = "|".join(_plain(pattern) for pattern in (_URL, *_IN_TEXTS))
#: What every secret that is cut from a text stands beside; most texts have none of it.
_IN_KEY = r"=|://|@|-----BEGIN|gh[pousr]_|github_pat_|glpat-|xox|sk_|AIza|eyJ"
_BESIDE_IN_KEY: Final = rf"{_IN_KEY}|:\s|:[*`]"
#: A key is a secret where one of these says whose: every record of ours has a ``key:``.
_KEYS_OF: Final = (
    *("api", "access", "account", "private", "shared", "signing", "storage", "encryption"),
    *("primary", "secondary"),
)
_BESIDE_IN_TEXT: Final = (
    rf"{_IN_KEY}|(?i:passw|passphrase|passcode|pwd|\"\s*:|authorization|bearer|basic|--|\s-u\s"
    rf"|identified|-(?:secret|token|credential|sharedaccess|(?:{'|'.join(_KEYS_OF)})[_-]?key"
    rf"|[^A-Za-z](?:pass|pw|sig|dsn))"
    rf"|(?:secret|token|credentials?|(?:{'|'.join(_KEYS_OF)})[ _-]?key|signature"
    r"|pass|pw|sig|dsn)[\"'`*]*\s*:)"
)
#: What a text of ASCII has one of, in small letters, where the pattern for texts matches: asked
#: first, as looking for words takes a tenth of the time that a pattern does.
_SIGNS: Final = (
    *('"', "--", "=", "://", "@", "-u", "key", "pass", "pw", "secret", "token", "credential"),
    *("sig", "dsn", "authorization", "bearer", "basic", "identified", "gho_", "ghp_", "ghr_"),
    *("ghs_", "ghu_", "github_pat_", "glpat-", "xox", "sk_", "aiza", "eyj"),
)
_KEY_MAY_HOLD = re.compile(_BESIDE_IN_KEY)
_TEXT_MAY_HOLD = re.compile(_BESIDE_IN_TEXT)
#: The same for engines whose ``\s`` is ASCII: cheap, where the patterns above are dear.
_SPACE: Final = r"[\s\pZ\x0b\x1c-\x1f\x{85}]"
BESIDE_KEY: Final = _BESIDE_IN_KEY.replace(r"\s", _SPACE)
BESIDE_TEXT: Final = _BESIDE_IN_TEXT.replace(r"\s", _SPACE)


def cut(text: str) -> str:
    """A text of a document without the secrets in it."""
    if not _has_sign(text) or _TEXT_MAY_HOLD.search(text) is None:
        return text
    return _cut(text, _TEXT_PATTERNS)


def _has_sign(text: str) -> bool:
    """Whether anything stands in a text that a secret stands beside; false is never wrong."""
    if not text.isascii():
        return True  # Capitals outside ASCII are some of its letters to a pattern.
    small = text.lower()
    for sign in _SIGNS:
        if sign in small and (sign != "key" or any(whose in small for whose in _KEYS_OF)):
            return True
    return False


@lru_cache(maxsize=1 << 14)
def cut_condition(text: str) -> str:
    """A condition without the secrets in it: many edges hold on the same few."""
    return cut(text)


@lru_cache(maxsize=1 << 16)
def cut_key(key: str) -> str:
    """A key without the secrets in it: the same wherever the key is named."""
    return key if _KEY_MAY_HOLD.search(key) is None else _cut(key, _KEY_PATTERNS)


def holds(text: str) -> bool:
    """Whether a secret stands in a text, as in ``postgres://loader:…@db/erp``."""
    return cut(text) != text


def _cut(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    if "://" in text:
        text = _WORD.sub(_address, text)
    for pattern in patterns:
        text = pattern.sub(_masked, text)
    return text


def _address(word: re.Match[str]) -> str:
    """A word with an address in it: the password, which may hold ``@``, ends at the last one.

    Without one it was cut off there, unless what stands in its place is a port.
    """
    found = word[0]
    user = _USER.search(found)
    if user is None:
        return found
    start, end = user.end(), found.rfind("@")
    if end <= start:
        end = _PORT_ENDS.search(found, start).start()  # type: ignore[union-attr] # at the end, too
        if _PORT.fullmatch(found, start, end):
            return found
    return f"{found[:start]}{MARK}{found[end:]}"


def _masked(match: re.Match[str]) -> str:
    whole, start = match[0], match.start()
    if _is_none(match):
        return whole
    first, last = match.start("s") - start, match.end("s") - start
    return f"{whole[:first]}{MARK}{whole[last:]}"


def _is_none(match: re.Match[str]) -> bool:
    """Whether what looks like a secret is a word of a sentence, or the digest of an image."""
    named = match.groupdict()
    if str(named.get("host", "")).lower().startswith("sha"):
        return True
    if "note" in named and _goes_on(match):
        return True
    if _SUBJECT.match(match[0]):
        return True
    if _PERMISSION.search(match.string, max(0, match.start() - 3), match.end()):
        return True
    value = match["s"].rstrip(".,:;)")
    return value.lower() in _WORDS or MARK in value


def _goes_on(note: re.Match[str]) -> bool:
    """Whether a note does not tell the secret but speaks of it, or points at it."""
    first = note["s"].split(maxsplit=1)[0].strip(".,:;()[]?!").lower()
    return first in notes.SENTENCES or _POINTS.match(note.string, note.start("s")) is not None


def cut_within(value: object, *, key: bool = False) -> object:
    """A value of a document with its texts cut, whatever holds them; ``key`` for keys.

    A member of a mapping is a key where its name says so.
    """
    if isinstance(value, str):
        return cut_key(value) if key else cut(value)
    if isinstance(value, list | tuple):
        return type(value)(cut_within(item, key=key) for item in value)
    if isinstance(value, Mapping):
        return {
            cut(name) if isinstance(name, str) else name: cut_within(item, key=name in _KEYS)
            for name, item in value.items()
        }
    return value
