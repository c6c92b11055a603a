"""GitLab's rules, case by case: roles, scopes, branches, variables, machines, dates."""

import itertools
from datetime import date

import pytest

from nhigraph.policy.forges.gitlab import covers
from nhigraph.policy.gitlab import branches, dates, globs, machines, roles, variables
from nhigraph.policy.gitlab.branches import Allowed, Rule

PUSH = "push"


@pytest.mark.parametrize(
    ("level", "role"),
    [
        (0, ""),
        (5, ""),
        (10, ""),
        (15, ""),
        (20, "reporter"),
        (25, "reporter"),
        (30, "developer"),
        (40, "maintainer"),
        (50, "owner"),
        (60, "owner"),
    ],
)
def test_a_level_is_the_highest_role_that_it_reaches(level: int, role: str) -> None:
    assert roles.role(level) == role
    assert roles.is_level(level)


@pytest.mark.parametrize("value", [True, "40", None, 42, 40.0])
def test_what_is_no_level_of_gitlabs_is_none(value: object) -> None:
    assert not roles.is_level(value)


@pytest.mark.parametrize(
    ("scopes", "role", "acts", "has", "unknown"),
    [
        (["api"], "maintainer", "maintainer", (), ()),
        (["api"], "", "", (), ()),
        (["read_api"], "developer", "", ("reporter",), ()),
        (["read_api"], "", "", (), ()),
        (["read_api"], "maintainer", "", ("read_variables", "reporter"), ()),
        (["read_api"], "owner", "", ("read_group_variables", "read_variables", "reporter"), ()),
        (["read_repository"], "owner", "", ("reporter",), ()),
        (["write_repository"], "developer", "", ("push", "reporter"), ()),
        (
            ["write_repository"],
            "owner",
            "",
            ("push", "push-as-maintainer", "push-as-owner", "reporter"),
            (),
        ),
        (["write_repository"], "maintainer", "", ("push", "push-as-maintainer", "reporter"), ()),
        (["write_repository"], "reporter", "", ("reporter",), ()),
        (["read_registry", "self_rotate"], "owner", "", (), ()),
        (["write_registry"], "owner", "", (), ("write_registry",)),
        (["create_runner"], "maintainer", "", ("create_runner",), ()),
        (["create_runner"], "developer", "", (), ()),
        (["manage_runner"], "owner", "", ("create_runner",), ()),
        (["scope_of_tomorrow"], "owner", "", (), ("scope_of_tomorrow",)),
        ([], "owner", "", (), ()),
    ],
)
def test_a_token_has_what_its_scopes_and_its_role_both_give(
    scopes: list[str], role: str, acts: str, has: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    assert roles.given(scopes, role, PUSH) == roles.Given(acts, has, unknown)


def test_a_deploy_token_reads_whatever_its_maker_may() -> None:
    assert roles.of_deploy_token(["read_repository", "read_registry"]).permissions == ("reporter",)
    assert roles.of_deploy_token(["write_package_registry"]).unknown == ("write_package_registry",)


@pytest.mark.parametrize(
    ("one", "other", "lower"),
    [
        ("owner", "developer", "developer"),
        ("reporter", "owner", "reporter"),
        ("maintainer", "maintainer", "maintainer"),
        ("owner", "", ""),
    ],
)
def test_members_of_an_invited_group_have_the_lower_of_two_roles(
    one: str, other: str, lower: str
) -> None:
    assert roles.lower(one, other) == roles.lower(other, one) == lower


# -- dates --------------------------------------------------------------------------------------


def test_two_tokens_with_one_date_end_a_day_apart() -> None:
    day = date(2024, 1, 1)
    assert dates.of_access_token(day) == date(2023, 12, 31)
    assert dates.of_deploy_token(day) == day
    assert dates.of_membership(day) == day
    assert dates.of_access_token(date.min) == date.min


# -- patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        ("main", "main", True),
        ("main", "Main", False),
        ("main", "mainline", False),
        ("*-stable", "production-stable", True),
        ("production/*", "production/app/server", True),
        ("production/*", "production", False),
        ("*gitlab*", "master/gitlab/production", True),
        ("*", "", True),
        ("v1.x", "v1-x", False),
        ("v[0-9]", "v1", False),
        ("v?", "v1", False),
    ],
)
def test_a_star_is_any_text_and_all_else_itself(pattern: str, name: str, taken: bool) -> None:
    assert globs.covers(pattern, name) is taken


def test_two_patterns_meet_where_some_name_is_taken_in_by_both() -> None:
    """By trying every short name of two letters."""
    names = ["".join(letters) for n in range(6) for letters in itertools.product("ab", repeat=n)]
    patterns = ["".join(some) for n in range(4) for some in itertools.product("ab*", repeat=n)]
    for one, other in itertools.product(patterns, repeat=2):
        tried = any(globs.covers(one, name) and globs.covers(other, name) for name in names)
        assert globs.meet(one, other) is tried, (one, other)


