"""In what a thing lies, by its key."""

import pytest

from nhigraph.facts.keys.holders import holder_of

HOLDERS = {
    "github:acme/erp/secret/PG_DSN": "github:acme/erp",
    "github:acme/erp/environment/production/secret/PG_DSN": (
        "github:acme/erp/environment/production"
    ),
    "github:acme/secret/PG_DSN": "github:acme",
    "github:acme/erp/workflow/load.yml/secret/PG_DSN": "github:acme/erp/workflow/load.yml",
    "gitlab:git.example/groups/acme/variable/PG_DSN": "gitlab:git.example/groups/acme",
    "gitlab:git.example/admin/variable/PG_DSN": "gitlab:git.example",
    "secret:vault:kv/erp/poster": "vault:kv/erp",
    "secret:github:acme/erp/file/profiles.yml#PASSWORD": "github:acme/erp",
    "github[2]:acme/erp/secret/PG_DSN": "github[2]:acme/erp",
    "acme:poster-key": "",
    "github:acme/erp": "",
}


@pytest.mark.parametrize("key", HOLDERS)
def test_a_key_says_in_what_it_lies(key: str) -> None:
    assert holder_of(key) == HOLDERS[key]
