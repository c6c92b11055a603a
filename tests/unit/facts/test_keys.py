"""Keys by name: what is printed, what counts as one name, what a pattern means.

Case rules are those of the platforms, with their words in the modules of ``facts.keys``.
"""

import pytest

from nhigraph.facts import keys

ERP = keys.repository("acme/erp")
SERVER = keys.database("mysql", "")
PG = keys.database("postgres", "erp")

#: What is printed for a key; none of it may move, scripts and scopes hold it.
PRINTED = {
    "github:acme/erp": ERP,
    "github:acme/erp/workflow/a.yml": keys.Workflow(ERP, "a.yml"),
    "github:acme/erp/workflow/a.yml@0123": keys.Workflow(ERP, "a.yml", "0123"),
    "github:acme/erp/workflow/x%40y.yml": keys.Workflow(ERP, "x@y.yml"),
    "github:acme/erp/job/a.yml#load": keys.Job(ERP, "a.yml", "load"),
    "github:acme/erp/job/x%23y.yml#load": keys.Job(ERP, "x#y.yml", "load"),
    "github:acme/erp/environment/prod": keys.Environment(ERP, "prod"),
    "github:acme/erp/environment/a%2Fjob%2Fb": keys.Environment(ERP, "a/job/b"),
    "github:acme/erp/environment/prod/protection": keys.EnvironmentProtection(
        keys.Environment(ERP, "prod")
    ),
    "github:acme/erp/environment/prod/secret/PW": keys.EnvironmentSecret(
        keys.Environment(ERP, "prod"), "PW"
    ),
    "github:acme/erp/secret/PW": keys.RepositorySecret(ERP, "PW"),
    "github:acme/secret/PW": keys.OrganizationSecret("acme", "PW"),
    "github:acme/erp/workflow/a.yml/secret/PW": keys.CalledSecret(
        keys.Workflow(ERP, "a.yml"), "PW"
    ),
    "github:acme/erp/protected-branch/release%2F1": keys.ProtectedBranch(ERP, "release/1"),
    "github:acme/erp/protection/?": keys.BranchProtection(ERP, keys.UNNAMED),
    "github:acme/erp/permission/actions:write": keys.Permission(ERP, "actions:write"),
    "github:acme/erp/action": keys.Action(ERP),
    "github:acme/erp/action@v1": keys.Action(ERP, "", "v1"),
    "github:acme/erp/action/a%2Fb@v1": keys.Action(ERP, "a/b", "v1"),
    "github:acme/team/action/": keys.Action(keys.repository("acme/team")),
    "github:acme/team/action": keys.Team("acme", "action"),
    "github:acme/erp/runner/linux,self-hosted": keys.Runner(ERP, ("self-hosted", "Linux")),
    "github:acme/runner-group/Big": keys.RunnerGroup("acme", "Big"),
    "github:user/ada": keys.User("Ada"),
    "github:%75ser/ada": keys.repository("user/ada"),
    "github:anyone": keys.Anyone(),
    "github[team-a/erp]:local/erp/job/a.yml#x": keys.Job(
        keys.Repository("local", "erp", "team-a/erp"), "a.yml", "x"
    ),
    "secret:github:acme/erp/file/.github/workflows/a.yml#PGPASSWORD": keys.Written(
        ERP, ".github/workflows/a.yml", "PGPASSWORD"
    ),
    "secret:connection:dbt:acme%2Ferp%2Fprofiles.yml/erp/prod/password": keys.Stored(
        "connection:dbt:acme%2Ferp%2Fprofiles.yml/erp/prod", "password"
    ),
    "dataset:postgres:erp.fin.gl": keys.Dataset(PG, "fin", "gl"),
    "dataset:postgres:x%2Ey.a/b.[z]": keys.Dataset.of("postgres", ("x.y", "a/b", "[z]")),
    "dataset:postgres[10.0.0.2:5432]:erp.fin.gl": keys.Dataset(
        keys.Database("postgres", "erp", "10.0.0.2:5432"), "fin", "gl"
    ),
    "container:postgres:erp.fin": keys.Container(PG, "fin"),
    "container:postgres:erp": keys.Container(PG),
    "cluster:postgres:erp": keys.Cluster(PG),
    "role:postgres:erp/Loader": keys.Role(PG, "Loader"),
    "role:postgres:a%2Fb/x": keys.Role(keys.database("postgres", "a/b"), "x"),
    "grant:postgres:erp/usage/fin": keys.Grant(PG, "usage", keys.dotted("fin")),
    "dataset:mysql:erp.gl": keys.Dataset.of("mysql", ("", "erp", "gl")),
    "dataset:mysql:x%2Ey.a/b": keys.Dataset.of("mysql", ("", "x.y", "a/b")),
    "dataset:mysql[db1:3306]:erp.gl": keys.Dataset(
        keys.Database("mysql", "erp", "db1:3306"), "", "gl"
    ),
    "container:mysql:erp": keys.Dataset.of("mysql", ("", "erp", "gl")).container,
    "container:mysql:": keys.Container(SERVER),
    "cluster:mysql:": keys.Cluster(SERVER),
    "role:mysql:etl@%25": keys.Role(SERVER, "etl@%"),
    "role:mysql:erp-prod/etl@localhost": keys.Role(
        keys.database("mysql", "erp-prod"), "etl@localhost"
    ),
    "grant:mysql:execute/erp.post": keys.Grant(SERVER, "execute", keys.dotted("erp", "post")),
    "grant:mysql:erp/create/": keys.Grant(keys.database("mysql", "erp"), "create", ""),
    "logic:mysql:erp/event/nightly": keys.Logic(keys.database("mysql", "erp"), "event", "nightly"),
    "model:dbt:books.gl.v2": keys.Model(keys.Package("books"), "gl.v2"),
    "model:dbt[acme/eu]:books.gl": keys.Model(keys.Package("books", "acme/eu"), "gl"),
    "seed:dbt:books.rates": keys.Seed(keys.Package("books"), "rates"),
    "report:dbt:board_pack": keys.Report("board_pack"),
    "connection:dbt:erp/prod": keys.Connection("erp", "prod"),
    "connection:dbt:acme%2Ferp%2Fdbt%2Fprofiles.yml/erp/prod": keys.Connection(
        "erp", "prod", ERP, "dbt/profiles.yml"
    ),
    "project:dbt:books": keys.Project("books"),
    "project:dbt:acme%2Ferp/books": keys.Project("books", ERP),
    "image:ghcr.io/Acme/x:V1": keys.Image("ghcr.io/Acme/x:V1"),
    "arn:aws:iam::123456789012:role/Load": keys.AwsPrincipal(
        "arn:aws:iam::123456789012:role/Load"
    ),
    "gcp:serviceaccount/load@p.iam": keys.GcpServiceAccount("Load@P.iam"),
    "entra:application/0a": keys.EntraApplication("0A"),
    "fin:gl": keys.Financial("gl"),
    "trust:PI/gl": keys.Trust("PI", "gl"),
    "target:x": keys.UnreadTarget("x"),
    "recovery:fin:gl": keys.Recovery("fin:gl"),
}