def test_the_rule_of_all_others_takes_in_no_branch_that_a_pattern_does() -> None:
    assert covers("*", ("release/*",), "main")
    assert not covers("*", ("release/*",), "release/1")
    assert not covers("*", (), None)


# -- branches -----------------------------------------------------------------------------------


def level(*levels: int) -> tuple[Allowed, ...]:
    return tuple(Allowed(one) for one in levels)


@pytest.mark.parametrize(
    ("title", "rules", "unreviewed", "self_merged"),
    [
        ("nobody pushes, Maintainers merge", [Rule("main", level(0), level(40))], False, False),
        ("Maintainers push and merge", [Rule("main", level(40), level(40))], False, False),
        ("Developers merge", [Rule("main", level(0), level(30))], False, True),
        ("Developers push", [Rule("main", level(30), level(40))], True, False),
        ("administrators alone", [Rule("main", level(60), level(60))], False, False),
        ("nobody at all", [Rule("main", level(0), level(0))], False, False),
        ("a Developer by number", [Rule("main", (Allowed(30, user=7),), level(40))], False, False),
        (
            "a pattern is more permissive than the name",
            [Rule("main", level(0), level(40)), Rule("m*", level(30), level(40))],
            True,
            False,
        ),
        (
            "another branch's pattern says nothing",
            [Rule("main", level(0), level(40)), Rule("x*", level(30), level(30))],
            False,
            False,
        ),
        (
            "one of several lines is enough",
            [Rule("main", level(0, 40, 30), level(40))],
            True,
            False,
        ),
    ],
)
def test_the_most_permissive_rule_decides(
    title: str,
    rules: list[Rule],
    unreviewed: bool,
    self_merged: bool,
) -> None:
    found = branches.effect("main", rules)
    assert (found.unreviewed, found.self_merged) == (unreviewed, self_merged), title


def test_the_order_of_rules_changes_nothing() -> None:
    rules = [
        Rule("v1.x", level(40), level(40)),
        Rule("v1.*", level(40), level(40, 30)),
        Rule("v*", level(0), level(0), owners=True),
    ]
    found = {branches.effect("v1.x", order) for order in itertools.permutations(rules)}
    assert len(found) == 1
    (only,) = found
    assert only.self_merged
    assert only.owners


def test_a_deploy_key_that_a_rule_names_decides_nothing_but_pushes() -> None:
    rules = [Rule("main", (Allowed(40, key=3), Allowed(40)), level(40))]
    found = branches.effect("main", rules)
    assert found.keys == (3,)
    assert found.deciders == (Allowed(40),)


# -- variables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "environment", "taken"),
    [
        ("*", None, True),
        ("*", "production", True),
        ("production", None, False),
        ("production", "production", True),
        ("production", "Production", False),
        ("review/*", "review/feature-1", True),
        ("review/*", "review", False),
        ("review/*", None, False),
    ],
)
def test_a_variable_is_for_the_environments_that_its_scope_takes_in(
    scope: str,
    environment: str | None,
    taken: bool,
) -> None:
    assert variables.takes_in(scope, environment) is taken


# -- machines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "tags", "untagged", "protected", "on_protected", "taken"),
    [
        (["linux"], ["linux", "finance"], False, False, True, True),
        (["linux", "gpu"], ["linux"], True, False, True, False),
        (["Linux"], ["linux"], True, False, True, False),
        ([], ["linux"], True, False, True, True),
        ([], ["linux"], False, False, True, False),
        ([], [], True, False, True, True),
        (["linux"], ["linux"], True, True, False, False),
        (["linux"], ["linux"], True, True, True, True),
    ],
)
def test_a_machine_takes_what_it_has_all_tags_of(
    asked: list[str],
    tags: list[str],
    *,
    untagged: bool,
    protected: bool,
    on_protected: bool,
    taken: bool,
) -> None:
    found = machines.takes(
        asked, tags, untagged=untagged, protected=protected, on_protected=on_protected
    )
    assert found is taken


def test_labels_of_jobs_and_machines_meet_as_the_rule_says() -> None:
    """What a job asks for is among a machine's labels exactly where the machine takes it."""
    for asked, tags in itertools.product([(), ("a",), ("a", "b")], repeat=2):
        for untagged in (False, True):
            has = {*tags, *([machines.UNTAGGED] if untagged else [])}
            meets = {*machines.labels(asked)} <= has
            assert meets is machines.takes(asked, tags, untagged=untagged)
