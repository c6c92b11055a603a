"""Functions of dbt 1.11: SQL of their own, between relations and the models that call them.

They stand in ``functions`` of the manifest, not among its nodes, and ``dbt build`` deploys them.
Seen with dbt-core 1.11.16: ``depends_on`` of a function has what ``ref`` names and leaves out what
``source`` names, which stands in ``sources`` alone. So all three are taken: ``depends_on``,
``sources`` and the relations that the text itself names.
"""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.ingest.fields import Record
from nhigraph.policy import dbt as policy
from nhigraph.policy.dbt_macros import render
from nhigraph.policy.dbt_values import is_untold
from nhigraph.policy.sql_usage import Unparsed, usage
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.sources.dbt import described
from nhigraph.sources.dbt.hooks import Hooks
from nhigraph.sources.dbt.resources import RELATIONS, Project, Resource, members, section


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        key: Its logic.
        inputs: Keys of the relations it reads, with their labels.
        calls: Unique ids of further functions it calls.
        missing: What it reads that the manifest does not hold, or only a run can tell.
    """

    key: str
    inputs: tuple[tuple[str, str], ...]
    calls: tuple[str, ...]
    missing: tuple[str, ...]


class Functions:
    """The functions of a project, by unique id."""

    def __init__(self, project: Project, hooks: Hooks) -> None:
        """Read what each of them reads."""
        self._project, self._hooks = project, hooks
        self._resources: dict[str, Resource] = {}
        for uid, record in _records(project):
            try:
                self._resources[uid] = _resource(project, uid, record)
            except InputError as error:
                project.lose(record, error)
        self._found = {uid: self._function(one) for uid, one in self._resources.items()}

    def facts(self) -> Iterator[tuple[Resource, Node]]:
        """Their logic: who changes it changes what the models make of it."""
        for uid, resource in self._resources.items():
            at = resource.record.doc.at(*resource.record.pointer, excerpt=False)
            props = {**described.file_props(resource), "dbt_function": True}
            yield resource, Node(k.MODEL, self._found[uid].key, at, resource.name, props=props)

    def called(self, uid: str) -> list[Function]:
        """A function and all that it calls; empty where the manifest does not hold it."""
        found: dict[str, Function] = {}
        waiting = [uid]
        while waiting:
            one = waiting.pop()
            if one in self._found and one not in found:
                found[one] = self._found[one]
                waiting += found[one].calls
        return list(found.values())

    def _function(self, resource: Resource) -> Function:
        inputs: dict[str, str] = {}
        calls, missing = [], []
        for uid in resource.depends:
            known = self._project.by_id.get(uid)
            if known is not None and known.type in RELATIONS:
                inputs[known.key] = known.label
            elif uid in self._resources:
                calls.append(uid)
            else:
                missing.append(uid)
        text = resource.record.text("raw_code") or ""
        rendered = render(text, self._hooks.place(resource), self._hooks.library)
        for relation in rendered.named:
            inputs[self._hooks.key_of(relation)] = ".".join(relation.parts[1:])
        for script in rendered.scripts:
            for parts in _read(script.sql, policy.DIALECTS.get(resource.platform)):
                if is_untold(parts):
                    missing.append("a relation whose name only the run can tell")
                else:
                    key, label = self._hooks.whole(resource, parts)
                    inputs[key] = label
        missing += rendered.problems
        key = keys.Model(keys.Package(resource.package), f"function {resource.name}").text
        return Function(key, tuple(sorted(inputs.items())), tuple(calls), tuple(missing))


def used(function: Function, target: str, at: Evidence) -> Iterator[Fact]:
    """The edges into a relation whose model calls a function."""
    yield Edge(k.COMPUTES, function.key, target, at)
    for source, label in function.inputs:
        yield Node(k.DATASET, source, at, name=label)
        for kind in (k.FEEDS, k.FILTERS):
            yield Edge(kind, source, target, at)


def _records(project: Project) -> Iterator[tuple[str, Record]]:
    if isinstance(project.doc.content.get("functions"), dict):
        yield from members(project.doc, "functions")


def _resource(project: Project, uid: str, record: Record) -> Resource:
    for name in ("raw_code", "schema", "database", "original_file_path"):
        record.text(name)
    described.file_props(found := _plain(project, uid, record))
    return found


def _plain(project: Project, uid: str, record: Record) -> Resource:
    return Resource(
        record,
        uid,
        "function",
        record.required("package_name"),
        record.required("name"),
        project.platform,
        None,
        section(record, "depends_on").texts("nodes"),
    )


def _read(sql: str, dialect: str | None) -> Iterator[tuple[str, ...]]:
    """Relations in a body: a query, or an expression."""
    for text in (sql, f"select ({sql})") if dialect is not None else ():
        found = usage(text, dialect or "")
        if not isinstance(found, Unparsed):
            yield from found.relations
            return
