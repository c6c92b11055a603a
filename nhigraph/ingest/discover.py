"""From the paths a user gives to documents: nothing is opened but what may be an input."""

import json
import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from nhigraph.facts import keys
from nhigraph.facts.places import distinguishing
from nhigraph.ingest import addresses, checkout, remotes
from nhigraph.ingest.coverage import DocumentCoverage, Line, Status
from nhigraph.ingest.document import Checkout, Document
from nhigraph.ingest.limits import Limits
from nhigraph.records import dataclass

#: Folders whose content is nobody's export.
SKIPPED_FOLDERS = frozenset({".git", ".venv", "__pycache__", "node_modules"})
#: Most files that are looked at in one run.
MOST_FILES = 200_000

#: Why a link below an input is no document: it may lead anywhere on this machine.
NOT_FOLLOWED = "symbolic link, not followed"

_MANIFEST = "manifest.json"
_MARK = b'"nhigraph"'


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found under the given paths.

    Attributes:
        documents: Files to read, by artifact.
        skipped: A line for everything that is not read, and why.
        explicit: Artifacts of the files that were named themselves.
    """

    documents: tuple[Document, ...]
    skipped: tuple[DocumentCoverage, ...]
    explicit: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file or a remark, below one of the inputs.

    Attributes:
        path: Where it lies.
        name: Its name below the input, with ``/``.
        label: Name of the folder it was found under, to tell two files of one name apart.
        explicit: Whether it is the input itself.
        remark: Why it is not read; empty for a file to read.
        bad: Whether that is a fault.
        checkout: The checkout it lies in.
        root: Folder at which that starts.
        place: That folder below the input.
        above: Name of the folder that the input lies in.
    """

    path: Path
    name: str
    label: str
    explicit: bool = False
    remark: str = ""
    bad: bool = False
    checkout: Checkout | None = None
    root: Path | None = None
    place: str = ""
    above: str = ""


def discover(
    inputs: Sequence[Path],
    *,
    repo: str | None = None,
    limits: Limits | None = None,
    most_files: int = MOST_FILES,
) -> Discovered:
    """Find the documents under files and folders; no link is followed below them.

    Args:
        inputs: Files and folders, as the user gave them.
        repo: ``owner/name`` of the checkout on GitHub, or a project's key on GitLab, where its
            own remote does not say so.
        limits: What one document may cost.
        most_files: Most files to look at.

    Raises:
        UsageError: ``repo`` is no name of a repository.
    """
    if repo is not None:
        repo = remotes.given(repo)
    found: dict[Path, _Found] = {}
    remarks: list[_Found] = []
    folders = {resolved for path in inputs for resolved in [_resolved(path)] if resolved}
    for given in inputs:
        for item in _below(given, repo, folders):
            if item.remark:
                remarks.append(item)
            elif item.path in found:
                found[item.path] = _same(found[item.path], item)
            elif len(found) < most_files:
                found[item.path] = item
            else:
                remark = f"more than {most_files} files: the rest is not read"
                remarks.append(_Found(item.path, ".", item.label, remark=remark, bad=True))
                break
    apart = _apart(found.values())
    for path, item in found.items():
        if item.checkout is not None and item.root in apart:
            named = replace(item.checkout, repository=apart[item.root])
            found[path] = replace(item, checkout=named)
    documents = {
        name: (item, Document(item.path, name, limits=limits, checkout=item.checkout))
        for name, item in _named(list(found.values()))
    }
    _neighbours(documents.values())
    return Discovered(
        tuple(documents[name][1] for name in sorted(documents)),
        tuple(sorted({_line(name, item) for name, item in _remarks(remarks)}, key=_order)),
        frozenset(name for name, (item, _) in documents.items() if item.explicit),
    )


def _neighbours(documents: Collection[tuple[_Found, Document]]) -> None:
    """Let documents of one checkout see each other, and what their forge says of it."""
    checkouts: dict[Path | None, dict[str, Document]] = {}
    for item, doc in documents:
        if doc.checkout is not None and item.root is not None:
            inside = checkouts.setdefault(item.root, {})
            inside[doc.checkout.path] = doc
            doc.neighbours = inside
    _told(documents, checkouts)


