"""What GITHUB_TOKEN may do where no workflow says it: the default of a repository or organization.

Shapes are those of the REST API as ``gh api`` prints them:

* ``repos/{o}/{r}/actions/permissions/workflow`` and ``orgs/{o}/actions/permissions/workflow``
  (https://docs.github.com/en/rest/actions/permissions)

The restricted default at any level (enterprise, organization, repository) stands for all below it,
so an organization's ``read`` is that of each of its repositories, while its ``write`` leaves each
of them to its own (https://docs.github.com/en/actions/reference/github_token-reference and
.../workflow-syntax#how-permissions-are-calculated-for-a-workflow-job, read 28 November 2026).

Neither says whose it is: the address does that the file lies at (module ``address``). Without one,
a file whose name has the word ``org``, ``orgs`` or ``organization``, or that lies in a folder of
that name, is the organization's of the checkout it lies in, or of ``--repo``; any other is that
repository's.
"""

import re
from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.shape import mapping, on_github

_DEFAULT = "default_workflow_permissions"
_APPROVES = "can_approve_pull_request_reviews"
_OWN, _OWNERS = "token_read_only", "owner_token_read_only"
_LEVELS = {"read": True, "write": False}
_OF_ORGANIZATION = re.compile(r"(?:\A|[/_.-])(?:orgs?|organi[sz]ations?)(?=[/_.-])", re.IGNORECASE)


def is_default(body: dict[str, object]) -> bool:
    """Whether a mapping is this document."""
    return _DEFAULT in body and isinstance(body[_DEFAULT], str)


def facts(doc: Document) -> Iterator[Fact]:
    """The default, as a property of the repository: its own, or its owner's.

    Raises:
        InputError: Nothing says whose it is.
    """
    body = mapping(doc.content)
    read_only = _LEVELS.get(str(body[_DEFAULT]))
    evidence = doc.at(_DEFAULT)
    node = _whose(doc)
    if read_only is None:
        yield Refused("expected 'read' or 'write'", evidence)
        return
    key, name, prop = node
    kind = k.CONTAINER if isinstance(key, keys.Owner) else k.REPOSITORY
    yield Node(kind, key.text, evidence, name=name, props={prop: read_only})
    if body.get(_APPROVES) is True:
        # Whether such an approval is enough, the branch's own rule says: how many, and of whom.
        reason = "a job whose token may write pull-requests can approve a pull request here"
        yield Note(reason, doc.at(_APPROVES))


def _whose(doc: Document) -> tuple[keys.Key, str, str]:
    """What it is the default of, what that is called, and the property that it is there.

    Raises:
        InputError: Nothing says it.
    """
    found, place = address.of(doc), doc.checkout
    if found is not None and not found.repository:
        return keys.Owner(found.owner), found.owner, _OWNERS
    repository = found.repository if found else on_github(place) if place else ""
    if not repository:
        problem = "the default of GITHUB_TOKEN does not say which repository's it is"
        raise InputError(doc.artifact, "", problem, "give the repository with --repo OWNER/NAME")
    own = found is not None or _OF_ORGANIZATION.search(address.path_of(doc)) is None
    key = keys.repository(repository)
    return key, key.name, _OWN if own else _OWNERS
