"""Files that hold several pages of one listing, as ``glab api`` writes them.

``glab api --paginate`` prints page after page, arrays one after another, or one array of them all,
by its version (https://gitlab.com/gitlab-org/cli/-/issues/1302); ``jq -s`` puts the pages into one
array. Without it there is the first page only, of 20 items, or of as many as ``per_page`` asks
for, at most 100 (https://docs.gitlab.com/api/rest/#offset-based-pagination, read 28 November
2026). A page that was refused stands behind the others as GitLab's answer: the listing is broken
off.
"""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts.facts import Fact, Node, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.sources.gitlab import address, refusals
from nhigraph.sources.gitlab.listings import reader

WHOLE_PAGES = frozenset({20, 100})
#: What the commands write that ``coverage`` and ``ask`` print (``policy.forges.gitlab``).
_ASKED = frozenset(
    {
        (),
        ("variables",),
        ("job_token_scope",),
        ("protected_branches",),
        ("protected_environments",),
    }
    | {("approval_rules",)}
)
#: What says how many there are: not said of a listing of which pages are missing.
_TOTALS = ("secrets_total", "environments_total")


def recognises(doc: Document) -> bool:
    """Whether a JSON file is an export of GitLab's, or pages of one."""
    whose = address.of(doc)
    if whose is None:
        return _is_nobodys(doc)
    return any(reader(part, whose) is not None for part in _parts(doc)[:1])


def _is_nobodys(doc: Document) -> bool:
    """Whether it is what a command of the lists of missing exports writes, left where it ran.

    Its place says of no project, so nothing of it can be used: that must be told, not passed over.
    """
    rest = address.by_name(address.path_of(doc))
    if rest[-1:] not in _ASKED:
        return False
    part = _parts(doc)[0]
    told = part.content and not refusals.is_answer(part.content)
    return bool(told) and reader(part, address.Whose("", None, "", rest)) is not None


def _parts(doc: Document) -> list[Document]:
    """The documents that a file holds; those of an array of pages."""
    several = doc.contents
    if len(several) > 1:
        return [doc.part(index) for index in range(len(several))]
    content = several[0]
    if isinstance(content, list) and content and all(isinstance(one, list) for one in content):
        return [doc.part(index) for index in range(len(content))]
    return [doc]


def facts(doc: Document) -> Iterator[Fact]:
    """What an export says, page by page.

    Raises:
        InputError: It is none, or nothing says whose it is.
    """
    whose = address.of(doc)
    if whose is None:
        problem = "an export of GitLab's that does not say which project or group it is about"
        raise InputError(doc.artifact, "", problem, address.ADVICE)
    parts = _parts(doc)
    broken = len(parts) > 1 and any(refusals.is_answer(part.content) for part in parts)
    last = parts[-1].content
    likely = isinstance(last, list) and len(last) in WHOLE_PAGES
    for part in parts:
        read = reader(part, whose)
        if read is None or (broken and refusals.is_answer(part.content)):
            what = "broken off: GitLab answered a further page with an error" if broken else ""
            yield Refused(what or "expected a page like the others", part.at(excerpt=False))
            continue
        for fact in read(part, whose):
            if _is_total(fact) and (len(parts) > 1 or likely):
                continue
            yield fact
    if likely and not broken:
        reason = f"{len(last)} items are a whole page: export with glab api --paginate to have all"
        yield Note(reason, parts[-1].at())


def _is_total(fact: Fact) -> bool:
    """A record that only says how many there are."""
    return isinstance(fact, Node) and any(name in fact.props for name in _TOTALS)
