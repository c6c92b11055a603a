"""Lists of rules as they are written, in the form in which ``policy`` decides them."""

from collections.abc import Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab_ci import globs
from nhigraph.policy.gitlab_ci.runs import Exists, Refs, Rule
from nhigraph.sources.gitlab_ci.tree import Part


def rules_of(rules: Part) -> Iterator[Rule]:
    """Rules of a list; lists in it, which references bring, are more of its rules."""
    yield from (rule(number, one) for number, one in enumerate(flattened(rules)))


def flattened(rules: Part) -> list[Part]:
    """The rules of a list, in their order."""
    found: list[Part] = []
    for item in rules.items:
        found += flattened(item) if isinstance(item.value, tuple) else [item]
    return found


def rule(number: int, part: Part) -> Rule:
    """One rule."""
    said = part.names
    exists = part.get("exists")
    paths = exists.get("paths") if isinstance(exists.value, Mapping) else exists
    return Rule(
        number,
        said["if"].text if "if" in said else None,
        changes="changes" in said,
        # Of another project's files nobody here knows.
        exists=("?/../?",) if exists.get("project").text else paths.texts,
        when=part.get("when").text,
    )


_SEEN: WeakKeyDictionary[Document, dict[tuple[str, ...], bool | None]] = WeakKeyDictionary()


def existing(doc: Document) -> Exists:
    """Whether files are in the project, as far as they are among the inputs."""
    seen = _SEEN.setdefault(doc, {})

    def exists(patterns: Sequence[str]) -> bool | None:
        asked = tuple(patterns)
        if asked not in seen:
            there = (next(globs.matching(doc.neighbours, one), None) for one in asked)
            seen[asked] = True if any(there) else None
        return seen[asked]

    return exists


def refs_of(part: Part | None) -> Refs | None:
    """An ``only`` or ``except``, in either of its forms; None where there is none."""
    if part is None or part.value is None:
        return None
    if not isinstance(part.value, Mapping):
        return Refs(part.texts)
    said = part.names
    return Refs(
        said["refs"].texts if "refs" in said else None,
        said["variables"].texts if "variables" in said else None,
        changes="changes" in said or "kubernetes" in said,
    )
