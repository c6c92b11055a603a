"""Names under which people keep a secret itself, and texts in which one stands beside an address.

By the name alone nobody can tell: what only may be a secret counts as one, and is not kept.
"""

import re

from nhigraph.facts import passwords

#: Between the words of a name, and where one is written ``likeThis``.
_BETWEEN = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")
_SECRET = re.compile(
    r"pass_?(?:word(?!less)|wd|phrase|code|key)|secret(?!ar)|token(?!i[sz])|credential"
    r"|(?:private|access|api|account|shared|signing|ssh)_?key|keyfile_json"
    r"|connection_?string|pwd|(?:\A|_)dsn|dsn(?:_|\Z)|(?:\A|_)(?:db|pg|user)?pass(?:_|\Z)"
    r"|(?:\A|_)(?:creds?|pw)(?:_|\Z)"
)
#: Last words of names that point at a secret, tell one from another, or say something about it.
_ABOUT = re.compile(
    r"_(?:ids?|names?|paths?|files?|ur[il]|env|lines?|arn|ref|type|kind|method|format|version"
    r"|owner|status|state|store|manager|provider|vendor|issuer|policy|permissions|scopes?|scanning"
    r"|count|limit|length|age|days|lifetime|ttl|at|by|on|date|set|created|updated|changed|rotated"
    r"|rotation|revoked|used|expir\w+|exposed|required|enabled|literal)\Z"
)


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret's value, however the name is written."""
    words = _BETWEEN.sub("_", name.strip()).strip("_").lower()
    return _SECRET.search(words) is not None and _ABOUT.search(words) is None


def holds_password(text: str) -> bool:
    """Whether a secret stands in the text, as in ``postgres://loader:…@db/erp``."""
    return passwords.holds(text)
