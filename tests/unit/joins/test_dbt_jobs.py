"""A job that runs dbt: the secret that opens its role, and what it computes."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import (
    NIGHTLY,
    OWNER,
    PROFILES,
    REVENUE,
    Company,
    edges,
    export,
    gaps,
    manifest,
    model,
    relation,
    standard,
)

OPENS = "AUTHENTICATES_AS secret/DBT_PASSWORD role:dbt_runner"
BUILDS = "COMPUTES job/nightly.yml#build marts.revenue"
WORKFLOW = ".github/workflows/nightly.yml"
CLIENT = ("AUTHENTICATES_AS", "CAN_ASSUME")


def computed(company: Company) -> list[str]:
    return [line for line in edges(company.read(), "COMPUTES") if " job/" in line]


def test_the_secret_behind_the_profiles_password_opens_its_role(tmp_path: Path) -> None:
    found = standard(tmp_path).read()
    assert edges(found, *CLIENT) == [OPENS]
    assert [line for line in edges(found, "COMPUTES") if " job/" in line] == [BUILDS]
    assert gaps(found) == []


@pytest.mark.parametrize("level", ["workflow", "step", "script"])
def test_the_variable_may_be_set_at_any_level(tmp_path: Path, level: str) -> None:
    company = standard(tmp_path)
    taken = "    env:\n      DBT_PASSWORD: ${{ secrets.DBT_PASSWORD }}\n"
    text = NIGHTLY.replace(taken, "")
    said = {
        "workflow": ("jobs:\n", "env: {DBT_PASSWORD: '${{ secrets.DBT_PASSWORD }}'}\njobs:\n"),
        "step": (
            "        working-directory: transform\n",
            (
                "        working-directory: transform\n"
                "        env: {DBT_PASSWORD: '${{ secrets.DBT_PASSWORD }}'}\n"
            ),
        ),
        "script": ("dbt build", "DBT_PASSWORD=${{ secrets.DBT_PASSWORD }} dbt build"),
    }
    company.files[WORKFLOW] = text.replace(*said[level])
    assert edges(company.read(), *CLIENT) == [OPENS]


def test_two_checkouts_of_one_folder_name_have_each_its_own_profile(tmp_path: Path) -> None:
    """Nothing but the place tells them apart, and a project says in which one it lies."""
    for place in ("a", "b"):
        for name, text in standard(tmp_path).files.items():
            path = tmp_path / place / "jobs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.lstrip())
    (tmp_path / "erp.postgres.json").write_text(OWNER)
    found = edges(collect([tmp_path]), "AUTHENTICATES_AS")
    assert [line.split()[1] for line in found] == [
        f"github[{place}]:local/jobs/secret/DBT_PASSWORD" for place in ("a", "b")
    ]
    assert all(line.endswith(" role:dbt_runner") for line in found)


def test_another_variable_does_not_open_the_role(tmp_path: Path) -> None:
    """The secret is there, and the profile does not ask for it."""
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("DBT_PASSWORD:", "OTHER:")
    found = company.read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert any(line.startswith("secret/DBT_PASSWORD [READ]") for line in gaps(found))
    assert edges(found, "CAN_ASSUME") == [
        (
            "CAN_ASSUME job/nightly.yml#build role:dbt_runner"
            " if it logs in without a password that the files show"
        )
    ]


def test_a_part_of_a_secret_opens_the_role_on_a_condition(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace(
        "${{ secrets.DBT_PASSWORD }}", "x-${{ secrets.DBT_PASSWORD }}"
    )
    assert edges(company.read(), *CLIENT) == [f"{OPENS} if the secret is a part of the password"]


def test_a_password_in_the_profile_is_read_by_whoever_runs_the_job(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files["transform/profiles.yml"] = PROFILES.replace(
        "\"{{ env_var('DBT_PASSWORD') }}\"", "CANARY-not-a-secret-1"
    )
    found = company.read()
    (line,) = [one for one in edges(found, "CAN_READ") if "profiles.yml" in one]
    assert line.startswith("CAN_READ job/nightly.yml#build secret:connection:dbt:")
    assert any("password role:dbt_runner" in one for one in edges(found, "AUTHENTICATES_AS"))


def test_the_target_names_the_output(tmp_path: Path) -> None:
    """Staging's role is not the job's; without an option the profile's own target stands."""
    company = standard(tmp_path)
    other = PROFILES.replace("    prod:\n", "    staging:\n").partition("outputs:\n")[2]
    company.files["transform/profiles.yml"] = PROFILES + other.replace("dbt_runner", "dbt_staging")
    assert edges(company.read(), *CLIENT) == [OPENS]
    company.files[WORKFLOW] = NIGHTLY.replace(" --target prod", "")
    assert edges(company.read(), *CLIENT) == [OPENS]
    company.files[WORKFLOW] = NIGHTLY.replace("--target prod", "--target $TARGET")
    why = " if the run's profile and target are these"
    assert edges(company.read(), *CLIENT) == [
        OPENS + why,
        OPENS.replace("dbt_runner", "dbt_staging") + why,
    ]


