"""A project's pipeline and its jobs, each keyword where it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.keys import gitlab
from nhigraph.facts.values import Named
from nhigraph.ingest.document import Checkout, Document
from nhigraph.policy.gitlab_ci.conditions import UNKNOWN, One, Values
from nhigraph.policy.gitlab_ci.runs import (
    KINDS,
    USUAL,
    Kind,
    Outcome,
    Rule,
    by_refs,
    by_rules,
)
from nhigraph.records import dataclass
from nhigraph.sources.gitlab_ci.compose import Composed, scalar
from nhigraph.sources.gitlab_ci.rules import existing, flattened, refs_of, rules_of
from nhigraph.sources.gitlab_ci.tree import Part, Place

#: Keywords of the file itself (https://docs.gitlab.com/ci/yaml/#global-keywords); all else: jobs.
_KEYWORDS = frozenset(
    {"after_script", "before_script", "cache", "default", "image", "include", "services", "spec"}
    | {"stages", "types", "variables", "workflow"}
)
#: What ``default`` may say, and of that what the file itself may say too, as it once did
#: (https://docs.gitlab.com/ci/yaml/deprecated_keywords/).
_GLOBAL = frozenset({"after_script", "before_script", "cache", "image", "services"})
_DEFAULT = _GLOBAL | {
    *("artifacts", "hooks", "id_tokens", "identity", "interruptible", "retry", "tags", "timeout")
}
#: By one of these a mapping is a job.
_WORKS = ("script", "run", "trigger", "extends", "needs", "stage", "rules", "environment", "only")


def home(place: Checkout | None) -> gitlab.Repository:
    """The project of a checkout; a local one where its remote is another forge's."""
    own = keys.repository_named(place.repository) if place is not None else None
    if isinstance(own, gitlab.Repository):
        return own
    name = "unknown" if own is None else own.name
    return gitlab.Repository(gitlab.LOCAL, name, "" if own is None else own.qualifier)


@dataclass
class Pipeline:
    """What the pipelines of a project run.

    Attributes:
        repository: The project.
        composed: The configuration.
        doc: The file it starts from.
        file: Path of a child pipeline's configuration; empty for the project's own.
        given: What it is handed by name, of a child: all that it may be, ``unsaid`` among them
            where it may be handed nothing under that name.
        left: By job, variables that it leaves for later ones, as far as that was asked.
        leaving: By stage, whether a job of it leaves files, as far as that was asked.
    """

    repository: gitlab.Repository
    composed: Composed
    doc: Document
    file: str = ""
    given: "Variables" = field(default_factory=dict)
    left: dict[str, Named] = field(default_factory=dict)
    leaving: dict[str, bool] = field(default_factory=dict)

    @property
    def root(self) -> Part:
        """All of the configuration."""
        return self.composed.root

    @property
    def workflow(self) -> gitlab.Workflow:
        """Key of it."""
        return gitlab.Workflow(self.repository, self.file)

    @property
    def place(self) -> Evidence:
        """The file."""
        return Place(self.doc).evidence()

    @cached_property
    def kinds(self) -> tuple[tuple[Kind, bool | None], ...]:
        """Kinds of run for which there may be a pipeline, and whether there is one."""
        child = bool(self.file)
        kinds = [kind for kind in KINDS if not child or kind.source == "parent_pipeline"]
        rules = self.root.get("workflow", "rules")
        if not rules.items:
            return tuple((kind, True) for kind in kinds)
        read, exists = [*rules_of(rules)], existing(self.doc)
        said = ((kind, by_rules(read, kind, self.lookup, exists).runs) for kind in kinds)
        return tuple((kind, runs) for kind, runs in said if runs is not False)

    @property
    def has_workflow_rules(self) -> bool:
        """Whether the file says for which runs there is a pipeline."""
        return bool(self.root.get("workflow", "rules").items)

    @cached_property
    def variables(self) -> "Variables":
        """Variables that the file gives all jobs; one with a choice may be any of it."""
        return values(self.root.names.get("variables"))

    def lookup(self, name: str) -> Values:
        """What a variable of all jobs may be in a condition."""
        return looked_up(over(self.variables, self.given), name)

    @cached_property
    def jobs(self) -> list["Job"]:
        """Its jobs, hidden ones left out."""
        return [
            Job(self, name, part)
            for name, part in self.root.names.items()
            if name not in _KEYWORDS and not name.startswith(".") and _is_job(part)
        ]


