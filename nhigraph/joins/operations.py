"""``dbt run-operation``: what the macro that a job names writes, and from what.

The dbt source says what each macro would do; a job that names it makes it happen
(https://docs.getdbt.com/reference/commands/run-operation), as far as its role may.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State

_COMMAND = "dbt run-operation"
_DATA = (State.ALTER, State.OMIT, State.HALT)
_BRANCH = "its arguments or a condition in it decide whether it writes that"


@dataclass(frozen=True, slots=True)
class Operation:
    """A macro that a run names.

    Attributes:
        key: Its node.
        lines: What it does, as the dbt source keeps it.
    """

    key: str
    lines: tuple[tuple[object, ...], ...]

    @property
    def writes(self) -> Iterator[tuple[str, str, bool]]:
        """Verb, key of the relation, and whether that is sure."""
        for line in self.lines:
            if line[0] == "write":
                yield str(line[1]), str(line[2]), line[3] is True


def is_one(run: Run) -> bool:
    """Whether a run is an operation."""
    return not run.opaque and run.tool.startswith(_COMMAND)


def named(view: View, project: int, run: Run) -> Operation | None:
    """The operation a run names; None where no macro of that name was read."""
    root = view.text(project, "dbt_project")
    package, _, name = run.tool.removeprefix(_COMMAND).strip().rpartition(".")
    package = package or root
    node = view.node(keys.Model(keys.Package(package), f"macro {name}").text)
    if node is None:
        quiet = package == root and name in view.lines(project, "quiet_macros")
        return Operation("", ()) if quiet else None
    lines = tuple(tuple(json.loads(line)) for line in view.lines(node, "operates"))
    return Operation(view.key(node), lines)


def lineage(operation: Operation, run: Run, condition: str) -> Iterator[Fact]:
    """What an operation is made of, once a job runs it; its rights are asked elsewhere."""
    for _, target, sure in operation.writes:
        yield _edge("COMPUTES", operation.key, target, run, _both(condition, sure))
    for line in operation.lines:
        first, second, third = (str(part) for part in line[:3])
        if first == "gap":
            states = (State.CONTROL, State.ALTER) if third == operation.key else _DATA
            yield Gap(third, second, run.evidence, states)
        elif first != "write":
            yield _edge(first, second, third, run, _both(condition, line[3] is True))


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