def test_a_user_from_a_variable_is_known_if_its_text_is(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files["transform/profiles.yml"] = PROFILES.replace(
        "user: dbt_runner", "user: \"{{ env_var('DBT_USER') }}\""
    )
    company.files[WORKFLOW] = NIGHTLY.replace(
        "    env:\n", "    env:\n      DBT_USER: dbt_runner\n"
    )
    assert edges(company.read(), *CLIENT) == [OPENS]
    company.files[WORKFLOW] = NIGHTLY
    found = company.read()
    assert edges(found, *CLIENT) == []
    assert any(line.startswith("secret/DBT_PASSWORD [READ]") for line in gaps(found))
    (line,) = [one for one in edges(found, "COMPUTES") if " job/" in one]
    assert line == f"{BUILDS} if the connection of the run may write it"


def test_profiles_elsewhere_are_taken_on_a_condition(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files["profiles.yml"] = company.files.pop("transform/profiles.yml")
    why = "the job's profiles.yml is the one that was read"
    assert edges(company.read(), *CLIENT) == [f"{OPENS} if {why}"]
    company.files[WORKFLOW] = NIGHTLY.replace("--profiles-dir .", "--profiles-dir ..")
    assert edges(company.read(), *CLIENT) == [OPENS]


def test_a_job_computes_only_what_its_role_may_write(tmp_path: Path) -> None:
    """The owner's member may; a role with SELECT alone may not, and so nothing is computed."""
    company = standard(tmp_path)
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}, "transformer": {}},
        schemas={"marts": ["transformer=UC/admin", "dbt_runner=U/admin"]},
        relations=[relation("marts", "revenue", "transformer", ["dbt_runner=r/transformer"])],
    )
    assert computed(company) == []


def test_what_is_not_there_yet_takes_create_on_the_schema(tmp_path: Path) -> None:
    company = standard(tmp_path)
    schemas = {"marts": ["dbt_runner=UC/admin"]}
    company.exports["erp.postgres.json"] = export({"dbt_runner": {}}, schemas=schemas)
    assert computed(company) == [BUILDS]
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}}, schemas={"marts": ["dbt_runner=U/admin"]}
    )
    assert computed(company) == []


def test_an_incremental_model_takes_insert(tmp_path: Path) -> None:
    """Rows are added to a table that another role owns."""
    company = standard(tmp_path)
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}, "transformer": {}},
        schemas={"marts": ["dbt_runner=UC/admin"]},
        relations=[relation("marts", "revenue", "transformer", ["dbt_runner=ar/transformer"])],
    )
    assert computed(company) == []
    company.files["transform/target/manifest.json"] = manifest(
        model("revenue", materialized="incremental")
    )
    assert computed(company) == [BUILDS]


def test_an_expired_role_computes_until_it_expires(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {"valid_until": "2026-12-31T23:59:59Z"}},
        schemas={"marts": ["dbt_runner=UC/admin"]},
        relations=[relation("marts", "revenue", "dbt_runner")],
    )
    assert computed(company) == [f"{BUILDS} until 2026-12-31"]


