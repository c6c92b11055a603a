"""What a project's settings say of its pipelines: the file that they run, subjects of tokens.

``ci_config_path`` of the project's record: empty for ``.gitlab-ci.yml`` in the root; a path there;
a file of another project, ``file@group/name`` or with a branch behind a colon; or an address
(https://docs.gitlab.com/ci/pipelines/settings/#specify-a-custom-cicd-configuration-file, read 28
November 2026). Where it names another file, the one in the root is run by nothing.

``ci_id_token_sub_claim_components``: the claims that the subject of an identity token is made of,
``project_path`` first (https://docs.gitlab.com/api/projects/#edit-a-project, read 29 November
2026).
"""

from weakref import WeakKeyDictionary

from nhigraph.errors import InputError
from nhigraph.ingest.checkout import PIPELINES
from nhigraph.ingest.document import Document

#: The project's record beside its files, where it does not lie at its address.
_RECORD = "project.json"
_LINT = "ci/lint"
_FILE, _SUBJECT = "ci_config_path", "ci_id_token_sub_claim_components"
_FOUND: WeakKeyDictionary[Document, dict[str, object]] = WeakKeyDictionary()


def file_of(setting: str) -> str:
    """The file of the project that a setting names; empty for one that lies elsewhere."""
    if "@" in setting or "://" in setting:
        return ""
    return setting.strip().lstrip("/") or PIPELINES


def path(doc: Document) -> str:
    """Path of the file that the pipelines of a checkout run; empty for one of elsewhere."""
    said = _settings(doc).get(_FILE)
    return file_of(said if isinstance(said, str) else "")


def subject(doc: Document) -> tuple[str, ...]:
    """Claims of which subjects of its project's tokens are made; none where no record says it."""
    said = _settings(doc).get(_SUBJECT)
    texts = said if isinstance(said, list) else []
    return tuple(one for one in texts if isinstance(one, str))


def _settings(doc: Document) -> dict[str, object]:
    """What the record of a checkout's project says; nothing where it is not there."""
    record = doc.told.get("") or doc.neighbours.get(_RECORD)
    if record is None:
        return {}
    if record not in _FOUND:
        _FOUND[record] = _read(record)
        record.release()
    return _FOUND[record]


def answer(doc: Document) -> Document | None:
    """The merged configuration of its project, where that lies at its address."""
    return doc.told.get(_LINT)


def _read(record: Document) -> dict[str, object]:
    try:
        content = record.content
    except InputError:
        return {}
    body = content if isinstance(content, dict) else {}
    return {name: body.get(name) for name in (_FILE, _SUBJECT)}
