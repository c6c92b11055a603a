"""MySQL and MariaDB: who may do what on one server, from ``queries/export/mysql.sql``.

The text of SHOW GRANTS is read too (``shown``), as far as it goes. Facts are what a statement
really needs and really does, not what a grant says. Decisions that formats leave open:

* A schema is a database: relations are ``dataset:mysql:SCHEMA.TABLE``. Accounts, roles and grants
  are the server's; ``container:mysql:`` is all its schemas, whose accounts are not among them.
* A role that is active at login is one's own (MEMBER_OF), one that SET ROLE takes is another
  session (CAN_ASSUME).
* There are no owners: who may read, insert, drop, make and alter a thing decides all that it
  holds, and OWNS it.
* What a statement does beyond the relation it names (triggers, keys, a view's base) hangs on the
  ``Grant`` of that statement; code that could not be read lends its definer, under a condition.
* What one makes runs as oneself: TRIGGER refuses statements, and lends nobody's rights.
* Which columns a right is on is not followed: it is a right on the relation, and for code that
  runs as somebody a condition.

* Every right is decided, or why it gives nothing, in ``policy.mysql.privileges``; one that is not
  there leaves a gap at whoever has it.

Blind spots: passwords' hashes, which SELECT on the schema mysql shows; what PROCESS shows of
others' statements; code with its caller's rights that lures others; what is read through tables of
other servers (FEDERATED, CONNECT); GRANT OPTION and ADMIN OPTION, which open nothing to their
holder; columns; in a text of grants, what views it names show.
"""

import re
from collections.abc import Iterator, Mapping

from nhigraph.facts.facts import Fact
from nhigraph.ingest import catalog_export
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.sources.mysql import shown
from nhigraph.sources.mysql.records import FORM, Export, read_export

#: What VERSION() says, such as 8.0.46 and 10.11.6-MariaDB-0+deb12u1.
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+~:-]{0,50}")


def _is_text(doc: Document) -> bool:
    return not doc.artifact.lower().endswith(".json")


def recognises(doc: Document) -> bool:
    """Whether the document says that it is an export of this form, or is a text of grants."""
    if _is_text(doc):
        return shown.looks_so(doc.text)
    return catalog_export.is_of(doc, "mysql")


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says."""
    if _is_text(doc):
        export = shown.read_shown(doc)
        yield from _facts(doc, export, {})
        yield from shown.open_ends(export.catalog, doc)
        return
    catalog_export.require(doc, FORM)
    yield from _facts(doc, read_export(doc), doc.content)


def _facts(doc: Document, export: Export, said: Mapping[str, object]) -> Iterator[Fact]:
    # A parser of SQL is loaded where there is something to parse.
    from nhigraph.sources.mysql import (  # noqa: PLC0415
        carried,
        identities,
        logic,
        relations,
        remarks,
    )
    from nhigraph.sources.mysql.estate import Estate  # noqa: PLC0415

    estate = Estate(doc, export.catalog, said, export.absent, export.torn)
    yield from export.problems
    yield from identities.read(estate)
    yield from relations.read(estate)
    yield from logic.read(estate)
    yield from carried.read(estate)
    yield from remarks.read(estate)
    yield from estate.grants()


def extracted(doc: Document) -> str | None:
    """The day of the export, in UTC; a text of grants has none."""
    return None if _is_text(doc) else catalog_export.extracted(doc)


def extracted_by(doc: Document) -> str | None:
    """The script and the server, which MariaDB names in its version."""
    version = None if _is_text(doc) else doc.content.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        return None
    server = version if "mariadb" in version.lower() else f"MySQL {version}"
    return catalog_export.made_by("mysql", server)


INGESTOR = Ingestor(
    title="MySQL and MariaDB grants",
    accepts=("*.json", "*grants*.txt", "*grants*.sql", "*.grants"),
    recognises=recognises,
    read=read,
    emits=(
        k.DATABASE_ROLE,
        k.GROUP,
        k.GRANT,
        k.CONTAINER,
        k.DATASET,
        k.MODEL,
        k.MEMBER_OF,
        k.CAN_ASSUME,
        k.RUNS_AS,
        k.HOLDS,
        k.OWNS,
        k.CAN_ADMINISTER,
        k.CAN_READ,
        k.CAN_WRITE,
        k.CAN_DELETE,
        k.CAN_STOP,
        k.CONTAINS,
        k.FEEDS,
        k.COMPUTES,
    ),
    extracted=extracted,
    extracted_by=extracted_by,
)
