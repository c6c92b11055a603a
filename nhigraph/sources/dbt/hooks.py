"""Hooks and operations: statements that dbt runs beside a model, with the rights of the run.

A hook is logic of the node it hangs on: what its statements write is computed by the model (a seed
has a node of its own for them, an ``on-run-start`` or ``on-run-end`` operation too) and fed by
what they read. Each relation beside the model's own is an end ``Writes`` of that node, so that a
run computes it as far as its role may; ``props.on_run`` says that every run
does. What cannot be read off the manifest is a gap at the node, at its relation and at what the
hook names.

Tried with dbt-core 1.11.16 on PostgreSQL 15 (``tests/unit/sources/dbt_hooks.json``):

* A ``ref`` or ``source`` in a hook stands in ``depends_on`` of the model, and feeds no row of it.
* Hooks of ephemeral models never run.
* ``sql_header`` is run before the statement that builds a model, and so is what its text runs by
  ``run_query`` and ``statement``, also by way of macros; of that, what writes or grants counts.
  So is what the code of a Python model runs (``policy/dbt_python.py``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.policy import dbt as policy
from nhigraph.policy import dbt_python
from nhigraph.policy.dbt_beside import Beside
from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_macros import Rendered, Script, render
from nhigraph.policy.dbt_values import Relation, as_given, is_untold
from nhigraph.policy.sql_usage import OUTSIDE
from nhigraph.policy.sql_usage.grants import Right
from nhigraph.policy.sql_usage.statements import Unread, Write, statements
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING, Certainty, State
from nhigraph.sources.dbt import grants, written
from nhigraph.sources.dbt.hook_texts import NAMES, PYTHON, Hook, body, hooks
from nhigraph.sources.dbt.lineage import edges, quote_mark, ref_forms
from nhigraph.sources.dbt.resources import RELATIONS, Project, Resource, members, section

_LOGIC = (State.CONTROL, State.ALTER)
_BRANCH = "a condition in the hook decides whether it runs"


@dataclass(slots=True)
class Logic:
    """The node that hooks belong to, and what they were found to do."""

    key: str
    resource: Resource
    facts: list[Fact] = field(default_factory=list)
    writes: dict[tuple[str, str, str], None] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


class Hooks:
    """The hooks of one project.

    Attributes:
        library: Its macros.
    """

    def __init__(self, project: Project) -> None:
        """Collect macros and the names of relations."""
        self._project = project
        self.library = _library(project)
        self._beside = Beside(_library(project))
        self._refs: dict[tuple[str, ...], Relation] = {}
        self._sources: dict[tuple[str, str], Relation] = {}
        self._keys: dict[Relation, str] = {}
        self._places: dict[str, Place] = {}
        for resource in project.of(*RELATIONS):
            self._name(resource)
        self._target = _target(project)

    def _name(self, resource: Resource) -> None:
        relation = _relation(resource)
        self._keys[relation] = resource.key
        if resource.type == "source":
            source = resource.record.text("source_name") or ""
            self._sources[source, resource.record.required("name")] = relation
            return
        for form in ref_forms(resource):
            self._refs.setdefault(form, relation)

    # -- what hooks do --------------------------------------------------------------------------

    def of(self, resource: Resource) -> Logic | None:
        """What the hooks of a model, seed or snapshot do, or an operation; None without any."""
        found = [*hooks(resource)] if not resource.ephemeral else []
        own = body(resource, self._beside)
        if not found and own is None:
            return None
        logic = Logic(keys.Model(keys.Package(resource.package), resource.name).text, resource)
        for hook in found:
            self._read(logic, hook)
        if own is not None:
            self._run(logic, own)
        return logic

    def _run(self, logic: Logic, body: Hook) -> None:
        """What a model's text writes on the way; what it only asks is lineage's to tell."""
        if body.when == PYTHON:
            code = dbt_python.beside(body.text or "")
            problems = (code.problem,) if code.problem else ()
            self.rendered(logic, body, Rendered(code.scripts, problems))
            return
        dialect = policy.DIALECTS.get(logic.resource.platform)
        found = self._beside.scripts(body.text or "", self.place(logic.resource))
        kept = tuple(
            script
            for script in (found if dialect is not None else ())
            if any(isinstance(one, Write | Right) for one in statements(script.sql, dialect or ""))
        )
        self.rendered(logic, body, Rendered(kept))

    def _read(self, logic: Logic, hook: Hook) -> None:
        resource = logic.resource
        at = resource.record.doc.at(*hook.place, excerpt=False)
        if hook.text is None:
            why = "it is neither a text nor a mapping with sql"
            self._gaps(logic, hook, [why], at)
            return
        self.rendered(logic, hook, render(hook.text, self.place(resource), self.library))

    def rendered(self, logic: Logic, hook: Hook, found: Rendered) -> None:
        """Add what a text does that became SQL."""
        resource = logic.resource
        dialect = policy.DIALECTS.get(resource.platform)
        at = resource.record.doc.at(*hook.place, excerpt=False)
        logic.named |= {self._keys[one] for one in found.named if one in self._keys}
        problems = [*found.problems]
        if dialect is None:
            problems.append(f"no parser for the SQL of {resource.platform}")
        for script in found.scripts if dialect is not None else ():
            for one in statements(script.sql, dialect or ""):
                problems += self._statement(logic, hook, one, script, at)
        self._gaps(logic, hook, problems, at)

    def _statement(
        self, logic: Logic, hook: Hook, one: Write | Right | Unread, script: Script, at: Evidence
    ) -> Iterator[str]:
        """Add the facts of one statement, and yield why it may do more."""
        if isinstance(one, Unread):
            self._may_write(logic, one.named, at)
            yield one.reason
        elif isinstance(one, Right):
            yield from self._granted(logic, one, at)
        elif is_untold(one.target):
            self._may_write(logic, one.uses, at)
            yield "which relation it writes is decided as it runs"
        else:
            files = [what for what in one.hidden if what == OUTSIDE]
            called = [what for what in one.hidden if what != OUTSIDE]
            whys = [f"it reads {what}, which is no relation" for what in files]
            whys += [f"what {', '.join(called)} reads is not followed"] if called else []
            logic.facts += [Note(f"{logic.resource.uid}: {why}", at) for why in whys]
            yield from self._written(logic, hook, one, script, at)

    def _may_write(self, logic: Logic, relations: Iterable[Sequence[str]], at: Evidence) -> None:
        """Relations that a statement names of which nobody can tell what it does."""
        for parts in relations:
            if is_untold(parts):
                continue  # It may be any; the gap at the logic says so.
            key, label = self.whole(logic.resource, parts)
            logic.named.add(key)
            logic.facts.append(Node(k.DATASET, key, at, name=label))

    def _written(
        self, logic: Logic, hook: Hook, write: Write, script: Script, at: Evidence
    ) -> Iterator[str]:
        target, label = self.whole(logic.resource, write.target)
        branch = "" if script.always else _BRANCH
        logic.facts.append(Node(k.DATASET, target, at, name=label))
        condition = _joined(branch, _searched(write.target))
        if not (logic.resource.parts and target == logic.resource.key):
            certainty = Certainty.CONDITIONAL if condition else Certainty.CERTAIN
            logic.facts.append(
                Edge(
                    k.COMPUTES,
                    logic.key,
                    target,
                    at,
                    certainty=certainty,
                    condition=condition or None,
                )
            )
            logic.writes[hook.when, write.verb, target] = None
        for parts, use in sorted(write.uses.items()):
            if is_untold(parts):
                yield "which relation it reads is decided as it runs"
                continue
            source, label = self.whole(logic.resource, parts)
            logic.named.add(source)
            if source == target:
                continue
            logic.facts.append(Node(k.DATASET, source, at, name=label))
            why = _joined(condition, _searched(parts))
            logic.facts += edges(source, target, use, at, why or None)

    def _granted(self, logic: Logic, right: Right, at: Evidence) -> Iterator[str]:
        untold = is_untold((*right.thing, *right.roles))
        if untold or logic.resource.platform not in policy.ROLE_PLATFORMS:
            yield "what it grants, or to whom, is decided as it runs"
            return
        if right.schema:
            target = self._container(logic.resource, right.thing)
            logic.facts.append(Node(k.CONTAINER, target, at, name=right.thing[-1]))
        else:
            target, label = self.whole(logic.resource, right.thing)
            logic.facts.append(Node(k.DATASET, target, at, name=label))
        given = grants.on_schema if right.schema == "itself" else grants.granted
        for role in right.roles:
            logic.facts += given(logic.resource, right.privilege, role, target, at)

    def _gaps(self, logic: Logic, hook: Hook, problems: Sequence[str], at: Evidence) -> None:
        if not problems:
            return
        reason = f"what its {NAMES[hook.when]} does is not all read: {problems[0]}"
        logic.facts.append(Gap(logic.key, reason, at, _LOGIC))
        own = {logic.resource.key} if logic.resource.parts else set()
        for key in sorted(own | logic.named):
            logic.facts.append(Gap(key, f"{logic.resource.uid}: {reason}", at, FLOWING))

    def key_of(self, relation: Relation) -> str:
        """Key of a relation that Jinja named."""
        return (
            self._keys.get(relation)
            or keys.Dataset.of(self._project.platform, relation.parts).text
        )

    def whole(self, resource: Resource, parts: Sequence[str]) -> tuple[str, str]:
        """Key and label of a relation that SQL names."""
        return written.standing_for(resource.platform, parts, self._own(resource))

    # -- names ----------------------------------------------------------------------------------

    def place(self, resource: Resource) -> Place:
        """What names stand for in the Jinja of a resource."""
        if resource.uid not in self._places:
            self._places[resource.uid] = self._place(resource)
        return self._places[resource.uid]

    def _place(self, resource: Resource) -> Place:
        record = resource.record
        schema, database = record.text("schema"), record.text("database")
        names: dict[str, object] = {
            "target": self._target,
            "schemas": self._schemas(),
            "model": as_given(record.body),
            "config": as_given(_config(resource)),
        }
        if resource.parts is not None:
            names |= {"this": _relation(resource), "schema": schema, "database": database}
        else:
            # A name that is not there is one that only a run can tell.
            names |= {part: self._target[part] for part in _TWO if part in self._target}
        return Place(resource.package, names, self._refs, self._sources)

    def _schemas(self) -> list[str]:
        """Schemas that a run makes: https://docs.getdbt.com/reference/dbt-jinja-functions/schemas."""
        built = self._project.of("model", "seed", "snapshot")
        return sorted({one.parts[1] for one in built if one.parts and not one.ephemeral})

    def _own(self, resource: Resource) -> tuple[str, str, str]:
        if resource.parts is not None:
            return resource.parts
        database, schema = (str(self._target.get(part) or "") for part in _TWO)
        return database, schema, ""

    def _container(self, resource: Resource, parts: Sequence[str]) -> str:
        database, schema, _ = written.whole((*parts, ""), self._own(resource))
        return keys.Container.of(resource.platform, database, schema).text


