"""An operation: what the macro that a job names writes, and from what.

A source says what each macro would do; a job that names it makes it happen, as far as its role
may.
"""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.ends import Project, Would
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.view import View
from nhigraph.policy import programs
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING, Certainty, State

_BRANCH = "its arguments or a condition in it decide whether it writes that"


@dataclass(frozen=True, slots=True)
class Operation:
    """A macro that a run names.

    Attributes:
        key: Its node.
        effects: What it does.
    """

    key: str
    effects: tuple[Would, ...]

    @property
    def writes(self) -> Iterator[Would]:
        """What it writes."""
        return (one for one in self.effects if one.verb)


def is_one(run: Run) -> bool:
    """Whether a run is an operation."""
    return not run.opaque and bool(programs.of(run.tool).operation)


def named(view: View, project: int, said: Project, run: Run) -> Operation | None:
    """The operation a run names; None where no macro of that name was read."""
    root = said.name
    package, _, name = programs.of(run.tool).operation.rpartition(".")
    package = package or root
    mine = [arc.target for arc in view.out(project, k.CONTAINS)]
    named_so = [node for node in mine if _is_macro(view.key(node), package, name)]
    if not named_so:
        quiet = package == root and name in said.quiet
        return Operation("", ()) if quiet else None
    return Operation(view.key(named_so[0]), view.ends(named_so[0], Would))


def _is_macro(key: str, package: str, name: str) -> bool:
    found = keys.Model.parse(key)
    return found is not None and found.package.name == package and found.name == f"macro {name}"


def lineage(operation: Operation, run: Run, condition: str) -> Iterator[Fact]:
    """What an operation is made of, once a job runs it; its rights are asked elsewhere."""
    for one in operation.effects:
        if not one.effect:
            own = one.source == operation.key
            states = (State.CONTROL, State.ALTER) if own else FLOWING
            yield Gap(one.source, one.reason, run.evidence, states)
        else:
            held = _both(condition, one.certain)
            yield _edge(one.effect, one.source, one.target, run, held)


def absent(jobs: Jobs, run: Run) -> Iterator[Gap]:
    """The gaps of a run whose macro was not read."""
    reason = f"{run.tool}: the macro is in no manifest that was read"
    for job in jobs.under(run):
        yield Gap(job, reason, run.evidence, (State.CONTROL,))


def _edge(label: str, source: str, target: str, run: Run, condition: str) -> Edge:
    kind = {"COMPUTES": k.COMPUTES, "FEEDS": k.FEEDS, "FILTERS": k.FILTERS}[label]
    certainty = Certainty.CONDITIONAL if condition else Certainty.CERTAIN
    return Edge(
        kind, source, target, run.evidence, certainty=certainty, condition=condition or None
    )


def _both(condition: str, sure: bool) -> str:  # noqa: FBT001 - of the line
    return " and ".join(one for one in (condition, "" if sure else _BRANCH) if one)
