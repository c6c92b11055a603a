"""What called workflows and actions take and give back, and what jobs leave for each other.

An input that is not handed over has its default, else nothing of its type; whoever starts a run by
hand chooses: one of the options, or any text
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_callinputs,
``#onworkflow_dispatchinputs``, ``#jobsjob_idoutputs``, ``#onworkflow_calloutputs``, read 30
November 2026). A literal is kept where a tool of the file takes it for a place, or its name says
that it is one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from nhigraph.facts.ends import Interface
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.values import UNKNOWN, UNSET, Literal, Output, Value, any_of
from nhigraph.policy.scripts.coordinates import is_input_coordinate
from nhigraph.sources.github_actions.model import Job, Pointer, Workflow
from nhigraph.sources.github_actions.shape import mapping, sequence, text
from nhigraph.sources.github_actions.steps import StepReading
from nhigraph.sources.github_actions.values import Reader, as_input

#: What an input of a type is that has no default.
_NOTHING: Mapping[str, Value] = {"boolean": (Literal("false"),), "number": (Literal("0"),)}
_BOOLEAN: Value = (Literal("false"), Literal("true"))


class Left:
    """What jobs of one file leave for those that need them.

    Attributes:
        jobs: The jobs by name, in lower case.
        reading: Reads a job's steps, with what reads its values.
    """

    def __init__(self, jobs: Iterable[Job], reading: Callable[[Job], Reader]) -> None:
        """Nothing is read before it is asked for."""
        self._jobs = {job.name.lower(): job for job in jobs}
        self._reading = reading
        self._open: set[str] = set()

    def __call__(self, name: str, output: str) -> Value:
        """What a job leaves under a name."""
        job = self._jobs.get(name.lower())
        if job is None or name.lower() in self._open:
            return UNKNOWN
        if job.calls:
            return (Output(job.name, "", output.lower()),)
        outputs = {one.lower(): one for one in mapping(job.body.get("outputs"))}
        own = outputs.get(output.lower())
        if own is None:
            return UNSET
        self._open.add(name.lower())
        reader = self._reading(job)
        at = (*job.at, "outputs", own)
        found = reader.stated(mapping(job.body["outputs"])[own], {}, own, at)
        self._open.discard(name.lower())
        said = tuple(replace(r, job=job.name) if isinstance(r, Output) else r for r in found)
        return any_of([said, UNSET]) if job.body.get("if") else said


def of_workflow(
    workflow: Workflow, reader: Reader, told: frozenset[str], place: Evidence
) -> Iterator[Interface]:
    """What a file takes from callers and from whoever starts it, and gives back."""
    call = mapping(workflow.events.get("workflow_call"))
    at = ("on", "workflow_call")
    inputs = dict(_defaults(call, reader, told, at))
    chosen = dict(_chosen(workflow, reader, told))
    # Started by itself, what only a caller hands over is empty.
    own = workflow.events.keys() - {"workflow_call"}
    for name in inputs.keys() | mapping(call.get("inputs")).keys() if own else ():
        chosen.setdefault(name.lower(), UNSET)
    outputs = dict(_outputs(call, reader, told, at))
    if inputs or chosen or outputs:
        yield Interface(workflow.key, place, inputs=inputs, chosen=chosen, outputs=outputs)


def of_action(
    body: Mapping[str, object],
    reader: Reader,
    readings: Iterable[StepReading],
    told: frozenset[str],
    key: str,
    place: Evidence,
) -> Iterator[Interface]:
    """What an action takes, gives back and leaves in the variables of the job."""
    inputs = dict(_defaults(body, reader, told, ()))
    outputs = dict(_outputs(body, reader, told, ()))
    later = [reading.later for reading in readings]
    leaves = later[-1] if later else {}
    if inputs or outputs or leaves:
        yield Interface(key, place, inputs=inputs, outputs=outputs, leaves=leaves)


def _kept(value: Value, name: str, told: frozenset[str]) -> Value:
    """A value without literals that no tool takes for a place."""
    if is_input_coordinate(name) or as_input(name) in told:
        return value
    return tuple(
        Literal() if isinstance(ref, Literal) and ref.text and not _is_switch(ref) else ref
        for ref in value
    )


def _is_switch(ref: Literal) -> bool:
    return (ref,) in _NOTHING.values() or ref in _BOOLEAN


def _defaults(
    body: Mapping[str, object], reader: Reader, told: frozenset[str], at: Pointer
) -> Iterator[tuple[str, Value]]:
    for name, said in mapping(body.get("inputs")).items():
        stated = mapping(said)
        if "default" in stated and stated["default"] is not None:
            place = (*at, "inputs", name, "default")
            default = reader.stated(stated["default"], {}, name, place)
            yield name.lower(), _kept(default, name, told)
        elif stated.get("required") is not True:
            yield name.lower(), _NOTHING.get(text(stated.get("type")), UNSET)


def _outputs(
    body: Mapping[str, object], reader: Reader, told: frozenset[str], at: Pointer
) -> Iterator[tuple[str, Value]]:
    for name, said in mapping(body.get("outputs")).items():
        place = (*at, "outputs", name, "value")
        yield (
            name.lower(),
            _kept(reader.stated(mapping(said).get("value"), {}, name, place), name, told),
        )


def _chosen(
    workflow: Workflow, reader: Reader, told: frozenset[str]
) -> Iterator[tuple[str, Value]]:
    dispatch = mapping(workflow.events.get("workflow_dispatch"))
    others = workflow.events.keys() - {"workflow_dispatch", "workflow_call"}
    for name, said in mapping(dispatch.get("inputs")).items():
        stated, at = mapping(said), ("on", "workflow_dispatch", "inputs", name)
        kind = text(stated.get("type"))
        many = [UNSET] if others else []
        if kind == "choice":
            for number, one in enumerate(sequence(stated.get("options"))):
                many.append(reader.stated(one, {}, name, (*at, "options", number)))
        elif kind == "boolean":
            many.append(_BOOLEAN)
        else:
            default = stated.get("default")
            said_so = () if default is None else reader.stated(default, {}, name, (*at, "default"))
            many += [said_so, UNKNOWN]
        yield name.lower(), _kept(any_of(many) or UNKNOWN, name, told)
