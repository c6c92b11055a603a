"""Do the tests notice? Random one-line changes of the modules that decide, run in a copy.

    python -m benchmarks.mutants [--count N] [--seed N] [--modules FILE ...] [--only NUMBER ...]

Each mutant changes one expression or statement of one module: a comparison turned, `and` for
`or`, a `not` dropped, a number off by one, a truth value or word changed, two arguments swapped,
`any` for `all`, a statement removed. It is applied to a copy of the tree in a temporary folder,
and the tests run there: first the two-minute subset, then, for survivors, the wider suite.
Text for people (a string with a space in it, parts of f-strings, docstrings) is not changed.
What survives is printed with its difference: equivalent, or a case that nobody wrote.
"""

import argparse
import ast
import copy
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = (
    "nhigraph/graph/merge.py",
    "nhigraph/assurance/verdict.py",
    "nhigraph/assurance/gates.py",
    "nhigraph/assurance/answer.py",
    "nhigraph/app/questions",
    "nhigraph/assurance/check_scope.py",
)
VIGNETTES = "tests/property/test_vignettes.py"
ORACLE = "tests/property/test_engine_equals_oracle.py"
#: Tests that speak of a module beside the unit folder of its package.
NEAR = {
    "app": (
        "tests/unit/app",
        "tests/e2e/test_questions.py",
        "tests/property/test_questions_equal_verdicts.py",
    ),
    "graph": ("tests/unit/graph", "tests/property/test_append.py", VIGNETTES),
    "facts": ("tests/unit/facts", "tests/property/test_keys.py", "tests/unit/joins"),
    "joins": ("tests/unit/joins", "tests/property/test_joins.py"),
    "assurance": ("tests/unit/assurance", VIGNETTES),
}
WIDER = (
    ORACLE,
    "tests/property/test_laws.py",
    "tests/property/test_laws_of_loss.py",
    "tests/unit",
    "tests/contract",
    "tests/e2e",
)
LEFT_OUT = ("tests/unit/output/test_pages_in_browser.py", "tests/unit/policy")
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OTHER_NAME = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One changed place of one module."""

    module: str
    line: int
    what: str
    text: str

    def difference(self) -> str:
        """The lines before and after."""
        old = (ROOT / self.module).read_text("utf-8").splitlines()
        lines = difflib.unified_diff(old, self.text.splitlines(), n=0, lineterm="")
        return "\n".join(line for line in lines if line[:2] not in {"--", "++", "@@"})


def _expressions(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Each way to change one expression, and nothing inside it."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in _TURNED:
        new.ops[0] = _TURNED[type(new.ops[0])]()
        yield "comparison turned", new
    elif isinstance(new, ast.BoolOp):
        new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
        yield "and/or", new
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not):
        yield "not dropped", new.operand
    elif isinstance(new, ast.BinOp) and isinstance(new.op, ast.BitOr | ast.BitAnd):
        new.op = ast.BitAnd() if isinstance(new.op, ast.BitOr) else ast.BitOr()
        yield "&/|", new
    elif isinstance(new, ast.IfExp):
        new.body, new.orelse = new.orelse, new.body
        yield "branches swapped", new
    elif isinstance(new, ast.Call):
        if len(new.args) > 1 and not any(isinstance(a, ast.Starred) for a in new.args[:2]):
            new.args[:2] = new.args[1::-1]
            yield "arguments swapped", new
        elif isinstance(new.func, ast.Name) and new.func.id in _OTHER_NAME:
            new.func.id = _OTHER_NAME[new.func.id]
            yield "any/all, min/max", new
    elif isinstance(new, ast.Constant):
        yield from _constants(new)


def _constants(new: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(new.value, bool):
        yield "constant", ast.Constant(not new.value)
    elif isinstance(new.value, int):
        yield "off by one", ast.Constant(new.value + 1)
    elif isinstance(new.value, str) and new.value and " " not in new.value:
        yield "constant", ast.Constant(new.value + "_")


def _removable(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return not node.orelse
    loose = isinstance(node, ast.AugAssign | ast.Continue | ast.Break)
    return loose or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield))


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs: no annotations, docstrings, parts of f-strings, words of an error."""
    held: list[ast.AST] = [tree]
    while held:
        node = held.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_params"}:
                continue
            children = value if isinstance(value, list) else [value]
            for child in children:
                told = isinstance(child, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom)
                text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
                if isinstance(child, ast.AST) and not told and not text:
                    held.append(child)


