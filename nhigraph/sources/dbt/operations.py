"""Macros of the project that run statements by themselves, for ``dbt run-operation``.

A macro that nobody runs does nothing. So what it would do stands in ends ``Would`` of its node,
and becomes edges where a job names it. It is read without arguments: those are in the command.
Macros that run nothing stand in ``quiet`` of the end ``Project``.
https://docs.getdbt.com/reference/commands/run-operation
"""

from collections.abc import Iterator

from nhigraph.facts import ends, keys
from nhigraph.facts.ends import Would
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.ingest.fields import Record
from nhigraph.policy.dbt_macros import call
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.dbt.hook_texts import Hook
from nhigraph.sources.dbt.hooks import Hooks, Logic
from nhigraph.sources.dbt.resources import Project, Resource, members


def read(project: Project, hooks: Hooks) -> Iterator[Fact]:
    """Yield the macros of the root package that run a statement."""
    quiet = []
    for uid, record in members(project.doc, "macros"):
        package, name = record.body.get("package_name"), record.body.get("name")
        text = record.body.get("macro_sql")
        named = isinstance(package, str) and isinstance(name, str) and isinstance(text, str)
        if not named or not project.is_root(str(package)):
            continue
        logic = Logic(
            keys.Model(keys.Package(str(package)), f"macro {name}").text,
            _resource(project, uid, record),
        )
        place = hooks.place(logic.resource)
        found = call((str(package), str(name)), place, hooks.library)
        if not found.scripts and not found.problems:
            quiet.append(str(name))
            continue
        hooks.rendered(logic, Hook("run", str(text), (*record.pointer, "macro_sql")), found)
        at = record.doc.at(*record.pointer, excerpt=False)
        yield Node(k.MODEL, logic.key, at, name=f"macro {name}")
        yield from _effects(logic, at)
        yield Edge(k.CONTAINS, project.key, logic.key, at)
        yield from (fact for fact in logic.facts if isinstance(fact, Node))
    if quiet:
        at = project.doc.at("macros", excerpt=False)
        yield Node(k.SYSTEM, project.key, at)
        yield ends.Project(project.key, at, name=project.name, quiet=tuple(sorted(quiet)))


def _resource(project: Project, uid: str, record: Record) -> Resource:
    package, name = str(record.body.get("package_name")), str(record.body.get("name"))
    return Resource(record, uid, "macro", package, name, project.platform)


def _effects(logic: Logic, at: Evidence) -> Iterator[Would]:
    sure: dict[str, bool] = {}
    for fact in logic.facts:
        if isinstance(fact, Gap):
            yield Would(logic.key, at, source=fact.at, reason=fact.reason)
        elif isinstance(fact, Edge) and fact.kind is k.COMPUTES:
            sure[fact.target] = sure.get(fact.target, False) or _certain(fact)
        elif isinstance(fact, Edge) and fact.kind in (k.FEEDS, k.FILTERS):
            yield Would(
                logic.key,
                at,
                effect=fact.kind.label,
                source=fact.source,
                target=fact.target,
                certain=_certain(fact),
            )
    for _, verb, target in logic.writes:
        yield Would(
            logic.key,
            at,
            effect=k.COMPUTES.label,
            source=logic.key,
            target=target,
            verb=verb,
            certain=sure.get(target, False),
        )


def _certain(edge: Edge) -> bool:
    return edge.certainty is Certainty.CERTAIN
