"""Facts of a manifest beside lineage: relations, logic, tests, grants, exposures."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from nhigraph.errors import InputError
from nhigraph.facts import ends, keys
from nhigraph.facts.ends import Holder, Writes
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.ingest.fields import Record
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.dbt import described, exposures, grants, located, operations, replaced
from nhigraph.sources.dbt.functions import Functions, used
from nhigraph.sources.dbt.hook_texts import BEFORE
from nhigraph.sources.dbt.hooks import Hooks, Logic
from nhigraph.sources.dbt.lineage import Lineage, check
from nhigraph.sources.dbt.resources import RELATIONS, Project, Resource, members

#: Parts of a manifest that are counted and not read, and what that leaves open.
_COUNTED = (
    ("metrics", "metrics", "what they are made of is followed for exposures only"),
    ("semantic_models", "semantic models", "followed for exposures only"),
    ("saved_queries", "saved queries", "what they export is not read"),
    ("unit_tests", "unit tests", "they run on invented rows and write nothing"),
)


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one manifest says.

    Raises:
        InputError: It is of a version, or of a shape, that is not read.
    """
    project = Project(doc)
    yield from _project(project)
    yield _holder(project)
    groups = described.group_owners(project)
    stated = [(resource, _stated(project, resource, groups)) for resource in _relations(project)]
    containers: set[str] = set()
    for resource, facts in stated:
        # A record whose facts cannot all be made has been taken out: its dependents say so.
        if facts is not None:
            yield from facts
            yield from _contained(resource, containers)
            yield from located.read(resource)
    hooks = Hooks(project)
    hooked: dict[str, Collection[str]] = {}
    for resource in [*project.of("model", "seed", "snapshot", "operation")]:
        logic = _hooked(project, hooks, resource)
        if logic is not None:
            hooked[resource.uid] = logic.named
            yield from _beside(project, logic)
    yield from operations.read(project, hooks)
    yield from replaced.read(project)
    functions = Functions(project, hooks)
    for resource, node in functions.facts():
        yield node
        yield Edge(k.CONTAINS, project.key, node.key, node.evidence)
        yield from _in_checkout(project, resource, node.key)
    lineage = Lineage(project, hooked, partial(_called, functions))
    for resource in project.of("model", "snapshot"):
        yield from lineage.read(resource)
    for resource in project.of("test"):
        yield from _test(project, resource)
    yield from exposures.read(project)
    yield from _remarks(project)
    yield from _lost(project)
    yield from _misformed(doc)
    yield from project.refusals()


def _misformed(doc: Document) -> Iterator[Refused]:
    """Parts that are no mapping, and that are read by no reader of records of their own.

    What hooks and models run and compute may stand in macros and functions.
    """
    for name in ("functions", "groups", "macros"):
        if not isinstance(doc.content.get(name, {}), dict | None):
            reason = "expected a mapping of records by their unique id"
            at = doc.at(name, excerpt=False)
            yield Refused(reason, at, of_anybody=name != "groups")


def _lost(project: Project) -> Iterator[Fact]:
    """Relations whose records were refused: what they are made of is not known."""
    for key, record in sorted(project.lost.items()):
        at = record.doc.at(*record.pointer, excerpt=False)
        yield Node(k.DATASET, key, at)
        yield Gap(key, "its record in the manifest was refused: what it is made of", at)


_TARGET = "/target/manifest.json"


def _project(project: Project) -> Iterator[Fact]:
    """What a run of dbt builds, as one thing; its folder where the manifest lies in ``target``.

    https://docs.getdbt.com/reference/global-configs/json-artifacts: the default of target-path.
    """
    doc, checkout = project.doc, project.doc.checkout
    props: dict[str, Value] = {"dbt_project": project.name, "manifest": True}
    folders: tuple[str, ...] = ()
    if checkout is not None:
        props["repository"] = checkout.repository
        if f"/{checkout.path}".endswith(_TARGET):
            folders = (f"/{checkout.path}"[1 : -len(_TARGET)],)
            props["folders"] = folders
    place = doc.at("metadata", *_first(project.metadata, "project_name", "project_id"))
    yield Node(k.SYSTEM, project.key, place, name=f"dbt project {project.name}", props=props)
    yield ends.Project(
        project.key,
        place,
        name=project.name,
        repository=keys.repository_named(checkout.repository).text if checkout else "",
        folders=folders,
        described=True,
    )


