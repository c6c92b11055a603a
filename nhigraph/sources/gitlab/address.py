"""Whose an export is: by where it lies, as its content seldom says.

A file may lie at its own address, below a folder of the server's name (``ingest.addresses``).
``queries/export/gitlab.sh`` writes them so. Where no such folder is above a file, the project is
that of the checkout it lies in, or the one given with ``--repo gitlab:HOST/GROUP/NAME``, and its
own name says what it lists, as in ``variables.json``. A number in the place of a path
(``projects/42``) names a project that no file can tell: an error.
"""

import re
from urllib.parse import unquote

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.facts.keys.parts import Key
from nhigraph.ingest import addresses
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass

_OF_BRANCH = re.compile(r"branch-(?P<branch>.+)\.(?P<what>approval_rules)")
ADVICE = (
    "save it at its address, as in gitlab.com/projects/GROUP%2FNAME/variables.json,"
    " or give --repo gitlab:HOST/GROUP/NAME"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """What a document is about.

    Attributes:
        host: The server.
        project: The project; None where it is a group's or the server's.
        group: The group's path; empty for a project's or the server's.
        rest: What of it, by the parts of the address behind.
    """

    host: str
    project: gitlab.Repository | None
    group: str
    rest: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        if self.project is not None:
            return self.project.project
        return self.group or self.host

    @property
    def key(self) -> Key:
        """The project, the group or the server."""
        return self.project or gitlab_access.Namespace(self.host, self.group)

    def permission(self, name: str) -> str:
        """The grant of something there."""
        if self.project is not None:
            return gitlab.Permission(self.project, name).text
        return gitlab_access.OwnerPermission(self.host, self.group, name).text

    def members(self, role: str) -> str:
        """Everybody who has a role there."""
        if self.project is not None:
            return gitlab_access.Members(self.project, role).text
        return gitlab_access.OwnerMembers(self.host, self.group, role).text

    def credential(self, sort: str, number: str) -> str:
        """A token, key, trigger, schedule or hook of it."""
        if self.project is not None:
            return gitlab_access.Credential(self.project, sort, number).text
        return gitlab_access.OwnerCredential(self.host, self.group, sort, number).text

    def user(self, login: str) -> str:
        """An account of its server."""
        return gitlab_access.User(self.host, login).text

    def numbered(self, sort: str, number: object) -> str:
        """An account or a group of its server, of which only the number is said."""
        return gitlab_access.OwnerCredential(self.host, "", sort, str(number)).text


def path_of(doc: Document) -> str:
    """Where a document lies, in its checkout or below its input."""
    return doc.checkout.path if doc.checkout else doc.artifact


def of(doc: Document) -> Whose | None:
    """What a document is about, by its place; None where that says nothing of GitLab.

    Raises:
        InputError: Its place names a project or group in a way that no file can tell.
    """
    found = addresses.ADDRESS.fullmatch(path_of(doc))
    if found is None:
        return _of_checkout(doc)
    rest = tuple(unquote(part) for part in found["rest"].split("/")) if found["rest"] else ()
    host = found["host"].lower()
    if found["server"]:
        return Whose(host, None, "", (found["server"], *rest))
    path = unquote(found["project"] or found["group"])
    if not addresses.is_path(path) or (found["project"] and "/" not in path):
        problem = "expected the path of a project or group in the address, as GROUP%2FNAME"
        raise InputError(doc.artifact, "", problem, ADVICE)
    if found["project"]:
        return Whose(host, gitlab.Repository(host, path), "", rest)
    return Whose(host, None, path, rest)


def _of_checkout(doc: Document) -> Whose | None:
    """By the checkout that it lies in, and its own name."""
    place = doc.checkout
    own = None if place is None else keys.repository_named(place.repository)
    if not isinstance(own, gitlab.Repository) or place is None:
        return None
    return Whose(own.host, own, "", by_name(place.path))


def by_name(path: str) -> tuple[str, ...]:
    """What of a project a document lists, by its own name; as the parts of an address."""
    name = path.rpartition("/")[2].removesuffix(".json")
    of_branch = _OF_BRANCH.fullmatch(name)
    if of_branch:
        return ("branches", unquote(of_branch["branch"]), of_branch["what"])
    return () if name == "project" else (name,)
