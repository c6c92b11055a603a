"""A project's configuration as GitLab puts it together, before anything of it is decided.

Files that are included come first, each with what it includes, in their order, and the file itself
over all of them: mappings are merged at any depth, of anything else the last one stands
(https://docs.gitlab.com/ci/yaml/includes/, "Merge method for include"). Then ``extends`` is
followed, at most eleven deep, of several the last one over the others, and lists are replaced, not
joined (https://docs.gitlab.com/ci/yaml/#extends). Then ``!reference``, at most ten deep; in
scripts lists inside lists are lines like others
(https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags; all read 28 November 2026).

Of a key that stands twice in one mapping, a job's name too, the last value counts
(https://gitlab.com/gitlab-org/gitlab/-/issues/353175, read 30 November 2026): a line says so.

Only files of this project that are among the inputs can be taken in. Of any other there is a line,
and a gap at every job: what it adds to them or to the pipeline is not known.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab_ci import globs
from nhigraph.policy.gitlab_ci.runs import KINDS, Lookup, by_rules
from nhigraph.records import dataclass
from nhigraph.sources.gitlab_ci.rules import existing, rules_of
from nhigraph.sources.gitlab_ci.tree import Part, Place, Pointed, Scalar, merged, read

_AGAIN = "this key stands twice: GitLab takes what stands here, and what stands above is lost"
#: More files than GitLab takes in (https://docs.gitlab.com/administration/instance_limits/).
_MOST_FILES = 150
_DEEPEST_EXTENDS, _DEEPEST_REFERENCE = 11, 10
_MOST_PARTS = 400_000
_INPUT = re.compile(r"\$\[\[\s*inputs\.(?P<name>[\w-]+)\s*(?P<functions>(?:\|[^\]]*)?)\]\]")


@dataclass(frozen=True, slots=True)
class Outside:
    """A file that is included, and that is not among the inputs.

    Attributes:
        sort: ``local``, ``remote``, ``project``, ``component``, ``template`` or ``unknown``.
        name: Its address, as it is written.
        place: Where it is included.
        project: The project that it is of; empty where it is not another one's.
        ref: The reference that it is taken at; empty where none is named.
        maybe: A rule decides, which nobody can tell, whether it is included.
    """

    sort: str
    name: str
    place: Place
    project: str = ""
    ref: str = ""
    maybe: bool = False


@dataclass
class Composed:
    """A configuration, put together.

    Attributes:
        root: All of it.
        files: Files of the project that are in it, by path.
        outside: Files that are included and not there.
        lines: What is odd, and where.
        maybe: Files that a rule may leave out, by the place of that.
        changed: Names of the configuration of which such a file says something else.
        torn: Jobs that extend what could not be read, by name, and where that stands.
    """

    root: Part
    files: dict[str, Document] = field(default_factory=dict)
    outside: list[Outside] = field(default_factory=list)
    lines: list[tuple[str, Place]] = field(default_factory=list)
    maybe: list[Place] = field(default_factory=list)
    changed: dict[str, Place] = field(default_factory=dict)
    torn: dict[str, Place] = field(default_factory=dict)


def compose(doc: Document, path: str, lookup: Lookup, inputs: Part | None = None) -> Composed:
    """Put a project's configuration together, from one of its files on.

    Args:
        doc: The file.
        path: Its path in the project.
        lookup: What a variable may be where files are taken in.
        inputs: What is given for the file's inputs.

    Raises:
        InputError: The file is no configuration.
    """
    work = _Composer(doc, lookup)
    found = Composed(work.file(doc, path, inputs or Part({}, Place(doc)), []))
    found.files, found.outside = work.files, work.outside
    found.lines, found.maybe, found.changed = work.lines, work.maybe, work.changed
    resolver = _Resolver(found.root, found.lines)
    found.root, found.torn = resolver.resolved(), resolver.torn
    if resolver.lacks:
        # A job that others extend is nowhere: a file that is meant by a pattern was not given.
        found.outside = [*found.outside, *work.empty]
    return found


def resolved(root: Part, place: Place) -> Composed:
    """A configuration that takes nothing in any more, with what is left of references followed."""
    found = Composed(root)
    resolver = _Resolver(Part(root.names, place), found.lines)
    found.root, found.torn = resolver.resolved(), resolver.torn
    return found


class _Composer:
    """Takes files in."""

    def __init__(self, doc: Document, lookup: Lookup) -> None:
        self.doc, self.lookup = doc, lookup
        self.files: dict[str, Document] = {}
        self.outside: list[Outside] = []
        self.empty: list[Outside] = []
        self.lines: list[tuple[str, Place]] = []
        self.maybe: list[Place] = []
        self.changed: dict[str, Place] = {}
        self.count = 0

    def file(self, doc: Document, path: str, given: Part, above: list[str]) -> Part:
        """One file with all that it includes."""
        self.files[path] = doc
        root = self._inputs(doc, given)
        include = root.names.get("include")
        rest = {name: part for name, part in root.names.items() if name != "include"}
        found = Part({}, root.place)
        for item in _included(include):
            sure = len(self.maybe)
            for part in self._include(item, [*above, path]):
                if len(self.maybe) > sure:
                    both = found.names.keys() & part.names.keys()
                    changed = {n for n in both if _replaces(found.names[n], part.names[n])}
                    self.changed |= dict.fromkeys(sorted(changed), item.place)
                found = merged(found, part)
        return merged(found, Part(rest, root.place))

    # -- inputs ---------------------------------------------------------------------------------

    def _inputs(self, doc: Document, given: Part) -> Part:
        """The configuration of a file, its inputs filled in."""
        for at in doc.stated_again():
            self.lines.append((_AGAIN, Place(doc, at)))
        several = doc.contents
        if not isinstance(several[-1], dict) and several[-1] is not None:
            problem = "expected a mapping of jobs and keywords"
            raise InputError(doc.artifact, "", problem)
        if len(several) == 1:
            return read(several[0] or {}, Place(doc))
        header = read(several[0] or {}, Place(doc, (0,)))
        body = read(several[-1] or {}, Place(doc, (len(several) - 1,)))
        declared = header.get("spec", "inputs").names
        values: dict[str, Part] = {}
        for name in {*declared, *given.names}:
            value = given.names.get(name, declared.get(name, given).names.get("default"))
            if value is not None:
                values[name] = value
        return self._filled(body, values)

    def _filled(self, part: Part, values: Mapping[str, Part]) -> Part:
        match part.value:
            case Mapping():
                return Part(
                    {
                        self._name(name, values): self._filled(one, values)
                        for name, one in part.value.items()
                    },
                    part.place,
                )
            case tuple():
                return Part(tuple(self._filled(one, values) for one in part.value), part.place)
            case Pointed(names):
                told = tuple(self._name(name, values) for name in names)
                return Part(Pointed(told), part.place)
            case str():
                return self._text(part, part.value, values)
        return part

    def _name(self, name: str, values: Mapping[str, Part]) -> str:
        return _INPUT.sub(lambda found: self._value(found, values) or found[0], name)

    def _value(self, found: re.Match[str], values: Mapping[str, Part]) -> str:
        one = values.get(found["name"])
        return "" if one is None or found["functions"] else one.text

    def _text(self, part: Part, text: str, values: Mapping[str, Part]) -> Part:
        whole = _INPUT.fullmatch(text)
        if whole and whole["name"] in values and not whole["functions"]:
            return Part(values[whole["name"]].value, part.place)
        return Part(self._name(text, values), part.place)

    # -- include --------------------------------------------------------------------------------

    def _include(self, item: Part, above: list[str]) -> Iterator[Part]:
        runs = self._by_rules(item)
        if runs is False:
            return
        if runs is None:
            self.maybe.append(item.place)
        self.count += 1
        if self.count > _MOST_FILES:
            problem = f"more than {_MOST_FILES} files are included"
            raise InputError(self.doc.artifact, "", problem, "give the merged file instead")
        local = _local(item)
        if local is None:
            self.outside += _outside(item, maybe=runs is None)
            return
        written = self._expanded(local.text)
        if written is None:
            self.outside.append(Outside("local", local.text, local.place, maybe=runs is None))
            return
        for path in self._paths(written, local.place):
            found = self.doc if path == above[0] else self.doc.beside(path)
            if found is None:
                self.outside.append(Outside("local", path, local.place, maybe=runs is None))
            elif path not in above:
                yield self.file(found, path, item.get("inputs"), above)

    def _paths(self, written: str, place: Place) -> list[str]:
        """Paths of the files that are meant."""
        if not globs.is_pattern(written):
            return [written.lstrip("/")]
        yaml = (path for path in self.doc.neighbours if path.endswith((".yml", ".yaml")))
        found = [*globs.included(yaml, written)]
        if not found:
            self.empty.append(Outside("local", written, place))
        return found

    def _by_rules(self, item: Part) -> bool | None:
        """Whether an include's own rules take it in, in all kinds of run alike."""
        if not item.get("rules").items:
            return True
        rules, exists = [*rules_of(item.get("rules"))], existing(self.doc)
        said = {by_rules(rules, kind, self.lookup, exists).runs for kind in KINDS}
        return said.pop() if len(said) == 1 else None

    def _expanded(self, text: str) -> str | None:
        """A path with its variables filled in; None where they are not known."""
        if "$" not in text:
            return text
        missing = []

        def value(found: re.Match[str]) -> str:
            known = self.lookup(found[1] or found[2])
            one = next(iter(known)) if len(known) == 1 else None
            if not isinstance(one, str):
                missing.append(found[0])
                return ""
            return one

        told = re.sub(r"\$(?:(\w+)|\{(\w+)\})", value, text)
        return None if missing else told