@pytest.mark.parametrize("text", PRINTED)
def test_a_key_is_printed_so_and_read_again(text: str) -> None:
    assert PRINTED[text].text == text
    assert keys.parse(text) == PRINTED[text]


#: Words of the grammar as names: of a repository, its owner, an environment, a branch.
@pytest.mark.parametrize("word", ["job", "secret", "workflow", "environment", "team", "user"])
def test_a_name_that_is_a_word_of_keys_stays_a_name(word: str) -> None:
    for repository in (keys.repository(f"acme/{word}"), keys.repository(f"{word}/erp")):
        for key in (
            repository,
            keys.Job(repository, word, word),
            keys.Workflow(repository, f"{word}@x"),
            keys.EnvironmentSecret(keys.Environment(repository, f"{word}/x"), word),
            keys.BranchProtection(repository, f"{word}/{word}"),
            keys.Action(repository),
        ):
            assert keys.parse(key.text) == key
            assert keys.repository_of(key) == repository


#: Two spellings, and whether they are one thing on the platform.
ONE_THING = [
    ("github:Acme/ERP", "github:acme/erp", True),
    ("github:acme/erp/environment/Prod", "github:acme/erp/environment/prod", True),
    ("github:acme/erp/secret/pg_dsn", "github:acme/erp/secret/PG_DSN", True),
    ("github:Acme/secret/x", "github:acme/secret/X", True),
    ("github:user/Ada", "github:user/ada", True),
    ("github:acme/team/Core", "github:acme/team/core", True),
    ("github:acme/erp/branch/Main", "github:acme/erp/branch/main", False),
    ("github:Acme/erp/branch/Main", "github:acme/erp/branch/Main", True),
    ("github:acme/erp/protection/Main", "github:acme/erp/protection/main", False),
    ("github:acme/erp/workflow/A.yml", "github:acme/erp/workflow/a.yml", False),
    ("github:acme/erp/job/a.yml#Load", "github:acme/erp/job/a.yml#load", False),
    ("github:local/ERP", "github:local/erp", False),
    ("secret:github:Acme/ERP/file/A#X", "secret:github:acme/erp/file/A#X", True),
    ("secret:github:acme/erp/file/A#X", "secret:github:acme/erp/file/a#X", False),
    ("project:dbt:Acme%2FERP/books", "project:dbt:acme%2Ferp/books", True),
    ("gcp:serviceaccount/A@b", "gcp:serviceaccount/a@b", True),
    ("arn:aws:iam::1:role/A", "arn:aws:iam::1:role/a", False),
    ("role:postgres:erp/A", "role:postgres:erp/a", False),
    ("dataset:postgres:erp.fin.GL", "dataset:postgres:erp.fin.gl", False),
    ("model:dbt:books.GL", "model:dbt:books.gl", False),
    ("acme:Svc", "acme:svc", False),
]


