"""Which names and texts may hold a secret."""

import pytest

from nhigraph.ingest import secret_names


@pytest.mark.parametrize(
    "name",
    [
        "access-key",
        "accessKey",
        "API Key",
        "apikey",
        "auth_token",
        "aws_secret_access_key",
        "client-secret",
        "clientSecret",
        "Connection String",
        "connectionString",
        "credentials",
        "creds",
        "db.password",
        "db_password",
        "DB_PWD",
        "dsn",
        "keyfile_json",
        "pass",
        "passcode",
        "passphrase",
        "password_hash",
        "pg_dsn",
        "pgpass",
        "private_key_passphrase",
        "secret_value",
        "secrets",
        "token2",
    ],
)
def test_a_name_under_which_people_keep_a_secret_is_one(name: str) -> None:
    """However it is written."""
    assert secret_names.is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "access_key_id",
        "bypass",
        "credential_age_days",
        "fields_name",
        "key",
        "owner",
        "passed",
        "password_env",
        "password_last_set",
        "passwordless",
        "privateKeyPath",
        "secret_arn",
        "secret_file",
        "secret_name",
        "secret_rotated",
        "secret_scanning",
        "secretary",
        "token_count",
        "token_expiry",
        "token_uri",
        "tokenized",
    ],
)
def test_a_name_that_points_at_a_secret_or_tells_of_it_is_none(name: str) -> None:
    """Nor is a word that only looks like one."""
    assert not secret_names.is_secret(name)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("postgres://loader:secret@db.internal/erp", True),
        ("see https://:secret@h for more", True),
        ("amqp://u:se/cret@h", True),
        ("https://h:8443/a", False),
        ("https://loader@h/a", False),
        ("https://h/a: b@c", False),
        ("arn:aws:iam::1:role/x@y", False),
    ],
)
def test_a_password_in_front_of_a_host_is_seen(text: str, holds: bool) -> None:
    """User and password, as in a URL."""
    assert secret_names.holds_password(text) is holds


def test_a_hostile_text_is_looked_at_in_no_time() -> None:
    """Every start of an address is followed for a bounded length."""
    assert not secret_names.holds_password("://:" * 100_000)