def _holder(project: Project) -> Holder:
    """Whose packages and exposures these are: an installed package is another one in each project.

    Of two manifests that lie in no repository nobody knows whether they are of one project.
    """
    doc, checkout = project.doc, project.doc.checkout
    packages = {one.package for one in project.of(*RELATIONS, "operation", "function")}
    reports = [record.body.get("name") for _, record in members(doc, "exposures")]
    names = [f"dbt:{one}" for one in packages]
    names += [f"dbt report:{one}" for one in reports if isinstance(one, str)]
    repository = "" if checkout is None else checkout.repository
    if not repository:
        names.append(f"dbt project:{project.name}")
    return Holder(
        project.key,
        doc.at("metadata", excerpt=False),
        names=tuple(sorted(names)),
        proofs={"project": f"{repository} {project.name}"} if repository else {},
        label=repository,
        place=doc.artifact,
    )


def _relations(project: Project) -> list[Resource]:
    return list(project.of(*RELATIONS))


def _stated(project: Project, resource: Resource, groups: Mapping[str, str]) -> list[Fact] | None:
    """All that one resource says of itself; None, and a refusal, where part cannot be read."""
    try:
        check(resource)
        return [
            _relation(resource, groups),
            *_made_from(project, resource),
            *grants.read(resource),
        ]
    except InputError as error:
        project.refuse(resource, error)
        return None


def _relation(resource: Resource, groups: Mapping[str, str]) -> Node:
    at = _at_relation(resource)
    owner, props = described.owner(resource, groups), described.dataset_props(resource)
    return Node(k.DATASET, resource.key, at, name=resource.label, owner=owner, props=props)


def _at_relation(resource: Resource) -> Evidence:
    there = _first(resource.record, "relation_name", "alias", "identifier", "name")
    return resource.record.doc.at(*resource.record.pointer, *there)


def _contained(resource: Resource, known: set[str]) -> Iterator[Fact]:
    """The schema around a relation, once each."""
    if resource.ephemeral or resource.key in known:
        # An ephemeral model is text inside others: no right on a schema reaches it.
        return
    database, schema, _ = resource.parts or ("", "", "")
    key = keys.Container.of(resource.platform, database, schema).text
    at = _at_relation(resource)
    if key not in known:
        yield Node(k.CONTAINER, key, at, name=schema)
    yield Edge(k.CONTAINS, key, resource.key, at)
    known |= {key, resource.key}


def _made_from(project: Project, resource: Resource) -> Iterator[Fact]:
    if resource.type == "seed":
        yield from _seed(project, resource)
    elif resource.type != "source":
        yield from _logic(project, resource)


def _logic(project: Project, resource: Resource) -> Iterator[Fact]:
    """The SQL as a node of its own: who changes it changes what it computes."""
    key = keys.Model(keys.Package(resource.package), resource.name).text
    record = resource.record
    at = record.doc.at(*record.pointer, *_first(record, "original_file_path"))
    yield Node(k.MODEL, key, at, name=_file_name(record), props=described.model_props(resource))
    code = _first(record, "raw_code", "raw_sql", "compiled_code", "compiled_sql")
    yield Edge(k.COMPUTES, key, resource.key, record.doc.at(*record.pointer, *code, excerpt=False))
    yield Edge(k.CONTAINS, project.key, key, at)
    yield from _in_checkout(project, resource, key)


def _seed(project: Project, resource: Resource) -> Iterator[Fact]:
    """A seed's file in the project: who changes it changes the table."""
    key = keys.Seed(keys.Package(resource.package), resource.name).text
    record = resource.record
    at = record.doc.at(*record.pointer, *_first(record, "original_file_path"))
    yield Node(k.ARTIFACT, key, at, name=_file_name(record), props=described.file_props(resource))
    yield Edge(k.COMPUTES, key, resource.key, at)
    yield Edge(k.CONTAINS, project.key, key, at)
    yield from _in_checkout(project, resource, key)


