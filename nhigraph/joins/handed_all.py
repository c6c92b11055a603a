"""Secrets that jobs are handed although their file does not name them.

Where a forge hands every job all that its repository has (``policy.forges``), what a job could use
is what a listing shows: those for everybody, and those for the environment it is in. Without the
complete list nobody can say which that are. One grant for all jobs of a repository stands between
them and the secrets, and one more for each environment that a job is in. What a repository keeps
under a name goes before what a file of it says: where both do, the job has a gap. A job that only
starts another pipeline runs nothing that could use one: it has those that its file names.
"""

from collections.abc import Iterator

from nhigraph.facts.asks import Export
from nhigraph.facts.ends import Step
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import forge
from nhigraph.facts.keys.parts import Key
from nhigraph.facts.missing import Missing
from nhigraph.facts.values import Secret
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.kept import UNLESS, Kept
from nhigraph.policy import forges
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State

_GUARDED = "the run is one of a branch or tag that a rule protects"
_BEFORE = "the repository has a variable {} that goes before what the file says of it"
_WHICH = "the run is in that environment"
_UNLISTED = "a job is handed every secret of {}, and no list says which these are"
#: The permission that stands for all of them, and for those of one environment.
_ALL, _OF = "every-secret", "every-secret:{}"


def settle(board: Board) -> None:
    """Grants of all secrets, and of what no list says a gap at them."""
    homes: dict[forge.Repository, list[int]] = {}
    for job in board.jobs.all:
        home = forge.Repository.parse(board.jobs.repository(job))
        idle = board.view.props(job).get("starts_only") is True
        if home is not None and forges.of(home).hands_all and not idle:
            homes.setdefault(home, []).append(job)
    for home, jobs in homes.items():
        found = _Handed(board, home, jobs)
        board.add([*found.facts()])
        board.missing += [line for line in found.missing() if line not in board.missing]


