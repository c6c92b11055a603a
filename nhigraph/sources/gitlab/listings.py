"""Which listing a document is, by its place and by the fields of what it lists."""

from collections.abc import Callable, Iterator

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass
from nhigraph.sources.gitlab import (
    branches,
    credentials,
    environments,
    hooks,
    job_tokens,
    machines,
    people,
    projects,
    refusals,
    schedules,
    variables,
)
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import mapping

Read = Callable[[Document, Whose], Iterator[Fact]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing.

    Attributes:
        places: Addresses below a project, a group or a server; ``*`` stands for any one part.
        fields: Each record has these.
        read: Reads it.
        array: It is an array; else one record.
    """

    places: tuple[str, ...]
    fields: frozenset[str]
    read: Read
    array: bool = True


def _of(places: str, fields: str, read: Read, *, array: bool = True) -> Listing:
    return Listing(tuple(places.split()), frozenset(fields.split()), read, array)


LISTINGS = (
    _of("variables admin/ci/variables", "key variable_type", variables.variables),
    _of("members members/all", "username access_level", people.members),
    _of("access_tokens", "id scopes access_level", credentials.access_tokens),
    _of("deploy_tokens", "id scopes username", credentials.deploy_tokens),
    _of("deploy_keys", "id can_push", credentials.deploy_keys),
    _of("triggers", "id description", credentials.triggers),
    _of("pipeline_schedules", "id cron ref", schedules.schedules),
    _of("pipeline_schedules/*", "id cron ref", schedules.schedules, array=False),
    _of("hooks", "id url", hooks.hooks),
    _of("runners", "id runner_type", machines.listed),
    _of("runners/*", "id runner_type tag_list", machines.described, array=False),
    _of("protected_branches", "name push_access_levels", branches.protected_branches),
    _of("protected_tags", "name create_access_levels", branches.protected_tags),
    _of("repository/branches", "name protected", branches.record),
    _of("repository/branches/*", "name protected", branches.record, array=False),
    _of(
        "approval_rules branches/*/approval_rules",
        "id approvals_required",
        branches.approval_rules,
    ),
    _of(
        "protected_environments",
        "name deploy_access_levels",
        environments.protected_environments,
    ),
    _of("job_token_scope", "inbound_enabled", job_tokens.scope, array=False),
    _of("job_token_scope/allowlist", "path_with_namespace", job_tokens.allowlist),
    _of("job_token_scope/groups_allowlist", "web_url", job_tokens.groups_allowlist),
    _of("projects", "path_with_namespace", projects.project),
)
#: The record of what stands at the head of an address.
_ITSELF = (
    _of("", "path_with_namespace default_branch", projects.project, array=False),
    _of("", "full_path web_url", projects.group, array=False),
)


def reader(doc: Document, whose: Whose) -> Read | None:
    """How to read a document that is one of these, or says that there is none."""
    content = doc.content
    if refusals.is_answer(content):
        return refusals.facts
    for one in LISTINGS if whose.rest else _ITSELF:
        if whose.rest and not any(_at(place, whose.rest) for place in one.places):
            continue
        if one.array and isinstance(content, list):
            first = mapping(content[0]) if content else {}
            if not content or one.fields <= first.keys():
                return one.read
        elif not one.array and isinstance(content, dict) and one.fields <= content.keys():
            return one.read
    return None


def _at(place: str, rest: tuple[str, ...]) -> bool:
    parts = place.split("/")
    return len(parts) == len(rest) and all(
        wanted in ("*", found) for wanted, found in zip(parts, rest, strict=True)
    )