def _told(
    documents: Collection[tuple[_Found, Document]],
    checkouts: Mapping[Path | None, dict[str, Document]],
) -> None:
    """Let the documents of a checkout see those at its repository's address, and GitLab's it."""
    about: dict[str, dict[str, Document]] = {}
    owners = _of_owners(doc for _, doc in documents)
    mutual: set[str] = set()
    for _, doc in documents:
        path = doc.checkout.path if doc.checkout else doc.artifact
        at, on_github = addresses.of_project(path), addresses.of_repository(path)
        if at is not None:
            mutual.add(at[0].text)
            about.setdefault(at[0].text, {}).setdefault(at[1], doc)
        elif on_github is not None:
            key = keys.repository(on_github[0]).text
            about.setdefault(key, {}).setdefault(on_github[1], doc)
    if not about and not owners:
        return
    homes: dict[str, list[dict[str, Document]]] = {}
    for inside in checkouts.values():
        place = next(iter(inside.values())).checkout
        own = keys.repository_named(place.repository) if place is not None else None
        owner = owners.get(_owner(own), {})
        if own is not None and (own.text in about or owner):
            for doc in inside.values():
                doc.told = {**owner, **about.get(own.text, {})}
            homes.setdefault(own.text, []).append(inside)
    for key, several in homes.items():
        for doc in about.get(key, {}).values() if len(several) == 1 and key in mutual else ():
            doc.neighbours = doc.neighbours or several[0]


def _of_owners(documents: Iterable[Document]) -> dict[str, dict[str, Document]]:
    """What GitHub says of owners of repositories, by their name in lower case."""
    found: dict[str, dict[str, Document]] = {}
    for doc in documents:
        at = addresses.of_owner(doc.checkout.path if doc.checkout else doc.artifact)
        if at is not None:
            found.setdefault(at[0], {}).setdefault(f"orgs/{at[1]}", doc)
    return found


def _owner(own: keys.Key | None) -> str:
    """Whose a repository on GitHub is, in lower case; empty for any other."""
    return own.owner.lower() if isinstance(own, keys.Repository) else ""


def _apart(found: Iterable[_Found]) -> dict[Path, str]:
    """Names of checkouts of which only the folder's name is known, and two have one.

    No remote says what they are, so they are two; the shortest path that no other one of the name
    has tells them apart.
    """
    places: dict[str, dict[Path, _Found]] = {}
    for item in found:
        if item.checkout is not None and item.root is not None:
            name = item.checkout.repository
            if remotes.is_local(name):
                places.setdefault(name, {}).setdefault(item.root, item)
    names: dict[Path, str] = {}
    for name, roots in places.items():
        if len(roots) > 1:
            order = sorted(roots)
            told = distinguishing(_told_apart([roots[root] for root in order]))
            plain = [at.replace("[", "(").replace("]", ")") for at in told]
            placed = (remotes.placed(name, at) for at in plain)
            names |= dict(zip(order, placed, strict=True))
    return names


def _told_apart(items: Sequence[_Found]) -> list[str]:
    """Places below the inputs; with as much of the inputs' own names as it takes."""
    forms = (
        [item.place for item in items],
        [_below_input(item.label, item.place) for item in items],
        [_below_input(f"{item.above}/{item.label}", item.place) for item in items],
    )
    last = [f"{text}~{number}" for number, text in enumerate(forms[-1], 1)]
    return next((form for form in forms if len(set(form)) == len(form)), last)


def _below_input(name: str, place: str) -> str:
    return name if place == "." else f"{name}/{place}"


def _same(one: _Found, other: _Found) -> _Found:
    """One file under two inputs: its place in a folder says more than its name alone."""
    fuller = other if one.explicit else one
    return replace(fuller, explicit=one.explicit or other.explicit)


def _resolved(given: Path) -> Path | None:
    try:
        return given.resolve()
    except (OSError, RuntimeError):
        return None


def _below(given: Path, repo: str | None, folders: Collection[Path]) -> Iterator[_Found]:
    """Everything below one input."""
    try:
        # An input may itself be a link: the user named it. From here on none is followed.
        root = given.resolve()
        mode = root.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself.
        reason = getattr(error, "strerror", None) or "the link leads nowhere"
        name = _text(given.name) or "input"
        yield _Found(
            given, name, name, explicit=True, remark=f"cannot be read: {reason}", bad=True
        )
        return
    name, label = _text(root.name) or "input", _text(root.parent.name) or "input"
    if stat.S_ISDIR(mode):
        yield from _folder(root, name, repo, folders)
    elif stat.S_ISREG(mode):
        where = checkout.of_lone_file(root, repo)
        yield _Found(root, name, label, explicit=True, checkout=where)
    else:
        yield _Found(root, name, label, explicit=True, remark=_special(mode), bad=True)


