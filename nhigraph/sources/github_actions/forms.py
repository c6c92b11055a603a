"""Places of a workflow or action where something stands that GitHub does not take there.

GitHub refuses such a file, so that what runs is another one: what that says there is not known.
Which forms are taken
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax says, and the
schema of GitHub's own parser,
https://github.com/actions/languageservices/blob/main/workflow-parser/src/workflow-v1.0.json (both
read 30 November 2026). A number or a truth value is the text that it is written as, and where
nothing stands (null) nothing is said; for a list or a mapping an expression may stand. Members
that change no answer have no form here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nhigraph.sources.github_actions.model import Pointer

_USING: Final = re.compile(r"composite|docker|node\d+", re.IGNORECASE)
#: A place, and what is expected there.
Torn = tuple[Pointer, str]
#: What is torn in a value that stands at a place.
Form = Callable[[object, Pointer], Iterator[Torn]]


def in_workflow(body: Mapping[str, object]) -> Iterator[Torn]:
    """What is torn of a workflow around its jobs."""
    yield from _WORKFLOW(body, ())


def in_job(body: Mapping[str, object], at: Pointer) -> Iterator[Torn]:
    """What is torn of a job; what is no step is refused elsewhere."""
    yield from _JOB(body, at)


def in_action(body: Mapping[str, object]) -> Iterator[Torn]:
    """What is torn of an action; what is no step is refused elsewhere.

    https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax (read 30
    November 2026).
    """
    yield from _ACTION(body, ())


def _using(value: object, at: Pointer) -> Iterator[Torn]:
    if not isinstance(value, str) or not _USING.fullmatch(value):
        yield at, "expected composite, docker or a version of node"


def _absent(value: object) -> bool:
    """Nothing is said, or an expression says it."""
    return value is None or (isinstance(value, str) and "${{" in value)


def _text(value: object, at: Pointer) -> Iterator[Torn]:
    if isinstance(value, dict | list):
        yield at, "expected a text"


def _inherited(value: object, at: Pointer) -> Iterator[Torn]:
    if value != "inherit" and not _absent(value):
        yield at, "expected 'inherit' or a mapping"


def _list(item: Form) -> Form:
    def torn(value: object, at: Pointer) -> Iterator[Torn]:
        for index, one in enumerate(value if isinstance(value, list) else ()):
            yield from item(one, (*at, index))
        if not isinstance(value, list) and not _absent(value):
            yield at, "expected a list"

    return torn


def _either(mapping: Form, other: Form) -> Form:
    """A mapping, or something else."""

    def torn(value: object, at: Pointer) -> Iterator[Torn]:
        yield from (mapping if isinstance(value, dict) else other)(value, at)

    return torn


def _alone(item: Form) -> Form:
    """One, or a list of them."""
    several = _list(item)

    def torn(value: object, at: Pointer) -> Iterator[Torn]:
        yield from (several if isinstance(value, list) else item)(value, at)

    return torn


def _mapping(members: Mapping[str, Form], others: Form | None = None) -> Form:
    def torn(value: object, at: Pointer) -> Iterator[Torn]:
        if not isinstance(value, dict):
            if not _absent(value):
                yield at, "expected a mapping"
            return
        for name, one in value.items():
            if name == "":
                yield at, "expected a name"
            elif form := members.get(name, others):
                yield from form(one, (*at, name))

    return torn


def _steps(value: object, at: Pointer) -> Iterator[Torn]:
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, dict):
            yield from _STEP(one, (*at, index))


_TEXTS: Final = _mapping({}, _text)
_DEFAULTS: Final = _mapping({"run": _TEXTS})
_STEP: Final = _mapping(
    {"env": _TEXTS, "with": _TEXTS, "parallel": _steps}
    | dict.fromkeys(("run", "uses", "shell", "working-directory"), _text)
)
_CONTAINER: Final = _either(
    _mapping({"image": _text, "options": _text, "env": _TEXTS, "credentials": _TEXTS}), _text
)
_RECORDS: Final = _list(_mapping({}))
_VALUES: Final = _list(lambda _, __: iter(()))
_MATRIX: Final = _mapping({"include": _RECORDS, "exclude": _RECORDS}, _VALUES)
_RUNS_ON: Final = _either(_mapping({"group": _text, "labels": _alone(_text)}), _alone(_text))
_JOB: Final = _mapping(
    {
        "uses": _text,
        "env": _TEXTS,
        "with": _TEXTS,
        "secrets": _either(_TEXTS, _inherited),
        "outputs": _TEXTS,
        "defaults": _DEFAULTS,
        "strategy": _mapping({"matrix": _MATRIX}),
        "runs-on": _RUNS_ON,
        "container": _CONTAINER,
        "services": _mapping({}, _CONTAINER),
        "steps": _steps,
    }
)
_RECORDS_BY_NAME: Final = _mapping({}, _mapping({}))
_CALLED: Final = _mapping(
    {"secrets": _RECORDS_BY_NAME, "inputs": _RECORDS_BY_NAME, "outputs": _RECORDS_BY_NAME}
)
_EVENTS: Final = _mapping(
    {"schedule": _RECORDS, "workflow_call": _CALLED, "workflow_dispatch": _CALLED}, _mapping({})
)
_WORKFLOW: Final = _mapping(
    {"env": _TEXTS, "defaults": _DEFAULTS, "on": _either(_EVENTS, _alone(_text))}
)
_ACTION: Final = _mapping(
    {
        "inputs": _RECORDS_BY_NAME,
        "outputs": _RECORDS_BY_NAME,
        "runs": _mapping({"using": _using, "steps": _steps}),
    }
)
