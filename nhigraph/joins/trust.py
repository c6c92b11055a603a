"""What jobs may do in clouds of which no export was given.

Whoever a job becomes there and nothing describes has a gap; so has the right to an identity token
where the job names nobody it becomes with it: one for each repository, because a cloud trusts
repositories.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nhigraph.facts.ends import Login
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import forge
from nhigraph.facts.missing import Missing
from nhigraph.facts.values import literal
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import View
from nhigraph.policy import clouds, exports, forges
from nhigraph.policy.clouds import Cloud
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State

_UNDESCRIBED = "no export describes what this identity may do in its cloud"
_TRUST = "the trust policy that lets this job in is not in the workflow file"

#: Key of whom somebody becomes, to the cloud, the first place, and the source of that.
Named = dict[str, tuple[Cloud, Evidence, str]]


@dataclass
class Clouds:
    """Finds who is named and described by nobody.

    Attributes:
        view: The graph.
        jobs: Its jobs.
        missing: Exports that would describe them.
    """

    view: View
    jobs: Jobs
    missing: list[Missing] = field(default_factory=list)

    def facts(self) -> Iterator[Fact]:
        """Logins of the actions that jobs use, and the gaps."""
        named: Named = {}
        for job in self.jobs.all:
            for arc in self.view.out(job, k.CAN_ASSUME):
                cloud = clouds.cloud_of(self.view.graph.kind_list[arc.target])
                if cloud is not None:
                    place = self.view.said(arc)[0]
                    source = forges.of(self.view.parsed(job)).source
                    named.setdefault(self.view.key(arc.target), (cloud, place, source))
            yield from self._of_actions(job, named)
        wanted: dict[Cloud, dict[str, str]] = {}
        for key, (cloud, place, source) in sorted(named.items()):
            node = self.view.node(key)
            if node is None or next(self.view.out(node), None) is None:
                yield Gap(key, _UNDESCRIBED, place, (State.CONTROL,))
                wanted.setdefault(cloud, {})[key] = source
        self.missing += [
            exports.cloud(cloud, f"what {', '.join(found)} may do there", min(found.values()))
            for cloud, found in sorted(wanted.items())
        ]
        self.missing += self._trusting()

    def _of_actions(self, job: int, named: Named) -> Iterator[Fact]:
        """What an action of the own repository logs in as, its user does."""
        source = self.view.key(job)
        for action in self.jobs.all_actions(job):
            place = self.jobs.place(action)
            for login in self.view.ends(action, Login):
                cloud = Cloud(login.endpoint.platform)
                name = literal(login.user) or ""
                found = clouds.identity(cloud, name)
                if found is None:
                    reason = f"whom the job becomes in {cloud} by an action is not in the files"
                    yield Gap(source, reason, place, (State.CONTROL,))
                    continue
                kind, key = found
                wanted_by = forges.of(self.view.parsed(job)).source
                named.setdefault(key, (cloud, place, wanted_by))
                yield Node(kind, key, place, name=name.rpartition("/")[2])
                become = Edge(
                    k.CAN_ASSUME,
                    source,
                    key,
                    place,
                    certainty=Certainty.CONDITIONAL,
                    condition=_TRUST,
                )
                yield from (replace(become, gate=gate) for gate in self.jobs.gates(job))

    def _trusting(self) -> Iterator[Missing]:
        """Of repositories whose jobs have identity tokens, which roles trust these."""
        found: dict[str, list[str]] = {}
        for key in map(self.view.parsed, self.view.of_kind(k.GRANT)):
            if isinstance(key, forge.Permission) and forges.gives_identity(key):
                found.setdefault(forges.of(key).source, []).append(key.repository.path)
        for source, paths in sorted(found.items()):
            settles = f"which identities trust the tokens of {', '.join(paths)}"
            yield from exports.clouds(settles, source)


def settle(board: Board) -> None:
    """Whom jobs become by their own tokens, and who of these is described by nobody."""
    found = Clouds(board.view, board.jobs)
    if board.view.of_kind(k.CI_JOB, k.WORKFLOW):
        board.add([*found.facts()])
        board.missing += found.missing


JOIN = Join(settle, gives=(k.CAN_ASSUME,))