def test_a_role_that_may_not_log_in_is_not_opened(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.exports["erp.postgres.json"] = export({"dbt_runner": {"login": False}})
    found = company.read()
    assert edges(found, *CLIENT) == []
    assert gaps(found) == []


def test_a_role_of_which_no_export_speaks_is_a_gap(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.exports.clear()
    found = company.read()
    assert edges(found, *CLIENT) == [OPENS]
    assert gaps(found) == [
        "role:dbt_runner [CONTROL]: no export describes what this role may do in its database"
    ]
    (line,) = [one for one in edges(found, "COMPUTES") if " job/" in one]
    assert line == f"{BUILDS} if dbt_runner may write it, of which no export was read"


def test_without_a_profile_the_role_is_not_known(tmp_path: Path) -> None:
    company = standard(tmp_path)
    del company.files["transform/profiles.yml"]
    found = company.read()
    missing = "the profile it connects by is not among the inputs"
    assert gaps(found) == [
        f"job/nightly.yml#build [CONTROL]: dbt build: {missing}",
        "secret/DBT_PASSWORD [READ]: what it opens is in no input; a link in the scope can say it",
    ]
    (line,) = [one for one in edges(found, "COMPUTES") if " job/" in one]
    assert line == f"{BUILDS} if the connection of the run may write it"


def test_without_a_manifest_whatever_it_may_read_may_matter(tmp_path: Path) -> None:
    """What it may read may go into what it may build, and whoever reads that learns of it."""
    company = standard(tmp_path)
    del company.files["transform/target/manifest.json"]
    found = company.read()
    missing = "the manifest that says what it builds is not among the inputs"
    reads = "dbt build may read it, and no manifest says what it makes of it"
    makes = "dbt build may build it, and no manifest says what it makes it of"
    assert gaps(found) == [
        f"job/nightly.yml#build [CONTROL+HALT]: dbt build: {missing}",
        f"marts.revenue [ALTER+OMIT+HALT]: {reads}",
        f"marts.revenue [READ]: {makes}",
        f"raw.payments [ALTER+OMIT+HALT]: {reads}",
    ]


def test_a_manifest_from_elsewhere_is_known_by_the_projects_name(tmp_path: Path) -> None:
    """An artifact of a run, given by itself: the project file of the checkout has its name."""
    company = standard(tmp_path)
    lone = tmp_path / "manifest.json"
    lone.write_text(company.files.pop("transform/target/manifest.json"))
    company.read()
    from nhigraph.app.collect import collect

    inputs = [tmp_path / "erp", tmp_path / "exports" / "erp.postgres.json", lone]
    (tmp_path / "erp" / ".git").mkdir()
    (tmp_path / "erp" / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = https://github.com/acme/erp.git\n'
    )
    found = collect(inputs)
    assert [line for line in edges(found, "COMPUTES") if " job/" in line] == [BUILDS]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("--select revenue", ["revenue"]),
        ("--select tag:daily", ["costs"]),
        ("--exclude revenue", ["costs", "margin"]),
        ("--select revenue+", ["margin", "revenue"]),
        ("--models costs,tag:daily", ["costs"]),
        ("--select nothing", []),
        ("--select costs margin", ["costs", "margin"]),
        ("--select costs --fail-fast --select margin", ["costs", "margin"]),
        ("--exclude costs revenue", ["margin"]),
        ("--resource-type seed test", []),
        ("--exclude-resource-type seed", ["costs", "margin", "revenue"]),
    ],
)
def test_a_selection_is_followed(tmp_path: Path, selected: str, expected: list[str]) -> None:
    company = standard(tmp_path)
    margin = 'select amount from "erp"."marts"."revenue"'
    company.files["transform/target/manifest.json"] = manifest(
        model("revenue"),
        model("costs", tags=["daily"]),
        model("margin", "model.ledger.revenue", sql=margin),
    )
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}}, schemas={"marts": ["dbt_runner=UC/admin"]}
    )
    company.files[WORKFLOW] = NIGHTLY.replace("--target prod", f"--target prod {selected}")
    assert computed(company) == [BUILDS.replace("revenue", name) for name in expected]