def _replaces(one: Part, other: Part) -> bool:
    """Whether merging puts something else in the place of what there was."""
    if isinstance(one.value, Mapping) and isinstance(other.value, Mapping):
        both = one.names.keys() & other.names.keys()
        return any(_replaces(one.names[name], other.names[name]) for name in both)
    return one.plain != other.plain


def _included(include: Part | None) -> tuple[Part, ...]:
    if include is None:
        return ()
    return (include,) if isinstance(include.value, Mapping) else include.items


def _local(item: Part) -> Part | None:
    """The path of a file of this project that is included; None for any other file."""
    if isinstance(item.value, str):
        return None if re.match(r"https?://", item.value) else item
    return item.names.get("local")


def _outside(item: Part, *, maybe: bool) -> Iterator[Outside]:
    if isinstance(item.value, str):
        yield Outside("remote", item.value, item.place, maybe=maybe)
        return
    project, ref = item.get("project").text, item.get("ref").text
    if project:
        for file in item.get("file").texts or ("?",):
            yield Outside("project", file, item.place, project, ref, maybe)
        return
    for sort in ("remote", "component", "template"):
        if item.get(sort).text:
            yield Outside(sort, item.get(sort).text, item.place, maybe=maybe)
            return
    yield Outside("unknown", "?", item.place, maybe=maybe)


