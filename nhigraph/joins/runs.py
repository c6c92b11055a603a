"""What jobs run, with every variable followed to where its value comes from.

Steps of a composite action belong to the job that uses it; a job of a reusable workflow is read
once for each caller, because inputs and secrets are the caller's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial

from nhigraph.facts import keys, values
from nhigraph.facts.ends import Call, Step, Work
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.keys import forge
from nhigraph.facts.values import UNKNOWN, Named, Secret, Value
from nhigraph.facts.values import secrets as secrets_in
from nhigraph.joins.handed import (
    MOST_WAYS,
    Context,
    Way,
    any_of,
    pairs,
    through,
    told_apart,
)
from nhigraph.joins.interfaces import Interfaces
from nhigraph.joins.view import View
from nhigraph.policy import forges
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k

#: Of a call by branch or tag, or by a commit that is not known to be the one that was read.
OTHER_VERSION = "the called version is the one that was read"


@dataclass(frozen=True, slots=True)
class Run:
    """One command that a job runs.

    Attributes:
        job: Node of the job.
        tool: Tool and subcommand, or the command itself where it is opaque.
        opaque: Its content is not known.
        options: Option to where its value comes from.
        env: Variable to where its value comes from.
        evidence: The line.
        context: What the caller handed over.
    """

    job: int
    tool: str
    opaque: bool
    options: Named
    env: Named
    evidence: Evidence
    context: Context

    def option(self, name: str) -> str | None:
        """An option's text, where that is known."""
        return values.literal(self.options.get(name))

    def secrets(self, value: Value | None) -> list[tuple[str, bool]]:
        """Secrets a value may be: as the job sees them, and as the caller keeps them."""
        found: dict[str, bool] = {}
        for key, whole in secrets_in(value):
            found[key] = whole
            for outer, outer_whole in secrets_in(self.context.secrets.get(key)):
                found.setdefault(outer, whole and outer_whole)
            found.setdefault(self.context.at_home(key), whole)
        return list(found.items())


