"""PostgreSQL's exports, made by psql: https://www.postgresql.org/docs/current/app-psql.html."""

from typing import Final

from nhigraph.policy.exports.database import DatabaseExport

DATABASE: Final = DatabaseExport(
    platform="postgres",
    source="postgres",
    rights="nhigraph export-query postgres | psql -X -q -At {0} > {0}.postgres.json",
    refusals="client authentication (pg_hba) of the server of {0}",
    refuses='psql -X -q -At -c "select json_agg(r) from pg_hba_file_rules r" {0}',
    refused_by="pg_hba",
)