# -- extends and references ---------------------------------------------------------------------


class _Resolver:
    """Follows ``extends`` and ``!reference``."""

    def __init__(self, root: Part, lines: list[tuple[str, Place]]) -> None:
        self.root, self.lines = root, lines
        self.found: dict[str, Part] = {}
        self.torn: dict[str, Place] = {}
        self.open: set[str] = set()
        self.lacks = False
        self.spent = 0

    def resolved(self) -> Part:
        """The configuration without either."""
        whole = {name: self._extended(name, 0) for name in self.root.names}
        self.root = Part(whole, self.root.place)
        return Part(
            {name: self._followed(part, 0) for name, part in whole.items()}, self.root.place
        )

    def _extended(self, name: str, depth: int) -> Part:
        known = self.found.get(name)
        if known is not None:
            return known
        part = self.root.names[name]
        extends = part.names.get("extends")
        if extends is None:
            self.found[name] = part
            return part
        found = Part({}, part.place)
        self.open.add(name)
        if isinstance(extends.value, Mapping) or any(not one.text for one in extends.items):
            self.torn[name] = extends.place
        for base in extends.texts:
            if base not in self.root.names:
                self.lacks = True
                self.lines.append(("'extends' names a job that is not there", extends.place))
            elif depth >= _DEEPEST_EXTENDS or base in self.open:
                self.lines.append(("'extends' goes in a circle, or too deep", extends.place))
            else:
                found = merged(found, self._extended(base, depth + 1))
                if not isinstance(self.root.names[base].value, Mapping):
                    self.torn[name] = self.root.names[base].place
                elif base in self.torn:
                    self.torn[name] = self.torn[base]
        self.open.discard(name)
        own = {key: one for key, one in part.names.items() if key != "extends"}
        found = merged(found, Part(own, part.place))
        self.found[name] = found
        return found

    def _followed(self, part: Part, depth: int) -> Part:
        self.spent += 1
        if self.spent > _MOST_PARTS:
            doc = part.place.doc
            raise InputError(doc.artifact, "", f"unfolds to more than {_MOST_PARTS} parts")
        match part.value:
            case Mapping():
                found = {name: self._followed(one, depth) for name, one in part.value.items()}
                return Part(found, part.place)
            case tuple():
                return Part(tuple(self._followed(one, depth) for one in part.value), part.place)
            case Pointed(names):
                return self._pointed(part, names, depth)
        return part

    def _pointed(self, part: Part, names: tuple[str, ...], depth: int) -> Part:
        target = self.root
        for name in names:
            target = target.names.get(name, Part(Pointed(()), part.place))
        if target.value == Pointed(()) or depth >= _DEEPEST_REFERENCE:
            self.lines.append(("'!reference' leads to nothing that is there", part.place))
            return Part(None, part.place)
        return self._followed(target, depth + 1)


def scalar(part: Part) -> Scalar:
    """A scalar's value; None for anything else."""
    return part.value if isinstance(part.value, str | int | float | bool) else None
