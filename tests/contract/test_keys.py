"""Nobody but ``facts.keys`` puts a key's text together or takes it apart.

Asked of the source text: methods of strings that are given pieces of keys, and f-strings that
begin as a key does or have a word of keys between slashes.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "nhigraph"
CUTS = frozenset(
    {"partition", "rpartition", "split", "rsplit", "startswith", "endswith"}
    | {"removeprefix", "removesuffix", "replace", "find", "rfind", "index"}
)
WORDS = (
    *("job", "secret", "environment", "workflow", "protection", "protected-branch", "permission"),
    *("runner", "runner-group", "team", "action", "file"),
)
FAMILIES = (
    *("github", "role", "dataset", "cluster", "container", "grant", "model", "seed", "report"),
    *("connection", "project", "image", "fin", "trust", "recovery", "target", "gcp", "entra"),
    "logic",
)


def _piece(text: str) -> bool:
    """Whether a literal is a piece of keys."""
    inside = any(f"/{word}/" in text for word in WORDS)
    ends = any(text == f"/{word}" for word in ("protection", "permission"))
    permission = text.startswith("/permission/")
    return inside or ends or permission or _begins(text)


def _begins(text: str) -> bool:
    family, mark, rest = text.partition(":")
    return bool(mark) and family.partition("[")[0] in FAMILIES and not rest.startswith(" ")


def _literals(node: ast.AST) -> list[str]:
    return [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def found_in(source: str) -> list[tuple[int, str]]:
    """Lines on which a key is cut or put together as text, and the piece."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CUTS:
                pieces = [text for one in node.args for text in _literals(one) if _piece(text)]
                found += [(node.lineno, piece) for piece in pieces]
        elif isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            start = first.value if isinstance(first, ast.Constant) else ""
            texts = [str(one.value) for one in node.values if isinstance(one, ast.Constant)]
            inside = [t for t in texts if any(f"/{word}/" in t for word in WORDS)]
            if isinstance(start, str) and _begins(start):
                found.append((node.lineno, start))
            elif (
                inside and len(node.values) > 1 and isinstance(node.values[0], ast.FormattedValue)
            ):
                found.append((node.lineno, inside[0]))
    return found


@pytest.mark.parametrize(
    "source",
    [
        'key.partition("/job/")',
        'key.rpartition("/secret/")[0]',
        'key.startswith("github:")',
        'key.startswith(("github:", "x"))',
        'key.removesuffix("/protection")',
        'key.endswith("/permission/id-token:write")',
        'key.replace("/protected-branch/", "/protection/", 1)',
        'key.startswith(f"{repository}/environment/")',
        'f"role:{platform}:"',
        'f"dataset:postgres:{name}"',
        'f"{workflow}/secret/{name}"',
    ],
)
def test_cutting_is_seen(source: str) -> None:
    assert found_in(source)


@pytest.mark.parametrize(
    "source",
    ['path.rpartition("/")', 'f"target {name}"', 'word.startswith("--")', 'f"report: {path}"'],
)
def test_other_texts_are_left_alone(source: str) -> None:
    assert not found_in(source)


def test_nobody_else_cuts_a_key() -> None:
    cut = {
        f"{path.relative_to(PACKAGE)}:{line}: {piece!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "facts/keys" not in path.as_posix()
        for line, piece in found_in(path.read_text(encoding="utf-8"))
    }
    assert not cut
