"""What a name says, and what it does not: names as people write them, and near misses."""

import subprocess
import sys

import pytest

from nhigraph.policy.known_names import group, known, matches
from nhigraph.schema.types import State

SAID = [
    # The documented name, and the same in other spellings.
    ("CODECOV_TOKEN", "codecov"),
    ("codecov_token", "codecov"),
    ("Codecov-Token", "codecov"),
    ("codecov.token", "codecov"),
    ("NPM_TOKEN", "npm"),
    ("NODE_AUTH_TOKEN", "npm"),
    ("PYPI_API_TOKEN", "pypi"),
    ("TEST_PYPI_API_TOKEN", "pypi"),
    ("DOCKERHUB_TOKEN", "docker-hub"),
    ("DOCKER_PASSWORD", "docker-hub"),
    ("CARGO_REGISTRY_TOKEN", "crates-io"),
    ("NUGET_API_KEY", "nuget"),
    ("GH_TOKEN", "github"),
    ("GH_PAT", "github"),
    ("GITHUB_PAT", "github"),
    ("RELEASE_PLEASE_TOKEN", "release-please"),
    ("STRIPE_SECRET_KEY", "stripe"),
    ("CI_JOB_TOKEN", "gitlab"),
    ("AWS_SECRET_ACCESS_KEY", "aws"),
    ("AWS_ROLE_TO_ASSUME", "aws"),
    ("ARM_CLIENT_SECRET", "azure"),
    ("AZURE_CREDENTIALS", "azure"),
    ("GOOGLE_APPLICATION_CREDENTIALS", "gcp"),
    ("CLOUDFLARE_API_TOKEN", "cloudflare"),
    ("CF_API_TOKEN", "cloudflare"),
    ("VERCEL_TOKEN", "vercel"),
    ("NETLIFY_AUTH_TOKEN", "netlify"),
    ("HEROKU_API_KEY", "heroku"),
    ("FLY_API_TOKEN", "fly-io"),
    ("SUPABASE_SERVICE_ROLE_KEY", "supabase"),
    ("SENTRY_AUTH_TOKEN", "sentry"),
    ("SENTRY_DSN", "sentry-dsn"),
    ("SLACK_WEBHOOK_URL", "slack"),
    ("DISCORD_WEBHOOK", "discord"),
    ("STRIPE_API_KEY", "stripe"),
    ("XERO_CLIENT_SECRET", "xero"),
    ("PAYPAL_CLIENT_SECRET", "paypal"),
    ("SNOWFLAKE_PASSWORD", "snowflake"),
    ("DBT_CLOUD_TOKEN", "dbt-cloud"),
    ("FIVETRAN_APISECRET", "fivetran"),
    ("GPG_PRIVATE_KEY", "gpg"),
    ("COSIGN_PASSWORD", "cosign"),
    ("MATCH_PASSWORD", "fastlane-match"),
    ("DATABASE_URL", "database-url"),
    ("PGPASSWORD", "postgresql"),
    ("POSTGRES_PASSWORD", "postgresql"),
    ("QUICKBOOKS_REFRESH_TOKEN", "quickbooks"),
    ("SUITECLOUD_CI_PASSKEY", "netsuite"),
    ("OPENAI_API_KEY", "openai"),
    ("AZURE_OPENAI_API_KEY", "azure-openai"),
    ("ANTHROPIC_API_KEY", "anthropic"),
    ("HF_TOKEN", "hugging-face"),
    ("TURBO_TOKEN", "turborepo"),
    ("TF_API_TOKEN", "terraform-cloud"),
    ("VAULT_TOKEN", "vault"),
    ("OP_SERVICE_ACCOUNT_TOKEN", "onepassword"),
    ("CHROMATIC_PROJECT_TOKEN", "chromatic"),
    ("OKTA_API_TOKEN", "okta"),
    ("CIRCLE_TOKEN", "circleci"),
    ("JIRA_API_TOKEN", "jira"),
    ("SSH_PRIVATE_KEY", "ssh"),
    ("HCLOUD_TOKEN", "hetzner-cloud"),
    ("DD_API_KEY", "datadog"),
    # Where it is used, put around it.
    ("PROD_DD_API_KEY", "datadog"),
    ("HF_TOKEN_2", "hugging-face"),
    ("STAGING_DATABASE_URL", "database-url"),
    ("PROD_SLACK_BOT_TOKEN", "slack"),
    ("SONAR_TOKEN_STAGING", "sonar"),
    ("DEV_STRIPE_API_KEY", "stripe"),
    ("STRIPE_API_KEY_LIVE", "stripe"),
    ("CI_SNYK_TOKEN", "snyk"),
    ("AWS_ACCESS_KEY_ID_2", "aws"),
    # Whose it is, put around it.
    ("ACME_CODECOV_TOKEN", "codecov"),
    ("LEDGER_BACKEND_SENTRY_AUTH_TOKEN", "sentry"),
    ("CODECOV_TOKEN_BACKEND", "codecov"),
    ("ERP_PGPASSWORD", "postgresql"),
    ("ACME_WEB_SSH_PRIVATE_KEY", "ssh"),
    ("ACME_AZURE_OPENAI_API_KEY", "azure-openai"),
    ("ACME_PROD_AWS_SECRET_ACCESS_KEY_EU", "aws"),
    # Patterns: at the end, at the start, in the middle, and behind a stage or a project.
    ("SNOWFLAKE_SVC_LOADER_PWD", "snowflake"),
    ("STAGING_SNOWFLAKE_LOADER", "snowflake"),
    ("ACME_SNOWFLAKE_LOADER", "snowflake"),
    ("RELEASE_GITHUB_TOKEN", "github"),
    ("PROD_GITHUB_TOKEN_2", "github"),
    ("ACME_CARGO_REGISTRIES_MAIN_TOKEN_PROD", "crates-io"),
    ("CARGO_REGISTRIES_ACME_TOKEN", "crates-io"),
    ("FIREBASE_SERVICE_ACCOUNT_ACME_WEB", "firebase"),
    ("AZURE_STATIC_WEB_APPS_API_TOKEN_HAPPY_ROCK_0A1B2C", "azure-static-web-apps"),
    # The longest that is found wins.
    ("DATABRICKS_GITHUB_TOKEN", "github"),
    ("SNOWFLAKE_SLACK_WEBHOOK_URL", "slack"),
]

