"""The merged configuration, as GitLab itself puts it together.

* The lint API prints JSON: ``valid``, ``errors``, ``warnings``, ``merged_yaml`` and ``includes``
  (https://docs.gitlab.com/api/lint/). The text has neither ``include`` nor ``extends`` left, and
  defaults stand beside the jobs still.
* ``glab ci config compile`` prints the text alone
  (https://docs.gitlab.com/cli/ci/config/compile/).

Whose it is the text does not say: it is the project at whose address it lies, that of the checkout
it lies in, or the one given with ``--repo``. Files that it was made of are told by ``includes``:
whoever writes them decides what runs. Read 28 November 2026.
"""

from collections.abc import Iterator, Mapping

from nhigraph.errors import InputError
from nhigraph.facts.facts import Edge, Fact, Node, Note
from nhigraph.facts.keys import gitlab
from nhigraph.ingest import addresses, yaml_text
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab_ci.conditions import UNKNOWN, Values
from nhigraph.schema import kinds as k
from nhigraph.sources.gitlab_ci.compose import Composed, compose, resolved
from nhigraph.sources.gitlab_ci.files import followed
from nhigraph.sources.gitlab_ci.model import Pipeline, home
from nhigraph.sources.gitlab_ci.tree import Place, read
from nhigraph.sources.gitlab_ci.variables import Shown

#: Names of the text in the root of a checkout, where it stands in place of the file itself.
NAMES = ("ci-lint.json", ".gitlab-ci.merged.yml")
_TEXT = "merged_yaml"


def is_answer(content: object) -> bool:
    """Whether a document is an answer of the lint API."""
    return isinstance(content, dict) and {"valid", _TEXT} <= content.keys()


def _unknown(name: str) -> Values:  # noqa: ARG001 - of any
    return UNKNOWN


def facts(doc: Document) -> Iterator[Fact]:
    """What the project's pipelines do, by their merged configuration.

    Raises:
        InputError: It is none, it is broken, or nothing says whose it is.
    """
    at = addresses.of_project(doc.checkout.path if doc.checkout else doc.artifact)
    own = at[0] if at is not None else home(doc.checkout)
    if at is None and doc.checkout is None:
        problem = "this does not say which project it is about"
        advice = "give the project with --repo gitlab:HOST/GROUP/NAME"
        raise InputError(doc.artifact, "", problem, advice)
    if doc.path.suffix == ".json":
        composed = _of_answer(doc)
        yield from _complaints(doc)
    else:
        composed = compose(doc, doc.checkout.path if doc.checkout else "", _unknown)
    pipeline = Pipeline(own, composed, doc)
    yield from followed(pipeline, Shown(own.text))
    if doc.path.suffix == ".json":
        yield from _included(doc, pipeline)


def _of_answer(doc: Document) -> Composed:
    text = doc.content[_TEXT]
    if not isinstance(text, str) or not text.strip():
        problem = "there is no merged configuration"
        raise InputError(doc.artifact, f"/{_TEXT}", problem, "ask again once the file is valid")
    limits = doc.limits
    parsed = yaml_text.parse(text, doc.artifact, depth=limits.depth, nodes=limits.values)
    if len(parsed) > 1 or not isinstance(parsed[0].value, dict):
        raise InputError(doc.artifact, f"/{_TEXT}", "expected a mapping of jobs and keywords")
    place = Place(doc, (_TEXT,))
    return resolved(read(parsed[0].value, Place(doc, (_TEXT,), whole=True)), place)


def _complaints(doc: Document) -> Iterator[Fact]:
    if doc.content["valid"] is not True:
        yield Note("GitLab says that the configuration is not valid", doc.at("valid"))


def _included(doc: Document, pipeline: Pipeline) -> Iterator[Fact]:
    """Files of elsewhere that the configuration was made of."""
    includes = doc.content.get("includes")
    own = pipeline.repository
    for number, one in enumerate(includes if isinstance(includes, list) else ()):
        said: Mapping[str, object] = one if isinstance(one, dict) else {}
        extra = said.get("extra")
        whose = str(extra.get("project") or "") if isinstance(extra, dict) else ""
        if said.get("type") not in ("file", "component") or not whose or own.is_local:
            continue
        ref = str(extra.get("ref") or "") if isinstance(extra, dict) else ""
        of = gitlab.project(f"{own.host}/{whose}")
        key = gitlab.Included(of, str(said.get("location") or "").lstrip("/"), ref)
        evidence = doc.at("includes", number)
        yield Node(k.REPOSITORY, of.text, evidence, name=of.name)
        yield Node(k.ARTIFACT, key.text, evidence, name=f"{whose}:{key.file}")
        yield Edge(k.CONTAINS, of.text, key.text, evidence)
        for job in pipeline.jobs:
            yield Edge(k.EXECUTES, key.text, job.key, evidence)
