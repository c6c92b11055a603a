"""Rules of branches and environments as gates on what jobs do.

Workflows on a schedule run the default branch, and what a push to it changes is what they run
next: so the default branch's rule is the one that guards what a job writes to its repository. The
source leaves the branch of that gate unnamed; which it is the repository's export says. Where that
was not given, a branch of which a document speaks and that is called as its forge calls it unless
told otherwise is taken for it. What a job's token pushes starts no other run, except where it may
also start runs: such a job can start one on a branch that nobody reviewed, so its writing is not
guarded.

A gate of which no document speaks stays undeclared, so unknown. One that documents show not to be
there is declared and fails: of a branch, where nothing that can guard it asks for a review; of an
environment that is in no complete listing, where a job that names it makes it as it runs, without
rules (``policy.forges`` has the providers' words).
"""

from collections.abc import Iterator
from dataclasses import field

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gate
from nhigraph.facts.keys import forge
from nhigraph.facts.missing import Missing
from nhigraph.joins.runs import Jobs
from nhigraph.joins.view import Arc, View
from nhigraph.policy import forges
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, GateKind

_NO_RULE = {"enforced_by_target": False}


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands before what jobs do.

    Attributes:
        gates: Number of an edge to the key of its gate, empty for none.
        facts: Gates that documents show not to stand, and edges that no rule guards.
        missing: Exports that would tell of a rule.
    """

    gates: dict[int, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def guards(view: View, jobs: Jobs) -> Guards:
    """Gates by the number of the edge that they guard, and what is known of them."""
    found, environments = Guards(), _Environments.of(view)
    for repository in view.of_kind(k.REPOSITORY):
        _branch_rule(view, jobs, repository, found)
        _environment_rules(view, repository, environments, found)
    return found


# -- branches -----------------------------------------------------------------------------------


def _branch_rule(view: View, jobs: Jobs, repository: int, found: Guards) -> None:
    """Name the gate before what tokens write to a repository."""
    key = view.parsed(repository)
    if not isinstance(key, forge.Repository):
        return
    unnamed = key.protection(forge.UNNAMED).text
    arcs = [arc for arc in view.into(repository, k.CAN_WRITE) if arc.gate == unnamed]
    if not arcs:
        return
    free = _dispatching(view, repository) & set(jobs.all)
    guarded = False
    rule = Rule(view, repository, key)
    for arc in arcs:
        if arc.source in free:
            found.gates[arc.row] = ""
            continue
        found.gates[arc.row] = rule.gate
        guarded = True
        found.facts.extend(_past_environments(view, free, arc))
    if guarded:
        found.facts.extend(rule.facts)
        found.missing.extend(rule.missing)


def _past_environments(view: View, free: set[int], writes: Arc) -> Iterator[Edge]:
    """What jobs write past an environment's rule alone, because no branch's rule holds them."""
    for held in view.into(writes.source, k.HOLDS):
        if held.source in free:
            yield Edge(
                k.CAN_WRITE,
                view.key(held.source),
                view.key(writes.target),
                view.said(held)[0],
                action="change_logic",
                certainty=Certainty.CERTAIN if held.certain else Certainty.CONDITIONAL,
                condition=held.condition or None,
                gate=held.gate or None,
            )


class Rule:
    """The gate of a branch of one repository: of the default one, unless another is named.

    Attributes:
        gate: Its key.
        facts: The gate, where documents show that nothing stands there.
        missing: Exports that would tell.
    """

    def __init__(
        self, view: View, repository: int, key: forge.Repository, branch: str = ""
    ) -> None:
        """Look for it among the documents."""
        self.view, self.key, self.rules = view, key, forges.of(key)
        self.facts: list[Fact] = []
        self.missing: list[Missing] = []
        stated = view.text(repository, "default_branch")
        branches = {view.name(node): node for node, _ in self._branches()}
        usual = [name for name in self.rules.usual_branches if name in branches]
        self.branch = branch or stated or (usual[0] if len(usual) == 1 else "")
        own = key.protection(self.branch or forge.UNNAMED).text
        self.gate = own
        if own in view.graph.gate_records:
            return
        ruled = self._ruled()
        if ruled:
            self.gate = ruled
            return
        shown = self._shown(branches.get(self.branch))
        if shown and len(shown) == len(self.rules.guards):
            node = branches[self.branch]
            place = self._place(node)
            at = view.key(node)
            self.facts.append(Gate(own, GateKind.REVIEW, place, at=at, tests=_NO_RULE))
            return
        self.missing = [*self._wanted(shown)]

    def _branches(self) -> list[tuple[int, forge.ProtectedBranch]]:
        found = ((node, self.view.parsed(node)) for node in self.view.of_kind(k.BRANCH))
        return [
            (node, branch)
            for node, branch in found
            if isinstance(branch, forge.ProtectedBranch) and branch.repository == self.key
        ]

    def _ruled(self) -> str:
        """Gate of the first ruleset that takes the branch in."""
        for node, branch in self._branches():
            pattern = self.view.text(node, "pattern")
            excluded = self.view.lines(node, "excluded")
            gate = branch.protection.text
            known = gate in self.view.graph.gate_records
            if pattern and known and self.rules.covers(pattern, excluded, self.branch or None):
                return gate
        return ""

    def _shown(self, node: int | None) -> list[str]:
        """What documents show to ask for no review."""
        said = self.view.lines(node, "without_review") if node is not None else ()
        return [half for half in self.rules.guards if half in said]

    def _place(self, node: int) -> Evidence:
        return self.view.places(node)[0]

    def _wanted(self, shown: list[str]) -> Iterator[Missing]:
        wanted = [half for half in self.rules.guards if half not in shown]
        yield from self.rules.exports.branch_rules(self.key, self.branch, wanted, self.gate)
        if not self.branch:
            yield from self.rules.exports.repository_settings(self.key, self.gate)


def _dispatching(view: View, repository: int) -> set[int]:
    """Who can start a workflow of the repository on any branch."""
    key = view.parsed(repository)
    rules = forges.of(key)
    if not isinstance(key, forge.Repository) or not rules.starts:
        return set()
    right = view.node(key.permission(rules.starts).text)
    workflows = (arc.target for arc in view.out(repository, k.CONTAINS))
    if right is None or not any(
        entry.partition("=")[0] in rules.on_demand
        for node in workflows
        if view.is_a(node, k.WORKFLOW)
        for entry in view.lines(node, "triggers")
    ):
        return set()
    return {arc.source for arc in view.into(right, k.HOLDS)}


# -- environments -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Environments:
    """What jobs and listings say of environments, by the repository; each is looked at once.

    Attributes:
        gates: Gates of environments that edges name, by key, and the environment of each.
        nodes: Environments that are nodes.
    """

    gates: dict[forge.Repository, list[tuple[str, forge.Environment]]] = field(
        default_factory=dict
    )
    nodes: dict[forge.Repository, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View) -> "_Environments":
        """Look at every gate and environment."""
        found = cls()
        for gate in sorted(view.gates):
            of = forge.EnvironmentProtection.parse(gate)
            if of is not None:
                home = of.environment.repository
                found.gates.setdefault(home, []).append((gate, of.environment))
        for node in view.of_kind(k.ENVIRONMENT):
            key = view.parsed(node)
            if isinstance(key, forge.Environment):
                found.nodes.setdefault(key.repository, []).append(node)
        return found


def _environment_rules(
    view: View, repository: int, environments: _Environments, found: Guards
) -> None:
    """What the listing of a repository's environments shows of those that jobs name."""
    key = view.parsed(repository)
    if not isinstance(key, forge.Repository) or key not in environments.gates:
        return
    gates, nodes = environments.gates[key], environments.nodes.get(key, ())
    listed = [node for node in nodes if view.props(node).get("listed") is True]
    totals = view.props(repository).get("environments_total")
    total = max(totals) if isinstance(totals, list) else totals
    rules = forges.of(key)
    complete = isinstance(total, int) and len(listed) >= total
    known = {view.parsed(node) for node in listed}
    ruled = any(view.props(node).get("required_reviews") != 0 for node in listed)
    open_ended = []
    for gate, environment in gates:
        unnamed = environment.name == forge.UNNAMED
        if environment in known:
            continue
        if complete and rules.makes_environments and not (unnamed and ruled):
            at = None if unnamed else environment.text
            place = _listing(view, repository)
            found.facts.append(Gate(gate, GateKind.APPROVAL, place, at=at, tests=_NO_RULE))
        else:
            open_ended.append(gate)
    if open_ended and not complete:
        found.missing.extend(rules.exports.environments(key, open_ended[0]))


def _listing(view: View, repository: int) -> Evidence:
    """Where the number of environments was said."""
    places = view.places(repository)
    end = forges.of(view.parsed(repository)).environments_at
    return next((one for one in places if one.pointer.endswith(end)), places[0])
