"""Machines that run jobs, and the groups an organization keeps them in, as GitHub lists them.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``repos/{o}/{r}/actions/runners``, ``orgs/{o}/actions/runners``, for administrators alone
  (https://docs.github.com/en/rest/actions/self-hosted-runners)
* ``orgs/{o}/actions/runner-groups`` and, below it, ``{id}/runners``, ``{id}/repositories``
  (https://docs.github.com/en/rest/actions/self-hosted-runner-groups)

A workflow chooses machines by labels or by a group's name (module ``runners``); which machines
those are, joins find: a machine has all labels that are asked for, in whatever case
(https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners/use-in-a-workflow).
A listing of a repository has its own machines only, not those that its organization lends it.
"""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.listings import items
from nhigraph.sources.github_actions.shape import mapping, text, whole


def machines(doc: Document) -> Iterator[Fact]:
    """Machines of a repository or an organization.

    Raises:
        InputError: They are no list, or nothing says whose they are.
    """
    found = address.of(doc)
    owned = found is not None and not found.repository
    group = found.below("actions", "runner-groups", "*", "runners") if found else None
    repository = "" if owned else address.repository_of(doc, "a list of runners")
    owner = address.owner_of(doc, "a list of runners")
    for index, item in enumerate(items(doc, "runners")):
        body, at = mapping(item), ("runners", index)
        number, labels = whole(body.get("id")), body.get("labels")
        if number is None or not isinstance(labels, list):
            yield Refused("expected a runner with id and labels", doc.at(*at, excerpt=False))
            continue
        names = {text(mapping(label).get("name")).lower() for label in labels} - {""}
        props: dict[str, Value] = {"labels": tuple(sorted(names))}
        lent = body.get("runner_group_id")
        within = str(lent) if whole(lent) is not None else group[0] if group else ""
        if within and owned:
            props["runner_group"] = within
        if body.get("ephemeral") is True:
            props["ephemeral"] = True
        key = (
            keys.Machine(keys.repository(repository), str(number)).text
            if repository
            else keys.OwnerMachine(owner, str(number)).text
        )
        name = text(body.get("name")) or f"runner {number}"
        yield Node(k.RUNNER, key, doc.at(*at, "id"), name=name, props=props)


def groups(doc: Document) -> Iterator[Fact]:
    """Groups of an organization's machines.

    Raises:
        InputError: They are no list, or nothing says whose they are.
    """
    owner = address.owner_of(doc, "a list of groups")
    for index, item in enumerate(items(doc, "runner_groups")):
        body, at = mapping(item), ("runner_groups", index)
        number, name = whole(body.get("id")), text(body.get("name"))
        if number is None or not name:
            yield Refused("expected a group with id and name", doc.at(*at, excerpt=False))
            continue
        key = keys.RunnerGroup(owner, name).text
        props: dict[str, Value] = {"runner_group": str(number)}
        yield Node(k.RUNNER, key, doc.at(*at, "name"), name=name, props=props)


def lent_to(doc: Document) -> Iterator[Fact]:
    """Repositories that may use a group: none is named beyond what it is already."""
    for index, item in enumerate(items(doc, "repositories")):
        full = text(mapping(item).get("full_name"))
        if full.count("/") != 1:
            reason = "expected a repository with full_name"
            yield Refused(reason, doc.at("repositories", index, excerpt=False))
            continue
        key = keys.repository(full)
        place = doc.at("repositories", index, "full_name")
        yield Node(k.REPOSITORY, key.text, place, name=key.name)
