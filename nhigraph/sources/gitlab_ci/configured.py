"""Which file a project's pipelines run: its root's, or the one that its settings name.

``ci_config_path`` of the project's record: empty for ``.gitlab-ci.yml`` in the root; a path there;
a file of another project, ``file@group/name`` or with a branch behind a colon; or an address
(https://docs.gitlab.com/ci/pipelines/settings/#specify-a-custom-cicd-configuration-file, read 28
November 2026). Where it names another file, the one in the root is run by nothing.
"""

from weakref import WeakKeyDictionary

from nhigraph.errors import InputError
from nhigraph.ingest.checkout import PIPELINES
from nhigraph.ingest.document import Document

#: The project's record beside its files, where it does not lie at its address.
_RECORD = "project.json"
_LINT = "ci/lint"
_FOUND: WeakKeyDictionary[Document, str] = WeakKeyDictionary()


def file_of(setting: str) -> str:
    """The file of the project that a setting names; empty for one that lies elsewhere."""
    if "@" in setting or "://" in setting:
        return ""
    return setting.strip().lstrip("/") or PIPELINES


def path(doc: Document) -> str:
    """Path of the file that the pipelines of a checkout run; empty for one of elsewhere."""
    record = doc.told.get("") or doc.neighbours.get(_RECORD)
    if record is None:
        return PIPELINES
    if record not in _FOUND:
        _FOUND[record] = _read(record)
        record.release()
    return file_of(_FOUND[record])


def answer(doc: Document) -> Document | None:
    """The merged configuration of its project, where that lies at its address."""
    return doc.told.get(_LINT)


def _read(record: Document) -> str:
    try:
        content = record.content
    except InputError:
        return ""
    said = content.get("ci_config_path") if isinstance(content, dict) else None
    return said if isinstance(said, str) else ""