class _Handed:
    """What the jobs of one repository are handed."""

    def __init__(self, board: Board, home: forge.Repository, jobs: list[int]) -> None:
        self.board, self.view, self.home, self.jobs = board, board.view, home, jobs
        self.rules, self.kept = forges.of(home), Kept(board.view)
        self.place = board.jobs.place(jobs[0])

    def facts(self) -> Iterator[Fact]:
        every = self.home.permission(_ALL).text
        yield Node(k.GRANT, every, self.place, name=f"every secret of {self.home.path}")
        environments: set[str] = set()
        for job in self.jobs:
            key, place = self.view.key(job), self.board.jobs.place(job)
            named = self.view.lines(job, "environments")
            environments |= {*named} - {forge.UNNAMED}
            for gate in self.board.jobs.gates(job):
                yield Edge(k.HOLDS, key, every, place, gate=gate)
                for one in named:
                    if one != forge.UNNAMED:
                        yield self._in(key, one, place, gate, sure=forge.UNNAMED not in named)
        yield from self._secrets(every, environments)
        yield from self._hidden()
        for owner, asks in self._unlisted():
            reason = _UNLISTED.format(owner)
            yield Gap(every, reason, self.place, (State.CONTROL,), asks=asks)

    def _in(
        self, job: str, environment: str, place: Evidence, gate: str | None, *, sure: bool
    ) -> Edge:
        grant = self.home.permission(_OF.format(environment)).text
        return Edge(
            k.HOLDS,
            job,
            grant,
            place,
            certainty=Certainty.CERTAIN if sure else Certainty.CONDITIONAL,
            condition=None if sure else _WHICH,
            gate=gate,
        )

    # -- secrets --------------------------------------------------------------------------------

    def _secrets(self, every: str, environments: set[str]) -> Iterator[Fact]:
        for one in sorted(environments):
            name = f"every secret for {one} of {self.home.path}"
            grant = self.home.permission(_OF.format(one)).text
            yield Node(k.GRANT, grant, self.place, name=name)
        for node in self.view.of_kind(k.SECRET):
            match key := self.view.parsed(node):
                case forge.RepositorySecret(repository=of) if of == self.home:
                    if self._is_listed(node):
                        yield self._read(every, key, node)
                case forge.OwnerSecret() if self.home.belongs_to(key):
                    own = self.view.node(self.home.secret(key.name).text)
                    if own is None or not self._is_listed(own):
                        yield from self._owners(every, key, node)
                case forge.EnvironmentSecret(environment=said) if said.repository == self.home:
                    for one in sorted(environments) if self._is_listed(node) else ():
                        if self.rules.scopes(said.name, one) and not self._is_hidden(key, one):
                            grant = self.home.permission(_OF.format(one)).text
                            yield self._read(grant, key, node)

    def _owners(self, every: str, key: forge.OwnerSecret, node: int) -> Iterator[Edge]:
        """An owner's, where neither the repository nor a nearer owner has one of that name."""
        doubts = self.kept.doubts(self.home, key, node)
        if doubts is not None:
            hidden = "" if self._is_complete(self.home.text) else UNLESS
            yield self._read(every, key, node, *filter(None, (hidden, doubts)))

    def _is_hidden(self, key: forge.EnvironmentSecret, environment: str) -> bool:
        """Whether the environment has one of that name of its very own, which comes before it."""
        if key.environment.name == environment:
            return False
        own = key.with_parts(environment=key.environment.with_parts(name=environment))
        node = self.view.node(own.text)
        return node is not None and self._is_listed(node)

    def _is_listed(self, node: int) -> bool:
        return self.kept.listed(node)

    def _is_complete(self, key: str) -> bool:
        return self.kept.lists_all(key)

    def _read(self, grant: str, key: Key, node: int, *doubts: str) -> Edge:
        guarded = _GUARDED if self.view.props(node).get("protected") is True else ""
        condition = " and ".join(one for one in (guarded, *doubts) if one)
        return Edge(
            k.CAN_READ,
            grant,
            key.text,
            self.view.places(node)[0],
            action="use_secret",
            certainty=Certainty.CONDITIONAL if condition else Certainty.CERTAIN,
            condition=condition or None,
        )

    def _hidden(self) -> Iterator[Gap]:
        """Jobs whose file sets a variable that their repository has too, which goes before it."""
        listed = {
            key.name: key.text
            for node in self.view.of_kind(k.SECRET)
            for key in [self.view.parsed(node)]
            if isinstance(key, forge.RepositorySecret) and key.repository == self.home
            if self._is_listed(node)
        }
        for job in self.jobs:
            stated = {
                name
                for step in self.view.ends(job, Step)
                for name, value in step.env.items()
                if name in listed and value != (Secret(listed[name]),)
            }
            for name in sorted(stated):
                place = self.board.jobs.place(job)
                yield Gap(self.view.key(job), _BEFORE.format(name), place, (State.CONTROL,))

    # -- lists ----------------------------------------------------------------------------------

    def _unlisted(self) -> Iterator[tuple[str, Export | None]]:
        for what, key, lines in self._lists():
            if not self._is_complete(key):
                yield what, next((Export(line.title) for line in lines), None)

    def missing(self) -> Iterator[Missing]:
        """Lists that were not given."""
        asked = {one.title for _, one in self._unlisted() if one is not None}
        for _, _, lines in self._lists():
            yield from (line for line in lines if line.title in asked)
        server = self.rules.server(self.home)
        if server is not None and not self._is_complete(server.text):
            yield from self.rules.exports.owners_secrets(server)

    def _lists(self) -> Iterator[tuple[str, str, tuple[Missing, ...]]]:
        """Whose secrets its jobs have, by name and key, and the lines that ask for the lists."""
        exports = self.rules.exports
        yield self.home.path, self.home.text, exports.secrets(self.home)
        for owner in self.rules.owners(self.home):
            yield owner.owner, owner.text, exports.owners_secrets(owner)


JOIN = Join(settle, gives=(k.HOLDS, k.CAN_READ))
