"""Actions kept in the repository: ``action.yml``.

A composite action has no secrets of its own: ``secrets`` is no context there
(https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax); what it gets,
it gets by ``inputs``. Its steps belong to the job that uses it.
"""

from collections.abc import Iterator
from dataclasses import replace

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.ingest.document import Document, required
from nhigraph.ingest.literals import Literals, Written
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import calls, forms, interface, logins, steps
from nhigraph.sources.github_actions.model import Home, Step, action_home, read_steps
from nhigraph.sources.github_actions.shape import mapping, text
from nhigraph.sources.github_actions.values import Reader


def facts(doc: Document) -> Iterator[Fact]:
    """What one ``action.yml`` says.

    Raises:
        InputError: It is no action.
    """
    body = required(doc, doc.content, "runs")
    if not isinstance(body, dict):
        raise InputError(doc.artifact, "/runs", "expected a mapping with 'using'")
    home = action_home(doc)
    key = keys.Action(keys.repository(home.repository), home.file).text
    using = text(required(doc, body, "runs", "using"))
    evidence = doc.at("runs", "using")
    content: dict[str, object] = doc.content
    props: dict[str, Value] = {"defined": True, "using": using}
    inputs = tuple(sorted(name.lower() for name in mapping(content.get("inputs"))))
    if inputs:
        props["inputs"] = inputs
    own: list[Step] = []
    for step in _steps(doc, body) if using == "composite" else ():
        if isinstance(step, Step):
            own.append(step)
        else:
            yield _leaving(key, step)
    literals = Literals(Written(doc, home.repository))
    outputs = [text(mapping(one).get("value")) for one in mapping(content.get("outputs")).values()]
    told = steps.told(own, asked=outputs)
    reader = Reader(lambda _: (), literals, told, calling=calls.of_own(own))
    readings = steps.read(steps.Source(doc, doc.text.splitlines(), reader), own, {})
    folders = calls.checkouts(own)
    ends: list[End] = [*steps.said(reader, readings, key, evidence)]
    ends += (end for one in readings for end in logins.said(reader, one, key, evidence))
    ends += calls.of_actions(home.repository, own, folders, key, evidence)
    ends += interface.of_action(content, reader, readings, told, key, evidence)
    if literals.asked:
        props["written"] = literals.asked
    yield from _action(home, key, evidence, props)
    yield from _torn(doc, key)
    yield from ends
    yield from literals.facts(None)
    for step in own:
        if step.uses:
            at = doc.at(*step.at, "uses")
            yield from calls.action_facts(home.repository, key, step, folders, at)
    if using == "docker":
        yield from _docker(doc, key, text(body.get("image")))


def _leaving(key: str, said: Refused | Note) -> Refused | Note:
    if isinstance(said, Note):
        return said
    return replace(said, leaves=(_unread(key, said.reason, said.evidence),))


def _torn(doc: Document, key: str) -> Iterator[Gap]:
    for at, problem in forms.in_action(doc.content):
        yield _unread(key, problem, doc.at(*at, excerpt=False))


def _unread(key: str, reason: str, evidence: Evidence) -> Gap:
    """What it does where something stands that GitHub does not take: not known.

    GitHub refuses such a file, so that what its users run is another one.
    """
    return Gap(key, f"what it does here could not be read: {reason}", evidence)


def _action(home: Home, key: str, evidence: Evidence, props: dict[str, Value]) -> Iterator[Fact]:
    repository = keys.repository(home.repository).text
    yield Node(k.REPOSITORY, repository, evidence, name=home.repository.partition("/")[2])
    yield Node(k.ARTIFACT, key, evidence, name=f"./{home.file}", props=props)
    yield Edge(k.CONTAINS, repository, key, evidence)


def _steps(doc: Document, body: object) -> Iterator[Step | Refused | Note]:
    yield from read_steps(doc, required(doc, body, "runs", "steps"), ("runs", "steps"))
    if "secrets." in doc.text:
        yield Note("an action has no 'secrets' context: its inputs carry them", doc.whole())


def _docker(doc: Document, key: str, image: str) -> Iterator[Fact]:
    if image.startswith("docker://"):
        reference = image.removeprefix("docker://")
        evidence = doc.at("runs", "image")
        yield Node(k.IMAGE, keys.Image(reference).text, evidence, name=reference)
        yield Edge(k.EXECUTES, keys.Image(reference).text, key, evidence)