def is_keyword(name: str) -> bool:
    """Whether a name is none of a job, but one of the file's own."""
    return name in _KEYWORDS


def _is_job(part: Part) -> bool:
    return any(word in part.names for word in _WORKS)


#: Variables by name, each with all that it may be written as.
Variables = Mapping[str, tuple[Part, ...]]


def values(variables: Part | None) -> Variables:
    """Variables by name, in either of the forms in which one is written.

    Whoever starts a run by hand may take any of the ``options`` of one
    (https://docs.gitlab.com/ci/yaml/#variablesoptions).
    """
    if variables is None:
        return {}
    found: dict[str, tuple[Part, ...]] = {}
    for name, part in variables.names.items():
        options = part.get("options").items if isinstance(part.value, Mapping) else ()
        one = part.get("value") if isinstance(part.value, Mapping) else part
        others = (other for other in options if other.text != one.text)
        found[name] = (one, *others)
    return found


def unsaid(place: Place) -> Part:
    """What stands for a variable that may not be set, among all that it may be."""
    return Part(None, place)


def over(own: Variables, other: Variables) -> Variables:
    """Variables with others that go before them; what may not be set leaves what there was."""
    found = dict(own)
    for name, parts in other.items():
        said = tuple(part for part in parts if part.value is not None)
        before = () if said == parts else found.get(name, (unsaid(parts[0].place),))
        found[name] = (*said, *before)
    return found


def is_raw(variables: Part | None, name: str) -> bool:
    """Whether a variable is kept from naming others (``expand: false``)."""
    return variables is not None and variables.get(name, "expand").value is False


def looked_up(variables: Variables, name: str) -> Values:
    """What a variable may be in a condition, as far as the file says it."""
    found: set[One] = set()
    for part in variables.get(name, ()):
        if scalar(part) is None or "$" in part.text:
            return UNKNOWN
        found.add(part.text)
    return frozenset(found) or UNKNOWN


