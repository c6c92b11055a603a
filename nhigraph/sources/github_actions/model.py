"""A workflow file or composite action in typed form, each part with its pointer."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from posixpath import splitext

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Refused
from nhigraph.facts.values import UNKNOWN as UNSAID
from nhigraph.facts.values import UNSET, Literal, any_of
from nhigraph.facts.values import Value as References
from nhigraph.ingest.document import Document, required
from nhigraph.policy.github_actions import events, expressions, matrix, untrusted
from nhigraph.policy.github_actions.expressions import UNKNOWN, Path, Value, Values
from nhigraph.records import dataclass
from nhigraph.sources.github_actions.shape import (
    mapping,
    on_github,
    sequence,
    shown_name,
    text,
    texts,
)

Pointer = tuple[str | int, ...]

#: Words of ``needs.JOB.outputs.NAME``.
_OUTPUT = 4

_FOLDER = ".github/workflows/"
#: The same where the folder was given without the one above it.
_PART = "workflows/"


def texts_of(value: References) -> Values | None:
    """The texts that a value may be; None where it may be anything else."""
    found = {ref.text if isinstance(ref, Literal) else None for ref in value}
    return None if None in found else frozenset(found)


@dataclass(frozen=True, slots=True)
class Home:
    """The repository a file belongs to.

    Attributes:
        repository: ``owner/name``.
        file: Name of the file inside ``.github/workflows``, or folder of the action.
        live: GitHub looks at this place; a workflow elsewhere in a checkout never runs.
    """

    repository: str
    file: str
    live: bool = True

    @property
    def owner(self) -> str:
        """The account the repository belongs to."""
        return self.repository.partition("/")[0]


def workflow_home(doc: Document) -> Home:
    """Where a workflow file lies; without a checkout its bare name has to do."""
    path = doc.checkout.path if doc.checkout else doc.artifact
    repository = on_github(doc.checkout) if doc.checkout else "local/unknown"
    folder, slash, file = path.rpartition("/")
    in_folder = f"{folder}{slash}".endswith(_FOLDER)
    live = f"{folder}{slash}" in (_FOLDER, _PART) or doc.checkout is None
    if in_folder or not doc.checkout or not slash:
        return Home(repository, file, live)
    return Home(repository, path, live)


def action_home(doc: Document) -> Home:
    """Where an action lies: its folder from the root of the checkout."""
    path = doc.checkout.path if doc.checkout else doc.artifact
    repository = on_github(doc.checkout) if doc.checkout else "local/unknown"
    return Home(repository, path.rpartition("/")[0])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job or composite action."""

    index: int
    at: Pointer
    body: Mapping[str, object]

    @property
    def uses(self) -> str:
        """The action it names, or an empty text."""
        return text(self.body.get("uses"))

    @property
    def run(self) -> str:
        """Its script, or an empty text."""
        return text(self.body.get("run"))

    @property
    def inputs(self) -> Mapping[str, object]:
        """What it hands to the action."""
        return mapping(self.body.get("with"))

    @property
    def env(self) -> Mapping[str, object]:
        """Its own environment variables."""
        return mapping(self.body.get("env"))

    def input(self, name: str) -> str:
        """One input, whose names GitHub compares without case."""
        return next((text(v) for k, v in self.inputs.items() if k.lower() == name), "")


def read_steps(doc: Document, value: object, at: Pointer) -> Iterator[Step | Refused]:
    """Steps of a list; what is no step is refused."""
    if value is not None and not isinstance(value, list):
        yield Refused("expected a list of steps", doc.at(*at, excerpt=False))
    for index, body in enumerate(value if isinstance(value, list) else ()):
        place = (*at, index)
        if not isinstance(body, dict):
            yield Refused("expected a step, a mapping", doc.at(*place, excerpt=False))
        elif "parallel" in body:
            # Background steps (https://github.blog/changelog, 2026): a list inside a step.
            for inner in read_steps(doc, body["parallel"], (*place, "parallel")):
                yield inner if isinstance(inner, Refused) else Step(index, inner.at, inner.body)
        else:
            yield Step(index, place, body)


