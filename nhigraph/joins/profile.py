"""Which connection of which profile a run opens, and which project it builds.

The rules are those of ``policy.programs``.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nhigraph.facts import values
from nhigraph.facts.values import Value
from nhigraph.joins.runs import Jobs, Run, repository_of
from nhigraph.joins.view import View
from nhigraph.policy import programs
from nhigraph.schema import kinds as k


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

    @cached_property
    def _systems(self) -> list[int]:
        return self.view.of_kind(k.SYSTEM)

    @cached_property
    def projects_read(self) -> list[int]:
        """Projects, whether their manifest was read or only their project file."""
        return [node for node in self._systems if self.view.text(node, programs.PROJECT)]

    @cached_property
    def connections(self) -> list[int]:
        """Connections, by key."""
        return [node for node in self._systems if self.view.text(node, "output")]

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
        lone = [n for n in self.projects_read if not self.view.text(n, "repository")]
        why = "the manifest is that of the project which the job builds"
        return [Found(node, why) for node in lone if self.view.props(node).get("manifest")]

    def _by_place(self, run: Run) -> list[Found]:
        """Projects of the run's own repository, the one in its folder first of all."""
        repository, folder = self.jobs.repository(run.job), self.folder(run)
        near = [
            node
            for node in self.projects_read
            if repository_of(self.view.text(node, "repository")) == repository
        ]
        exact = [n for n in near if folder is not None and folder in self.view.lines(n, "folders")]
        if exact:
            return [Found(node) for node in exact]
        if len(near) == 1 and not self.view.lines(near[0], "folders"):
            return [Found(near[0])]
        why = "the project is the one in the folder where the job runs it"
        return [Found(node, why) for node in near]

    def _with_manifest(self, project: int) -> int | None:
        """The project itself, or the lone manifest of a project of its name."""
        if self.view.props(project).get("manifest"):
            return project
        name = self.view.text(project, programs.PROJECT)
        for node in self.projects_read:
            lone = not self.view.text(node, "repository")
            same = self.view.text(node, programs.PROJECT) == name
            if lone and same and self.view.props(node).get("manifest"):
                return node
        return None

    # -- connections ----------------------------------------------------------------------------

    def opened(self, run: Run) -> list[Found]:
        """Connections the run may open; empty if none that fits was read."""
        profile = self._profile(run)
        fitting = [
            node
            for node in self.connections
            if profile is None or self.view.text(node, "profile") == profile
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
        held = [repository_of(self.view.text(one.node, "repository")) for one in self.opened(run)]
        return bool(held) and all(of not in ("", home) for of in held)

    def _lies(self, node: int, repository: str, folder: str | None) -> bool:
        if folder is None or repository_of(self.view.text(node, "repository")) != repository:
            return False
        return self.view.text(node, "file") in {
            _joined(folder, name) for name in programs.PROFILES
        }

    def _profile(self, run: Run) -> str | None:
        stated = run.options.get("profile") or _variable(run, "profile")
        if stated is not None:
            return values.literal(stated)
        named = {self.view.text(one.node, "profile") for one in self._by_place(run)} - {""}
        return named.pop() if len(named) == 1 else None

    def _targeted(self, run: Run, nodes: list[int], condition: str) -> Iterator[Found]:
        stated = run.options.get("target") or _variable(run, "target")
        target = values.literal(stated)
        if stated is not None and target is not None:
            chosen = [node for node in nodes if self.view.text(node, "output") == target]
        elif stated is None:
            chosen = [n for n in nodes if self.view.props(n).get("default_target") is not False]
        else:
            chosen = nodes
        decided = len(chosen) == 1
        for node in chosen:
            why = condition if decided else "the run's profile and target are these"
            yield Found(node, why)


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
