"""The joins of one graph, put together."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node
from nhigraph.facts.missing import Missing
from nhigraph.graph.resolve import renamed
from nhigraph.graph.store import Graph
from nhigraph.joins import callers, elsewhere, missing, protection, same, schema_usage, unread
from nhigraph.joins.builds import Builds
from nhigraph.joins.clouds import Clouds
from nhigraph.joins.defaults import Defaults
from nhigraph.joins.logins import Login, Logins
from nhigraph.joins.missing import Needed
from nhigraph.joins.profile import Projects
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.servers import Aliases, Servers
from nhigraph.joins.view import Arc, View
from nhigraph.policy import programs
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind, Transform

_SAME = "the secret is the other holder's of that name"
_INSIDE = "the secret is a part of the password"
_UNSTATED = "it logs in without a password that the files show"


@dataclass(frozen=True, slots=True)
class Joined:
    """What joins add.

    Attributes:
        facts: Nodes, edges and gaps.
        guards: Number of an edge to the gate that guards it.
        needs: Number of an edge to what must be held beside its source.
        missing: Exports that would settle what is left open.
        settled: Number of an edge to whether it holds, where a condition of it is decided.
    """

    facts: list[Fact] = field(default_factory=list)
    guards: dict[int, str] = field(default_factory=dict)
    needs: dict[int, tuple[Need, ...]] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    settled: dict[int, bool] = field(default_factory=dict)


def join(
    graph: Graph,
    opened: Mapping[str, Collection[str]] | None = None,
    aliases: Aliases | None = None,
    linked: Collection[str] = (),
) -> Joined:
    """What the sources say together.

    Args:
        graph: The merged graph, without the scope's targets.
        opened: Keys of secrets to those of identities that the scope's links tie them to.
        aliases: Platform and host to the name the scope gives that server.
        linked: Keys of which the scope's links say what they may do.
    """
    view = View(graph)
    usage = schema_usage.settled(view)
    shared = [*usage.facts, *same.facts(view)]
    if not view.of_kind(k.CI_JOB, k.WORKFLOW):
        return Joined(shared, needs=usage.needs, missing=missing.of_databases(view))
    joining = _Joining(view, aliases or {})
    guarded = protection.guards(view, joining.jobs)
    defaults = Defaults(view, joining.jobs)
    clouds = Clouds(view, joining.jobs)
    facts = [*shared, *joining.facts(opened or {}, linked), *defaults.facts(guarded.gates)]
    facts += [*clouds.facts(), *guarded.facts]
    absent = [*guarded.missing, *missing.of_all(view, joining.jobs, joining.needed)]
    absent += clouds.missing
    return Joined(facts, guarded.gates, usage.needs, absent, defaults.settled)


def unified(graph: Graph, aliases: Aliases) -> Graph:
    """The graph with the roles of each server that the scope names under that name."""
    return renamed(graph, Servers(View(graph), aliases).renamed()) if aliases else graph


class _Joining:
    def __init__(self, view: View, aliases: Aliases) -> None:
        self.view = view
        self.jobs = Jobs(view)
        self.projects = Projects(view, self.jobs)
        self.servers = Servers(view, aliases)
        self.logins = Logins(view, self.projects, self.servers)
        self.builds = Builds(view, self.projects)
        self.needed = Needed()
        self._opening: dict[str, list[Edge]] = {}

    def facts(
        self, opened: Mapping[str, Collection[str]], linked: Collection[str]
    ) -> Iterator[Fact]:
        view = self.view
        found = [one for job in self.jobs.all for one in self._runs(job)]
        everyone = (login for _, logins in found for login in logins)
        hosts = _hosts(everyone, self.servers)
        gaps: list[Gap] = []
        roles: dict[str, Login] = {}
        for run, plain in found:
            logins = [_of_one_server(login, hosts) for login in plain]
            for login in logins:
                if login.role:
                    roles.setdefault(login.role, login)
                yield from self._login(login)
            if programs.of(run.tool).works and not run.opaque:
                for one in logins:
                    if not one.own:
                        yield from self.builds.facts(run, one)
                if not logins:
                    yield from self.builds.facts(run, None)
            gaps += unread.of_run(view, self.projects, self.builds, run, logins)
            self._note_manifest(run)
        yield from self._roles(roles)
        yield from self._spread()
        for job in self.jobs.all:
            for secret in unread.written(view, self.jobs, job):
                place = view.places(secret)[0]
                read = Edge(
                    k.CAN_READ, view.key(job), view.key(secret), place, action="use_secret"
                )
                yield from (replace(read, gate=gate) for gate in self.jobs.gates(job))
        yield from gaps
        databases = {*self._opening, *_of_databases(opened)}
        yield from elsewhere.gaps(view, self.jobs, [run for run, _ in found], databases, linked)
        yield from callers.facts(view, self.jobs)
        yield from unread.workflows(view, self.jobs)
        yield from unread.actions(view, self.jobs)
        yield from unread.secrets(view, self.jobs, {*self._opening, *opened})

    def _note_manifest(self, run: Run) -> None:
        """Note a job that builds what no manifest says."""
        if programs.of(run.tool).builds and not run.opaque and not self.projects.projects(run):
            self.needed.manifests.add(run.job)

    def _runs(self, job: int) -> Iterator[tuple[Run, list[Login]]]:
        """What a job runs, with its logins; steps that tell no more come last."""
        told: set[str] = set()
        for run in self.jobs.runs(job):
            logins = [one.under(run.context.condition) for one in self.logins.of(run)]
            told |= {key for one in logins for key, _ in one.secrets}
            yield run, logins
        for run in self.jobs.steps(job):
            more = [*self.logins.of(run), *self.logins.by_name(run)]
            logins = [
                one.under(run.context.condition)
                for one in more
                if (one.role or one.own) and not told.issuperset(key for key, _ in one.secrets)
            ]
            if logins:
                yield run, logins

    def _login(self, login: Login) -> Iterator[Fact]:
        """The secret that opens the role, or that the job has it without one."""
        run = login.run
        node = self.view.node(login.role) if login.role else None
        # No password opens a role that may not log in.
        closed = node is not None and self.view.props(node).get("login") is False
        if login.own or closed:
            for key, _ in login.secrets:
                self._opening.setdefault(key, [])
        if closed or not login.role:
            return
        if not login.secrets:
            edge = self._edge(k.CAN_ASSUME, "", login.under(_UNSTATED))
            for job, gate in self.jobs.holders(run):
                yield replace(edge, source=job, gate=gate)
            return
        for key, whole in login.secrets:
            if self.view.node(key) is None and not run.context.hands_over(key):
                continue
            edge = self._edge(k.AUTHENTICATES_AS, key, login if whole else login.under(_INSIDE))
            self._opening.setdefault(key, []).append(edge)
            yield edge
            # What a caller hands over, the callers have (``callers``).
            if not run.context.callers and not self._reads(run, key):
                # A password in a file of the checkout: the job has the file.
                for job, gate in self.jobs.holders(run):
                    yield Edge(k.CAN_READ, job, key, run.evidence, action="use_secret", gate=gate)

    def _edge(self, kind: EdgeKind, source: str, login: Login) -> Edge:
        return Edge(
            kind,
            source,
            login.role,
            login.run.evidence,
            certainty=login.certainty,
            condition=login.condition or None,
            because=login.because,
        )

    def _reads(self, run: Run, secret: str) -> bool:
        node = self.view.node(secret)
        arcs = self.view.into(node, k.CAN_READ) if node is not None else iter(())
        feeds = self.view.out(node, k.FEEDS) if node is not None else iter(())
        return any(arc.source == run.job for arc in arcs) or next(feeds, None) is not None

    def _roles(self, roles: Mapping[str, Login]) -> Iterator[Fact]:
        """Roles as logins name them, with a gap on those that no export describes."""
        for key, login in sorted(roles.items()):
            node = self.view.node(key)
            place = login.run.evidence
            if node is None:
                yield Node(k.DATABASE_ROLE, key, place, name=login.user or None)
            if node is None or not self.builds.rights(node).described:
                if missing.is_exported(key):
                    self.needed.databases.add(login.database)
                yield unread.role(key, place)

    def _spread(self) -> Iterator[Edge]:
        """What opens a role under one name opens it under every name it is handed on by.

        Only along copies: a caller's secret and the called one, an environment's and the
        repository's of the same name.
        """
        waiting = [(key, edge) for key, edges in self._opening.items() for edge in edges]
        sure = {(key, edge.target): False for key, edge in waiting}
        for key, edge in waiting:
            sure[key, edge.target] |= edge.certainty is Certainty.CERTAIN
        while waiting:
            key, edge = waiting.pop()
            node = self.view.node(key)
            if node is None or self._is_handed(node):
                continue
            for arc in self.view.into(node, k.FEEDS):
                if arc.transform != Transform.COPY or not self.view.is_a(arc.source, k.SECRET):
                    continue
                made = _handed_on(self.view.key(arc.source), arc, edge)
                found = (made.source, made.target)
                certain = made.certainty is Certainty.CERTAIN
                if found in sure and (sure[found] or not certain):
                    continue  # It is said already, and as surely.
                sure[found] = certain
                self._opening.setdefault(made.source, []).append(made)
                waiting.append((made.source, made))
                yield made

    def _is_handed(self, secret: int) -> bool:
        """A called secret whose callers were read: which of theirs it is, each run says itself."""
        key = self.view.parsed(secret)
        asked = isinstance(key, keys.CalledSecret) and self.jobs.has_callers(key.workflow.text)
        return asked and bool(self.view.props(secret).get("parameter"))


def _handed_on(source: str, arc: Arc, edge: Edge) -> Edge:
    sure = arc.certain and edge.certainty is Certainty.CERTAIN
    condition = edge.condition if arc.certain else _SAME
    return Edge(
        edge.kind,
        source,
        edge.target,
        edge.evidence,
        certainty=Certainty.CERTAIN if sure else Certainty.CONDITIONAL,
        condition=None if sure else condition,
        because=edge.because,
    )


def _of_databases(opened: Mapping[str, Collection[str]]) -> set[str]:
    """Secrets that the scope ties to roles of databases only."""
    return {
        key for key, to in opened.items() if all(keys.Role.parse(one) is not None for one in to)
    }


def _hosts(logins: Iterator[Login], servers: Servers) -> dict[str, set[str]]:
    """Servers that runs name for each database, but those that scope or export has a name for."""
    found: dict[str, set[str]] = {}
    for login in logins:
        named = login.local or any(host == login.host for _, host in servers.aliases)
        if login.role and login.host and not named and not servers.shows(login.server, login.host):
            found.setdefault(login.database, set()).add(login.host)
    return found


def _of_one_server(login: Login, hosts: Mapping[str, set[str]]) -> Login:
    """Two servers with a database of one name: which one an export shows, no file says."""
    known = hosts.get(login.database, set())
    if login.role and len(known) > 1 and login.host in known:
        return login.under(f"the export of {login.database} is of the server at {login.host}")
    return login