@dataclass
class Workflow:
    """A workflow file.

    Attributes:
        doc: The file.
        home: Where it lies.
        body: Its content.
        events: What starts it.
        left: What one of its jobs leaves under a name for those that need it.
    """

    doc: Document
    home: Home
    body: Mapping[str, object]
    events: Mapping[str, object]
    left: Callable[[str, str], References] = lambda _, __: UNSAID

    @property
    def key(self) -> str:
        """Key of the workflow."""
        return keys.Workflow(keys.repository(self.home.repository), self.home.file).text

    @property
    def title(self) -> str:
        """What people know it by: its `name:`, else the file's name without its ending.

        Without a name GitHub shows the file's path; an expression there it shows as it is
        (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#name).
        """
        return shown_name(self.body) or splitext(self.home.file)[0]

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.doc.text.splitlines()

    @property
    def called(self) -> bool:
        """Other workflows may call it."""
        return "workflow_call" in self.events

    @property
    def only_called(self) -> bool:
        """Nothing but other workflows starts it."""
        return set(self.events) == {"workflow_call"}

    @property
    def dispatch_options(self) -> Mapping[str, tuple[str, ...]]:
        """Inputs of ``workflow_dispatch`` that are a choice, and what there is to choose."""
        inputs = mapping(mapping(self.events.get("workflow_dispatch")).get("inputs"))
        return {
            name.lower(): texts(mapping(item).get("options"))
            for name, item in inputs.items()
            if mapping(item).get("type") == "choice"
        }

    def types(self, event: str) -> tuple[str, ...]:
        """Activity types an event is limited to."""
        return texts(mapping(self.events.get(event)).get("types"))

    def evidence(self, *at: str | int) -> Evidence:
        """A place whose text may be secret."""
        return self.doc.at(*at, excerpt=False)


def read_workflow(doc: Document) -> Workflow:
    """The file in typed form.

    Raises:
        InputError: It is no workflow.
    """
    body = doc.content
    if not isinstance(body, dict):
        raise InputError(doc.artifact, "", "expected a workflow: a mapping with 'on' and 'jobs'")
    on = required(doc, body, "on")
    jobs = required(doc, body, "jobs")
    if not isinstance(jobs, dict):
        raise InputError(doc.artifact, "/jobs", "expected a mapping of jobs")
    if isinstance(on, dict):
        started: dict[str, object] = on
    else:
        started = dict.fromkeys(texts(on))
        if not started or not all(isinstance(item, str) for item in sequence(on)):
            raise InputError(doc.artifact, "/on", "expected an event, a list or a mapping of them")
    return Workflow(doc, workflow_home(doc), body, started)


@dataclass(frozen=True, slots=True)
class Environments:
    """Environments a job may run in.

    Attributes:
        names: Those the file names.
        complete: There are no others; then an empty ``names`` means that it has none.
        absent: A run may also have none, as far as the file says.
        none: The file says that a run may have none.
    """

    names: tuple[str, ...]
    complete: bool
    absent: bool
    none: bool