class Jobs:
    """The jobs of a graph, their callers and what they run."""

    def __init__(self, view: View) -> None:
        """Keep the view; what a job's rules are is looked up once."""
        self.view = view
        self._gates: dict[int, tuple[str | None, ...]] = {}

    @cached_property
    def all(self) -> list[int]:
        """Jobs whose workflow file was read, by key; whoever states a job as a fact says all."""
        return [*self._keys]

    @cached_property
    def _keys(self) -> dict[int, forge.Job]:
        read = (n for n in self.view.of_kind(k.CI_JOB) if "permissions_from" in self.view.props(n))
        parsed = ((node, self.view.parsed(node)) for node in read)
        return {node: key for node, key in parsed if isinstance(key, forge.Job)}

    def workflow(self, job: int) -> int | None:
        """The workflow file a job stands in."""
        arcs = self.view.into(job, k.EXECUTES)
        own = (a.source for a in arcs if self.view.is_a(a.source, k.WORKFLOW))
        key = self._keys[job].workflow.text
        return next((node for node in own if self.view.key(node) == key), None)

    def repository(self, job: int) -> str:
        """Key of the repository a job's workflow lies in."""
        return self._repositories[job]

    @cached_property
    def _repositories(self) -> dict[int, str]:
        return {job: key.repository.text for job, key in self._keys.items()}

    def gates(self, job: int) -> tuple[str | None, ...]:
        """Rules that a run of the job may have to pass, one of them each time: environments'.

        None where a run may have none.
        """
        if job not in self._gates:
            arcs = self.view.into(job, k.EXECUTES)
            gates = {arc.gate for arc in arcs if self.view.is_a(arc.source, k.WORKFLOW)}
            self._gates[job] = tuple(gate or None for gate in sorted(gates)) or (None,)
        return self._gates[job]

    @cached_property
    def _callers(self) -> dict[str, list[tuple[int, Call]]]:
        found: dict[str, list[tuple[int, Call]]] = {}
        for job in self.all:
            for call in self.view.ends(job, Call):
                if call.step is None:
                    found.setdefault(call.callee, []).append((job, call))
        return found

    def has_callers(self, workflow: str) -> bool:
        """Whether a workflow that calls it was read."""
        return workflow in self._callers

    def callers(self, job: int) -> list[tuple[int, Call]]:
        """Jobs that call the workflow which a job stands in, each with its call."""
        return self._callers.get(self._keys[job].workflow.text, [])

    def home(self, run: Run) -> str:
        """Key of the repository that a run is about: of its first caller, where it is called.

        The called workflow runs in the caller's context: what it checks out is the caller's.
        """
        return run.context.home or self.repository(run.job)

    def holders(self, run: Run) -> Iterator[tuple[str, str | None]]:
        """Jobs that do what a run does, each with a rule that it may have to pass.

        The job itself, and those under which it runs: with the environment of the called job, and
        this is one of the caller's repository.
        """
        own = self.repository(run.job)
        for gate in self.gates(run.job):
            yield self.view.key(run.job), gate
            there = self.gate_under(gate, own, self.home(run))
            for caller in sorted(run.context.callers):
                yield self.view.key(caller), there

    def under(self, run: Run) -> list[str]:
        """Jobs that do what a run does: the job itself and those under which it runs."""
        return [self.view.key(job) for job in (run.job, *sorted(run.context.callers))]

    def gate_under(self, gate: str | None, own: str, home: str) -> str | None:
        """The rule of an environment of that name in the repository that the run is about."""
        key, there = keys.parse(gate or ""), forge.Repository.parse(home)
        of = forge.repository_of(key)
        if key is None or there is None or of is None or of.text != own:
            return gate
        return forges.at_home(key, there).text

    def contexts(self, job: int) -> Sequence[Context]:
        """What a job may be handed: by each caller, and nothing if it starts without any."""
        workflow = self.workflow(job)
        return self._contexts.get(workflow, ()) if workflow is not None else (Context(),)

    @cached_property
    def _contexts(self) -> dict[int, tuple[Context, ...]]:
        """The same by workflow, level by level: calls may branch, and a file may call itself."""
        own = {workflow: self._unhanded(workflow) for workflow in self.view.of_kind(k.WORKFLOW)}
        callers = [
            (workflow, caller, call, self.workflow(caller))
            for workflow in own
            for caller, call in self._callers.get(self.view.key(workflow), ())
        ]
        found = own
        for _ in range(forges.levels()):
            ways = {workflow: [*contexts] for workflow, contexts in own.items()}
            for workflow, caller, call, above in callers:
                outers = found[above] if above is not None else (Context(),)
                ways[workflow] += [self._handed(workflow, caller, call, o) for o in outers]
            before, found = found, {w: told_apart(contexts) for w, contexts in ways.items()}
            if found == before:
                break
        return found

    def _unhanded(self, workflow: int) -> tuple[Context, ...]:
        """A context without callers, if the workflow starts by itself or none is seen."""
        events = {entry.partition("=")[0] for entry in self.view.lines(workflow, "triggers")}
        by_callers = forges.of(self.view.parsed(workflow)).by_callers
        seen = self.has_callers(self.view.key(workflow))
        if seen and not events - by_callers:
            return ()
        own = self.interfaces.of(workflow)
        if seen or not events & by_callers:
            return (Context(own.chosen),)
        # One that is not seen may hand over anything.
        ways = [own.inputs, *([own.chosen] if events - by_callers else [])]
        return (Context({name: (*value, *UNKNOWN) for name, value in any_of(ways).items()}),)

    @cached_property
    def interfaces(self) -> Interfaces:
        """What called code takes and gives back."""
        return Interfaces(self.view, self.doubt)

    def _handed(self, workflow: int, caller: int, call: Call, outer: Context) -> Context:
        called = self.view.parsed(workflow)
        secrets: dict[str, Value] = {}
        if isinstance(called, forge.Workflow):
            handed = call.secrets.items()
            secrets = {called.secret(name).text: value for name, value in handed}
            if call.inherits and self.inherits(caller, call):
                secrets |= self._inherited(called, caller, outer)
        doubts = [outer.condition, self.doubt(workflow, caller, call)]
        return Context(
            self.interfaces.handed(workflow, caller, call.inputs, outer.inputs),
            {one: through(value, outer) for one, value in secrets.items()},
            outer.callers | {caller},
            outer.home or self.repository(caller),
            " and ".join(dict.fromkeys(one for one in doubts if one)),
        )

    def inherits(self, caller: int, call: Call) -> bool:
        """Whether a call that hands over every secret hands over any."""
        callee = forge.home_of(call.callee)
        own = self._keys[caller].repository
        return forges.of(own).inherits(own, callee)

    def is_ours(self, caller: int, call: Call) -> bool:
        """Whether what is called is of one's own owner, or of a repository that was given."""
        callee = forge.home_of(call.callee)
        return self._keys[caller].repository.has_owner_of(callee) or callee in self.given

    @cached_property
    def given(self) -> set[forge.Repository | None]:
        """Repositories of which a workflow file was read."""
        return {key.repository for key in self._keys.values()}

    def doubt(self, workflow: int, caller: int, call: Call) -> str:
        """Whether what is called may be other code than what was read."""
        if self._keys[caller].repository == forge.repository_of(self.view.parsed(workflow)):
            return ""
        read = self.view.lines(workflow, "commits")
        return "" if call.commit and read == (call.commit,) else OTHER_VERSION

    def _inherited(self, called: forge.Workflow, caller: int, outer: Context) -> dict[str, Value]:
        """What the caller has under the names the called workflow asks for."""
        own = self._keys[caller]
        found: dict[str, Value] = {}
        for name in self.asked(called.text):
            value: Value | None = (Secret(own.repository.secret(name).text),)
            if outer.callers:
                value = outer.secrets.get(own.workflow.secret(name).text)
            if value:
                found[called.secret(name).text] = value
        return found

    def asked(self, workflow: str) -> list[str]:
        """Names of secrets that a called workflow asks for, or hands on with all others."""
        return sorted(self._asked.get(workflow, ()))

    @cached_property
    def _asked(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for node in self.view.of_kind(k.SECRET):
            secret = self.view.parsed(node)
            if isinstance(secret, forge.CalledSecret):
                found.setdefault(secret.workflow.text, set()).add(secret.name)
        handing = [
            (self.view.key(above), callee)
            for callee, calls in self._callers.items()
            for caller, call in calls
            if call.inherits and self.inherits(caller, call)
            for above in [self.workflow(caller)]
            if above is not None
        ]
        for _ in range(forges.levels()):
            before = sum(map(len, found.values()))
            for above_key, callee in handing:
                found.setdefault(above_key, set()).update(found.get(callee, ()))
            if sum(map(len, found.values())) == before:
                break
        return found

    # -- runs -----------------------------------------------------------------------------------

    def runs(self, job: int) -> Iterator[Run]:
        """All that a job runs, steps of the actions it uses included."""
        for context in self.contexts(job):
            yield from self._body(_Walk(job, context), job, context.inputs, {}, 0)

    def _body(
        self, walk: "_Walk", node: int, inputs: Named, outer: Named, depth: int
    ) -> Iterator[Run]:
        steps = self._steps(node)

        bound = partial(self.interfaces.bound, node, inputs)
        left = self.interfaces.left(node, inputs)

        def env(step: int | None) -> dict[str, Value]:
            own = bound(steps[step].env) if step in steps else {}
            return left.over({**outer, **own}, own, step)

        for work in self.view.ends(node, Work):
            around = env(work.step)
            if work.env:
                around |= bound(work.env)
            told = {name: values.settled(one, around) for name, one in work.options.items()}
            options = bound(told)
            at, context = work.evidence, walk.context
            yield Run(walk.job, work.program, work.opaque, options, around, at, context)
        if depth >= forges.levels():
            return
        for action, step in self.actions(node):
            given = steps[step].given if step in steps else {}
            handed = self.interfaces.handed(action, node, given, inputs)
            way = walk.enters(action, handed, env(step), depth + 1)
            if way is not None:
                yield from self._body(walk, action, *way, depth + 1)

    def _steps(self, node: int) -> dict[int | None, Step]:
        """What the steps of a job or action have; as several files say it, all of that."""
        found: dict[int | None, Step] = {}
        for one in self.view.ends(node, Step):
            other = found.get(one.step)
            if other is not None:
                env, given = any_of([other.env, one.env]), any_of([other.given, one.given])
                one = replace(one, env=env, given=given)  # noqa: PLW2901 - the two as one
            found[one.step] = one
        return found

    def steps(self, job: int) -> Iterator[Run]:
        """The job's own steps as programs of unknown content: what they have, if not what they do.

        An action of another repository runs with it too.
        """
        steps = self._steps(job)
        for context in self.contexts(job):
            for step in sorted(steps, key=lambda number: -1 if number is None else number):
                env = self.interfaces.bound(job, context.inputs, steps[step].env)
                if env:
                    yield Run(job, "", True, {}, env, self.place(job), context)  # noqa: FBT003 - by place

    def actions(self, node: int) -> Iterator[tuple[int, int | None]]:
        """Actions of the own repository that steps use, and the step."""
        for call in self.view.ends(node, Call):
            found = self.view.node(call.callee) if call.step is not None else None
            if found is not None:
                yield found, call.step

    def all_actions(self, job: int) -> Iterator[int]:
        """Actions of the own repository that a job uses, those that they use included."""
        waiting, seen = [job], {job}
        while waiting:
            for action, _ in self.actions(waiting.pop()):
                if action not in seen:
                    seen.add(action)
                    waiting.append(action)
                    yield action

    def place(self, node: int) -> Evidence:
        """The place that defines a job or an action, and not one that only names it."""
        places = self.view.places(node)
        rules = forges.of(self.view.parsed(node))
        mark = rules.job_at if self.view.is_a(node, k.CI_JOB) else rules.action_at
        return next((one for one in places if one.pointer.startswith(mark)), places[0])


class _Walk:
    """Actions that one job was followed into, each with what it was handed."""

    def __init__(self, job: int, context: Context) -> None:
        self.job, self.context = job, context
        self._depths: dict[tuple[int, Way, Way], int] = {}
        self._ways: dict[int, int] = {}

    def enters(
        self, action: int, inputs: Named, env: Named, depth: int
    ) -> tuple[Named, Named] | None:
        """What to follow the action with; None if the job was there with the same before."""
        place = (action, pairs(inputs), pairs(env))
        if place not in self._depths:
            self._ways[action] = self._ways.get(action, 0) + 1
            if self._ways[action] > MOST_WAYS:
                inputs, env = {}, {}
                place = (action, (), ())
        if self._depths.get(place, forges.levels() + 1) <= depth:
            return None
        self._depths[place] = depth
        return inputs, env
