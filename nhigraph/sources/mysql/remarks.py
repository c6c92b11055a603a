"""What an export leaves open: sections that could not be read, and what was not shown."""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact, Gap
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.catalog import definer
from nhigraph.schema.types import State
from nhigraph.sources.mysql.estate import Estate
from nhigraph.sources.mysql.records import SECTIONS

#: Rights without which the server does not show everything, with what is then not shown.
_SEES = {
    "SELECT": "tables, accounts and routines",
    "SHOW VIEW": "what views show",
    "TRIGGER": "triggers",
    "EVENT": "events",
}
_FLOWS = (State.ALTER, State.OMIT, State.HALT)
_AGAIN = "export as an account that may read the schema mysql"


def read(estate: Estate, absent: tuple[str, ...], exporter: str) -> Iterator[Fact]:
    """Yield a gap on the server for each thing that was not shown."""
    at = estate.at(estate.whole)
    for section in absent:
        reason = f"the exporter could not read {SECTIONS[section]} ({section}): {_AGAIN}"
        yield Gap(estate.cluster, reason, at)
        if section not in ("variables", "proxies"):
            yield Gap(estate.databases, reason, at)
        if section == "triggers":
            # Whoever writes to a table writes what its triggers write.
            for name in estate.catalog.relations:
                yield Gap(names.dataset(*name), reason, at, _FLOWS)
    who = definer(exporter)
    if who not in estate.catalog.accounts:
        return
    had = estate.access.everywhere(who)
    for role in estate.access.roles_of.get(who, ()):
        had |= estate.access.everywhere(role)
    for privilege, what in _SEES.items():
        if privilege not in had and "SUPER" not in had:
            reason = f"the exporter has no {privilege} on all of the server, which hides {what}"
            yield Gap(estate.databases, reason, at)