@dataclass
class Job:
    """One job of a workflow file."""

    workflow: Workflow
    name: str
    body: Mapping[str, object]
    steps: tuple[Step, ...]

    @property
    def at(self) -> Pointer:
        """Its pointer."""
        return ("jobs", self.name)

    @property
    def repository(self) -> str:
        """``owner/name``."""
        return self.workflow.home.repository

    @cached_property
    def key(self) -> str:
        """Key of the job."""
        return keys.Job(keys.repository(self.repository), self.workflow.home.file, self.name).text

    @property
    def calls(self) -> bool:
        """It runs a reusable workflow and has no steps of its own."""
        return "uses" in self.body

    @property
    def env(self) -> Mapping[str, object]:
        """Its environment variables."""
        return mapping(self.body.get("env"))

    @cached_property
    def matrix(self) -> Mapping[str, tuple[object, ...] | None]:
        """Values of each matrix variable; None where the file does not say all of them."""
        return matrix.values(mapping(mapping(self.body.get("strategy")).get("matrix")))

    def _matrix_values(self, path: Path) -> Values | None:
        found: set[Value] = set()
        for value in self.matrix.get(path[0]) or ():
            item = value
            for part in path[1:]:
                item = {key.lower(): inner for key, inner in mapping(item).items()}.get(part)
            written = text(item)
            # Where a combination has no such member, the expression is empty.
            unclear = isinstance(item, dict | list) or "${{" in written
            found.add(UNKNOWN if unclear else written)
        return frozenset(found) or None

    def values(self, path: Path) -> Values | None:
        """Possible values of a context path in any run of this job."""
        events_of = frozenset(self.workflow.events)
        if path == ("github", "event_name") and not self.workflow.called:
            return frozenset(events_of)
        if path[0] == "matrix" and len(path) > 1:
            return self._matrix_values(path[1:])
        if path[0] == "needs" and path[2:3] == ("outputs",) and len(path) == _OUTPUT:
            return texts_of(self.needed(path[1], path[3]))
        given = path[1:] if path[0] == "inputs" else path[3:]
        is_input = path[0] == "inputs" or path[:3] == ("github", "event", "inputs")
        if is_input and len(given) == 1 and not self.workflow.called:
            options = self.workflow.dispatch_options.get(given[0])
            if options is None:
                return None
            # Started by another event, an input is empty.
            return frozenset(options) | (frozenset() if len(events_of) == 1 else {None})
        return None

    def needed(self, job: str, name: str) -> References:
        """What another job leaves under a name; nothing is known of one that it does not need."""
        needs = {one.lower(): one for one in texts(self.body.get("needs"))}
        if job.lower() not in needs:
            return UNSAID
        found = self.workflow.left(needs[job.lower()], name)
        # With a condition of its own it may run where that one was left out, or failed.
        return any_of([found, UNSET]) if self.body.get("if") else found

    @cached_property
    def environments(self) -> Environments:
        """Environments of the job, expressions over matrix and choices worked out."""
        value = self.body.get("environment")
        if isinstance(value, dict):
            value = value.get("name")
        if value is None or value == "":
            return Environments((), complete=True, absent=True, none=True)
        if isinstance(value, dict | list):
            return Environments((), complete=False, absent=True, none=False)
        found, complete = expressions.texts(text(value), self.values)
        names = tuple(sorted({name for name in found if name}))
        return Environments(names, complete, not complete or "" in found, "" in found)

    @cached_property
    def gates(self) -> tuple[str | None, ...]:
        """Rules that a run may have to pass before it starts, one of them each time.

        A job waits for its environment's rules before any step of it runs, so they stand before
        all that it does
        (https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments,
        read 28 November 2026). Which rules there are the file does not say, so a rule is named
        for every environment; None where the file says that a run may have no environment.
        """
        named = [
            keys.EnvironmentProtection(keys.Environment(keys.repository(self.repository), e)).text
            for e in self.environments.names
        ]
        return (*named, *self.gates_of_no_name)

    @property
    def gates_of_no_name(self) -> tuple[str | None, ...]:
        """Those of them that stand where the file names no environment."""
        found = self.environments
        unseen = keys.EnvironmentProtection(
            keys.Environment(keys.repository(self.repository), keys.UNNAMED)
        ).text
        return (*(() if found.complete else (unseen,)), *((None,) if found.none else ()))

    def outsider_values(self, event: str, path: Path) -> Values | None:
        """Possible values of a context path in a run that an outsider started."""
        found = untrusted.outsider(event, path)
        if found is not None:
            return found
        values = self.values(path)
        return values | {UNKNOWN} if values and path[0] == "inputs" else values


def starters(workflow: Workflow) -> tuple[str, ...]:
    """``event=class of person`` for each event of the file."""
    return tuple(
        f"{event}={events.starter(event, workflow.types(event))}"
        for event in sorted(workflow.events)
    )
