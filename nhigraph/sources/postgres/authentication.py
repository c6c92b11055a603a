"""Reads which logins the server refuses, where the exporting role could see it."""

from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts.facts import Note
from nhigraph.ingest.document import Document
from nhigraph.policy.postgres.authentication import SECTION, ClientAuthentication
from nhigraph.policy.postgres.authentication import Entry as Rule
from nhigraph.policy.postgres.catalog import Catalog
from nhigraph.sources.postgres.members import Entry

_IN_ERROR = "pg_hba.conf has a line in error: which are in force is not known, and none refuses"


def read(doc: Document, catalog: Catalog) -> ClientAuthentication | None:
    """The entries, asked about the exported database; None where the export has none to show.

    Raises:
        InputError: They cannot be read.
    """
    top = Entry(doc, doc.content, ())
    name = str(SECTION[0])
    if top.body.get(name) is None:
        return None
    rules = [_rule(record) for record in top.records(name)]
    return ClientAuthentication(rules, catalog.database.name, catalog.roles, catalog.memberships)


def _rule(record: Entry) -> Rule:
    wrong = record.flag("in_error")
    lists = ("database", "user")
    databases, users = ((), ()) if wrong else (tuple(record.list_of(name)) for name in lists)
    address, netmask, method = (record.text(name, "") for name in ("address", "netmask", "method"))
    kind = record.text("type", "")
    return Rule(record.place, kind, databases, users, address, netmask, method, wrong)


def remarks(doc: Document, catalog: Catalog, rules: ClientAuthentication) -> Iterator[Note]:
    """A line for each role that may log in but for the server, and for what is in error."""
    if not rules.readable:
        yield Note(_IN_ERROR, doc.at(*SECTION, basis="entitled"))
    for role in catalog.roles.values():
        place = rules.refused.get(role.name)
        if role.login and place is not None:
            said = f"{role.name} cannot log in to {catalog.database.name}: pg_hba.conf refuses it"
            yield Note(said, doc.at(*place, basis="entitled"))


def unread(doc: Document, error: InputError) -> Note:
    """A line where the entries cannot be read: nobody is refused then."""
    said = f"pg_hba.conf is not read, and refuses nobody: {error.pointer}: {error.problem}"
    return Note(said, doc.at(*SECTION, basis="entitled", excerpt=False))
