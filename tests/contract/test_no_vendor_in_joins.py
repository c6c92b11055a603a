"""Joins speak of relations, not of vendors: another forge or database is a source and a policy."""

import re
from pathlib import Path

import nhigraph.joins

HERE = Path(nhigraph.joins.__file__).parent
VENDOR = re.compile(
    r"(?<![a-z])(?:git(?:hub|lab)|bitbucket|jenkins|postgres\w*|psql|libpq|mysql|mariadb|oracle"
    r"|snowflake|redshift|bigquery|duckdb|dbt|airflow|aws|amazon|azure|entra|gcp|google|gcloud"
    r"|vault|kubernetes|kubectl|okta|neo4j)(?![a-z])",
    re.IGNORECASE,
)


def test_no_room_of_joins_names_a_vendor() -> None:
    """Neither in code nor in a sentence: what is said of one belongs to policy or its source."""
    named = [
        f"{path.name}:{number}: {found[0]}"
        for path in sorted(HERE.glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for found in [VENDOR.search(line)]
        if found
    ]
    assert not named


def test_the_words_looked_for_are_seen_where_they_stand() -> None:
    """The check itself can fail."""
    for text in ("a GitHub job", "dbt_project", '"postgres"', "policy.github_actions", "_DBT"):
        assert VENDOR.search(text), text
    for text in ("debt", "default", "awesome", "orchestrator"):
        assert not VENDOR.search(text), text