SILENT = [
    # The job's own token is no secret of anybody's.
    "GITHUB_TOKEN",
    "github_token",
    # Words that everybody uses.
    "TOKEN",
    "PASSWORD",
    "SECRET",
    "KEY",
    "MY_KEY",
    "MY_SECRET",
    "MY_TOKEN",
    "DEPLOY_KEY",
    "DEPLOY_TOKEN",
    "API_KEY",
    "API_TOKEN",
    "ACCESS_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "PROD_API_KEY",
    "USERNAME",
    "ACME_PASSWORD",
    "BOT_TOKEN",
    "WEBHOOK_URL",
    # A provider's name alone, or inside a word.
    "CODECOV",
    "AWS",
    "MYCODECOV_TOKEN",
    "CODECOVTOKEN",
    "CODECOV_TOKENS",
    "XNPM_TOKEN",
    "NPM_TOKENIZER",
    "STRIPED_API_KEY",
    "SNOWFLAKES_LEFT",
    "SNOWFLAKE",
    # Two providers, equally long: it says two things.
    "NPM_TOKEN_OR_PYPI_TOKEN",
    "SNYK_TOKEN_SONAR_TOKEN",
    # One or two letters are a company's own as often as a provider's.
    "ACME_CO_API_KEY",
    "ORDERS_TO_EC_API_KEY",
    # Nothing at all.
    "",
    "_",
    "---",
    "*",
    "PROD",
    "ПАРОЛЬ",
]


@pytest.mark.parametrize(("name", "provider"), SAID)
def test_a_name_is_grouped_with_the_provider_that_documents_it(name: str, provider: str) -> None:
    assert group(name) == provider


@pytest.mark.parametrize("name", SILENT)
def test_a_name_that_says_nothing_or_two_things_is_not_known(name: str) -> None:
    assert known(name) is None
    assert group(name) is None


def test_what_is_told_of_a_name_is_what_the_entry_says() -> None:
    told = known("ACME_SNOWFLAKE_PASSWORD_PROD")

    assert told is not None
    assert (told.provider, told.sort, told.finance) == ("snowflake", "warehouse", True)
    assert told.effect == (State.ALTER, State.OMIT, State.READ)
    assert told.name == "SNOWFLAKE_PASSWORD"
    assert told.page.startswith("https://")


def test_an_upload_token_gives_no_state() -> None:
    told = known("CODECOV_TOKEN")

    assert told is not None
    assert told.effect == ()


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("A_*", "A_B", True),
        ("A_*", "A_B_C", True),
        ("A_*", "A", False),
        ("*_A", "B_A", True),
        ("*_A", "A", False),
        ("A_*_B", "A_X_Y_B", True),
        ("A_*_B", "A_B", False),
        ("A", "A", True),
        ("A_*_B", "X_A_B", False),
        ("A_*_B", "X_A_Y_B_Z", True),
        ("A_*", "XA_B", False),
        ("A_*_B", "A_Y_BZ", False),
    ],
)
def test_a_star_stands_for_one_word_or_more(pattern: str, name: str, fits: bool) -> None:
    assert matches(pattern, name) is fits


@pytest.mark.parametrize("word", ["A", "SNOWFLAKE", "TOKEN", "NPM", "PROD", "GITHUB"])
def test_a_name_without_end_is_answered_all_the_same(word: str) -> None:
    # Quadratic work on 20,000 words would outlive every test run.
    known("_".join([word] * 20_000))


def test_the_file_is_read_only_when_a_name_is_asked_about() -> None:
    code = (
        "from nhigraph.policy import known_names\n"
        "print(known_names._file.cache_info().currsize)\n"
        "known_names.group('CODECOV_TOKEN')\n"
        "print(known_names._file.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "1"]