def _config(resource: Resource) -> dict[str, object]:
    """What ``config.get`` answers: what is set, and what stands in ``meta``."""
    meta = resource.config.body.get("meta")
    return {**(meta if isinstance(meta, dict) else {}), **resource.config.body}


_TWO = ("database", "schema")


def _joined(*conditions: str) -> str:
    return " and ".join(one for one in conditions if one)


def _searched(parts: Sequence[str]) -> str:
    if not written.is_searched(parts):
        return ""
    return f"{parts[0]} is named without a schema: the search path decides"


def _relation(resource: Resource) -> Relation:
    parts = resource.parts or ("", "", resource.name)
    name = policy.cte_names(resource.record.required("name"))[0] if resource.ephemeral else ""
    return Relation(parts, quote_mark(resource.platform), cte=name)


def _library(project: Project) -> Library:
    texts = {}
    for _, record in members(project.doc, "macros"):
        package, text = record.body.get("package_name"), record.body.get("macro_sql")
        name = record.body.get("name")
        if isinstance(package, str) and isinstance(text, str) and isinstance(name, str):
            texts[package, name] = text
    return Library(texts, project.name, project.platform)


def _target(project: Project) -> dict[str, object]:
    """What ``target`` is: where the models are built that ask for no place of their own.

    https://docs.getdbt.com/docs/build/custom-schemas: a project may make names otherwise.
    """
    overridden = any(
        record.body.get("name") in ("generate_schema_name", "generate_database_name")
        and project.is_root(str(record.body.get("package_name")))
        for _, record in members(project.doc, "macros")
    )
    found: dict[str, object] = {"type": project.platform}
    if overridden:
        return found
    for part in ("schema", "database"):
        plain = {
            one.record.text(part)
            for one in project.of("model", "seed")
            if project.is_root(one.package) and not section(one.record, "config").text(part)
        }
        if len(plain) == 1:
            found[part] = plain.pop()
    found |= {"dbname": found["database"]} if "database" in found else {}
    return found
