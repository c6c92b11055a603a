"""dbt's exports: https://docs.getdbt.com/reference/commands/parse."""

from typing import Final

from nhigraph.facts.missing import Missing

SOURCE: Final = "dbt"


def manifest(job: str, repository: str, wanted_by: str) -> Missing:
    """What a job builds."""
    return Missing(
        SOURCE,
        f"dbt manifest of what {job} runs ({repository})",
        "which tables it computes, and from what",
        wanted_by,
        "dbt parse, which writes target/manifest.json",
    )
