"""What the passes work on: one merged graph, what they add to it, and which ends are answered."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property

from nhigraph.facts.aliases import names
from nhigraph.facts.ends import Alias, End
from nhigraph.facts.facts import Edge, Fact, Need
from nhigraph.facts.missing import Missing
from nhigraph.graph.store import Graph
from nhigraph.joins.accounts import Accounts
from nhigraph.joins.builds import Builds
from nhigraph.joins.lent import Tokens
from nhigraph.joins.logins import Login, Logins
from nhigraph.joins.missing import Needed
from nhigraph.joins.profile import Projects
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.servers import Servers
from nhigraph.joins.view import View
from nhigraph.records import dataclass


@dataclass
class Board:
    """What is known, and what the passes add.

    Attributes:
        graph: The merged graph, without the scope's targets.
        opened: Keys of secrets to those of identities that the scope's links tie them to.
        aliases: What the scope says of names of servers.
        linked: Keys of which the scope's links say what they may do.
        facts: Nodes, edges, gaps and notes.
        guards: Number of an edge to the gate that guards it.
        needs: Number of an edge to what must be held beside its source.
        settled: Number of an edge to whether it holds, where a condition of it is decided.
        missing: Exports that would settle what is left open.
        needed: What the passes met the want of.
        runs: What jobs run, each with its logins; of the pass ``profile``.
        opening: Key of a secret to the edges that say what it opens; of the pass ``login``.
        idle: Key of a secret to those who use it where it opens nothing; of the pass ``login``.
    """

    graph: Graph
    opened: Mapping[str, Collection[str]] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    linked: Collection[str] = ()
    facts: list[Fact] = field(default_factory=list)
    guards: dict[int, str] = field(default_factory=dict)
    needs: dict[int, tuple[Need, ...]] = field(default_factory=dict)
    settled: dict[int, bool] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    needed: Needed = field(default_factory=Needed)
    runs: list[tuple[Run, list[Login]]] = field(default_factory=list)
    opening: dict[str, list[Edge]] = field(default_factory=dict)
    idle: dict[str, set[str]] = field(default_factory=dict)
    _answered: set[int] = field(default_factory=set)

    @cached_property
    def view(self) -> View:
        """The graph as joins look at it."""
        return View(self.graph)

    @cached_property
    def jobs(self) -> Jobs:
        """Its jobs."""
        return Jobs(self.view)

    @cached_property
    def lent(self) -> Tokens:
        """Tokens that called jobs have of their callers."""
        return Tokens(self.view, self.jobs)

    @cached_property
    def projects(self) -> Projects:
        """Its projects and connections."""
        return Projects(self.view, self.jobs)

    @cached_property
    def servers(self) -> Servers:
        """Its servers."""
        return Servers(self.view, names(self.aliases))

    @cached_property
    def accounts(self) -> Accounts:
        """Whose logins are answered at these."""
        return Accounts(self.view, self.servers)

    @cached_property
    def logins(self) -> Logins:
        """What reads logins off runs and ends."""
        return Logins(self.view, self.projects, self.servers, self.accounts)

    @cached_property
    def builds(self) -> Builds:
        """What makes the edges from jobs to what they compute."""
        return Builds(self.view, self.projects)

    def add(self, facts: Iterable[Fact]) -> None:
        """Add what a pass found."""
        self.facts += facts

    # -- ends -----------------------------------------------------------------------------------

    def answer(self, *ends: End) -> None:
        """Note that somebody looked for what answers an end, and said what that came to.

        That it opens nothing is an answer; to pass it over is none (``unanswered``).
        """
        self._answered.update(id(end) for end in ends)

    def unanswered(self, kind: type[End]) -> Iterator[End]:
        """Ends of one type of which no pass said what became of them."""
        yield from (
            end for end in self.aliases if isinstance(end, kind) and id(end) not in self._answered
        )
        for node in self.graph.ends_of(kind.__name__):
            for end in self.view.ends(node, kind):
                if id(end) not in self._answered:
                    yield end