def test_a_selection_that_depends_on_other_runs_takes_all_on_a_condition(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("--target prod", "--target prod -s state:modified+")
    assert computed(company) == [f"{BUILDS} if the run's selection takes it"]


def test_a_run_whose_subcommand_is_not_known_may_build(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("dbt build", "dbt --unheard-of build-all")
    assert computed(company) == [f"{BUILDS} if the run's selection takes it"]


@pytest.mark.parametrize("command", ["test", "compile", "docs generate", "source freshness"])
def test_a_run_that_builds_nothing_computes_nothing(tmp_path: Path, command: str) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("dbt build", f"dbt {command}")
    assert computed(company) == []
    assert edges(company.read(), *CLIENT) == [OPENS]


def test_every_run_past_an_environment_is_gated_and_stopping_it_is_not(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("    env:\n", "    environment: prod\n    env:\n")
    found = company.read()
    gate = "gate environment/prod/protection"
    assert [line for line in edges(found, "COMPUTES") if " job/" in line] == [f"{BUILDS} {gate}"]
    assert "DEPENDS_ON job/nightly.yml#build marts.revenue" in edges(found, "DEPENDS_ON")
    same = "if the secret is the other holder's of that name"
    assert edges(found, "AUTHENTICATES_AS") == [
        "AUTHENTICATES_AS environment/prod/secret/DBT_PASSWORD role:dbt_runner",
        f"{OPENS} {same}",
    ]


def test_a_login_without_a_password_is_gated_with_the_job(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace("DBT_PASSWORD:", "OTHER:").replace(
        "    env:\n", "    environment: prod\n    env:\n"
    )
    (line,) = edges(company.read(), "CAN_ASSUME")
    assert " gate environment/prod/protection if " in line


def test_a_composite_action_runs_with_what_it_is_given(tmp_path: Path) -> None:
    """The tool stands in the action; password and target are the job's."""
    company = standard(tmp_path)
    company.files["actions/dbt/action.yml"] = """
        name: dbt
        inputs: {password: {required: true}, target: {required: true}}
        runs:
          using: composite
          steps:
            - run: dbt build --profiles-dir . --target ${{ inputs.target }}
              shell: bash
              working-directory: transform
              env:
                DBT_PASSWORD: ${{ inputs.password }}
        """
    company.files[WORKFLOW] = """
        on: {schedule: [{cron: "0 2 * * *"}]}
        permissions: {contents: read}
        jobs:
          build:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - uses: ./actions/dbt
                with: {password: "${{ secrets.DBT_PASSWORD }}", target: prod}
        """
    found = company.read()
    assert edges(found, "AUTHENTICATES_AS") == [OPENS]
    assert [line for line in edges(found, "COMPUTES") if " job/" in line] == [BUILDS]


def test_an_action_that_was_not_read_is_a_gap_of_the_job(tmp_path: Path) -> None:
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace(
        "    steps:\n", "    steps:\n      - uses: ./actions/dbt\n"
    )
    missing = "what the action ./actions/dbt runs is not among the inputs"
    assert gaps(company.read()) == [f"job/nightly.yml#build [CONTROL+HALT]: {missing}"]


def test_two_servers_with_one_database_are_told_apart_only_on_a_condition(tmp_path: Path) -> None:
    """The export of "erp" is of one of them, and no file says of which."""
    company = standard(tmp_path)
    company.files[".github/workflows/staging.yml"] = """
        on: push
        permissions: {contents: read}
        jobs:
          load:
            runs-on: ubuntu-latest
            steps:
              - run: psql -h staging.internal -U dbt_runner -d erp -f load.sql
                env: {PGPASSWORD: "${{ secrets.STAGING }}"}
        """
    assert edges(company.read(), *CLIENT) == [
        f"{OPENS} if the export of erp is of the server at db.internal",
        (
            "AUTHENTICATES_AS secret/STAGING role:dbt_runner"
            " if the export of erp is of the server at staging.internal"
        ),
    ]


def test_the_standard_company_is_what_the_cases_change() -> None:
    """The texts that cases replace do stand there."""
    assert "--target prod" in NIGHTLY
    assert "user: dbt_runner" in PROFILES
    assert "revenue" in REVENUE
    assert "transformer" in OWNER


@pytest.mark.parametrize("step", ["run: make marts", "uses: acme/dbt-action@v1"])
def test_a_script_with_the_profiles_variable_is_assumed_to_log_in_by_it(
    tmp_path: Path, step: str
) -> None:
    """What it builds stays unknown: only what the role may do is reached."""
    company = standard(tmp_path)
    company.files[WORKFLOW] = NIGHTLY.replace(
        "run: dbt build --profiles-dir . --target prod\n        working-directory: transform", step
    )
    found = company.read()
    assert edges(found, *CLIENT) == [f"{OPENS} if it runs by the profile that reads DBT_PASSWORD"]
    assert computed(company) == []
    assert gaps(found) == []


def test_a_build_against_the_jobs_own_container_builds_nothing_of_the_companys(
    tmp_path: Path,
) -> None:
    company = standard(tmp_path)
    company.files["transform/profiles.yml"] = PROFILES.replace("db.internal", "localhost")
    company.files[WORKFLOW] = NIGHTLY.replace(
        "    env:\n",
        "    services: {db: {image: 'postgres:16', ports: ['5432:5432']}}\n    env:\n",
    )
    found = company.read()
    assert edges(found, *CLIENT) == []
    assert computed(company) == []
    assert gaps(found) == []


def test_a_build_at_another_port_of_the_machine_may_be_the_companys(tmp_path: Path) -> None:
    """The container answers at its own port; what answers at the profile's may be a tunnel."""
    company = standard(tmp_path)
    local = PROFILES.replace("db.internal", "localhost\n      port: 6543")
    company.files["transform/profiles.yml"] = local
    company.files[WORKFLOW] = NIGHTLY.replace(
        "    env:\n",
        "    services: {db: {image: 'postgres:16', ports: ['5432:5432']}}\n    env:\n",
    )
    tunnel = "what answers on the job's own machine is the server whose export was read"
    assert computed(company) == [f"{BUILDS} if {tunnel}"]


def _switching(folder: Path, profiles: str) -> Company:
    company = standard(folder)
    content = json.loads(OWNER)
    content["memberships"][0]["inherit"] = False
    company.exports["erp.postgres.json"] = json.dumps(content)
    company.files["transform/profiles.yml"] = profiles
    return company


def test_a_role_that_must_be_taken_builds_only_where_the_profile_takes_it(tmp_path: Path) -> None:
    """NOINHERIT: without SET ROLE the session owns nothing, and dbt would fail."""
    assert computed(_switching(tmp_path / "a", PROFILES)) == []
    taking = PROFILES.replace("user: dbt_runner", "user: dbt_runner\n      role: transformer")
    assert computed(_switching(tmp_path / "b", taking)) == [BUILDS]


def test_who_owns_a_table_in_a_schema_without_create_cannot_replace_it(tmp_path: Path) -> None:
    company = standard(tmp_path)
    content = json.loads(OWNER)
    content["schemas"][0]["acl"] = ["admin=UC/admin", "transformer=U/admin"]
    company.exports["erp.postgres.json"] = json.dumps(content)
    assert computed(company) == []
    company.files["transform/target/manifest.json"] = manifest(
        model("revenue", materialized="incremental")
    )
    assert computed(company) == [BUILDS]


# --- what a run makes anew ---


def with_defaults(text: str, *defaults: tuple[str, str | None, str]) -> str:
    """An export with default privileges on tables: creator, schema, ACL item."""
    content = json.loads(text)
    content["default_privileges"] = [
        {"creator": creator, "schema": schema, "type": "r", "acl": [item]}
        for creator, schema, item in defaults
    ]
    return json.dumps(content)


def opened_later(company: Company) -> list[str]:
    """What the next run opens, each with its condition."""
    found = edges(company.read(), "CAN_READ", "CAN_WRITE", "CAN_DELETE", "OWNS")
    return [line for line in found if " marts.revenue if " in line and " makes " in line]


def later(company: Company) -> str:
    return opened_later(company)[0] if opened_later(company) else ""


WRITES = "CAN_WRITE grant:postgres:erp/default insert/{}.marts marts.revenue if {}"
ANEW = "the next run makes marts.revenue anew"


@pytest.mark.parametrize(
    ("creator", "schema", "opened"),
    [
        ("dbt_runner", "marts", True),
        ("dbt_runner", None, True),
        ("dbt_runner", "raw", False),
        ("transformer", "marts", False),
    ],
)
def test_a_rebuilt_table_has_the_default_privileges_of_the_role_that_makes_it(
    tmp_path: Path, creator: str, schema: str | None, opened: bool
) -> None:
    """Of nobody else, not even of the group that owns the table today (tried on 15.18)."""
    company = standard(tmp_path)
    item = f"dbt_runner=a/{creator}"
    item = f"transformer=a/{creator}" if creator == "dbt_runner" else item
    company.exports["erp.postgres.json"] = with_defaults(OWNER, (creator, schema, item))

    expected = [WRITES.format("dbt_runner", ANEW)] if opened else []
    assert opened_later(company) == expected


def test_default_privileges_are_those_of_the_role_that_the_session_takes(tmp_path: Path) -> None:
    """``role:`` of the profile is the owner of what the run makes."""
    company = standard(tmp_path)
    company.files["transform/profiles.yml"] = PROFILES.replace(
        "user: dbt_runner", "user: dbt_runner\n      role: transformer"
    )
    item = ("transformer", "marts", "dbt_runner=a/transformer")
    company.exports["erp.postgres.json"] = with_defaults(OWNER, item)

    assert later(company) == WRITES.format("transformer", ANEW)


def test_what_is_changed_by_rows_is_made_anew_by_a_full_refresh(tmp_path: Path) -> None:
    """An incremental model keeps its grants until then."""
    company = standard(tmp_path)
    incremental = manifest(model("revenue", materialized="incremental"))
    company.files["transform/target/manifest.json"] = incremental
    item = ("dbt_runner", "marts", "transformer=a/dbt_runner")
    company.exports["erp.postgres.json"] = with_defaults(OWNER, item)

    why = "a full refresh makes marts.revenue anew"
    assert later(company) == WRITES.format("dbt_runner", why)


def test_what_is_not_there_yet_will_belong_to_the_role_that_makes_it(tmp_path: Path) -> None:
    """The role may then do with it what it likes, outside dbt too."""
    company = standard(tmp_path)
    company.exports["erp.postgres.json"] = export(
        {"dbt_runner": {}}, schemas={"marts": ["dbt_runner=UC/admin"]}
    )

    owns = "OWNS role:dbt_runner marts.revenue if the next run makes marts.revenue"
    assert opened_later(company) == [owns]


def test_a_run_that_may_not_build_opens_nothing(tmp_path: Path) -> None:
    """Without CREATE on the schema there is nothing new."""
    company = standard(tmp_path)
    content = with_defaults(OWNER, ("dbt_runner", "marts", "transformer=a/dbt_runner"))
    company.exports["erp.postgres.json"] = content.replace("transformer=UC", "transformer=U")

    assert opened_later(company) == []


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("", True),
        ("../sales/profiles.yml", True),
        ("other/profiles.yml", False),
        ("../exports/profiles.yml", False),
    ],
    ids=["nowhere", "another repository", "another folder", "beside the checkouts"],
)
def test_a_profile_of_another_repository_is_no_answer_to_where_the_jobs_own_is(
    tmp_path: Path, place: str, *, asked: bool
) -> None:
    """It may be the one, on a condition; a closed account there clears nobody here."""
    company = standard(tmp_path)
    company.files["transform/profiles.yml"] = ""
    for folder, name in (("", "erp"), ("../sales/", "sales")):
        remote = f'[remote "origin"]\n\turl = https://github.com/acme/{name}.git\n'
        company.files[f"{folder}.git/config"] = remote
    if place:
        company.files[place] = PROFILES
    company.read()
    found = collect([tmp_path])
    told = "dbt build: the profile it connects by is not among the inputs"
    assert (f"job/nightly.yml#build [CONTROL]: {told}" in gaps(found)) is asked
    assert len(edges(found, "AUTHENTICATES_AS")) == bool(place)
