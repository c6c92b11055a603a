"""What an error of ours says arrives: in one line, and with no word of it taken for a secret."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nhigraph
from nhigraph.facts.passwords import cut_key

PACKAGE = Path(nhigraph.__file__).parent


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts in ``raise`` statements, with a name where a value will stand."""
    for raised in (node for node in ast.walk(tree) if isinstance(node, ast.Raise)):
        for one in ast.walk(raised):
            if isinstance(one, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else "name" for p in one.values)
                yield raised.lineno, "".join(map(str, parts))
            elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield raised.lineno, one.value


def test_no_text_of_an_error_is_cut_or_broken() -> None:
    told = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            assert cut_key(text) == text, f"{path.name}:{line}: the printed error would lack words"
            assert "\n" not in text, f"{path.name}:{line}: printed as \\x0a"
            told += 1
    assert told > 300
