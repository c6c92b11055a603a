"""What a run computes: what its project builds, as far as the role may write it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property

from nhigraph.facts.ends import Writes
from nhigraph.facts.evidence import IMPLIED, Evidence
from nhigraph.facts.facts import Edge, Fact
from nhigraph.joins import operations
from nhigraph.joins.anew import Anew
from nhigraph.joins.logins import Login
from nhigraph.joins.profile import Found, Projects
from nhigraph.joins.role_rights import Answer, RoleRights
from nhigraph.joins.runs import Run
from nhigraph.joins.view import Arc, View
from nhigraph.policy import programs
from nhigraph.policy.selection import Selectable, Selection
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty

#: Materializations that change rows of a relation that is there.
_BY_ROWS = frozenset({"incremental", "snapshot", "seed"})
_TYPES = ("model", "seed", "snapshot", "source", "exposure")
_LINEAGE = (k.FEEDS, k.FILTERS)
#: Property by which a project tells its resources apart.
_RESOURCE = "unique_id"


@dataclass(frozen=True, slots=True)
class Made:
    """A relation of a project.

    Attributes:
        node: The dataset.
        by_rows: Whether rows of an existing one are changed instead of replacing it.
        hooks: What else is written when it is built.
        because: The place that says what makes it.
    """

    node: int
    by_rows: bool
    hooks: "tuple[Hooked, ...]" = ()
    because: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Hooked:
    """A relation that a hook writes.

    Attributes:
        node: The dataset.
        verb: insert, update, delete, truncate, merge, create or drop.
        first: Whether it is written before the model is built, and may stay so if that fails.
        certain: Whether every run writes it.
    """

    node: int
    verb: str
    first: bool
    certain: bool


class Project:
    """What a project builds."""

    def __init__(self, view: View, node: int) -> None:
        """Nothing is read before it is asked for."""
        self.view, self.node = view, node

    @cached_property
    def built(self) -> dict[str, Made]:
        """Relations by key; ephemeral ones are text inside others."""
        found = {}
        for logic in self._logic:
            hooks = self._hooks(logic)
            hooks += tuple(one for node in self._besides(logic) for one in self._hooks(node))
            beside = {one.node for one in hooks}
            for arc in self.view.out(logic, k.COMPUTES):
                how = self._materialized(logic, arc.target)
                own = self.view.is_a(arc.target, k.DATASET) and arc.target not in beside
                if own and how != {"ephemeral"}:
                    key = self.view.key(arc.target)
                    place = (self._place(logic, arc),)
                    found[key] = Made(arc.target, not how.isdisjoint(_BY_ROWS), hooks, place)
        return found

    def _place(self, logic: int, arc: Arc) -> Evidence:
        """Where the logic is described, in the document that says what it makes.

        A run that makes many of them is one change, whichever they are.
        """
        said = self.view.said(arc)[0]
        places = self.view.places(logic)
        told = next((one for one in places if one.artifact == said.artifact), said)
        return replace(told, basis=IMPLIED)

    @cached_property
    def around(self) -> tuple[Hooked, ...]:
        """What hooks around a run write, whatever it selects."""
        operations = [n for n in self._logic if self.view.props(n).get("on_run") is True]
        return tuple(one for node in operations for one in self._hooks(node))

    @cached_property
    def _logic(self) -> list[int]:
        """What computes relations of its own: a function has none, and its callers do."""
        inside = [arc.target for arc in self.view.out(self.node, k.CONTAINS)]
        return [n for n in inside if self.view.props(n).get(programs.FUNCTION) is not True]

    def _hooks(self, logic: int) -> tuple[Hooked, ...]:
        arcs = {arc.target: arc for arc in self.view.out(logic, k.COMPUTES)}
        found = []
        for end in self.view.ends(logic, Writes):
            node = self.view.node(end.target)
            if node in arcs:
                found.append(Hooked(node, end.verb, end.before, arcs[node].certain))
        return tuple(found)

    def _besides(self, logic: int) -> list[int]:
        """Other logic of the same resource: hooks of a file of rows have a node of their own."""
        own = self.view.text(logic, _RESOURCE)
        return [node for node in self._of_resource.get(own, ()) if own and node != logic]

    @cached_property
    def _of_resource(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node in self._logic:
            found.setdefault(self.view.text(node, _RESOURCE), []).append(node)
        return found

    def _materialized(self, logic: int, dataset: int) -> set[str]:
        """How it is made: several ways where records disagree, and each of them may be."""
        # A seed's file says nothing of it; its relation does.
        lines = self.view.lines
        own = lines(logic, "materialized") or lines(dataset, "materialized")
        return set(own) or ({"seed"} if self.view.is_a(logic, k.ARTIFACT) else set())

    @cached_property
    def selection(self) -> Selection:
        """What can be selected: sources and exposures too, because operators start from them."""
        nodes = {one.node for one in self.built.values()}
        for one in self.built.values():
            arcs = (*self.view.into(one.node, *_LINEAGE), *self.view.out(one.node, *_LINEAGE))
            ends = {end for arc in arcs for end in (arc.source, arc.target)}
            nodes |= {end for end in ends if self.view.lines(end, programs.SELECTORS)}
        return Selection(
            {self.view.key(node): self._selectable(node) for node in nodes},
            lambda key: self._near(key, backwards=True),
            lambda key: self._near(key, backwards=False),
        )

    def _near(self, key: str, *, backwards: bool) -> list[str]:
        node = self.view.node(key)
        if node is None:
            return []
        walk = self.view.into if backwards else self.view.out
        arcs = walk(node, *_LINEAGE)
        return [self.view.key(arc.source if backwards else arc.target) for arc in arcs]

    def _selectable(self, dataset: int) -> Selectable:
        said = frozenset(self.view.lines(dataset, programs.SELECTORS))
        type_ = next((one for one in _TYPES if any(w.startswith(f"{one}:") for w in said)), "")
        names = sorted(word for word in said if word.startswith(f"{type_}:") and "." in word)
        package, _, name = names[0].partition(":")[2].partition(".") if names else ("", "", "")
        logic = [arc.source for arc in self.view.into(dataset, k.COMPUTES)]
        paths = [path for node in logic for path in self.view.lines(node, "path") if path]
        return Selectable(said, package, name, paths[0] if paths else "", type_)


class Builds:
    """Makes the edges from jobs to what they compute."""

    def __init__(self, view: View, projects: Projects) -> None:
        """Keep the view; projects and rights are read once each."""
        self.view, self.projects = view, projects
        self._projects: dict[int, Project] = {}
        self._rights: dict[int, RoleRights] = {}
        self._anew = Anew(view)

    def project(self, node: int) -> Project:
        """What a project builds."""
        if node not in self._projects:
            self._projects[node] = Project(self.view, node)
        return self._projects[node]

    def rights(self, role: int) -> RoleRights:
        """RoleRights of a role."""
        if role not in self._rights:
            self._rights[role] = RoleRights(self.view, role)
        return self._rights[role]

    def facts(self, run: Run, login: Login | None) -> Iterator[Fact]:
        """Edges for one run by one login; without a login everything is conditional."""
        program = programs.of(run.tool)
        for found in self.projects.projects(run):
            if operations.is_one(run):
                yield from self._operation(run, login, found)
                continue
            project = self.project(found.node)
            sure, maybe = self._taken(run, project, program.builds)
            for key in sorted(maybe):
                condition = found.condition
                if key not in sure:
                    condition = condition or "the run's selection takes it"
                yield from self._built(run, login, project.built[key], condition)
            idle = "" if sure else "the run has something to do"
            for hook in project.around if program.around else ():
                yield from self._hooked(run, login, hook, _both(found.condition, idle))

    def _operation(self, run: Run, login: Login | None, found: Found) -> Iterator[Fact]:
        operation = operations.named(self.view, found.node, self.projects.said(found.node), run)
        if operation is None:
            yield from operations.absent(self.projects.jobs, run)
            return
        yield from operations.lineage(operation, run, found.condition)
        for would in operation.writes:
            node = self.view.node(would.target)
            if node is not None:
                hook = Hooked(node, would.verb, first=False, certain=would.certain)
                yield from self._hooked(run, login, hook, found.condition)

    def _built(self, run: Run, login: Login | None, built: Made, condition: str) -> Iterator[Fact]:
        right = self._right(login, lambda rights: rights.may_build(built.node, rows=built.by_rows))
        yield from self._edges(run, login, built.node, right, condition, built.because)
        if login is not None and right[0] is not Answer.NO:
            yield from self._anew.opened(run, login, built.node, by_rows=built.by_rows)
        for hook in built.hooks:
            if right[0] is not Answer.NO:
                yield from self._hooked(run, login, hook, condition)
            elif hook.first:
                why = "the hook is not undone when the model cannot be built"
                yield from self._hooked(run, login, hook, _both(condition, why))

    def _hooked(
        self, run: Run, login: Login | None, hook: Hooked, condition: str
    ) -> Iterator[Fact]:
        right = self._right(login, lambda rights: rights.may_run(hook.node, hook.verb))
        branch = "" if hook.certain else "the conditions hold under which the hook writes it"
        yield from self._edges(run, login, hook.node, right, _both(condition, branch))

    def _taken(
        self, run: Run, project: Project, types: tuple[str, ...]
    ) -> tuple[frozenset[str], frozenset[str]]:
        resources = project.selection.resources
        options = run.options
        names = ("select", "exclude", "types", "excluded-types")
        texts = {name: run.option(name) for name in names if name in options}
        wanted = set(types) - set((texts.get("excluded-types") or "").split())
        if texts.get("types") and "all" not in (texts["types"] or "").split():
            wanted &= set((texts["types"] or "").split())
        of_type = frozenset(key for key in project.built if resources[key].type in wanted)
        undecided = "selector" in options or programs.of(run.tool).partly
        if undecided or None in texts.values():
            return frozenset(), of_type
        taken = project.selection.taken(texts.get("select"), texts.get("exclude"))
        return taken.certain & of_type, taken.possible & of_type

    def _right(
        self, login: Login | None, asked: Callable[[RoleRights], Answer]
    ) -> tuple[Answer, str, date | None]:
        """Whether the login may, on which condition, and until when."""
        answer, why, last = Answer.MAYBE, "the connection of the run may write it", None
        if login is not None and login.role:
            role, acting = self.view.node(login.role), self.view.node(login.acts_as or login.role)
            why = f"{login.user} may write it, of which no export was read"
            if role is not None and acting is not None and self.rights(acting).described:
                answer = asked(self.rights(acting))
                why = f"the conditions hold under which {login.user} may write it"
                last = self.rights(role).expires
        return answer, why, last

    def _edges(
        self,
        run: Run,
        login: Login | None,
        dataset: int,
        right: tuple[Answer, str, date | None],
        condition: str,
        because: tuple[Evidence, ...] = (),
    ) -> Iterator[Fact]:
        answer, why, last = right
        if answer is Answer.NO:
            return
        conditions = [condition, why if answer is Answer.MAYBE else ""]
        conditions.append(login.condition if login is not None else "")
        edge = Edge(
            k.COMPUTES,
            "",
            self.view.key(dataset),
            run.evidence,
            valid_until=last,
            because=(*because, *(login.because if login is not None else ())),
        )
        holders = [*self.projects.jobs.holders(run)]
        # What the called job does it does; whether its callers call that is their condition.
        above = [*conditions, run.context.condition]
        edges = {
            job: _under(edge, conditions if job == self.view.key(run.job) else above)
            for job, _ in holders
        }
        yield from (replace(edges[job], source=job, gate=gate) for job, gate in holders)
        if not any(gate is None for _, gate in holders):
            # Stopping the job stops the table, and no approval stands in the way of that.
            for job, made in sorted(edges.items()):
                yield replace(made, kind=k.DEPENDS_ON, source=job, because=())


def _under(edge: Edge, conditions: Iterable[str]) -> Edge:
    text = " and ".join(dict.fromkeys(one for one in conditions if one))
    certainty = Certainty.CONDITIONAL if text else Certainty.CERTAIN
    return replace(edge, certainty=certainty, condition=text or None)


def _both(condition: str, further: str) -> str:
    return f"{condition} and {further}" if condition and further else condition or further