def _replaced(source: str, node: ast.expr | ast.stmt, text: str) -> str:
    """The source with one node's text replaced; columns count bytes."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = lines[first][: node.col_offset]
    after = lines[last][node.end_col_offset :]
    changed = [*lines[:first], before + text.encode() + after, *lines[last + 1 :]]
    return b"".join(changed).decode()


def mutants_of(module: str) -> list[Mutant]:
    """All mutants of a module that compile and are other code."""
    source = (ROOT / module).read_text("utf-8")
    tree = ast.parse(source)
    same = ast.dump(tree)
    found: list[Mutant] = []
    for node in _places(tree):
        changes: list[tuple[str, str]] = []
        if isinstance(node, ast.expr):
            changes = [(what, f"({ast.unparse(new)})") for what, new in _expressions(node)]
        elif isinstance(node, ast.stmt) and _removable(node):
            changes = [("statement removed", "pass")]
        for what, text in changes:
            assert isinstance(node, ast.expr | ast.stmt)
            changed = _replaced(source, node, text)
            try:
                other = ast.dump(ast.parse(changed)) != same
            except SyntaxError:
                continue  # the key of a keyword, a name in a pattern
            if other:
                found.append(Mutant(module, node.lineno, what, changed))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.what, mutant.text))


def mutants_in(place: str) -> list[Mutant]:
    """The mutants of a module, or of all modules of a package."""
    found = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
    return [mutant for path in found for mutant in mutants_of(str(path.relative_to(ROOT)))]


def chosen(modules: list[str], count: int, seed: int) -> list[Mutant]:
    """So many of them, drawn from the modules by turns."""
    pools = [mutants_in(module) for module in modules]
    for module, pool in zip(modules, pools, strict=True):
        random.Random(f"{seed} {module}").shuffle(pool)  # the same, whatever else is asked
    found: list[Mutant] = []
    while len(found) < count and any(pools):
        found += [pool.pop() for pool in pools if pool][: count - len(found)]
    return found


def _copied(folder: Path) -> Path:
    """The tracked files of this tree, as they are now."""
    done = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git made this checkout
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    tree = folder / "tree"
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


def _fails(tree: Path, tests: list[str], seconds: float) -> str:
    """The first test that fails, or nothing."""
    known = [test for test in tests if (tree / test).exists()]
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *known]
    words += [f"--ignore={path}" for path in LEFT_OUT]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own tests, in a copy of our own tree
            words,
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "never ends"
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0][:150] if failed else f"exit code {done.returncode}: {done.stdout[-200:]}"


def killed_by(mutant: Mutant, tree: Path, *, narrow: bool) -> str:
    """What notices a mutant; the module is as it was afterwards."""
    path = tree / mutant.module
    kept = path.read_bytes()
    path.write_text(mutant.text, "utf-8")
    package = mutant.module.split("/")[1]
    stem = Path(mutant.module).stem
    own = sorted((tree / "tests/unit" / package).glob(f"test_{stem}*.py"))
    first = [str(file.relative_to(tree)) for file in own]
    try:
        if narrow:
            return _fails(tree, [*first, *NEAR[package]], 240)
        return _fails(tree, list(WIDER), 1800)
    finally:
        path.write_bytes(kept)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=60)
    options.add_argument("--seed", type=int, default=8)
    options.add_argument("--modules", nargs="*", default=list(MODULES))
    options.add_argument("--only", nargs="*", type=int, default=[])
    asked = options.parse_args()
    modules = [module for module in asked.modules if (ROOT / module).exists()]
    drawn = list(enumerate(chosen(modules, asked.count, asked.seed)))
    drawn = [(n, mutant) for n, mutant in drawn if not asked.only or n in asked.only]
    survived: list[tuple[int, Mutant]] = []
    with tempfile.TemporaryDirectory() as folder:
        tree = _copied(Path(folder))
        for narrow in (True, False):
            again, survived = survived if not narrow else drawn, []
            for number, mutant in again:
                began = time.perf_counter()
                by = killed_by(mutant, tree, narrow=narrow)
                if not by:
                    survived.append((number, mutant))
                print(
                    f"{number:3} {mutant.module}:{mutant.line} {mutant.what}: "
                    f"{by or 'SURVIVED'} ({time.perf_counter() - began:.0f} s)",
                    flush=True,
                )
            print(f"after {'the subset' if narrow else 'all'}: {len(survived)} left", flush=True)
    print(f"\n{len(drawn) - len(survived)} of {len(drawn)} killed")
    for number, mutant in survived:
        print(f"\n{number} {mutant.module}:{mutant.line} {mutant.what}\n{mutant.difference()}")


if __name__ == "__main__":
    main()
