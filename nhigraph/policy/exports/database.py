"""What one platform of databases exports."""

from nhigraph.facts.missing import Missing
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseExport:
    """Exports of one platform; in every text ``{0}`` is the database.

    Attributes:
        platform: Name of its keys' platform.
        source: Source that reads them.
        rights: Command that exports who may do what in one database.
        refusals: Title of what says which logins the server refuses; empty where nothing does.
        refuses: Command that exports that.
        refused_by: Source that reads it; there need not be one yet.
    """

    platform: str
    source: str
    rights: str
    refusals: str = ""
    refuses: str = ""
    refused_by: str = ""

    def database(self, name: str, settles: str, wanted_by: str) -> Missing:
        """The rights in one database."""
        command = self.rights.format(name)
        return Missing(self.source, f"database {name}", settles, wanted_by, command)

    def client_rules(self, name: str) -> tuple[Missing, ...]:
        """Which logins the server of a database refuses."""
        if not self.refusals:
            return ()
        settles = (
            "which logins the server refuses: each role that may log in is taken to be able to"
        )
        title, command = self.refusals.format(name), self.refuses.format(name)
        return (Missing(self.refused_by, title, settles, self.source, command),)
