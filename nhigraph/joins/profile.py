"""Which connection of which profile a run opens, and which project it builds.

The rules are those of ``policy.programs``.
"""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from nhigraph.facts import values
from nhigraph.facts.ends import Project, Target
from nhigraph.facts.values import Value
from nhigraph.joins.runs import Jobs, Run
from nhigraph.joins.view import View
from nhigraph.policy import programs
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A node that a run is about, and on which condition; an empty one is none."""

    node: int
    condition: str = ""


class Projects:
    """Projects and connections of a graph."""

    def __init__(self, view: View, jobs: Jobs) -> None:
        """Keep the view."""
        self.view, self.jobs = view, jobs
        self._said: dict[int, Project] = {}

    @cached_property
    def projects_read(self) -> list[int]:
        """Projects, whether a document says what they build or only that they are there."""
        return self.view.graph.ends_of(Project.__name__)

    @cached_property
    def connections(self) -> list[int]:
        """Connections, by key."""
        return self.view.graph.ends_of(Target.__name__)

    def said(self, project: int) -> Project:
        """What all documents together say of a project."""
        if project not in self._said:
            self._said[project] = _together(self.view.ends(project, Project))
        return self._said[project]

    def target(self, connection: int) -> Target:
        """What is said of a connection; of records of one key, all but the default is the same."""
        first, *others = self.view.ends(connection, Target)
        if all(one.default is not True for one in (first, *others)):
            return first
        return replace(first, default=True)

    # -- where a run works ----------------------------------------------------------------------

    def folder(self, run: Run) -> str | None:
        """The project's folder from the root of the checkout; None where it is not known."""
        here = _known(run, "dir")
        inner = _known(run, "project-dir")
        if inner == "." and "project-dir" not in run.options:
            refs = _variable(run, "project-dir")
            inner = values.literal(refs) if refs is not None else "."
        return None if here is None or inner is None else _joined(here, inner)

    def _profiles_folder(self, run: Run) -> str | None:
        """Without a word of it, the working directory, wherever the project lies."""
        here = _known(run, "dir")
        refs = run.options.get("profiles-dir") or _variable(run, "profiles-dir")
        stated = "." if refs is None else values.literal(refs)
        return None if here is None or stated is None else _joined(here, stated)

    # -- projects -------------------------------------------------------------------------------

    def projects(self, run: Run) -> list[Found]:
        """Projects whose manifest says what the run builds; empty if none was read."""
        near = self._by_place(run)
        found = [
            Found(known, one.condition)
            for one in near
            for known in [self._with_manifest(one.node)]
            if known is not None
        ]
        if found or near:
            return found
        lone = [n for n in self.projects_read if not self.said(n).repository]
        why = "the manifest is that of the project which the job builds"
        return [Found(node, why) for node in lone if self.said(node).described]

    def _by_place(self, run: Run) -> list[Found]:
        """Projects of the run's own repository, the one in its folder first of all."""
        repository, folder = self.jobs.repository(run.job), self.folder(run)
        near = [node for node in self.projects_read if self.said(node).repository == repository]
        exact = [n for n in near if folder is not None and folder in self.said(n).folders]
        if exact:
            return [Found(node) for node in exact]
        if len(near) == 1 and not self.said(near[0]).folders:
            return [Found(near[0])]
        why = "the project is the one in the folder where the job runs it"
        return [Found(node, why) for node in near]

    def _with_manifest(self, project: int) -> int | None:
        """The project itself, or the lone manifest of a project of its name."""
        mine = self.said(project)
        if mine.described:
            return project
        for node in self.projects_read:
            other = self.said(node)
            if not other.repository and other.name == mine.name and other.described:
                return node
        return None

    # -- connections ----------------------------------------------------------------------------

    def opened(self, run: Run) -> list[Found]:
        """Connections the run may open; empty if none that fits was read."""
        profile = self._profile(run)
        fitting = [
            node
            for node in self.connections
            if profile is None or self.target(node).profile == profile
        ]
        place = self._profiles_folder(run)
        repository = self.jobs.home(run)
        there = [node for node in fitting if self._lies(node, repository, place)]
        near = self._by_place(run)
        conditions = [] if there else ["the job's profiles.yml is the one that was read"]
        if near and all(one.condition for one in near):
            conditions.append(near[0].condition)  # In the wrong folder there is no project.
        return list(self._targeted(run, there or fitting, " and ".join(conditions)))

    def is_borrowed(self, run: Run) -> bool:
        """Whether every connection the run may open stands in a file of another repository.

        One of that name answers on a condition, and is no answer to where the run's own is.
        """
        home = self.jobs.home(run)
        held = [self.target(one.node).repository for one in self.opened(run)]
        return bool(held) and all(of not in ("", home) for of in held)

    def _lies(self, node: int, repository: str, folder: str | None) -> bool:
        target = self.target(node)
        if folder is None or target.repository != repository:
            return False
        return target.file in {_joined(folder, name) for name in programs.PROFILES}

    def _profile(self, run: Run) -> str | None:
        stated = run.options.get("profile") or _variable(run, "profile")
        if stated is not None:
            return values.literal(stated)
        named = {self.said(one.node).profile for one in self._by_place(run)} - {""}
        return named.pop() if len(named) == 1 else None

    def _targeted(self, run: Run, nodes: list[int], condition: str) -> Iterator[Found]:
        stated = run.options.get("target") or _variable(run, "target")
        named = {values.literal((ref,)) for ref in stated or ()}
        if stated is None:
            chosen = [node for node in nodes if self.target(node).default is not False]
        elif any((ref,) == values.UNSET for ref in stated):
            chosen = [
                node
                for node in nodes
                if self.target(node).default is not False or self.target(node).name in named
            ]
        elif None in named:
            chosen = nodes
        else:
            chosen = [node for node in nodes if self.target(node).name in named]
        decided = len(chosen) == 1 and len(named) <= 1
        for node in chosen:
            why = condition if decided else "the run's profile and target are these"
            yield Found(node, why)


def _together(said: Iterable[Project]) -> Project:
    """What records of one project say, each a part; where they disagree on one word, nothing."""
    first, *others = said
    many = (first, *others)
    profiles = {one.profile for one in many} - {""}
    return replace(
        first,
        folders=tuple(sorted({folder for one in many for folder in one.folders})),
        repository=max(one.repository for one in many),
        profile=profiles.pop() if len(profiles) == 1 else "",
        described=any(one.described for one in many),
        quiet=tuple(sorted({name for one in many for name in one.quiet})),
    )


def _variable(run: Run, option: str) -> Value | None:
    """What stands for an option in the run's variables."""
    return run.env.get(programs.VARIABLES[option])


def _known(run: Run, option: str) -> str | None:
    """A folder that an option names; ``.`` where the option is absent."""
    if option not in run.options:
        return "."
    return run.option(option)


def _joined(here: str, there: str) -> str | None:
    """A path inside the checkout; None where it leads out of it."""
    path = posixpath.normpath(posixpath.join(here, there))
    if path.startswith(("/", "..")):
        return None
    return "" if path == "." else path
