"""What may push to a repository without being a person or a job, and where its events go.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``repos/{o}/{r}/keys`` (https://docs.github.com/en/rest/deploy-keys/deploy-keys)
* ``repos/{o}/{r}/hooks`` (https://docs.github.com/en/rest/repos/webhooks), for administrators of
  the repository alone: anybody else is answered 404, as if there were none
* ``orgs/{o}/hooks`` (https://docs.github.com/en/rest/orgs/webhooks)

Easily guessed wrong, who pushes past a branch's rule: what a job's own token pushes starts no run,
but what anybody else pushes does, to whatever branch
(https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#triggering-a-workflow-from-a-workflow).
A workflow that lies on the pushed branch runs with the repository's secrets, so the default
branch's rule stands before none of this: pushing is one grant, which no rule guards. A deploy key
may push workflow files too; for tokens that is a permission of its own.

Of a webhook the host, and that there is a secret, is kept; never its address, which may itself be
a credential, nor the secret, which GitHub shows as asterisks.
"""

import re
from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.ingest.listed import days, host_of
from nhigraph.policy import rights
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeState
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text, whole

_OF_REPOSITORY = re.compile(r"/repos/(?P<repo>[^/]+/[^/]+)/(?:keys|hooks)/\d+\Z")
_OF_OWNER = re.compile(r"/orgs/(?P<org>[^/]+)/hooks/\d+\Z")


def may_push(repository: str, evidence: Evidence) -> Iterator[Fact]:
    """The grant of pushing to a repository, and what it opens."""
    key = keys.repository(repository)
    grant = keys.Permission(key, rights.PUSH).text
    yield Node(k.GRANT, grant, evidence, name=f"push to {repository}")
    yield Node(k.REPOSITORY, key.text, evidence, name=key.name)
    yield Edge(k.CAN_WRITE, grant, key.text, evidence, action="change_logic")


def refused(reason: str, evidence: Evidence, node: Node | None) -> Refused:
    """A record that could not be read; of whom it is about, if that is known, all is open."""
    left = () if node is None else (node, Gap(node.key, f"its record: {reason}", evidence))
    return Refused(reason, evidence, left)


def may_read(who: str, repository: str, evidence: Evidence) -> Iterator[Fact]:
    """Who may read a repository."""
    key = keys.repository(repository)
    yield Node(k.REPOSITORY, key.text, evidence, name=key.name)
    yield Edge(k.CAN_READ, who, key.text, evidence)


# -- deploy keys --------------------------------------------------------------------------------


def deploy_keys(doc: Document) -> Iterator[Fact]:
    """Deploy keys of a repository.

    Raises:
        InputError: Nothing says which repository they open.
    """
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        number, read_only = whole(body.get("id")), body.get("read_only")
        found = _OF_REPOSITORY.search(text(body.get("url")))
        repository = found["repo"] if found else address.repository_of(doc, "a list of keys")
        if number is None or not isinstance(read_only, bool):
            reason = "expected a deploy key with id and read_only"
            node = None if number is None else _key(doc, repository, str(number), at)
            yield refused(reason, doc.at(*at, excerpt=False), node)
            continue
        yield from _deploy_key(doc, repository, str(number), body, at)


def _key(doc: Document, repository: str, number: str, at: Pointer) -> Node:
    """A deploy key of which only its number is known."""
    key = keys.DeployKey(keys.repository(repository), number).text
    return Node(k.API_KEY, key, doc.at(*at, "id"), name=f"deploy key {number}", nhi=True)


def _deploy_key(
    doc: Document, repository: str, number: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    key = keys.DeployKey(keys.repository(repository), number).text
    evidence = doc.at(*at, "read_only")
    props: dict[str, Value] = {}
    for found in days(doc, body, at, {"created": "created_at", "last_used": "last_used"}, "a key"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    off = body.get("enabled") is False
    yield Node(
        k.API_KEY,
        key,
        evidence,
        name=text(body.get("title")) or f"deploy key {number}",
        nhi=True,
        state=NodeState.DISABLED if off else None,
        props=props,
    )
    if body["read_only"] is True:
        yield from may_read(key, repository, evidence)
        return
    yield from may_push(repository, evidence)
    grant = keys.Permission(keys.repository(repository), rights.PUSH).text
    yield Edge(k.HOLDS, key, grant, evidence)


# -- webhooks -----------------------------------------------------------------------------------


def hooks(doc: Document) -> Iterator[Fact]:
    """Webhooks of a repository or an organization.

    Raises:
        InputError: Nothing says whose they are.
    """
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        number, config = whole(body.get("id")), mapping(body.get("config"))
        if number is None or not config:
            reason = "expected a webhook with id and config"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        yield from _hook(doc, _hook_holder(doc, body), str(number), body, at)


def _hook_holder(doc: Document, body: dict[str, object]) -> tuple[str, str]:
    """Owner, and repository where the webhook is one's."""
    url = text(body.get("url"))
    ours, theirs = _OF_REPOSITORY.search(url), _OF_OWNER.search(url)
    if ours:
        return ours["repo"].partition("/")[0], ours["repo"]
    if theirs:
        return theirs["org"], ""
    found = address.of(doc)
    if found is not None and not found.repository:
        return found.owner, ""
    repository = address.repository_of(doc, "a list of webhooks")
    return repository.partition("/")[0], repository


def _hook(
    doc: Document, holder: tuple[str, str], number: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    owner, repository = holder
    config = mapping(body["config"])
    hook = (
        keys.Hook(keys.repository(repository), number)
        if repository
        else keys.OwnerHook(owner, number)
    ).text
    evidence = doc.at(*at, "id")
    props: dict[str, Value] = {"events": tuple(sorted(map(text, sequence(body.get("events")))))}
    host = host_of(text(config.get("url")))
    if host:
        props["receiver"] = host
    off = NodeState.DISABLED if body.get("active") is False else None
    name = f"webhook to {host or 'an address that is not shown'}"
    yield Node(k.SYSTEM, hook, evidence, name=name, state=off, props=props)
    if repository:
        key = keys.repository(repository)
        yield Node(k.REPOSITORY, key.text, evidence, name=key.name)
        yield Edge(k.FEEDS, key.text, hook, evidence)
    if text(config.get("insecure_ssl")) == "1":
        reason = "what this webhook sends goes to whoever answers: it checks no certificate"
        yield Note(reason, doc.at(*at, "config", excerpt=False))
    if config.get("secret"):
        yield from _signing_secret(doc, hook, name, body, at)


def _signing_secret(
    doc: Document, hook: str, name: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    """The secret by which the receiver knows that GitHub speaks.

    It is no older than the webhook, and nothing says when it was set.
    """
    secret = keys.Stored(hook, "secret").text
    evidence = doc.at(*at, "config", excerpt=False)
    props: dict[str, Value] = {}
    for found in days(doc, body, at, {"created": "created_at"}, "a webhook"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    yield Node(k.SECRET, secret, evidence, name=f"secret of the {name}", props=props)
    yield Edge(k.DEPENDS_ON, secret, hook, evidence)
