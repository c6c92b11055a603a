"""Keys of GitLab by name: what is printed, what counts as one name, whose a thing is.

Hosts and paths are such as GitLab allows (https://docs.gitlab.com/user/reserved_names/); names of
jobs, environments, branches and variables are any text.
"""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.facts import keys
from nhigraph.facts.keys import gitlab, gitlab_access
from nhigraph.facts.keys.forge import home_of, moved

ERP = gitlab.project("gitlab.com/acme/data/erp")
PROD = gitlab.Environment(ERP, "prod")

PRINTED: dict[str, keys.Key] = {
    "gitlab:gitlab.com/acme/data/erp": ERP,
    "gitlab:gitlab.com/acme/data/erp/pipeline": gitlab.Workflow(ERP),
    "gitlab:gitlab.com/acme/data/erp/pipeline/ci%2Fx.yml": gitlab.Workflow(ERP, "ci/x.yml"),
    "gitlab:gitlab.com/acme/data/erp/pipeline//variable/PW": gitlab.CalledSecret(
        gitlab.Workflow(ERP), "PW"
    ),
    "gitlab:gitlab.com/acme/data/erp/job/load: 1%2F2": gitlab.Job(ERP, "load: 1/2"),
    "gitlab:gitlab.com/acme/data/erp/job/x.yml#load": gitlab.Job(ERP, "load", "x.yml"),
    "gitlab:gitlab.com/acme/data/erp/job/a%23b": gitlab.Job(ERP, "a#b"),
    "gitlab:gitlab.com/acme/data/erp/variable/PW": gitlab.RepositorySecret(ERP, "PW"),
    "gitlab:gitlab.com/acme/data/erp/environment/review%2Fx": gitlab.Environment(ERP, "review/x"),
    "gitlab:gitlab.com/acme/data/erp/environment/prod/protection": gitlab.EnvironmentProtection(
        PROD
    ),
    "gitlab:gitlab.com/acme/data/erp/environment/prod/variable/PW": gitlab.EnvironmentSecret(
        PROD, "PW"
    ),
    "gitlab:gitlab.com/acme/data/erp/protected-branch/a%2Fb": gitlab.ProtectedBranch(ERP, "a/b"),
    "gitlab:gitlab.com/acme/data/erp/protection/?": gitlab.BranchProtection(ERP, keys.UNNAMED),
    "gitlab:gitlab.com/acme/data/erp/protected-tag/v*": gitlab.ProtectedTag(ERP, "v*"),
    "gitlab:gitlab.com/acme/data/erp/tag-protection/v*": gitlab.TagProtection(ERP, "v*"),
    "gitlab:gitlab.com/acme/data/erp/permission/push": gitlab.Permission(ERP, "push"),
    "gitlab:gitlab.com/acme/data/erp/runner/A,b": gitlab.Runner(ERP, ("b", "A", "")),
    "gitlab:gitlab.com/acme/data/erp/include/t%2Fx.yml@v1": gitlab.Included(ERP, "t/x.yml", "v1"),
    "gitlab:gitlab.com/acme/data/erp/machine/7": gitlab_access.Machine(ERP, "7"),
    "gitlab:gitlab.com/acme/data/erp/deploy-key/7": gitlab_access.Credential(
        ERP, "deploy-key", "7"
    ),
    "gitlab:gitlab.com/acme/data/erp/members/maintainer": gitlab_access.Members(ERP, "maintainer"),
    "gitlab:gitlab.com": gitlab_access.Namespace("gitlab.com"),
    "gitlab:gitlab.com/groups/acme/data": gitlab_access.Namespace("gitlab.com", "acme/data"),
    "gitlab:gitlab.com/groups/acme/variable/PW": gitlab_access.OwnerSecret(
        "gitlab.com", "acme", "PW"
    ),
    "gitlab:gl.example/admin/variable/PW": gitlab_access.OwnerSecret("gl.example", "", "PW"),
    "gitlab:gl.example/admin/machine/7": gitlab_access.OwnerMachine("gl.example", "", "7"),
    "gitlab:gl.example/groups/a/members/owner": gitlab_access.OwnerMembers(
        "gl.example", "a", "owner"
    ),
    "gitlab:gl.example/groups/a/permission/api": gitlab_access.OwnerPermission(
        "gl.example", "a", "api"
    ),
    "gitlab:gl.example/groups/a/hook/7": gitlab_access.OwnerCredential(
        "gl.example", "a", "hook", "7"
    ),
    "gitlab:gl.example/users/ada": gitlab_access.User("gl.example", "Ada"),
    "gitlab:gl.example/users": gitlab_access.Anyone("gl.example"),
    "gitlab:local/erp": gitlab.Repository("local", "erp"),
    "gitlab[eu/erp]:local/erp/job/load": gitlab.Job(
        gitlab.Repository("local", "erp", "eu/erp"), "load"
    ),
    "gitlab:gl.example/a/b/%66ile/c": gitlab.project("gl.example/a/b/file/c"),
    "project:dbt:gitlab/gitlab.com%2Facme%2Fdata%2Ferp/books": keys.Project("books", ERP),
    "project:dbt[eu/erp]:gitlab/local%2Ferp/books": keys.Project(
        "books", gitlab.Repository("local", "erp", "eu/erp")
    ),
    "connection:dbt:gitlab/gl.example%2Fa%2Fb%2F%2566ile%2Fc%2Ffile%2Fx%2Fprofiles.yml/p/o": (
        keys.Connection("p", "o", gitlab.project("gl.example/a/b/file/c"), "x/profiles.yml")
    ),
    "secret:gitlab:gitlab.com/acme/data/erp/file/ci/x.yml#PW": keys.Written(ERP, "ci/x.yml", "PW"),
}


