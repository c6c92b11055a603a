"""Places of a job where something stands that GitLab does not take there.

GitLab makes no pipeline of such a file, so that what runs is another one: what that says there is
not known. Which forms are taken https://docs.gitlab.com/ci/yaml/ says (read 30 November 2026). A
number or a truth value is the text that it is written as, and where nothing stands (null) nothing
is said. Keywords that change no answer have no form here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nhigraph.sources.gitlab_ci.tree import Part, Pointed

#: A part, and what is expected in its place.
Torn = tuple[Part, str]
Form = Callable[[Part], Iterator[Torn]]


def in_job(part: Part) -> Iterator[Torn]:
    """What is torn of a job, put together."""
    yield from _OWN(part)
    yield from _DEFAULTS(part)


def in_all(root: Part) -> Iterator[Torn]:
    """What is torn of that which all jobs of a file have."""
    yield from _VARIABLES(root.get("variables"))
    yield from _DEFAULTS(root.get("default"))
    yield from _DEFAULTS(root)


def _absent(part: Part) -> bool:
    return part.value is None or isinstance(part.value, Pointed)


def _text(part: Part) -> Iterator[Torn]:
    if isinstance(part.value, Mapping | tuple):
        yield part, "expected a text"


def _texts(part: Part) -> Iterator[Torn]:
    """Texts, alone or in lists."""
    if isinstance(part.value, tuple):
        for item in part.value:
            yield from _texts(item)
    else:
        yield from _text(part)


def _alone_or_listed(part: Part) -> Iterator[Torn]:
    """Texts, or one alone; no lists in lists."""
    for item in part.value if isinstance(part.value, tuple) else (part,):
        yield from _text(item)


def _records(part: Part) -> Iterator[Torn]:
    """Records in lists."""
    if isinstance(part.value, tuple):
        for item in part.value:
            yield from _records(item) if isinstance(item.value, tuple) else _RECORD(item)
    elif not _absent(part):
        yield part, "expected a list"


def _named(members: Mapping[str, Form], others: Form | None = None, *, text: bool = False) -> Form:
    def torn(part: Part) -> Iterator[Torn]:
        if not isinstance(part.value, Mapping):
            good = _absent(part) or (text and not isinstance(part.value, tuple))
            yield from () if good else ((part, "expected a mapping"),)
            return
        for name, one in part.value.items():
            if name == "":
                yield part, "expected a name"
            elif form := members.get(name, others):
                yield from form(one)

    return torn


def _listed(item: Form) -> Form:
    def torn(part: Part) -> Iterator[Torn]:
        if isinstance(part.value, tuple):
            for one in part.value:
                yield from item(one)
        elif not _absent(part):
            yield part, "expected a list"

    return torn


_RECORD: Final = _named({})
_VARIABLES: Final = _named({}, _named({"value": _text}, text=True))
_IMAGE: Final = _named({"name": _text, "alias": _text}, text=True)
_MATRIX: Final = _named({"matrix": _records}, text=True)
_DEFAULTS: Final = _named(
    {
        "script": _texts,
        "before_script": _texts,
        "after_script": _texts,
        "image": _IMAGE,
        "services": _listed(_IMAGE),
        "tags": _alone_or_listed,
        "id_tokens": _named({}, _RECORD),
    }
)
_OWN: Final = _named(
    {
        "variables": _VARIABLES,
        "environment": _named({"name": _text}, text=True),
        "secrets": _named({}, _RECORD),
        "rules": _records,
        "parallel": _MATRIX,
        "trigger": _named({}, text=True),
    }
)
