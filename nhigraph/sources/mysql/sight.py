"""What a document shows of its server, and what it had to leave out.

An export shows what its exporter may see: MariaDB 10.11.19 and MySQL 8.4 leave out, without an
error, triggers of tables without TRIGGER, events of schemas without EVENT, and routines that one
has no right on (https://dev.mysql.com/doc/refman/8.4/en/information-schema-introduction.html,
read 28 November 2026); roles count only while they are active. A text of grants shows none of it.
"""

from typing import Final

from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import SYSTEM_SCHEMA, Name, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.records import dataclass

#: Sections without which an account may have more than the others say.
OF_ACCOUNTS: Final = (
    *("accounts", "role_edges", "routine_privileges", "proxies"),
    *(f"{level}_privileges" for level in ("global", "schema", "table", "column")),
)
_AGAIN: Final = "export as an account that may read the schema mysql"
_EXPORT: Final = "an export has it (nhigraph export-query mysql)"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen.

    Attributes:
        access: Rights of the server.
        text: It is a text of grants.
        absent: Sections that are not there, or not whole.
        torn: Those of them of which a record could not be read.
        exporter: Who exported; None where that is not told, or nobody known.
    """

    access: Access
    text: bool = False
    absent: frozenset[str] = frozenset()
    torn: frozenset[str] = frozenset()
    exporter: Who | None = None

    @property
    def all_accounts(self) -> bool:
        """Whether every account of the server was seen."""
        return not self.text and "accounts" not in self.absent

    def why(self, what: str) -> str:
        """Why something is not known, and what would show it."""
        if self.text:
            return f"{what} is not in a text of SHOW GRANTS: {_EXPORT}"
        return f"{what} was not shown to the exporter: {_AGAIN}"

    def triggers(self, name: Name) -> bool:
        """Whether the triggers of a relation were seen; of a schema with an empty name, of all."""
        if "triggers" in self.absent:
            return False
        if name[1] and self._may("TRIGGER", "on_relation", *name):
            return True
        return self._may("TRIGGER", "in_schema", name[0])

    def events(self, schema: str) -> bool:
        """Whether the events of a schema were seen."""
        return "events" not in self.absent and self._may("EVENT", "in_schema", schema)

    def routines(self, schema: str) -> bool:
        """Whether the routines of a schema were seen."""
        if "routines" in self.absent:
            return False
        asked = ("EXECUTE", "ALTER ROUTINE", "SHOW CREATE ROUTINE", "SHOW_ROUTINE")
        mariadb = self.access.catalog.mariadb
        return (
            any(self._may(one, "in_schema", schema) for one in asked)
            or self.has("SELECT")
            or (mariadb and self._may("SELECT", "on_relation", SYSTEM_SCHEMA, "proc"))
        )

    def has(self, privilege: str) -> bool:
        """Whether the exporter had a right everywhere."""
        return any(privilege in self.access.everywhere(one) for one in self._session)

    @property
    def _session(self) -> tuple[Who, ...]:
        """The exporter with the roles that are active when it logs in."""
        if self.exporter is None:
            return ()
        members = self.access.catalog.memberships
        active = [one.role for one in members if one.member == self.exporter and one.active]
        below = [role for one in active for role in self.access.roles_of.get(one, ())]
        return self.exporter, *active, *below

    def _may(self, privilege: str, ask: str, *thing: str) -> bool:
        if self.exporter is None:
            return not self.text
        return self.has("SUPER") or any(
            getattr(self.access, ask)(one, *thing).answer(privilege) is Answer.YES
            for one in self._session
        )
