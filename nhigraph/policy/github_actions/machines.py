"""A machine that a variable's value names: what follows where it is not the provider's own.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idruns-on
"""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import forge
from nhigraph.policy.github_actions.actions import Hosting, hosting
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

#: Of what a job leaves on its machine.
LASTS = "the machine is kept after the job; a machine made for one job is not"


def runs_elsewhere(job: str, label: str, place: Evidence) -> Iterator[Fact]:
    """The machine of that label, and what it means to a job; nothing for one of GitHub's own.

    Args:
        job: Key of the job.
        label: The variable's value.
        place: Where somebody says so.
    """
    repository = forge.home_of(job)
    if not isinstance(repository, keys.Repository) or hosting((label,), None) is Hosting.GITHUB:
        return
    key = keys.Runner(repository, (label,)).text
    yield Node(k.RUNNER, key, place, name=label, props={"labels": (label,)})
    yield Edge(k.EXECUTES, key, job, place)
    yield Edge(
        k.CAN_WRITE,
        job,
        key,
        place,
        action="change_logic",
        certainty=Certainty.CONDITIONAL,
        condition=LASTS,
    )