def _called(functions: Functions, uid: str, target: str, at: Evidence) -> Iterator[Fact]:
    """What the call of a function means for the relation of the model that calls it."""
    found = functions.called(uid)
    if not found:
        yield Gap(target, f"it calls {uid}, which the manifest does not hold", at)
    for one in found:
        yield from used(one, target, at)
        for absent in one.missing:
            yield Gap(target, f"{uid} reads what is not in the manifest: {absent}", at)


def _hooked(project: Project, hooks: Hooks, resource: Resource) -> Logic | None:
    """What hooks do; an operation that cannot be read is refused."""
    try:
        return hooks.of(resource)
    except InputError as error:
        project.refuse(resource, error)
        return None


def _beside(project: Project, logic: Logic) -> Iterator[Fact]:
    """The hooks of a resource as logic: the model's own node, or one of theirs."""
    resource, record = logic.resource, logic.resource.record
    at = record.doc.at(*record.pointer, *_first(record, "original_file_path"))
    if resource.type not in ("model", "snapshot"):  # Their node is stated already.
        props: dict[str, Value] = {}
        if resource.type == "operation":
            props["on_run"] = True
        props |= described.file_props(resource)
        yield Node(k.MODEL, logic.key, at, name=f"hooks of {resource.name}", props=props)
        yield Edge(k.CONTAINS, project.key, logic.key, at)
        yield from _in_checkout(project, resource, logic.key)
    for when, verb, target in logic.writes:
        yield Writes(logic.key, at, target=target, verb=verb, before=when in BEFORE)
    yield from logic.facts


def _in_checkout(project: Project, resource: Resource, key: str) -> Iterator[Fact]:
    checkout = project.doc.checkout
    if checkout is None:
        return
    record = resource.record
    home = keys.repository_named(checkout.repository)
    repository = home.text
    at = record.doc.at(*record.pointer, *_first(record, "original_file_path"))
    yield Node(k.REPOSITORY, repository, at, name=home.name)
    if project.is_root(resource.package):
        yield Edge(k.CONTAINS, repository, key, at)
    else:
        # Installed packages lie elsewhere, but this project chooses them and may override them.
        condition = f"{resource.package} is an installed package, chosen in packages.yml"
        certainty = Certainty.CONDITIONAL
        yield Edge(k.CONTAINS, repository, key, at, certainty=certainty, condition=condition)


def _test(project: Project, resource: Resource) -> Iterator[Fact]:
    """One node for each (test, relation): tests are controls over what they look at."""
    for index, uid in enumerate(resource.depends):
        at = resource.record.doc.at(*resource.record.pointer, "depends_on", "nodes", index)
        tested = project.by_id.get(uid)
        if tested is None or tested.type not in RELATIONS:
            yield Note(f"{resource.uid} tests {uid}, which the manifest does not hold", at)
            continue
        props: dict[str, Value] = {"dbt_tests": (resource.uid,)}
        yield Node(k.DATASET, tested.key, at, name=tested.label, props=props)


def _remarks(project: Project) -> Iterator[Fact]:
    doc = project.doc
    analyses = sum(1 for _ in project.of("analysis", "sql_operation", "sql operation", "rpc"))
    if analyses:
        yield Note(f"{analyses} analyses are compiled and never run", doc.at("nodes"))
    for part, what, why in _COUNTED:
        value = doc.content.get(part)
        if isinstance(value, dict | list) and value:
            yield Note(f"{len(value)} {what}: {why}", doc.at(part, excerpt=False))
        elif value:
            yield Refused("expected a mapping by unique id", doc.at(part, excerpt=False))
    disabled = doc.content.get("disabled")
    if isinstance(disabled, dict | list) and disabled:
        resources = disabled.values() if isinstance(disabled, dict) else disabled
        count = sum(len(found) if isinstance(found, list) else 1 for found in resources)
        yield Note(f"{count} disabled resources are left out", doc.at("disabled", excerpt=False))


def _first(record: Record, *names: str) -> list[str]:
    """The first of these fields that is there, as the end of a pointer."""
    return [name for name in names if record.body.get(name)][:1]


def _file_name(record: Record) -> str:
    path = record.text("original_file_path") or record.required("name")
    return path.replace("\\", "/").rpartition("/")[2]
