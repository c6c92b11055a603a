"""GitLab CI/CD: the pipelines of a project, as its files say them.

What is read
    ``.gitlab-ci.yml`` in the root of a checkout, or the file that the project's record names in
    its place (module ``configured``), with all that it takes in of the same project
    (``include:local``), and child pipelines that its jobs start from files of the project. In
    place of it, where it is there, the merged configuration, which has what other projects,
    servers and GitLab's own templates add: ``ci-lint.json`` as the lint API prints it
    (``merged_yaml``; ``ci/lint.json`` at the project's address too), or
    ``.gitlab-ci.merged.yml`` as ``glab ci config compile`` does.

What a project's pipelines are
    One workflow, ``…/pipeline``, with a job for each job of the configuration; a child pipeline is
    one more, ``…/pipeline/{file}``. Whoever changes the configuration decides what runs.

Facts
    ===================================================  =========================================
    Repository CONTAINS Workflow, Workflow EXECUTES      gate: the job's environment; with one,
    CiJob                                                Workflow DEPENDS_ON CiJob too
    CiJob CAN_READ Secret (use_secret), Secret           CI/CD variables that the job names and no
    DEPENDS_ON CiJob                                     file defines, by what names say; those
                                                         that a client takes unnamed, conditional
    Secret FEEDS Secret, copy                            an environment's and the project's of one
                                                         name, what another project is handed:
                                                         conditional
    Repository CONTAINS Secret, CiJob CAN_READ it        a secret whose value the files show
    CiJob CAN_READ Secret                                ``secrets``: of a store
    CiJob CAN_WRITE Repository (change_logic)            its token, if a setting lets it; gate: the
                                                         default branch's
    CiJob, Grant, Group CAN_WRITE CiJob                  what jobs leave for others, always
                                                         conditional (module ``handed_on``)
    CiJob HOLDS Grant                                    ``id_tokens``; the grant has the gap
    CiJob, Group MEMBER_OF Group                         those whose tokens another project lets in
    Runner EXECUTES CiJob, CiJob CAN_WRITE Runner        by tags; the first conditional, the second
                                                         not said, where GitLab's own machines do
    Image, Artifact EXECUTES CiJob                       images; included files of elsewhere, which
                                                         their project CONTAINS unless it is pinned
    CiJob DEPENDS_ON, CAN_WRITE Workflow                 pipelines that it starts; the second
                                                         conditional, by what it hands them
    Gate at Environment                                  of which nothing is known here
    ===================================================  =========================================

Properties of ``Workflow``
    ``defined`` · ``triggers`` ``source=class``: sources of pipelines for which there may be one ·
    ``commits`` · ``called`` true: a job starts it.

Properties of ``CiJob``
    ``permissions_from`` default · ``environments`` names, ``?`` among them where there may be
    others · ``triggers``: sources of the pipelines that it may be in · ``needs`` · ``container``.
    ``starts_only`` true: of a job that only starts a pipeline. A job that no kind of run has is
    disabled.

Ends
    ``Step`` (0 is ``before_script`` and ``script``, 1 ``after_script``), ``Work``, ``Container``,
    ``Token``.

Blind spots:
    A variable that GitLab keeps goes before one of the same name in the file: what the file writes
    stands here all the same, with a gap where a list shows both; of whoever starts a run by hand
    only the choices that the file offers. A job's token may leave artifacts that its file does not
    name: that is not followed. Nor is what a pipeline of a merge request from a fork does: it has
    the fork's variables, unless a member of the project starts it here. Who may start a pipeline
    is a property, not a path. What a job leaves on a machine of the project's own that takes jobs
    meant for GitLab's is not followed.
    Scripts are read as a Unix shell's.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from nhigraph.errors import InputError
from nhigraph.facts.facts import Fact, Note
from nhigraph.ingest.checkout import PIPELINES
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.sources.gitlab_ci import configured, files, merged

#: Files that are read as a part of what a root starts, by root.
_TAKEN_IN: WeakKeyDictionary[Document, frozenset[str]] = WeakKeyDictionary()
_PART = "read as a part of the pipeline that includes or starts it"
_NOT_RUN = "the project's settings name another file that its pipelines run: nothing runs this one"
_REPLACED = "the merged configuration beside it is read in its place"


def _path(doc: Document) -> str:
    return doc.checkout.path if doc.checkout is not None else doc.path.name


def _root(doc: Document) -> Document | None:
    """What the pipelines of the checkout start from."""
    there = doc.neighbours or {_path(doc): doc}
    whole = next((there[name] for name in merged.NAMES if name in there), configured.answer(doc))
    return whole or there.get(configured.path(doc))


def _is_whole(doc: Document) -> bool:
    """Whether a document is a merged configuration."""
    return doc.path.suffix == ".json" or _path(doc) in merged.NAMES


def _taken_in(root: Document) -> frozenset[str]:
    found = _TAKEN_IN.get(root)
    if found is None:
        try:
            found = files.taken_in(root)
        except InputError:
            found = frozenset()
        root.release()
        _TAKEN_IN[root] = found
    return found


def recognises(doc: Document) -> bool:
    """Whether a document is a project's configuration, or a part of it."""
    if doc.path.suffix == ".json":
        return merged.is_answer(doc.content)
    root = _root(doc)
    if _path(doc) in (PIPELINES, *merged.NAMES):
        return True
    if root is None or _is_whole(root):
        return False
    return root is doc or _path(doc) in _taken_in(root)


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says.

    Raises:
        InputError: It is no configuration, or broken.
    """
    root = _root(doc)
    if _is_whole(doc):
        yield from merged.facts(doc)
    elif root is not doc:
        yield Note(_why_not(doc, root), doc.whole())
    else:
        yield from files.facts(doc)


def _why_not(doc: Document, root: Document | None) -> str:
    """Why nothing is read of a file by itself."""
    if root is not None and _is_whole(root):
        return _REPLACED
    return _PART if root is not None and _path(doc) in _taken_in(root) else _NOT_RUN


INGESTOR = Ingestor(
    title="GitLab CI/CD",
    accepts=("*.yml", "*.yaml", "*ci-lint*.json", "*/ci/lint.json"),
    recognises=recognises,
    read=read,
    emits=(
        *(k.REPOSITORY, k.WORKFLOW, k.CI_JOB, k.SECRET, k.ENVIRONMENT, k.RUNNER, k.ARTIFACT),
        *(k.IMAGE, k.GRANT, k.GROUP, k.MEMBER_OF),
        *(k.CONTAINS, k.EXECUTES, k.CAN_READ, k.CAN_WRITE, k.HOLDS, k.DEPENDS_ON, k.FEEDS),
    ),
)
