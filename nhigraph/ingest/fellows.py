"""What a source makes of all documents that are pieces of one thing, made once."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document

_T = TypeVar("_T")


def made(doc: Document, name: str, make: Callable[[Iterable[Document]], _T]) -> _T:
    """What ``make`` makes of a document and its fellows.

    Args:
        doc: Any of them.
        name: Name of what is made, the same for the same ``make``.
        make: Takes all of them; a document that cannot be parsed tells so when it is read itself.
    """
    if name not in doc.fellows.made:
        doc.fellows.made[name] = make(_parsed(doc.fellows.documents or (doc,)))
    found: _T = doc.fellows.made[name]  # type: ignore[assignment]  # of this name and this make
    return found


def _parsed(documents: Iterable[Document]) -> Iterator[Document]:
    for doc in documents:
        try:
            doc.contents  # noqa: B018 - whether it can be parsed
        except InputError:
            continue
        yield doc
