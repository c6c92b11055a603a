"""Joins speak of relations, not of vendors: another forge or database is a source and a policy.

What is a vendor's is found, not listed: forms of key by the module they are declared in, words by
the entries of ``policy.forges`` and by the events and permissions that forges have.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import nhigraph.joins
from nhigraph.facts import keys
from nhigraph.facts.keys import forge
from nhigraph.policy.forges import FORGES
from nhigraph.policy.github_actions.events import EVENTS
from nhigraph.policy.github_actions.permissions import SCOPES

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


def forge_modules() -> set[str]:
    """Modules of keys that belong to one forge: with its own repository, or named after that."""
    names = [one.name for one in pkgutil.iter_modules(keys.__path__, f"{keys.__name__}.")]
    own = tuple(
        form.__module__
        for name in names
        for _, form in inspect.getmembers(importlib.import_module(name), inspect.isclass)
        if issubclass(form, forge.Repository) and form is not forge.Repository
    )
    return {name for name in names if name.startswith(own)}


def forge_names() -> set[str]:
    """What these modules declare, by the names by which ``facts.keys`` lends it."""
    modules = forge_modules()
    lent = {name: getattr(value, "__module__", "") for name, value in vars(keys).items()}
    return {name for name, module in lent.items() if module in modules}


def forge_words() -> set[str]:
    """Texts that only one forge understands."""
    own = {one.platform for one in FORGES.values()}
    for one in FORGES.values():
        for field in fields(one):
            said = getattr(one, field.name)
            many: Iterable[object] = said if isinstance(said, tuple | frozenset) else (said,)
            events = isinstance(said, frozenset)
            own |= {text for text in many if isinstance(text, str) and ("_" in text or not events)}
    # Events and scopes of one plain word, such as a label, are also words of everybody's.
    own |= {event for event in EVENTS if "_" in event}
    own |= {f"{scope}:{level}" for scope, level in SCOPES.items()}
    return own - {""}


def vendors_in(source: str, names: set[str], words: set[str]) -> Iterator[str]:
    """What of a vendor's a room names: a form of its keys, or a text of its own."""
    tree = ast.parse(source)
    docs = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="keys"), attr=name) if name in names:
                yield f"{node.lineno}: keys.{name}"
            case ast.ImportFrom(module=str(module)) if module.startswith(keys.__name__):
                taken = {one.name for one in node.names}
                if module in forge_modules() or (module == keys.__name__ and taken & names):
                    yield f"{node.lineno}: {module}"
            case ast.Constant(value=str(text)) if id(node) not in docs:
                yield from (f"{node.lineno}: {word}" for word in words if _says(text, word))


def _says(text: str, word: str) -> bool:
    """Whether a text has the word, and not as a part of another."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def test_no_room_of_joins_names_a_forges_keys_or_words() -> None:
    names, words = forge_names(), forge_words()
    found = [
        f"{path.name}:{one}"
        for path in sorted(HERE.glob("*.py"))
        for one in vendors_in(path.read_text(), names, words)
    ]
    assert not found


def test_what_is_a_forges_own_is_found() -> None:
    """The check itself can fail."""
    names, words = forge_names(), forge_words()
    assert {"Repository", "Job", "EnvironmentProtection", "repository", "Team"} <= names
    assert "nhigraph.facts.keys.github_text" in forge_modules()
    assert not {"Role", "Model", "Written", "repository_of", "UNNAMED", "repository_named"} & names
    assert {"workflow_dispatch", "workflow_call", "actions:write", "id-token:write"} <= words
    assert {"main", "/jobs/", "/total_count", "rulesets"} <= words
    for source in (
        "x = keys.Repository",
        "from nhigraph.facts.keys import Job",
        "from nhigraph.facts.keys.github import Thing",
        'x.startswith("workflow_dispatch=")',
        'x == "id-token:write"',
        'x in ("main", "trunk")',
        'f"{x}/total_count"',
    ):
        assert [*vendors_in(source, names, words)], source
    for source in ("x = keys.Role", '"""On main, by workflow_dispatch."""', 'x = "a domain"'):
        assert not [*vendors_in(source, names, words)], source