@dataclass
class Job:
    """One job of a pipeline.

    Attributes:
        pipeline: The pipeline.
        name: Its name.
        part: What it says itself, with what it extends.
    """

    pipeline: Pipeline
    name: str
    part: Part

    @property
    def key(self) -> str:
        """Key of the job."""
        return gitlab.Job(self.pipeline.repository, self.name, self.pipeline.file).text

    @property
    def place(self) -> Evidence:
        """Where it is written."""
        return self.part.place.evidence()

    def get(self, keyword: str) -> Part:
        """What holds of a keyword: the job's own word, else the default that it inherits."""
        own = self.part.names.get(keyword)
        if own is not None:
            return own
        root = self.pipeline.root
        inherits = self.part.get("inherit", "default")
        some = isinstance(inherits.value, tuple) and keyword not in inherits.texts
        if keyword in _DEFAULT and inherits.value is not False and not some:
            found = root.get("default").names.get(keyword)
            if found is not None:
                return found
            if keyword in _GLOBAL and keyword in root.names:
                return root.names[keyword]
        return Part(None, self.part.place)

    # -- variables ------------------------------------------------------------------------------

    @cached_property
    def inherited(self) -> Variables:
        """Variables of the whole file that it has."""
        inherits = self.part.get("inherit", "variables")
        if inherits.value is False:
            return {}
        own = self.pipeline.variables
        if isinstance(inherits.value, tuple):
            return {name: parts for name, parts in own.items() if name in inherits.texts}
        return own

    @cached_property
    def variables(self) -> Variables:
        """Its variables, each with all that it may be written as.

        What a pipeline is handed goes before all that its file says
        (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence).
        """
        return over(self.written, self.pipeline.given)

    @cached_property
    def written(self) -> Variables:
        """Those that the file gives it, which are what it hands to a pipeline that it starts."""
        found = {**self.inherited, **values(self.part.names.get("variables"))}
        rules = flattened(self.part.get("rules"))
        sure = len(self.outcome.rules) == 1
        said = [values(rules[one].names.get("variables")) for one in self._rules_that_apply]
        found = self._perhaps(found, said, sure=sure)
        of_all = flattened(self.pipeline.root.get("workflow", "rules"))
        found = self._perhaps(
            found, [values(one.names.get("variables")) for one in of_all], sure=False
        )
        return {**found, **self.matrix}

    @property
    def _rules_that_apply(self) -> list[int]:
        many = len(flattened(self.part.get("rules")))
        return [one for one in sorted(self.outcome.rules) if 0 <= one < many]

    def _perhaps(
        self, before: Variables, each: Sequence[Variables], *, sure: bool
    ) -> dict[str, tuple[Part, ...]]:
        """Variables with those that one of several rules sets."""
        found = dict(before)
        for name in dict.fromkeys(name for one in each for name in one):
            said = tuple(part for one in each for part in one.get(name, ()))
            known = () if sure else before.get(name, (unsaid(self.part.place),))
            found[name] = (*known, *said)
        return found

    @cached_property
    def matrix(self) -> Variables:
        """Variables of ``parallel: matrix``, with all their values; a row may lack one."""
        found: dict[str, tuple[Part, ...]] = {}
        rows = self.part.get("parallel", "matrix").items
        names = dict.fromkeys(name for row in rows for name in row.names)
        own = {**self.inherited, **values(self.part.names.get("variables"))}
        for name in names:
            said = tuple(part for row in rows for part in row.get(name).items)
            lacks = not all(name in row.names for row in rows)
            found[name] = (*said, *(own.get(name, (unsaid(rows[0].place),)) if lacks else ()))
        return found

    def is_raw(self, name: str) -> bool:
        """Whether a variable's dollar signs stay as they are."""
        own = self.part.names.get("variables")
        if own is not None and name in own.names:
            return is_raw(own, name)
        return is_raw(self.pipeline.root.names.get("variables"), name)

    def lookup(self, name: str) -> Values:
        """What a variable may be in a condition of its own rules."""
        return looked_up(self._asked, name)

    @cached_property
    def _asked(self) -> Variables:
        """What is asked once for each name of each rule, in each kind of run."""
        own = {**self.inherited, **values(self.part.names.get("variables"))}
        return over(own, self.pipeline.given)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return (*rules_of(self.part.get("rules")),)

    # -- when it runs ---------------------------------------------------------------------------

    @cached_property
    def runs(self) -> tuple[tuple[Kind, Outcome], ...]:
        """Kinds of run that it may be in."""
        found = []
        for kind, made in self.pipeline.kinds:
            outcome = self._in(kind)
            if outcome.runs is not False:
                sure = outcome.runs if made else None
                found.append((kind, Outcome(sure, outcome.rules)))
        return tuple(found)

    def _in(self, kind: Kind) -> Outcome:
        if self.part.get("when").text == "never":
            return Outcome(runs=False)
        if "rules" in self.part.names:
            return by_rules(self._rules, kind, self.lookup, existing(self.pipeline.doc))
        only, other = refs_of(self.part.names.get("only")), refs_of(self.part.names.get("except"))
        if only is None and other is None and self.pipeline.has_workflow_rules:
            return Outcome(runs=True, rules=frozenset({-1}))
        if only is None or (only.refs is None and "refs" not in self.part.get("only").names):
            usual = by_refs(USUAL, None, kind, self.lookup)
            if usual.runs is False and not self.pipeline.has_workflow_rules:
                return usual
        return by_refs(only, other, kind, self.lookup)

    @cached_property
    def outcome(self) -> Outcome:
        """Rules by which it may run, over all kinds of run."""
        rules = frozenset(number for _, outcome in self.runs for number in outcome.rules)
        return Outcome(bool(self.runs) or None, rules)

    @property
    def events(self) -> tuple[str, ...]:
        """Sources of the pipelines that it may be in."""
        return tuple(sorted({kind.source for kind, _ in self.runs}))


def places_of(pipeline: Pipeline) -> Iterator[Part]:
    """Jobs and keywords of a file that are neither: what nobody reads."""
    for name, part in pipeline.root.names.items():
        hidden = name.startswith(".") or name in _KEYWORDS
        if not hidden and not _is_job(part):
            yield part
