"""Edges from the inputs of a model or snapshot to its relation.

``depends_on`` says what the inputs are, the SQL how each is used. Where the SQL leaves it open,
both uses stand, with a note that keeps the reason: a use may be claimed too much, never missed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note
from nhigraph.policy import dbt as policy
from nhigraph.policy import dbt_jinja as jinja
from nhigraph.policy import dbt_python
from nhigraph.policy.sql_usage import OUTSIDE, Unparsed, Usage, Use, usage
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind
from nhigraph.sources.dbt import written
from nhigraph.sources.dbt.resources import RELATIONS, Project, Resource

BOTH = Use.VALUE | Use.ROWS

_EDGES: tuple[tuple[Use, EdgeKind], ...] = ((Use.VALUE, k.FEEDS), (Use.ROWS, k.FILTERS))
_COMPILED = ("compiled_code", "compiled_sql")
_RAW = ("raw_code", "raw_sql")


def check(resource: Resource) -> None:
    """Read every field that lineage needs, so that none of them is missed later.

    Raises:
        InputError: One of them is of the wrong type.
    """
    for name in (*_COMPILED, *_RAW, "language", "source_name", "schema", "database"):
        resource.record.text(name)
    for name in ("schema", "database"):
        resource.config.text(name)


@dataclass(slots=True)
class _Reading:
    """What the SQL of one resource says.

    Attributes:
        uses: Use of each relation it names, by key; absent where the SQL was not read.
        labels: Schema and name of each relation it names, by key.
        searched: Keys of relations named without a schema.
        remarks: What is worth a note.
        declared: Whether what ``depends_on`` leads to is used in ways that were read.
    """

    declared: bool = True
    uses: dict[str, Use] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    searched: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)


class Lineage:
    """Reads the lineage of a project, resource by resource."""

    def __init__(
        self,
        project: Project,
        hooked: Mapping[str, Collection[str]],
        called: Callable[[str, str, Evidence], Iterator[Fact]],
    ) -> None:
        """Collect the names under which ephemeral models stand in SQL.

        Args:
            project: The manifest.
            hooked: Keys of the relations that the hooks of a resource name, by its unique id.
            called: What the call of a function means for the relation of its caller.
        """
        self._project, self._hooked, self._called = project, hooked, called
        self._ctes: dict[str, str] = {}
        for resource in project.of("model"):
            if resource.ephemeral:
                names = {resource.record.required("name"), (resource.parts or ("",))[-1]}
                for name in names:
                    self._ctes.update(dict.fromkeys(policy.cte_names(name), resource.key))

    def read(self, resource: Resource) -> Iterator[Fact]:
        """Yield the edges into one model or snapshot."""
        reading = self._reading(resource)
        at_code = _code_evidence(resource)
        unnamed: list[str] = []
        inputs: set[str] = set()
        for index, uid in enumerate(resource.depends):
            at = resource.record.doc.at(*resource.record.pointer, "depends_on", "nodes", index)
            source = self._project.by_id.get(uid)
            if uid.startswith("function."):
                yield from self._called(uid, resource.key, at)
                continue
            if source is None or source.type not in RELATIONS:
                yield _missing(resource.key, uid, at)
                continue
            inputs.add(source.key)
            known = reading.uses if reading.declared else None
            use = BOTH if known is None else known.get(source.key)
            if use is None and source.key in self._hooked.get(resource.uid, ()):
                continue  # Named by a hook alone, which says itself what it feeds.
            if use is None:
                unnamed.append(uid)
                use = BOTH
            yield from edges(source.key, resource.key, use, at)
        if unnamed:
            names = ", ".join(unnamed)
            reading.remarks.append(f"the SQL does not name {names}: taken for any use")
        yield from self._undeclared(resource, reading, inputs, at_code)
        for remark in reading.remarks:
            yield Note(f"{resource.uid}: {remark}", at_code)

    def _undeclared(
        self, resource: Resource, reading: _Reading, inputs: set[str], at: Evidence
    ) -> Iterator[Fact]:
        """Edges from relations that the SQL names and ``depends_on`` does not."""
        for key, use in sorted((reading.uses or {}).items()):
            if key in inputs or key == resource.key:
                continue
            label = reading.labels[key]
            yield Node(k.DATASET, key, at, name=label)
            if key in reading.searched:
                condition = f"{label} is named without a schema: the search path decides"
                yield from edges(key, resource.key, use, at, condition)
            else:
                yield from edges(key, resource.key, use, at)
            why = "which is no relation that depends_on leads to"
            yield Note(f"{resource.uid}: the SQL reads {label}, {why}", at)

    # --- reading the SQL -----------------------------------------------------------------------

    def _reading(self, resource: Resource) -> _Reading:
        if resource.record.text("language") == "python":
            return self._coded(resource)
        texts, reason = self._texts(resource)
        dialect = policy.DIALECTS.get(resource.platform)
        if not reason and dialect is None:
            reason = f"no parser for the SQL of {resource.platform}"
        if reason or dialect is None:
            return _Reading(remarks=[f"{reason}: every input is taken for any use"])
        reading = _Reading(uses={})
        for text in texts:
            found = usage(text, dialect, self._ctes)
            if isinstance(found, Unparsed):
                reason = f"the SQL was not read ({found.reason})"
                return _Reading(remarks=[f"{reason}: every input is taken for any use"])
            self._add(reading, found, resource)
        if self._merges(resource):
            # What is written by key is kept or replaced by value: every value decides rows too.
            uses = reading.uses or {}
            reading.uses = {key: BOTH if Use.VALUE in use else use for key, use in uses.items()}
        reading.remarks = sorted(set(reading.remarks))
        return reading

    def _coded(self, resource: Resource) -> _Reading:
        """What a Python model reads beside ``dbt.ref`` and ``dbt.source``, for any use."""
        remark = "a python model, not SQL: every input is taken for any use"
        reading = _Reading(uses={}, remarks=[remark], declared=False)
        raw = next((text for name in _RAW if (text := resource.record.text(name))), "")
        dialect = policy.DIALECTS.get(resource.platform)
        for text in dbt_python.beside(raw).queries if dialect is not None else ():
            found = usage(text, dialect or "", self._ctes)
            if not isinstance(found, Unparsed):
                self._add(reading, found, resource)
        reading.uses = dict.fromkeys(reading.uses or {}, BOTH)
        return reading

    def _add(self, reading: _Reading, found: Usage, resource: Resource) -> None:
        uses = {} if reading.uses is None else reading.uses
        for parts, use in found.relations.items():
            key = self._ctes.get(parts[0].lower()) if len(parts) == 1 else None
            label = parts[0]
            if key is None:
                own = resource.parts or ("", "", "")
                key, label = written.standing_for(resource.platform, parts, own)
                if written.is_searched(parts):
                    reading.searched.add(key)
            reading.labels[key] = label
            uses[key] = uses.get(key, Use(0)) | use
        reading.uses = uses
        for what in found.hidden:
            called = f"what {what} reads is not in the SQL"
            outside = f"the SQL reads {what}, which is no relation"
            reading.remarks.append(outside if what == OUTSIDE else called)

    def _merges(self, resource: Resource) -> bool:
        return resource.type == "snapshot" or bool(resource.config.body.get("unique_key"))

    def _texts(self, resource: Resource) -> tuple[tuple[str, ...], str]:
        """The SQL a run may execute, and why there is none to read."""
        record = resource.record
        if (record.text("language") or "sql") != "sql":
            return (), f"a {record.text('language')} model, not SQL"
        compiled = next((text for name in _COMPILED if (text := record.text(name))), None)
        raw = next((text for name in _RAW if (text := record.text(name))), None)
        branching = raw is not None and jinja.branches_on_incremental(raw)
        if compiled is not None and not branching:
            return (compiled,), ""
        if raw is None:
            return (), "the manifest holds no SQL of it"
        resolved = jinja.resolve(raw, self._names(resource))
        if resolved is not None:
            return (*resolved, *([compiled] if compiled else [])), ""
        if compiled is not None:
            return (), "is_incremental() has a branch that was not compiled"
        return (), "not compiled, and its Jinja is more than names"

    def _names(self, resource: Resource) -> jinja.Names:
        refs: dict[tuple[str, ...], str | None] = {}
        sources: dict[tuple[str, str], str] = {}
        for uid in resource.depends:
            found = self._project.by_id.get(uid)
            if found is None or found.parts is None:
                continue
            text = _relation_text(found)
            if found.type == "source":
                pair = (found.record.text("source_name") or "", found.record.required("name"))
                sources[pair] = text
                continue
            for name in ref_forms(found):
                # One name of two inputs says nothing; the package beside it does.
                refs[name] = None if refs.get(name, text) != text else text
        known = {name: text for name, text in refs.items() if text is not None}
        return jinja.Names(known, sources, _relation_text(resource))


def _missing(key: str, uid: str, at: Evidence) -> Gap:
    return Gap(key, f"it depends on {uid}, which the manifest does not hold", at)


def ref_forms(resource: Resource) -> Iterator[tuple[str, ...]]:
    """The arguments of ``ref`` that name a resource."""
    name, version = resource.record.required("name"), resource.record.text("version")
    for form in ((name,), (resource.package, name)):
        yield form
        if version:
            yield (*form, f"v{version}")


def _relation_text(resource: Resource) -> str:
    name = resource.record.required("name")
    if resource.ephemeral:
        return policy.cte_names(name)[0]
    relation = resource.record.text("relation_name")
    if relation is not None:
        return relation
    mark = quote_mark(resource.platform)
    parts = [part.replace(mark, mark * 2) for part in resource.parts or () if part]
    return ".".join(f"{mark}{part}{mark}" for part in parts)


def quote_mark(platform: str) -> str:
    """What quotes a name."""
    return "`" if platform in {"bigquery", "databricks", "spark", "mysql"} else '"'


def _code_evidence(resource: Resource) -> Evidence:
    """The place of the SQL; its text may hold a credential, so none of it is quoted."""
    body: Mapping[str, object] = resource.record.body
    names = [name for name in (*_COMPILED, *_RAW) if body.get(name)]
    return resource.record.doc.at(*resource.record.pointer, *names[:1], excerpt=False)


def edges(
    source: str, target: str, use: Use, at: Evidence, condition: str | None = None
) -> Iterator[Edge]:
    """The edges of one use of an input."""
    certainty = Certainty.CERTAIN if condition is None else Certainty.CONDITIONAL
    for one, kind in _EDGES:
        if one in use:
            yield Edge(kind, source, target, at, certainty=certainty, condition=condition)
