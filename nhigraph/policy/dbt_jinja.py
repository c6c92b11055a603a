"""Resolves the Jinja of a model's raw SQL where text alone says what it becomes.

dbt compiles before it runs; a manifest of ``dbt parse`` has the raw SQL only. ``ref``, ``source``
and ``this`` become relations, ``config`` nothing, and ``is_incremental()`` both of its branches.
Whatever else stands there could become any SQL: then nothing is resolved.

https://docs.getdbt.com/reference/dbt-jinja-functions
"""

import ast
import re
from collections.abc import Mapping

from nhigraph.records import dataclass

_PIECES = re.compile(r"(\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_LONGEST_EXPRESSION = 10_000

#: Calls whose result is one value: harmless inside quotes, whatever it is.
_VALUES = {"var", "env_var"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in one model's Jinja stand for.

    Attributes:
        refs: Relation text by ``(name,)``, ``(package, name)``, each also with the version last.
        sources: Relation text by source and table name.
        this: Relation text of the model itself; absent where it has none.
    """

    refs: Mapping[tuple[str, ...], str]
    sources: Mapping[tuple[str, str], str]
    this: str | None


class _UnresolvedError(Exception):
    pass


def branches_on_incremental(raw: str) -> bool:
    """Whether a run can take another branch than the one that was compiled."""
    return "is_incremental" in raw


def resolve(raw: str, names: Names) -> tuple[str, ...] | None:
    """The SQL texts that the raw SQL can become; None where text alone does not say."""
    if "{" not in raw:
        return (raw,)
    try:
        texts = {_render(raw, names, incremental=incremental) for incremental in (False, True)}
    except _UnresolvedError:
        return None
    return tuple(sorted(texts))


def _render(raw: str, names: Names, *, incremental: bool) -> str:
    done = ""
    keep = [True]
    pieces = _PIECES.split(raw)
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            done += piece if keep[-1] else ""
        elif piece.startswith("{%"):
            _block(piece[2:-2].strip("-+ \t\r\n"), keep, incremental=incremental)
        elif piece.startswith("{{") and keep[-1]:
            quoted = done.endswith("'") and pieces[at + 1].startswith("'")
            inside = quoted and done.count("'") % 2 == 1
            done += _expression(piece[2:-2].strip("-+ \t\r\n"), names, inside=inside)
    if len(keep) != 1 or "{{" in done or "{%" in done:
        raise _UnresolvedError
    return done


def _block(text: str, keep: list[bool], *, incremental: bool) -> None:
    words = text.split()
    if words[:1] == ["snapshot"] or words == ["endsnapshot"]:
        return
    plain = "".join(words)
    if plain == "ifis_incremental()" and len(keep) == 1:
        keep.append(incremental)
    elif plain == "else" and len(keep) == 2:  # noqa: PLR2004 - inside one `if`
        keep[-1] = not incremental
    elif plain == "endif" and len(keep) == 2:  # noqa: PLR2004
        keep.pop()
    else:
        raise _UnresolvedError


def _expression(text: str, names: Names, *, inside: bool) -> str:
    if len(text) > _LONGEST_EXPRESSION:
        raise _UnresolvedError
    try:
        # The few expressions read here are written alike in Jinja and Python.
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _UnresolvedError from None
    if isinstance(tree, ast.Name) and tree.id == "this" and names.this is not None:
        return names.this
    if inside and _is_value(tree):
        return "x"
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        if tree.func.id == "config":
            return ""
        found = _relation(tree.func.id, tree, names)
        if found is not None:
            return found
    raise _UnresolvedError


def _is_value(tree: ast.expr) -> bool:
    if isinstance(tree, ast.Call):
        return isinstance(tree.func, ast.Name) and tree.func.id in _VALUES
    return (
        isinstance(tree, ast.Attribute)
        and isinstance(tree.value, ast.Name)
        and tree.value.id == "target"
    )


def _relation(function: str, call: ast.Call, names: Names) -> str | None:
    words = [item.value for item in call.args if isinstance(item, ast.Constant)]
    texts = [word for word in words if isinstance(word, str)]
    if len(texts) != len(call.args):
        return None
    if function == "source" and len(texts) == 2 and not call.keywords:  # noqa: PLR2004
        return names.sources.get((texts[0], texts[1]))
    if function != "ref" or not texts:
        return None
    for keyword in call.keywords:
        if keyword.arg not in {"v", "version"} or not isinstance(keyword.value, ast.Constant):
            return None
        if not isinstance(keyword.value.value, str | int):
            return None
        texts.append(f"v{keyword.value.value}")
    return names.refs.get(tuple(texts))
