"""A project's own configuration and its children's, from the files of a checkout."""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab_ci.conditions import UNKNOWN, Values
from nhigraph.sources.gitlab_ci.compose import compose
from nhigraph.sources.gitlab_ci.model import Pipeline, home
from nhigraph.sources.gitlab_ci.pipeline import facts as pipeline_facts
from nhigraph.sources.gitlab_ci.tree import Part, Place
from nhigraph.sources.gitlab_ci.triggers import Child, children
from nhigraph.sources.gitlab_ci.variables import Shown

#: Children start children once more, and no deeper
#: (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#nested-child-pipelines).
_DEEPEST = 2


def _unknown(name: str) -> Values:  # noqa: ARG001 - of any
    return UNKNOWN


def facts(doc: Document) -> Iterator[Fact]:
    """What the project's pipelines do.

    Raises:
        InputError: The file is no configuration, or broken.
    """
    path = doc.checkout.path if doc.checkout is not None else doc.path.name
    own = home(doc.checkout)
    shown = Shown(own.text)
    yield from followed(Pipeline(own, compose(doc, path, _unknown), doc), shown)


def followed(pipeline: Pipeline, shown: Shown, depth: int = 0) -> Iterator[Fact]:
    """A pipeline with its children, as far as their files are there."""
    for one in pipeline_facts(pipeline, shown):
        if not isinstance(one, Child):
            yield one
            continue
        child = _child(pipeline, one) if depth < _DEEPEST else None
        if child is not None:
            yield from followed(child, shown, depth + 1)


def _child(pipeline: Pipeline, child: Child) -> Pipeline | None:
    doc = pipeline.doc
    found = doc if doc.neighbours.get(child.path) is doc else doc.beside(child.path)
    if found is None or found is doc:
        return None
    composed = compose(found, child.path, _unknown, child.inputs)
    return Pipeline(pipeline.repository, composed, found, child.path, child.given)


def taken_in(root: Document) -> frozenset[str]:
    """Paths of the files that a configuration takes in or starts children from."""
    waiting: list[tuple[Document, str, Part, int]] = [
        (root, root.checkout.path if root.checkout else root.path.name, Part({}, Place(root)), 0)
    ]
    found: set[str] = set()
    own = home(root.checkout)
    while waiting:
        doc, path, inputs, depth = waiting.pop()
        composed = compose(doc, path, _unknown, inputs)
        found |= {one for one in composed.files if one != path or depth}
        if depth >= _DEEPEST:
            continue
        for child in children(Pipeline(own, composed, doc)):
            there = root.beside(child.path)
            if there is not None and child.path not in found:
                waiting.append((there, child.path, child.inputs, depth + 1))
    return frozenset(found)
