"""What docstrings say: attributes of a class, members of an enumeration, headed parts."""

import ast
import inspect
import re
import textwrap
from collections.abc import Sequence
from enum import Enum

_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {6,}.*)*)", re.MULTILINE)


def attributes(of: type) -> dict[str, str]:
    """Attribute to sentence, as the docstrings of a class and its bases say under Attributes."""
    found: dict[str, str] = {}
    for one in reversed(of.__mro__):
        told = inspect.cleandoc(one.__doc__ or "").partition("\nAttributes:\n")[2]
        found |= {name: " ".join(said.split()) for name, said in _ATTRIBUTE.findall(told)}
    return found


def members(of: type[Enum]) -> dict[str, str]:
    """Member to the sentence under it, as far as there is one."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(of))).body[0]
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class
    found = {}
    for this, after in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(this, ast.Assign)
            and isinstance(this.targets[0], ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[this.targets[0].id] = str(after.value.value)
    return found


def headed(text: str, headings: Sequence[str]) -> dict[str, str]:
    """The parts of a docstring that stand under headings such as ``Blind spots:``.

    A part may follow on the line of its heading, with a colon, or be indented below it, without.
    """
    names = "|".join(map(re.escape, headings))
    found = {}
    for part in re.split(rf"^(?=(?:{names}):? ?)", text, flags=re.MULTILINE):
        told = re.match(rf"({names})(?::[ \n]|\n)(.*)", part, flags=re.DOTALL)
        if told:
            found[told[1]] = told[2].strip("\n")
    return found
