"""Which of AWS's documents one is, and all of them as one estate."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from nhigraph.policy.aws.details import SECTIONS, Details, Pointer, read_details
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.organization import is_organization, read_organization
from nhigraph.policy.aws.recorded import is_recorded, read_recorded
from nhigraph.policy.aws.resources import is_resources, read_resources
from nhigraph.policy.aws.statements import Place
from nhigraph.records import dataclass


class Form(StrEnum):
    """What a document is."""

    DETAILS = "details"
    ORGANIZATION = "organization"
    RESOURCES = "resources"
    RECORDED = "recorded"


def form(body: object, artifact: str) -> Form | None:
    """What one answer is; None for nothing of AWS."""
    if is_organization(body):
        return Form.ORGANIZATION
    if isinstance(body, Mapping) and any(_is_section(body.get(name)) for name in SECTIONS):
        return Form.DETAILS
    if is_resources(body, artifact):
        return Form.RESOURCES
    return Form.RECORDED if is_recorded(body) else None


def _is_section(listed: object) -> bool:
    """A list of records as authorization details have them; an empty one is no proof."""
    marks = {"PolicyVersionList", "AssumeRolePolicyDocument", "UserId", "GroupId", "RoleId"}
    return isinstance(listed, list) and any(
        isinstance(one, Mapping) and not marks.isdisjoint(one) for one in listed
    )


def answers(contents: list[object], artifact: str) -> Iterator[tuple[Pointer, object]]:
    """The answers of one file: one, several one after another, or a list of pages."""
    if len(contents) > 1:
        yield from (((at,), one) for at, one in enumerate(contents))
    elif contents and isinstance(contents[0], list) and not is_resources(contents[0], artifact):
        yield from (((at,), one) for at, one in enumerate(contents[0]))
    elif contents:
        yield (), contents[0]


@dataclass
class Gathered:
    """An estate, and what each document brought.

    Attributes:
        estate: All documents together.
        details: Pages of authorization details by artifact.
        problems: What could not be read, with where.
    """

    estate: Estate = field(default_factory=Estate)
    details: dict[str, list[Details]] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)


def gather(documents: Iterable[tuple[str, list[object]]]) -> Gathered:
    """All documents of an estate, by artifact."""
    found = Gathered()
    for artifact, contents in documents:
        for at, body in answers(contents, artifact):
            sort = form(body, artifact)
            if sort is Form.DETAILS and isinstance(body, Mapping):
                page = read_details(body, artifact, at)
                found.details.setdefault(artifact, []).append(page)
                found.estate.add_details(page)
                found.problems += page.problems
            elif sort is Form.ORGANIZATION and isinstance(body, Mapping):
                tree = read_organization(body, artifact, at)
                found.estate.add_organization(tree)
                found.problems += tree.problems
            elif sort is Form.RESOURCES:
                listed = read_resources(body, artifact)
                found.estate.add_resources(listed)
                found.problems += listed.problems
            elif sort is Form.RECORDED:
                page, listed = read_recorded(body, artifact, at)
                found.details.setdefault(artifact, []).append(page)
                found.estate.add_details(page)
                found.estate.add_resources(listed)
                found.problems += [*page.problems, *listed.problems]
    found.estate.settle()
    found.problems += found.estate.problems
    return found
