"""What a Python model of dbt runs and names beside ``dbt.ref`` and ``dbt.source``.

Its second argument is the session of the platform, Snowpark's, Spark's or the adapter's own
(https://docs.getdbt.com/docs/build/python-models, read 30 November 2026), and does whatever the
role of the run may: ``session.sql("…")`` runs a statement, ``session.table("…")`` reads, and
``df.write.save_as_table("…")`` writes, by whatever names the code has for these. Tried with
dbt-core 1.11.16 on DuckDB.
"""

import ast
from collections.abc import Iterator
from typing import Final

from nhigraph.policy.dbt_macros import Script
from nhigraph.records import dataclass

LONGEST: Final = 200_000
#: Methods that are given a statement, a relation to read, and one to write.
_RUN: Final = frozenset({"sql", "execute", "executemany"})
_READ: Final = frozenset({"table"})
_WRITE: Final = frozenset(
    {"save_as_table", "saveAsTable", "insert_into", "insertInto", "writeTo"}
    | {"to_table", "to_sql", "write_pandas"}
)
_READ_AS: Final = "SELECT * FROM {}"
_WRITTEN_AS: Final = "INSERT INTO {} SELECT NULL"
#: Of these the relation is the second.
_SECOND: Final = frozenset({"write_pandas"})
_KEYWORDS: Final = frozenset({"query", "sqlQuery", "name", "tableName", "table_name"})
_OWN: Final = "dbt"
_MODEL: Final = "model"
_QUERY: Final = ("SELECT", "WITH", "FROM")
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_BRANCHES: Final = (
    ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.Match, ast.Lambda, ast.BoolOp,
    ast.comprehension, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found.

    Attributes:
        scripts: SQL that it runs; a relation that it reads or writes as a statement that does.
        problem: Why there may be more; empty where nothing speaks for it.
    """

    scripts: tuple[Script, ...] = ()
    problem: str = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """Those that read."""
        return tuple(
            one.sql for one in self.scripts if one.sql.lstrip().upper().startswith(_QUERY)
        )


def beside(text: str) -> Beside:
    """Read the code of a model."""
    if len(text) > LONGEST:
        return Beside(problem=f"its {len(text)} characters are more than the {LONGEST} read")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Beside(problem="its code could not be parsed")
    found: dict[Script, None] = {}
    problem = ""
    for call, always in _calls(tree, always=True):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, on = call.func.attr, call.func.value
        if name not in _RUN | _READ | _WRITE or (isinstance(on, ast.Name) and on.id == _OWN):
            continue
        named = [one.value for one in call.keywords if one.arg in _KEYWORDS]
        given = next(iter([*call.args[name in _SECOND :], *named]), None)
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            found[Script(_statement(name, given.value), always)] = None
        elif given is not None:
            what = "which statement it runs" if name in _RUN else "which relation it names"
            problem = problem or f"{what} in {name}() is decided as it runs"
    return Beside(tuple(found), problem)


def _calls(node: ast.AST, *, always: bool) -> Iterator[tuple[ast.Call, bool]]:
    """Calls, and whether every run of the model makes them."""
    for child in ast.iter_child_nodes(node):
        runs = always and not isinstance(child, _BRANCHES)
        runs = runs and (not isinstance(child, _FUNCTIONS) or child.name == _MODEL)
        if isinstance(child, ast.Call):
            yield child, runs
        yield from _calls(child, always=runs)


def _statement(name: str, given: str) -> str:
    form = _READ_AS if name in _READ else _WRITTEN_AS if name in _WRITE else "{}"
    return form.replace("{}", given)
