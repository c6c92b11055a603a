"""What a record of a grant says, in the words of GRANT."""

from nhigraph.errors import InputError
from nhigraph.facts import passwords
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql import catalog as c
from nhigraph.policy.mysql.privileges import canonical
from nhigraph.policy.mysql.spoken import account, granted
from nhigraph.sources.mysql.records import Entry

_THINGS = {
    "global_privileges": (),
    "schema_privileges": ("schema",),
    "table_privileges": ("schema", "table"),
    "column_privileges": ("schema", "table"),
}
_RECORD = 2


def words(doc: Document, place: c.Place) -> str:
    """The record at a place in words; empty for other places, and where a word may be secret."""
    if len(place) != _RECORD or not isinstance(doc.content.get(place[0]), list):
        return ""
    record = Entry(doc, doc.content[place[0]][int(place[1])], place)
    try:
        said = _words(record, str(place[0]))
    except InputError:
        return ""
    return said if passwords.cut(said) == said else ""


def _words(record: Entry, section: str) -> str:
    if section == "role_edges":
        role, member = record.who("role", "role_host"), record.who("member", "member_host")
        return f"{account(role)} TO {account(member)}"
    if section == "routine_privileges":
        thing = tuple(record.text(name) for name in ("schema", "sort", "name"))
        rights = [canonical(part) for part in record.text("privileges").split(",")]
        named = ", ".join("GRANT OPTION" if one == "GRANT" else one for one in rights)
        return granted(named, thing, record.who())
    if section not in _THINGS:
        return ""
    thing = tuple(record.text(name) for name in _THINGS[section])
    column = record.text("column") if section == "column_privileges" else ""
    who = c.grantee(record.text("grantee"))
    return granted(canonical(record.text("privilege")), thing, who, column)
