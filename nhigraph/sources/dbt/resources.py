"""What a manifest holds, record by record: typed, with the key of the relation each one has."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Gap, Refused
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document, required
from nhigraph.ingest.fields import Record
from nhigraph.policy import dbt as policy
from nhigraph.records import dataclass
from nhigraph.schema.types import FLOWING

#: Resources that have a relation of their own.
RELATIONS = ("model", "seed", "snapshot", "source")
#: Other resources a manifest keeps among its nodes: read, or counted in a note.
OTHERS = ("test", "operation", "analysis", "sql_operation", "sql operation", "rpc")

_WIDTH = 3
#: What a record runs beside its query.
_HOOKS = ("pre-hook", "pre_hook", "post-hook", "post_hook", "sql_header")
#: Records of these make no relation of anything.
_MAKING_NOTHING = frozenset({"test", "analysis", "unit_test", "group", "doc"})


@dataclass(frozen=True)
class Resource:
    """One node or source of a manifest.

    Attributes:
        record: Where it stands.
        uid: Its ``unique_id``, the key under which it stands.
        type: Its ``resource_type``.
        package: Package that declares it.
        name: Its name, with the version (``.v2``) where it has one.
        parts: Database, schema and name of its relation, folded; absent where it has none.
        platform: The adapter.
        depends: ``depends_on.nodes`` in order.
        ephemeral: Whether it is only ever a CTE of others.
    """

    record: Record
    uid: str
    type: str
    package: str
    name: str
    platform: str
    parts: tuple[str, str, str] | None = None
    depends: tuple[str, ...] = ()
    ephemeral: bool = False

    @property
    def key(self) -> str:
        """Key of its relation."""
        return keys.Dataset.of(self.platform, self.parts or ("", "", self.name)).text

    @property
    def label(self) -> str:
        """Schema and name: the same, whichever resource speaks of the relation."""
        return ".".join(part for part in (self.parts or ())[1:] if part)

    @cached_property
    def config(self) -> Record:
        """Its configuration."""
        return section(self.record, "config")

    def setting(self, name: str) -> str | None:
        """Text that stands in the configuration or, in some versions, beside it."""
        return self.config.text(name) or self.record.text(name)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Its tags, wherever this version keeps them."""
        return tuple(sorted({*tags_of(self.record), *tags_of(self.config)}))


def tags_of(record: Record) -> tuple[str, ...]:
    """Tags; one alone may stand without a list."""
    tags = record.body.get("tags")
    return (tags,) if isinstance(tags, str) else record.texts("tags")


def section(record: Record, name: str) -> Record:
    """A mapping inside a record; an absent one is empty.

    Raises:
        InputError: Something else stands there.
    """
    value = record.body.get(name)
    body = {} if value is None else fields.mapping(record.doc, value, *record.pointer, name)
    return Record(
        record.doc, body, (*record.pointer, name) if value is not None else record.pointer
    )


def members(doc: Document, name: str, *, needed: bool = False) -> Iterator[tuple[str, Record]]:
    """The records of one part of the manifest, by unique id.

    Raises:
        InputError: A needed part is no mapping, or missing.
    """
    value = required(doc, doc.content, name) if needed else doc.content.get(name)
    if value is None and not needed:
        return
    if not needed and not isinstance(value, dict):
        # As if it were a record that is none: whoever reads the part refuses it.
        yield name, Record(doc, {}, (name,))
        return
    for uid, body in fields.mapping(doc, value, name).items():
        # What is no mapping is read as an empty record, which lacks its name and is refused so.
        yield uid, Record(doc, body if isinstance(body, dict) else {}, (name, uid))


