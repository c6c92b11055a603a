"""Files that hold several pages of one listing, as ``gh api`` writes them.

https://cli.github.com/manual/gh_api (read 28 November 2026): ``--paginate`` prints page after
page, objects one after another, and ``--slurp`` puts all pages into one array. Without either
there is the first page only, of 30 items, whose ``total_count`` says how many there are.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from nhigraph.errors import InputError
from nhigraph.facts.facts import Fact, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.sources.github_actions import addressed, branches, exports
from nhigraph.sources.github_actions.shape import mapping, whole


def recognises(doc: Document) -> bool:
    """Whether a JSON file is an export of GitHub's, or pages of one."""
    if len(doc.contents) == 1 and _reader(doc) is not None:
        return True
    # Of a long list of something else only the first item is looked at.
    return any(_reader(part) is not None for part in _parts(doc, most=1))


def _reader(doc: Document) -> Callable[[Document], Iterator[Fact]] | None:
    return branches.reader(doc) or addressed.reader(doc) or exports.reader(doc.content)


def _parts(doc: Document, most: int | None = None) -> list[Document]:
    """The documents that a file holds, or the first of a list's."""
    several = doc.contents
    if len(several) > 1:
        return [doc.part(index) for index in range(len(several))]
    content = several[0]
    if isinstance(content, list) and _reader(doc) is None:
        return [doc.part(index) for index in range(len(content))[:most]]
    return [doc]


def facts(doc: Document) -> Iterator[Fact]:
    """What an export says, page by page.

    Raises:
        InputError: It is none, or its items are no list.
    """
    known = False
    for part in _parts(doc):
        read = _reader(part)
        if read is not None:
            known = True
            yield from read(part)
        elif not isinstance(part.content, list) or part.content:
            # The page behind the last one of an array is empty.
            yield Refused("expected a page like the others", part.at(excerpt=False))
    if not known:
        raise InputError(doc.artifact, "", "expected an export of GitHub's rules")
    yield from _left_out(_parts(doc))


def _left_out(parts: list[Document]) -> Iterator[Refused | Note]:
    """A line for each listing of which items are missing: what is not there was not looked at."""
    first = parts[0].content
    if len(parts) == 1 and isinstance(first, list) and len(first) in addressed.WHOLE_PAGES:
        # `--paginate` writes all pages of arrays as one: that this is one page is only likely.
        reason = f"{len(first)} items are a whole page: export with gh api --paginate to have all"
        yield Note(reason, parts[0].at())
    held: Counter[str] = Counter()
    totals: dict[str, int] = {}
    places: dict[str, Document] = {}
    for part in parts:
        body = mapping(part.content)
        total = whole(body.get("total_count"))
        lists = {name: items for name, items in body.items() if isinstance(items, list)}
        for name, items in sorted(lists.items()) if total is not None else ():
            held[name] += len(items)
            totals[name] = max(total or 0, totals.get(name, 0))
            places[name] = part
    for name, total in sorted(totals.items()):
        if held[name] < total:
            reason = f"truncated: {held[name]} of {total} {name}; export with gh api --paginate"
            yield Refused(reason, places[name].at("total_count"))