def _folder(
    root: Path, label: str, repo: str | None, folders: Collection[Path]
) -> Iterator[_Found]:
    # A stack of its own: folders may nest deeper than Python's calls.
    stack: list[tuple[Path, str, checkout.Root | None]] = [(root, "", None)]
    while stack:
        folder, name, above = stack.pop()
        here = name.rstrip("/") or "."
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            yield _Found(folder, here, label, remark=reason, bad=True)
            continue
        if _is_own_output(entries):
            remark = "an output folder of nhigraph itself is no input"
            yield _Found(folder, here, label, remark=remark)
            continue
        inside = checkout.root_at(
            folder, above, repo, is_input=folder == root, given=folder in folders
        )
        stack.extend(
            (folder / entry.name, f"{name}{_text(entry.name)}/", inside)
            for entry in reversed(entries)
            if entry.is_dir(follow_symlinks=False) and entry.name not in SKIPPED_FOLDERS
        )
        for entry in entries:
            item = _entry(entry, name, label)
            if item is not None:
                if inside is not None and not item.remark:
                    place = _place(inside.folder, root)
                    where = inside.place(item.path)
                    item = replace(
                        item,
                        checkout=where,
                        root=inside.folder,
                        place=place,
                        above=_text(root.parent.name),
                    )
                yield item


def _place(folder: Path, root: Path) -> str:
    """A folder below an input; ``.`` for the input itself."""
    below = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else "."
    return _text(below)


def _entry(entry: os.DirEntry[str], name: str, label: str) -> _Found | None:
    """What one entry of a folder is; None for a folder that is walked."""
    path = Path(entry.path)
    full = f"{name}{_text(entry.name)}"
    try:
        if entry.is_symlink():
            return _Found(path, full, label, remark=NOT_FOLLOWED)
        if entry.is_dir(follow_symlinks=False):
            if entry.name in SKIPPED_FOLDERS:
                remark = f"folders named {entry.name} are not read"
                return _Found(path, full, label, remark=remark)
            return None
        if entry.is_file(follow_symlinks=False):
            return _Found(path, full, label)
        mode = entry.stat(follow_symlinks=False).st_mode
        return _Found(path, full, label, remark=_special(mode))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return _Found(path, full, label, remark=reason, bad=True)


def _special(mode: int) -> str:
    """What never ends, blocks, or has effects when it is opened."""
    kinds = (
        (stat.S_ISFIFO, "named pipe"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "device"),
        (stat.S_ISBLK, "device"),
    )
    kind = next((name for test, name in kinds if test(mode)), "special file")
    return f"{kind}, not opened"


def _is_own_output(entries: Sequence[os.DirEntry[str]]) -> bool:
    """Whether the folder holds a manifest that nhigraph wrote."""
    for entry in entries:
        if entry.name != _MANIFEST:
            continue
        try:
            if not entry.is_file(follow_symlinks=False):
                return False
            if entry.stat(follow_symlinks=False).st_size > Limits().text_bytes:
                return False
            data = Path(entry.path).read_bytes()
            # Others write large files of this name too: parse only what can be ours.
            content = json.loads(data) if _MARK in data else None
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(content, dict) and "nhigraph" in content
    return False


def _text(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _named(found: Sequence[_Found]) -> Iterator[tuple[str, _Found]]:
    """Names that tell all files apart: below the input, after its folder where two agree."""
    counts = Counter(item.name for item in found)
    taken: set[str] = {name for name, count in counts.items() if count == 1}
    for item in found:
        if counts[item.name] == 1:
            yield item.name, item
            continue
        name = str(PurePosixPath(item.label) / item.name)
        number = 2
        while name in taken:
            name = f"{item.label}~{number}/{item.name}"
            number += 1
        taken.add(name)
        yield name, item


def _remarks(found: Sequence[_Found]) -> Iterator[tuple[str, _Found]]:
    for item in found:
        yield (item.name if item.name != "." else item.label), item


def _line(name: str, item: _Found) -> DocumentCoverage:
    status = Status.UNREADABLE if item.bad else Status.SKIPPED
    return DocumentCoverage(name, status, explicit=item.explicit, problem=Line("", item.remark))


def _order(line: DocumentCoverage) -> tuple[str, str]:
    return line.artifact, "" if line.problem is None else line.problem.reason
