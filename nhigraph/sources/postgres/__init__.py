"""PostgreSQL: who may do what in one database, from ``queries/export/postgres.sql``.

Facts are what a statement really needs and really does, not what a grant says: USAGE on the
schema, membership with and without INHERIT, what a view's owner may do behind it, what a
security-definer function does with its owner's rights. Decisions that formats leave open:

* A right that the grantee cannot use alone, because USAGE comes from elsewhere, needs the grant
  ``usage as ROLE``: USAGE together with that role's rights in one session. Two roles that can
  only be taken one after the other do not add up.
* What a statement does beyond the relation it names (a view's base, partitions, referential
  actions, security-definer triggers) hangs on the ``Grant`` of that statement, so that INSERT
  through a view is INSERT behind it and nothing more. The view FEEDS its base for whoever may
  insert, update and delete through it: changing the view's query does not change its base.
* ``expires`` is VALID UNTIL, which ends the password, not the role. Where others may become the
  role, its rights hang on the grant ``session as ROLE``, which does not expire.
* Row security makes an edge conditional, except where no policy could ever let a row in.
* The owner of a schema may drop what is in it, and no more; the owner of the database likewise.
* TRIGGER is a way to what is written and to whoever writes, REFERENCES a way to stop it, both
  under a condition: see ``planting``.
* Default privileges are a right on what a role makes anew, so on what its jobs rebuild.
* No password logs in as a role that the server refuses in every way (pg_hba.conf): see
  ``policy.postgres.authentication``. Only who may see the file exports it, as a server is set up a
  superuser; an export without it is a line of what is missing.
* What a security definer's text names without a schema is whoever's who can make what it finds:
  see ``policy.postgres.lookup``.
* A rule counts as far as it goes: what it replaces is not written, what it does is done with the
  rights of the relation's owner; if its action cannot be read, the owner's rights are lent.
* A security-definer function is run without USAGE on its schema by what calls it (``called``), and
  rights on the server's own functions, settings and foreign servers count (``server``).
* Whoever owns what others' relations hang on (a type, a parent, a function of a view) drops them
  with it, and the owner of an enumeration renames its values in their rows: see ``hanging``.

Blind spots: rights on large objects and through dblink; what is read through foreign tables;
from which hosts pg_hba.conf lets in; a right used by granting it to a third role; code that a
redefined view or function, or an owner's trigger, makes a superuser run; code that the owner of
a view, a policy or a function that others call puts there, which runs as whoever reads or calls
it; what the database's owner sets for all sessions (search_path); hashes of passwords, which
SELECT on pg_authid and pg_read_all_data show; rows that a subscription brings from another
server; sequences; what a view's owner opens by dropping its rules; GRANT OPTION, which opens
nothing to its holder.
"""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts.facts import Fact
from nhigraph.ingest import catalog_export
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.sources.postgres.records import FORM, read_export

#: Numbers of versions have six digits from 10 on.
_VERSIONS = 1_000_000


def recognises(doc: Document) -> bool:
    """Whether the document says that it is an export of this form, in any version."""
    return catalog_export.is_of(doc, "postgres")


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one export says."""
    # A parser of SQL is loaded where there is something to parse.
    from nhigraph.sources.postgres import (  # noqa: PLC0415
        authentication,
        defaults,
        functions,
        hanging,
        identities,
        planting,
        relations,
        remarks,
        server,
        torn,
    )
    from nhigraph.sources.postgres.decided import Decided  # noqa: PLC0415

    catalog_export.require(doc, FORM)
    export = read_export(doc)
    rules = None
    try:
        rules = authentication.read(doc, export.catalog)
    except InputError as error:
        yield authentication.unread(doc, error)
    estate = Decided(doc, export.catalog, rules)
    yield from export.problems
    if rules is not None:
        yield from authentication.remarks(doc, export.catalog, rules)
    yield from identities.read(estate)
    yield from torn.read(estate, export.torn)
    yield from relations.read(estate)
    yield from functions.read(estate)
    yield from server.read(estate)
    yield from hanging.read(estate)
    yield from planting.read(estate)
    yield from defaults.read(estate)
    yield from estate.grants()
    yield from remarks.read(estate)


def extracted_by(doc: Document) -> str | None:
    """The script and the server: 150018 is 15.18 (PostgreSQL, server_version_num)."""
    number = doc.content.get("server_version_num")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _VERSIONS:
        return None
    return catalog_export.made_by("postgres", f"PostgreSQL {number // 10000}.{number % 10000}")


INGESTOR = Ingestor(
    title="PostgreSQL catalogs",
    accepts=("*.json",),
    recognises=recognises,
    read=read,
    emits=(
        k.DATABASE_ROLE,
        k.GROUP,
        k.GRANT,
        k.CONTAINER,
        k.DATASET,
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
        k.FILTERS,
    ),
    extracted=catalog_export.extracted,
    extracted_by=extracted_by,
)
