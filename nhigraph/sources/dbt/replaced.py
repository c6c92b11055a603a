"""Macros of a project that dbt runs in the place of its own, materializations among them.

dbt looks for a macro in the project before its own packages, and for ``postgres__name`` and
``default__name`` where its own asks for ``name``
(https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch). Tried with dbt-core 1.11.16: a
``create_table_as`` or a materialization of the project's may run any statement beside. What such
a macro adds is not read, and told in one line; those that only make names are left out.
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.facts.facts import Note
from nhigraph.sources.dbt.resources import Project, members

_MATERIALIZATION: Final = "materialization_"
#: Macros of dbt's that make names, and run nothing.
_NAMES: Final = frozenset(
    {"generate_schema_name", "generate_schema_name_for_env", "generate_database_name"}
    | {"generate_alias_name", "ref", "source", "config", "builtins"}
)
_MOST: Final = 5


def read(project: Project) -> Iterator[Note]:
    """Yield the line, where there is any such macro."""
    packages = {"dbt", f"dbt_{project.platform}", "dbt_postgres"}
    own: set[str] = set()
    theirs: dict[str, str] = {}
    for uid, record in members(project.doc, "macros"):
        package, name = record.body.get("package_name"), record.body.get("name")
        if not isinstance(package, str) or not isinstance(name, str):
            continue
        if package in packages:
            own.add(name)
        elif project.is_root(package):
            theirs[name] = uid
    found = sorted(name for name in theirs if _replaces(name, own, project.platform))
    if found:
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        names = ", ".join(found[:_MOST]) + more
        reason = f"in place of dbt's own it runs {names}: what these do beside is not read"
        yield Note(reason, project.doc.at("macros", theirs[found[0]], excerpt=False))


def _replaces(name: str, own: set[str], platform: str) -> bool:
    if name.startswith(_MATERIALIZATION):
        return True
    plain = name
    for prefix in (f"{platform}__", "default__"):
        plain = plain.removeprefix(prefix)
    return plain not in _NAMES and (name in own or (plain != name and plain in own))
