"""Ways in for people without any role in the repository.

Two are followed: code of a pull request that a privileged run fetches and then executes, and text
of an issue, comment or pull request that an expression pastes into a script
(https://docs.github.com/en/actions/reference/security/secure-use). Every edge is conditional: the
repository may be private, and an ``if`` that is not understood may keep outsiders out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Node, Note
from nhigraph.policy.github_actions import checkout, events, expressions, fetched, untrusted
from nhigraph.policy.github_actions.actions import Local, Remote, parse_uses
from nhigraph.policy.github_actions.checkout import GUARDED_EVENTS, Guard
from nhigraph.policy.github_actions.events import Starter
from nhigraph.policy.github_actions.expressions import Path
from nhigraph.policy.github_actions.fetched import is_pull_ref, may_execute
from nhigraph.policy.scripts import states
from nhigraph.policy.scripts.wrappers import unwrapped
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.github_actions.model import Job, Pointer, Step
from nhigraph.sources.github_actions.shape import text
from nhigraph.sources.github_actions.steps import StepReading

_MARK = re.compile("\ue000(\\d+)\ue001")
_VARIABLE = re.compile(r"\$\{?(\w+)")


@dataclass(frozen=True, slots=True)
class _Fetched:
    """Code of others in the workspace, and how many commands of the step brought it."""

    step: Step
    at: Pointer
    how: str
    commands: int = 0


class Outsiders:
    """Looks at one job in a run that an outsider started by one event."""

    def __init__(self, job: Job, readings: Sequence[StepReading], event: str) -> None:
        """Prepare the bindings of such a run."""
        self.job = job
        self.event = event
        self.bindings = partial(job.outsider_values, event)
        self.readings = [
            reading
            for reading in readings
            if expressions.may_hold(reading.step.body.get("if"), self.bindings)
        ]

    def facts(self) -> Iterator[Fact]:
        """Edges by which an outsider controls the job."""
        if not expressions.may_hold(self.job.body.get("if"), self.bindings):
            return
        yield from self._injections()
        yield from self._pull_request_code()

    def _edge(self, step: Step, at: Pointer, how: str) -> Iterator[Fact]:
        evidence = self.job.workflow.evidence(*at)
        anyone = keys.Anyone().text
        triage = events.starter(self.event, self.job.workflow.types(self.event)) is Starter.TRIAGE
        first = ", and a holder of the triage role acts first" if triage else ""
        guarded = "if" in self.job.body or "if" in step.body
        unless = ", and the 'if' on the way lets it" if guarded else ""
        yield Node(k.GROUP, anyone, evidence, name="anyone on GitHub", nhi=False)
        yield Edge(
            k.CAN_WRITE,
            anyone,
            self.job.key,
            evidence,
            action="change_logic",
            certainty=Certainty.CONDITIONAL,
            condition=f"{self.event}: {how}; outsiders can read the repository{first}{unless}",
        )

    # --- text pasted into a script -------------------------------------------------------------

    def _injections(self) -> Iterator[Fact]:
        for reading in self.readings:
            for pointer, written in self._code(reading.step):
                path = next(self._untrusted(written, reading.step), None)
                if path:
                    shown = ".".join(path)
                    yield from self._edge(
                        reading.step, pointer, f"{shown} is pasted into a script"
                    )

    def _code(self, step: Step) -> Iterator[tuple[Pointer, str]]:
        if step.run:
            yield (*step.at, "run"), step.run
        sink = untrusted.CODE_INPUTS.get(step.uses.partition("@")[0].lower())
        for name, value in step.inputs.items():
            if name.lower() == sink:
                yield (*step.at, "with", name), text(value)

    def _untrusted(self, written: str, step: Step) -> Iterator[Path]:
        for path in self._paths(written, step):
            if untrusted.is_untrusted(path, self.event):
                yield path

    def _paths(self, written: str, step: Step) -> Iterator[Path]:
        """Contexts of a text; a variable of the job stands for the contexts of its value."""
        for part in expressions.embedded(written):
            for path in expressions.references(part.expression) if part.expression else ():
                yield path
                if path[0].lower() == "env" and len(path) > 1:
                    value = self._variable(path[1], step)
                    for inner in expressions.embedded(value):
                        if inner.expression:
                            yield from expressions.references(inner.expression)

    def _variable(self, name: str, step: Step) -> str:
        workflow_env = self.job.workflow.body.get("env")
        for level in (step.env, self.job.env, workflow_env):
            if isinstance(level, dict) and name in level:
                return text(level[name])
        return ""

    # --- code of a pull request ----------------------------------------------------------------

    def _pull_request_code(self) -> Iterator[Fact]:
        code: _Fetched | None = None
        for reading in self.readings:
            if code is not None:
                how = self._executes(reading)
                if how:
                    yield from self._edge(code.step, code.at, f"{code.how}, and {how}")
                    return
            found = self._fetches(reading)
            if isinstance(found, Note):
                yield found
            elif found is not None:
                code = found
                how = self._executes_itself(reading, found)
                if how:
                    yield from self._edge(found.step, found.at, f"{found.how}, and {how}")
                    return

    def _fetches(self, reading: StepReading) -> _Fetched | Note | None:
        step = reading.step
        if not step.uses:
            return self._fetched_by_command(reading)
        name = step.uses.partition("@")[0].lower()
        if "download-artifact" in name:
            return self._downloads(step)
        return self._checks_out(step) if "checkout" in name else None

    def _downloads(self, step: Step) -> _Fetched | None:
        run = self._paths(step.input("run-id") or step.input("run_id"), step)
        own = any(path[:3] == ("github", "event", "workflow_run") for path in run)
        if self.event == "workflow_run" and (own or step.input("workflow")):
            return _Fetched(step, (*step.at, "uses"), "files of the triggering run are fetched")
        return None

    def _checks_out(self, step: Step) -> _Fetched | Note | None:
        name, _, ref = step.uses.partition("@")
        inputs = (step.input("ref"), step.input("repository"))
        paths = [path for written in inputs for path in self._paths(written, step)]
        at = (*step.at, "uses")
        if not is_pull_ref(inputs[0]) and not untrusted.names_fork_code(paths):
            if untrusted.computed_elsewhere(paths):
                return _Fetched(step, at, "a commit that an earlier step chose is checked out")
            return None
        if name.lower() != "actions/checkout" or self.event not in GUARDED_EVENTS:
            return _Fetched(step, at, "code of the pull request is checked out")
        return self._guarded(step, ref, at)

    def _guarded(self, step: Step, ref: str, at: Pointer) -> _Fetched | Note:
        """Since July 2026 actions/checkout refuses a fork's code unless told otherwise."""
        if step.input("allow-unsafe-pr-checkout").lower() == "true":
            return _Fetched(step, at, "code of the pull request is checked out on purpose")
        guard = checkout.guard(ref)
        if guard is Guard.PRESENT:
            reason = f"{self.event}: this checkout refuses code of a fork"
            return Note(reason, self.job.workflow.doc.at(*at))
        if guard is Guard.ABSENT:
            return _Fetched(step, at, "code of the pull request is checked out by an old version")
        return _Fetched(
            step, at, "code of the pull request is checked out, if this version does not refuse it"
        )

    def _fetched_by_command(self, reading: StepReading) -> _Fetched | None:
        local: dict[str, list[str]] = {}
        for command in reading.commands:
            for name, word, _ in states.written(command):
                local.setdefault(name, []).append(word or "")
        asks = partial(self._asked, reading, local)
        found = fetched.fetched_after(reading.commands, asks)
        if found is None:
            return None
        place, how = found
        return _Fetched(reading.step, (*reading.step.at, "run"), how, place + 1)

    def _asked(
        self, reading: StepReading, local: Mapping[str, Sequence[str]], said: str
    ) -> Iterator[Path]:
        """Contexts of a text of the script; its variables stand for those of their values."""
        marks = reading.script.expressions
        values = [word for name in _VARIABLE.findall(said) for word in local.get(name, ())]
        for number in _MARK.findall(" ".join((said, *values))):
            yield from self._paths(marks[int(number)], reading.step)
        for name in _VARIABLE.findall(said):
            yield from self._paths(self._variable(name, reading.step), reading.step)

    @staticmethod
    def _executes_itself(reading: StepReading, found: _Fetched) -> str | None:
        """Whether the fetching script itself goes on to run something."""
        later = reading.commands[found.commands :] if found.commands else ()
        if any(may_execute(unwrapped(command.words)) for command in later):
            return "the same script goes on to run a command beside it"
        return None

    def _executes(self, reading: StepReading) -> str | None:
        step = reading.step
        used = parse_uses(step.uses) if step.uses else None
        if isinstance(used, Local):
            return None if used.own else "a local action is run from it"
        if isinstance(used, Remote):
            trusted = used.repository.lower().partition("/")[0] in ("actions", "github")
            return None if trusted else "an action is run beside it, which may execute it"
        if any(run.opaque for run, _ in reading.runs) or any(
            may_execute(unwrapped(command.words)) for command in reading.commands
        ):
            return "a later step runs a command beside it"
        return None


def facts(job: Job, readings: Sequence[StepReading]) -> Iterator[Fact]:
    """What outsiders can do to the job, by every event that they can cause."""
    for event in sorted(events.PRIVILEGED_FROM_OUTSIDE.intersection(job.workflow.events)):
        yield from Outsiders(job, readings, event).facts()
