"""PostgreSQL's exports, made by psql: https://www.postgresql.org/docs/current/app-psql.html."""

from typing import Final

from nhigraph.policy.exports.database import DatabaseExport

DATABASE: Final = DatabaseExport(
    platform="postgres",
    source="postgres",
    rights="nhigraph export-query postgres | psql -X -q -At {0} > {0}.postgres.json",
    refusals="client authentication (pg_hba) of the server of {0}",
    # The same export, made by a role that may see the file: as the server is set up, a superuser.
    refuses="nhigraph export-query postgres | psql -X -q -At -U postgres {0} > {0}.postgres.json",
    refused_by="postgres",
)
