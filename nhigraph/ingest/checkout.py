"""Which source checkout a file lies in."""

import os
import re
from pathlib import Path

from nhigraph.ingest import remotes
from nhigraph.ingest.document import Checkout
from nhigraph.records import dataclass

_WORKFLOWS = (".github", "workflows")
#: GitLab's, in the root of a project (https://docs.gitlab.com/ci/yaml/, read 28 November 2026).
PIPELINES = ".gitlab-ci.yml"
_CONFIG_BYTES = 65_536
_SECTION = re.compile(r'\s*\[\s*remote\s+"origin"\s*\]\s*([#;].*)?', re.IGNORECASE)
_URL = re.compile(r'\s*url\s*=\s*"?([^"\s]+)"?\s*', re.IGNORECASE)
#: No part of it is ``.`` or ``..``, so that it leads to no other folder.
_REFERENCE = re.compile(r"ref: (refs(?:/(?!\.{1,2}(?:/|\Z))[\w.-]+)+)", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Root:
    """The folder a checkout starts at.

    Attributes:
        folder: Where it lies.
        repository: ``owner/name`` on GitHub, else the key of a repository of another forge; a
            local one where no remote says it.
        marked: The user's name for a checkout is given away, or is none inside it.
        shown: Something there shows that it is one; the user's word alone does not.
        commit: The commit that it is at; empty where that is not known.
    """

    folder: Path
    repository: str
    marked: bool = True
    shown: bool = True
    commit: str = ""

    def place(self, path: Path) -> Checkout:
        """A file's place in this checkout."""
        return Checkout(self.repository, path.relative_to(self.folder).as_posix(), self.commit)


def root_at(
    folder: Path, above: Root | None, repo: str | None, *, is_input: bool, given: bool = False
) -> Root | None:
    """The checkout that a folder's files lie in.

    A folder with workflows inside a checkout is a part of that: no forge runs anything of it. One
    of its own it is with a ``.git`` of its own, or where the user gave it.

    Args:
        folder: A folder of the input.
        above: The checkout its parent lies in, if any.
        repo: Name given by the user; it names outermost checkouts, never one inside another.
        is_input: Whether the folder is the input that is walked.
        given: Whether it is another of the inputs.
    """
    inside = above is not None and above.shown
    if _is_there(folder / ".git") or (_has_jobs(folder) and (given or not inside)):
        named = None if above is not None and above.marked else repo
        name = named or origin(folder) or _local(folder)
        return Root(folder, name, commit=head(folder))
    if is_input:
        # A part of a checkout, given alone: its name tells, and nothing above it is read.
        lexical = _above_workflows(folder)
        if lexical is not None:
            return Root(lexical, repo or f"local/{lexical.name or 'root'}")
        if repo is not None:
            # What lies around a checkout, such as exports of its rules, is about it.
            return Root(folder, repo, marked=several_below(folder), shown=False)
    return above


def _is_marked(folder: Path) -> bool:
    return _is_there(folder / ".git") or _has_jobs(folder)


def _has_jobs(folder: Path) -> bool:
    return _has_workflows(folder) or _is_there(folder / PIPELINES)


def _has_workflows(folder: Path) -> bool:
    return _is_there(folder.joinpath(*_WORKFLOWS))


def _local(folder: Path) -> str:
    """Name of a checkout of which no remote says what it is: of the forge whose jobs it has."""
    name = folder.name or "root"
    elsewhere = _is_there(folder / PIPELINES) and not _has_workflows(folder)
    return remotes.local(name) if elsewhere else f"local/{name}"


def several_below(folder: Path) -> bool:
    """Whether more than one checkout lies below a folder: one name cannot be that of both."""
    found = 0
    for place, names, _ in os.walk(folder):
        if _is_marked(Path(place)):
            found += 1
            names.clear()  # One inside another is not the user's to name.
        if found > 1:
            return True
        names[:] = [name for name in names if not name.startswith(".")]
    return False


def of_lone_file(path: Path, repo: str | None) -> Checkout | None:
    """The checkout of a file that was given by itself, from its path and nothing else."""
    root = _above_workflows(path.parent)
    if root is not None:
        return Root(root, repo or f"local/{root.name or 'root'}").place(path)
    if path.name == PIPELINES:
        return Root(path.parent, repo or remotes.local(path.parent.name or "root")).place(path)
    return None if repo is None else Checkout(repo, path.name)


def _above_workflows(folder: Path) -> Path | None:
    """The folder above ``.github/workflows``, where the path leads through it."""
    for parent in (folder, *folder.parents):
        if parent.name == _WORKFLOWS[1] and parent.parent.name == _WORKFLOWS[0]:
            return parent.parent.parent
    return folder.parent if folder.name == _WORKFLOWS[0] else None


def _is_there(path: Path) -> bool:
    try:
        # In a worktree `.git` is a file that points elsewhere: a mark, but not followed.
        return path.exists() and not path.is_symlink() and not path.parent.is_symlink()
    except OSError:
        return False


def head(folder: Path) -> str:
    """The commit that a checkout is at; empty where its files do not say it.

    ``HEAD`` names a commit, or a reference that has a file of its own or a line of
    ``packed-refs`` (https://git-scm.com/docs/gitrepository-layout, read 28 November 2026).
    """
    text = _git_file(folder, "HEAD").strip()
    named = _REFERENCE.fullmatch(text)
    if named is None:
        return text if _COMMIT.fullmatch(text) else ""
    own = _git_file(folder, *named[1].split("/")).strip()
    if _COMMIT.fullmatch(own):
        return own
    packed = (line.partition(" ") for line in _git_file(folder, "packed-refs").splitlines())
    found = next((commit for commit, _, name in packed if name.strip() == named[1]), "")
    return found if _COMMIT.fullmatch(found) else ""


def _git_file(folder: Path, *names: str) -> str:
    """The beginning of a file of git's own; empty where there is none that lies inside."""
    place = folder / ".git"
    try:
        for name in names:
            if place.is_symlink():
                return ""
            place /= name
        if place.is_symlink() or not place.is_file():
            return ""
        with place.open("rb") as stream:
            return stream.read(_CONFIG_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def origin(folder: Path) -> str | None:
    """The repository that the checkout's ``origin`` remote names, if that is on a known forge."""
    text = _git_file(folder, "config")
    inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            inside = _SECTION.fullmatch(line) is not None
        found = _URL.fullmatch(line) if inside else None
        if found:
            return remotes.name(found[1], runs_pipelines=_is_there(folder / PIPELINES))
    return None
