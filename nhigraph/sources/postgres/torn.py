"""Records of the export that could not be read: what they may have said is open.

A record about rights may give them to whoever may connect; one about views, rules, triggers or
keys may carry what is written to a table on. None is lost with "no path" printed beside it.
"""

from collections.abc import Iterable, Iterator, Mapping

from nhigraph.facts.facts import Fact, Gap, Node
from nhigraph.policy.postgres.catalog import PUBLIC, Name
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING, State
from nhigraph.sources.postgres.decided import Decided
from nhigraph.sources.postgres.records import Torn

#: Sections that carry data on, to the members that name the tables it comes from.
_CARRYING: Mapping[str, tuple[str, ...]] = {
    "foreign_keys": ("references", "table"),
    "rules": ("relation",),
    "triggers": ("table",),
}
#: Relations that read no other.
_TABLES = ("r", "p", "f")


def read(estate: Decided, torn: Iterable[Torn]) -> Iterator[Fact]:
    """Yield what each leaves open."""
    for one in torn:
        reason = f"a record of the export could not be read: {one.section}"
        if one.section in _CARRYING:
            named = [*_named(one, _CARRYING[one.section])]
            yield from _carried(estate, one, reason, named or estate.catalog.relations)
        else:
            yield _given(estate, one, reason)
        if one.section == "relations":
            yield from _relation(estate, one, reason)


def _given(estate: Decided, one: Torn, reason: str) -> Gap:
    """What it may give, to whom it names or to everybody."""
    at, roles = estate.at(one.place), estate.catalog.roles
    name, member = _text(one.body, "name"), _text(one.body, "member")
    if one.section == "roles" and name in roles:
        return Gap(estate.role(name), reason, at)
    known = one.section == "memberships" and member in roles
    return Gap(estate.role(member if known else PUBLIC), reason, at, (State.CONTROL,))


def _relation(estate: Decided, one: Torn, reason: str) -> Iterator[Fact]:
    at = estate.at(one.place)
    name = _text(one.body, "schema"), _text(one.body, "name")
    if all(name):
        yield Node(k.DATASET, estate.dataset(name), at, name=".".join(name))
        yield Gap(estate.dataset(name), reason, at, FLOWING)
    if _text(one.body, "kind") not in _TABLES:
        yield from _carried(estate, one, reason, estate.catalog.relations)


def _carried(estate: Decided, one: Torn, reason: str, names: Iterable[Name]) -> Iterator[Gap]:
    """Data of some relations may go on from there."""
    for name in names:
        if name in estate.catalog.relations and name[0] in estate.catalog.schemas:
            yield Gap(estate.dataset(name), reason, estate.at(one.place), FLOWING)


def _text(body: object, name: str) -> str:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""


def _named(one: Torn, members: Iterable[str]) -> Iterator[Name]:
    for member in members:
        found = one.body.get(member) if isinstance(one.body, Mapping) else None
        if isinstance(found, list) and len(found) == 2 and all(isinstance(x, str) for x in found):  # noqa: PLR2004 - schema and name
            yield found[0], found[1]
