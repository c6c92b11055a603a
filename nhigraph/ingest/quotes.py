"""What of a place may be quoted, so that a reader finds it in the document again.

Evidence keeps up to two lines: what the record around the place is called, and the place itself.
A scalar is quoted as it stands, a container by the names of its members: values below it may be
secret. Where the form of a document fixes what its records are called by (our own forms and
exports, dbt's manifest), a record's name and its yes and no are quoted with it: a file of one line
is searched by these. A forge's listings have names that people write freely: there they are not.
Secrets are cut from every line by the rule of ``facts.passwords``. A place that may be secret is
not quoted, unless all that stands there is the name of a secret or variable.
"""

import re
from collections.abc import Sequence
from typing import Final

from nhigraph.facts import passwords
from nhigraph.facts.evidence import EXCERPT_LIMIT

#: Members that say which record it is.
TELLING: Final = (
    *("id", "database", "schema", "table", "name", "key", "role", "member"),
    *("grantee", "privilege", "user", "host", "kind", "from", "to"),
)
#: Records stand in sections: ``/roles/7``, ``/nodes/model.erp.revenue``.
_DEPTH: Final = 2
#: Longest value of one of these, and most of them in one line.
_TOLD: Final = 80
_MOST: Final = 3
#: All that stands there is a reference: what it leads to is kept elsewhere.
_REFERENCE = re.compile(
    r"\$\{\{\s*(?:secrets|vars|inputs|env|github|steps|needs|matrix)\.[\w.-]+\s*\}\}"
    r"|\{\{\s*env_var\(\s*(?:'\w+'|\"\w+\")\s*\)\s*\}\}"
    r"|\$\w+|\$\{\w+\}"
)


def has_records(content: object) -> bool:
    """Whether a document is of a form that fixes what its records are called by."""
    if not isinstance(content, dict):
        return False
    about = content.get("metadata")
    manifest = isinstance(about, dict) and "dbt_schema_version" in about
    return manifest or "nhigraph_export" in content or "nhigraph" in content


def quoted(value: object, around: Sequence[object], *, may_be_secret: bool) -> str:
    """The excerpt of a place; empty where it may be secret.

    Args:
        value: What stands there.
        around: The containers on the way to it, the document's root first.
        may_be_secret: Nothing is quoted but a reference.
    """
    if may_be_secret and not (isinstance(value, str) and _REFERENCE.fullmatch(value.strip())):
        return ""
    if len(around) < _DEPTH or not has_records(around[0]):
        return _line(_shown(value))
    if len(around) == _DEPTH:
        return _line(_shown(value, of_record=True))
    record = around[_DEPTH]
    told = record.items() if isinstance(record, dict) else ()
    named = {name: one for name, one in told if name in TELLING and _tells(one)}
    others = [name for name in TELLING if name in named and named[name] is not value]
    about = _line(", ".join(f"{name}: {named[name]}" for name in others[:_MOST]))
    return "\n".join(line for line in (about, _line(_shown(value))) if line)


def _tells(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _TOLD


def _shown(value: object, *, of_record: bool = False) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(_member(*item, told=of_record) for item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{len(value)} items]"
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return str(value) if value != "" else '""'


def _member(name: object, value: object, *, told: bool) -> str:
    if told and (value is None or isinstance(value, bool)):
        return f"{name}: {_WORDS[value]}"
    if told and name in TELLING and _tells(value):
        return f"{name}: {value}"
    return str(name)


#: As both JSON and YAML write them.
_WORDS: Final = {None: "null", True: "true", False: "false"}


def _line(text: str) -> str:
    return passwords.cut(" ".join(text.split()))[:EXCERPT_LIMIT]