class Project:
    """A manifest's resources by unique id, and what had to be refused of them.

    Attributes:
        doc: The manifest.
        platform: Its adapter, which is the platform in every key.
        by_id: Resources that could be read.
        lost: Keys of the relations of those, as far as they can be told, with their places.
    """

    def __init__(self, doc: Document) -> None:
        """Read every node and source.

        Raises:
            InputError: The manifest as a whole is not of a kind that is read.
        """
        self.doc = doc
        self.metadata = Record(
            doc,
            fields.mapping(doc, required(doc, doc.content, "metadata"), "metadata"),
            ("metadata",),
        )
        self.platform = self._platform()
        self.by_id: dict[str, Resource] = {}
        self._refused: list[tuple[Record, InputError]] = []
        self.lost: dict[str, Record] = {}
        for part in ("nodes", "sources"):
            for uid, record in members(doc, part, needed=True):
                try:
                    self.by_id[uid] = self._resource(uid, record)
                except InputError as error:
                    self._refused.append((record, error))
                    self._lose(record)

    def _lose(self, record: Record) -> None:
        """Keep the relation of a record that is refused: other documents may speak of it."""
        try:
            parts = self._parts(record, record.required("name"))
        except InputError:
            return
        self.lost[keys.Dataset.of(self.platform, parts).text] = record

    def _platform(self) -> str:
        platform = self.metadata.required("adapter_type")
        if not policy.PLATFORM.match(platform):
            problem = "expected the name of an adapter, such as postgres"
            raise InputError(self.doc.artifact, "/metadata/adapter_type", problem)
        return policy.platform(platform)

    def of(self, *types: str) -> Iterator[Resource]:
        """Resources of some types."""
        return (resource for resource in self.by_id.values() if resource.type in types)

    @cached_property
    def name(self) -> str:
        """The project's name; empty where an old manifest's digest is of no package in it."""
        stated = self.metadata.text("project_name")
        packages = sorted({resource.package for resource in self.by_id.values()})
        return stated or next((one for one in packages if self.is_root(one)), "")

    @property
    def key(self) -> str:
        """Key of the project."""
        checkout = self.doc.checkout
        home = keys.repository_named(checkout.repository) if checkout else None
        return keys.Project(self.name, home).text

    def is_root(self, package: str) -> bool:
        """Whether a package is this project, not one it has installed."""
        name, digest = self.metadata.text("project_name"), self.metadata.text("project_id")
        return policy.root_package(name, digest, package)

    def _resource(self, uid: str, record: Record) -> Resource:
        type_ = record.text("resource_type") or uid.partition(".")[0]
        if type_ not in (*RELATIONS, *OTHERS):
            raise record.fail("resource_type", f"{fields.quoted(type_)} is not known")
        name, version = record.required("name"), record.text("version")
        config = section(record, "config")
        ephemeral = type_ == "model" and config.text("materialized") == "ephemeral"
        return Resource(
            record,
            uid,
            type_,
            record.required("package_name"),
            f"{name}.v{version}" if version else name,
            self.platform,
            self._parts(record, name) if type_ in RELATIONS else None,
            section(record, "depends_on").texts("nodes"),
            ephemeral,
        )

    def refuse(self, resource: Resource, error: InputError) -> None:
        """Take a resource out whose record cannot be read after all."""
        self.by_id.pop(resource.uid, None)
        self._refused.append((resource.record, error))
        if resource.parts is not None:
            self.lost[resource.key] = resource.record

    def lose(self, record: Record, error: InputError) -> None:
        """Note a record that is none of the resources, and cannot be read."""
        self._refused.append((record, error))

    def refusals(self) -> Iterator[Refused]:
        """Records that could not be read."""
        return (self.refusal(record, error) for record, error in self._refused)

    def refusal(self, record: Record, error: InputError) -> Refused:
        """A record that could not be read; how its inputs go on from there is not known.

        It may be made of anything where its inputs cannot be read, and what it runs beside its
        query may read, and write, what is no input.
        """
        if str(record.pointer[-1]).partition(".")[0] in _MAKING_NOTHING:
            return record.refused(error)
        inputs, whole = _inputs(record)
        reason = f"a record that depends on it was refused: {fields.said(error)}"
        known = [self.by_id[uid].key for uid in inputs if uid in self.by_id]
        left = [Gap(key, reason, record.evidence, FLOWING) for key in known]
        return record.refused(error, left, of_anybody=not whole)

    def _parts(self, record: Record, name: str) -> tuple[str, str, str]:
        relation = record.text("relation_name")
        if relation is None:
            return self._configured(record, name)
        if "://" in relation or relation.lstrip("'\"`").startswith("@"):
            # dbt-duckdb writes the place of an external source here; it may hold a credential.
            raise record.fail("relation_name", "a file or stage, which is no relation")
        parts = keys.relation(self.platform, relation)
        if parts is None or len(parts) > _WIDTH:
            raise record.fail("relation_name", "expected database, schema and name of a relation")
        # Platforms without databases, such as Spark, name schema and table only.
        padded = (*("",) * (_WIDTH - len(parts)), *parts)
        return padded[0], padded[1], padded[2]

    def _configured(self, record: Record, name: str) -> tuple[str, str, str]:
        """Relation of what has no ``relation_name``: ephemeral, or not compiled in v4 to v6."""
        last = record.text("identifier") or record.text("alias") or name
        wanted = section(record, "quoting")
        overall = section(self.metadata, "quoting")
        found = []
        for part, text in (
            ("database", record.text("database") or ""),
            ("schema", record.text("schema") or ""),
            ("identifier", last),
        ):
            default = policy.quoted_by_default(self.platform)
            choice = [wanted.flag(part), overall.flag(part), default]
            quoted = next(value for value in choice if value is not None)
            found.append(keys.fold(self.platform, text, quoted=quoted))
        return found[0], found[1], found[2]


def _inputs(record: Record) -> tuple[tuple[str, ...], bool]:
    """What a record that was refused depends on, and whether that is all that it may read."""
    try:
        hooks = [section(record, "config").body.get(name) for name in _HOOKS]
        inputs = section(record, "depends_on").texts("nodes")
    except InputError:
        return (), False
    return inputs, bool(record.body) and not any(hooks)


def meta_of(resource: Resource) -> Mapping[str, object]:
    """Its free-form ``meta``, wherever this version keeps it."""
    return {**section(resource.record, "meta").body, **section(resource.config, "meta").body}