@pytest.mark.parametrize("text", PRINTED)
def test_a_key_is_printed_so_and_read_again(text: str) -> None:
    assert PRINTED[text].text == text
    assert keys.parse(text) == PRINTED[text]


NAMES = st.one_of(
    st.sampled_from(("", "job", "protection", "a/b", "a#b", "x@y", "%2F", "%", ",", "a,b", "?")),
    st.text(max_size=5),
)
PARTS = st.one_of(
    st.sampled_from(sorted(gitlab.WORDS)), st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,5}\Z")
)
PATHS = st.lists(PARTS, min_size=2, max_size=5).map("/".join)
#: ``groups``, ``users`` and ``admin`` are no names of the first level.
HOSTS = st.sampled_from(("gitlab.com", "gl.example", "10.0.0.1"))
PROJECTS = st.one_of(
    st.builds(gitlab.Repository, HOSTS, PATHS),
    st.builds(
        gitlab.Repository,
        st.just("local"),
        st.one_of(PARTS, st.just("Erp")),
        st.sampled_from(("", "a/b")),
    ),
)
ENVIRONMENTS = st.builds(gitlab.Environment, PROJECTS, NAMES)
WORKFLOWS = st.builds(gitlab.Workflow, PROJECTS, NAMES, st.sampled_from(("", "0a")))
SORTS = st.sampled_from(gitlab_access.SORTS)
GROUPS = st.one_of(st.just(""), st.lists(PARTS, min_size=1, max_size=4).map("/".join))
OF_TYPE = {
    "repository": PROJECTS,
    "environment": ENVIRONMENTS,
    "workflow": WORKFLOWS,
    "host": HOSTS,
    "group": GROUPS,
    "sort": SORTS,
    "tags": st.lists(NAMES, max_size=3).map(tuple),
}
FORMS = sorted(
    {
        found
        for module in (gitlab, gitlab_access)
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, keys.Key)
        and found.__module__ == module.__name__
        and "__dataclass_fields__" in vars(found)
        and found not in (gitlab.Repository, gitlab.Thing)
    },
    key=lambda form: form.__name__,
)
KEYS = st.one_of(
    PROJECTS,
    *(
        st.builds(form, *(OF_TYPE.get(one.name, NAMES) for one in dataclasses.fields(form)))  # type: ignore[arg-type]  # all are dataclasses
        for form in FORMS
    ),
)


@given(KEYS, KEYS)
def test_reading_is_the_inverse_of_printing_and_no_two_keys_print_alike(
    one: keys.Key, other: keys.Key
) -> None:
    assert keys.parse(one.text) == one
    assert (one.text == other.text) is (one == other)


@given(KEYS)
def test_what_lies_in_a_project_lies_there_and_moves_to_another(one: keys.Key) -> None:
    home = home_of(one.text)
    assert home == keys.repository_of(one)
    if home is not None:
        assert keys.repository_of(moved(one, ERP)) == ERP
        assert one.unqualified().qualifier == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("gitlab:GitLab.com/Acme/ERP", "gitlab:gitlab.com/acme/erp", True),
        ("gitlab:gitlab.com/acme/erp/job/Load", "gitlab:gitlab.com/acme/erp/job/load", False),
        ("gitlab:gitlab.com/a/b/variable/x", "gitlab:gitlab.com/a/b/variable/X", False),
        ("gitlab:gitlab.com/a/b/environment/QA", "gitlab:gitlab.com/a/b/environment/qa", False),
        ("gitlab:gl.example/users/Ada", "gitlab:gl.example/users/ada", True),
        ("gitlab:gl.example/groups/A/variable/x", "gitlab:gl.example/groups/a/variable/x", True),
        ("gitlab:local/Erp", "gitlab:local/erp", False),
    ],
)
def test_case_counts_where_gitlab_counts_it(one: str, other: str, *, same: bool) -> None:
    assert (keys.canonical(one) == keys.canonical(other)) is same


@pytest.mark.parametrize(
    ("host", "group", "ours"),
    [
        ("gitlab.com", "acme/data", True),
        ("gitlab.com", "acme", True),
        ("gitlab.com", "", True),
        ("gitlab.com", "ac", False),
        ("gitlab.com", "acme/data/erp", False),
        ("gl.example", "acme", False),
    ],
)
def test_what_a_group_has_is_for_all_below_it(host: str, group: str, *, ours: bool) -> None:
    assert ERP.belongs_to(gitlab_access.Namespace(host, group)) is ours
    assert not gitlab.Repository("local", "erp").belongs_to(gitlab_access.Namespace(host, group))
