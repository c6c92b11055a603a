"""Which texts of a resource dbt runs as statements, and when."""

import json
from collections.abc import Iterator
from typing import Final

from nhigraph.policy.dbt_beside import Beside
from nhigraph.records import dataclass
from nhigraph.sources.dbt.resources import Resource

_PLACES: Final = (
    *(("pre-hook", "pre"), ("pre_hook", "pre")),
    *(("post-hook", "post"), ("post_hook", "post")),
)
PYTHON: Final = "python"
#: Where a model's code stands; what dbt compiled stands where it left out the other.
_CODES: Final = ("raw_code", "raw_sql", "compiled_code", "compiled_sql")
#: What a text is called, by when it runs.
NAMES: Final = dict.fromkeys(("start", "end", "run"), "text") | {
    "pre": "pre-hook",
    "post": "post-hook",
    "header": "sql_header",
    "body": "run_query",
    PYTHON: "code",
}
#: What runs before a relation is built.
BEFORE: Final = frozenset({"pre", "header", "body", PYTHON})


@dataclass(frozen=True, slots=True)
class Hook:
    """One text that dbt runs as a statement.

    Attributes:
        when: ``pre``, ``post``, ``start``, ``end``; ``run`` for what a command names, ``header``
            for what stands before a model's statement, ``body`` for what its text runs itself,
            ``python`` for code.
        text: Its SQL and Jinja; None where something else stands there.
        place: Pointer to it.
    """

    when: str
    text: str | None
    place: tuple[str | int, ...]


def body(resource: Resource, beside: Beside) -> Hook | None:
    """The text of a model or snapshot that may run statements of its own."""
    if resource.type not in ("model", "snapshot") or resource.ephemeral:
        return None
    name = "raw_code" if resource.record.body.get("raw_code") else "raw_sql"
    text = resource.record.text(name) or ""
    if resource.record.text("language") == PYTHON:
        code = next((one for one in _CODES if resource.record.text(one)), None)
        if code is None:
            return None  # That its inputs are taken for any use is said already.
        return Hook(PYTHON, resource.record.text(code), (*resource.record.pointer, code))
    return Hook("body", text, (*resource.record.pointer, name)) if beside.runs(text) else None


def hooks(resource: Resource) -> Iterator[Hook]:
    """The hooks of a resource, or the text of an operation."""
    if resource.type == "operation":
        name = "raw_code" if resource.record.body.get("raw_code") else "raw_sql"
        when = "start" if "on-run-start" in resource.tags else "end"
        place = (*resource.record.pointer, name)
        yield Hook(when, resource.record.text(name) or "", place)
        return
    header = resource.config.body.get("sql_header")
    if isinstance(header, str) and header.strip():
        yield Hook("header", header, (*resource.config.pointer, "sql_header"))
    for name, when in _PLACES:
        listed = resource.config.body.get(name)
        place = (*resource.config.pointer, name)
        for index, one in enumerate(listed if isinstance(listed, list) else [listed]):
            inner = (*place, index) if isinstance(listed, list) else place
            text = one.get("sql") if isinstance(one, dict) else one
            if isinstance(text, str):
                yield Hook(when, _plain(text), (*inner, "sql") if isinstance(one, dict) else inner)
            elif one:
                yield Hook(when, None, inner)


def _plain(text: str) -> str:
    """The SQL of a hook that says in JSON when it runs, as ``after_commit`` writes it."""
    if text.lstrip().startswith("{") and not text.lstrip().startswith(("{{", "{%", "{#")):
        try:
            said = json.loads(text)
        except ValueError:
            return text
        if isinstance(said, dict) and isinstance(said.get("sql"), str):
            return str(said["sql"])
    return text