@pytest.mark.parametrize(("one", "other", "same"), ONE_THING)
def test_names_are_compared_as_their_platform_compares_them(
    one: str, other: str, same: bool
) -> None:
    assert (keys.canonical(one) == keys.canonical(other)) is same


#: A pattern, a key, and whether it is meant.
MEANT = [
    ("github:Acme/ERP/*", "github:acme/erp/job/a.yml#load", True),
    ("github:acme/erp/job/A.yml*", "github:acme/erp/job/a.yml#load", False),
    ("github:acme/erp/environment/PROD*", "github:acme/erp/environment/prod/secret/X", True),
    ("*/secret/pg_*", "github:acme/erp/secret/PG_DSN", True),
    ("*/SECRET/PG_*", "github:acme/erp/secret/PG_DSN", False),
    ("GITHUB:acme/*", "github:acme/erp", False),
    ("*ERP*", "github:acme/erp/protection/main", True),
    ("*MAIN", "github:acme/erp/protection/main", False),
    ("github:local/ERP/*", "github:local/erp/job/a.yml#x", False),
    ("github:acme/e?P", "github:acme/erp", True),
    ("dataset:postgres:erp.*", "dataset:postgres[h:5432]:erp.fin.gl", True),
    ("dataset:postgres:erp.fin.gl", "dataset:postgres[h:5432]:erp.fin.gl", True),
    ("dataset:postgres[h:5432]:erp.*", "dataset:postgres[h:5432]:erp.fin.gl", True),
    ("dataset:postgres[x:*]:erp.*", "dataset:postgres[h:5432]:erp.fin.gl", False),
    ("dataset:postgres[h:5432]:erp.*", "dataset:postgres:erp.fin.gl", False),
    ("github:local/erp/*", "github[team-a/erp]:local/erp/job/a.yml#x", True),
    ("secret:github:local/erp/*", "secret:github[a]:local/erp/file/x#Y", True),
    ("dataset:postgres:ERP.*", "dataset:postgres:erp.fin.gl", False),
    ("acme[*", "acme[x]:y", True),
]


@pytest.mark.parametrize(("glob", "key", "meant"), MEANT)
def test_a_pattern_means_the_keys_its_platform_would(glob: str, key: str, meant: bool) -> None:
    found = keys.Listed(["acme:other", key]).matching(glob)
    assert found == ({1} if meant else set())


def test_all_that_is_minted_of_a_holder_has_its_qualifier() -> None:
    at = keys.Repository("local", "erp", "team-a/erp")
    database = keys.Database("postgres", "erp", "h:5432")
    for key in (
        keys.Written(at, "a.yml", "PW"),
        keys.EnvironmentSecret(keys.Environment(at, "prod"), "PW"),
        keys.Stored(keys.Connection("p", "o", at, "profiles.yml").text, "password"),
        keys.Project("books", at),
    ):
        assert key.qualifier == "team-a/erp"
        assert keys.unqualified(key.text) == key.unqualified().text != key.text
    assert keys.Role(database, "x").qualifier == "h:5432"
    assert keys.User("ada").qualified("x") == keys.User("ada")


def test_a_thing_of_one_repository_is_named_in_another() -> None:
    to = keys.repository("acme/books")
    gate = keys.EnvironmentProtection(keys.Environment(ERP, "prod"))
    assert keys.moved(gate, to).text == "github:acme/books/environment/prod/protection"
    assert keys.moved(keys.User("ada"), to) == keys.User("ada")
