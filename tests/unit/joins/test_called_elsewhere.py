"""What runs under a job that calls a workflow: of the own repository, or of another one."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from nhigraph.app.collect import Collection, collect
from tests.unit.joins.company import edges, export, gaps, notes

SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40
EXPORT = export({"loader": {}, "other": {}})
PSQL = """
      - run: psql -h db.internal -d erp -U {user} -f load.sql
        env: {{PGPASSWORD: "${{{{ secrets.{name} }}}}"}}
"""
LATER = "the called version is the one that was read"


@dataclass
class Repository:
    """Workflow files of one checkout, with its remote and the commit it is at."""

    name: str
    files: dict[str, str]
    commit: str = ""

    def write(self, folder: Path) -> None:
        place = folder / self.name.rpartition("/")[2]
        for name, text in self.files.items():
            path = place / ".github" / "workflows" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"))
        git = place / ".git"
        git.mkdir(parents=True)
        (git / "config").write_text(
            f'[remote "origin"]\n\turl = https://github.com/{self.name}.git\n'
        )
        if self.commit:
            (git / "HEAD").write_text("ref: refs/heads/main\n")
            (git / "packed-refs").write_text(f"{self.commit} refs/heads/main\n")


def read(folder: Path, *repositories: Repository) -> Collection:
    for one in repositories:
        one.write(folder)
    (folder / "erp.postgres.json").write_text(EXPORT)
    found = collect([folder])
    assert not [*found.coverage.bad]
    return found


def called(name: str = "LOADER", user: str = "loader", *, more: str = "", on: str = "{}") -> str:
    """A reusable workflow that logs in with one secret."""
    step = PSQL.format(user=user, name=name)
    return (
        f"on: {{workflow_call: {on}}}\npermissions: {{}}\njobs:\n"
        f"  load:\n    runs-on: x\n{more}    steps:{step}"
    )


def caller(uses: str, secrets: str = "inherit") -> str:
    return (
        "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {}\njobs:\n"
        f"  call:\n    uses: {uses}\n    secrets: {secrets}\n"
    )


def passing(uses: str, secrets: str = "inherit") -> str:
    """A reusable workflow that calls another one."""
    return (
        "on: {workflow_call: {secrets: {given: {}}}}\npermissions: {}\njobs:\n"
        f"  next:\n    uses: {uses}\n    secrets: {secrets}\n"
    )


FLOWS = "acme/flows/.github/workflows/load.yml"
CALL = "github:acme/books/job/main.yml#call"


def of_call(found: Collection, *kinds: str) -> list[str]:
    """Edges from the calling job."""
    return [line for line in edges(found, *kinds) if line.split(" ")[1] == CALL]


def opens(found: Collection, secret: str) -> list[str]:
    return [line for line in edges(found, "AUTHENTICATES_AS") if line.split(" ")[1] == secret]


def test_a_workflow_of_ones_owner_has_the_callers_secrets(tmp_path: Path) -> None:
    """By branch it may be another version: everything is on that condition."""
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")}),
        Repository("acme/flows", {"load.yml": called()}),
    )
    secret = "github:acme/books/secret/LOADER"
    assert of_call(found, "CAN_READ") == [f"CAN_READ {CALL} {secret} if {LATER}"]
    assert opens(found, secret) == [f"AUTHENTICATES_AS {secret} role:loader if {LATER}"]
    assert not opens(found, "github:acme/flows/secret/LOADER")
    assert not gaps(found)


@pytest.mark.parametrize("step", [PSQL, PSQL.partition("        env")[0]], ids=["secret", "none"])
def test_a_caller_by_branch_takes_nothing_certain_from_the_called_job(
    tmp_path: Path, step: str
) -> None:
    """What was read is what it does; that this is what they call is the callers' doubt."""
    flow = called().replace(
        PSQL.format(user="loader", name="LOADER"), step.format(user="loader", name="LOADER")
    )
    flows = Repository("acme/flows", {"load.yml": flow})
    job = "github:acme/flows/job/load.yml#load"
    starts = {
        "CAN_ASSUME": job,
        "AUTHENTICATES_AS": "github:acme/flows/workflow/load.yml/secret/LOADER",
    }

    def own(found: Collection) -> list[str]:
        return [
            line
            for kind, start in starts.items()
            for line in edges(found, kind)
            if line.split(" ")[1] == start
        ]

    alone = own(read(tmp_path / "alone", flows))
    assert len(alone) == 1
    books = Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")})
    assert own(read(tmp_path / "both", books, flows)) == alone


@pytest.mark.parametrize(
    ("at", "read_at", "condition"),
    [
        (SHA, SHA, ""),
        (SHA, OTHER, f" if {LATER}"),
        (SHA, "", f" if {LATER}"),
        ("v1", SHA, f" if {LATER}"),
    ],
    ids=["that commit", "another commit", "a commit that is not known", "a tag"],
)
def test_a_commit_is_certain_where_the_checkout_is_at_it(
    tmp_path: Path, at: str, read_at: str, condition: str
) -> None:
    """Nobody exchanges what a commit holds; what was read may be another one."""
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(f"{FLOWS}@{at}")}),
        Repository("acme/flows", {"load.yml": called()}, read_at),
    )
    secret = "github:acme/books/secret/LOADER"
    assert of_call(found, "CAN_READ") == [f"CAN_READ {CALL} {secret}{condition}"]
    assert opens(found, secret) == [f"AUTHENTICATES_AS {secret} role:loader{condition}"]


def test_a_workflow_of_another_owner_is_handed_nothing(tmp_path: Path) -> None:
    """And a line says so: what GitHub knows of enterprises, no file does."""
    found = read(
        tmp_path,
        Repository(
            "acme/books", {"main.yml": caller("other/flows/.github/workflows/load.yml@v1")}
        ),
        Repository("other/flows", {"load.yml": called()}),
    )
    assert not of_call(found, "CAN_READ")
    assert not [gap for gap in gaps(found) if "call" in gap]
    assert any("hands nothing to a workflow of another owner" in note for note in notes(found))


def test_owners_compare_without_case(tmp_path: Path) -> None:
    """GitHub's names of accounts do."""
    uses = "Acme/flows/.github/workflows/load.yml@v1"
    found = read(tmp_path, Repository("acme/books", {"main.yml": caller(uses)}))
    assert not any("another owner" in note for note in notes(found))


@pytest.mark.parametrize(
    ("uses", "secrets", "asked"),
    [
        ("acme/flows/.github/workflows/load.yml@v1", "{{}}", "what the workflow it calls runs"),
        ("acme/flows/.github/workflows/load.yml@v1", "inherit", "every secret is handed over"),
        ("globex/flows/.github/workflows/load.yml@v1", "inherit", "what the workflow it calls"),
        ("stranger/flows/.github/workflows/load.yml@v1", "{{}}", ""),
    ],
)
def test_what_an_unread_workflow_does_is_asked_at_its_caller(
    tmp_path: Path, uses: str, secrets: str, asked: str
) -> None:
    """Whatever it is handed; but of a stranger, as of a stranger's action, only that counts."""
    home = Repository("acme/erp", {"main.yml": caller(uses, secrets.format())})
    given = Repository(
        "globex/flows", {"own.yml": "on: push\njobs: {a: {runs-on: x, steps: []}}\n"}
    )
    found = [gap for gap in gaps(read(tmp_path, home, given)) if gap.startswith("job/main.yml")]
    assert len(found) == bool(asked)
    assert all(gap.startswith(f"job/main.yml#call [CONTROL]: {asked}") for gap in found)


def test_a_called_file_that_nobody_read_leaves_a_gap_at_the_caller(tmp_path: Path) -> None:
    """Every secret is handed over, and which it asks for is not known."""
    found = read(tmp_path, Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")}))
    assert any(gap.startswith(f"{CALL} [CONTROL]: every secret") for gap in gaps(found))


@pytest.mark.parametrize(
    ("middle", "reached"),
    [
        (passing("./.github/workflows/load.yml"), True),
        (passing("./.github/workflows/load.yml", "{OTHER: '${{ secrets.given }}'}"), False),
    ],
    ids=["inherited at each level", "mapped in between"],
)
def test_nested_calls_have_what_each_level_hands_on(
    tmp_path: Path, middle: str, *, reached: bool
) -> None:
    """https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows."""
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller("acme/flows/.github/workflows/mid.yml@v1")}),
        Repository("acme/flows", {"mid.yml": middle, "load.yml": called()}),
    )
    secret = "github:acme/books/secret/LOADER"
    assert any(secret in line for line in of_call(found, "CAN_READ")) is reached
    assert bool(opens(found, secret)) is reached


def test_a_level_that_inherits_below_one_that_maps_has_what_was_mapped(tmp_path: Path) -> None:
    """The middle one was given one secret under its own name, and hands on that."""
    found = read(
        tmp_path,
        Repository(
            "acme/books",
            {
                "main.yml": caller(
                    "acme/flows/.github/workflows/mid.yml@v1", "{given: '${{ secrets.KEPT }}'}"
                )
            },
        ),
        Repository(
            "acme/flows",
            {"mid.yml": passing("./.github/workflows/load.yml"), "load.yml": called("GIVEN")},
        ),
    )
    secret = "github:acme/books/secret/KEPT"
    assert opens(found, secret) == [f"AUTHENTICATES_AS {secret} role:loader if {LATER}"]


def test_a_caller_has_what_it_hands_over_and_not_what_another_one_does(tmp_path: Path) -> None:
    """Both call one workflow, which takes the user and the password."""
    on = "{inputs: {user: {type: string}}, secrets: {given: {}}}"
    shared = called("given", "'${{ inputs.user }}'", on=on)

    def hands(user: str, name: str) -> str:
        return (
            "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {}\njobs:\n  call:\n"
            f"    uses: ./.github/workflows/load.yml\n    with: {{user: {user}}}\n"
            f"    secrets: {{given: '${{{{ secrets.{name} }}}}'}}\n"
        )

    files = {"load.yml": shared, "a.yml": hands("loader", "A"), "b.yml": hands("other", "B")}
    found = read(tmp_path, Repository("acme/books", files))
    for file, mine in (("a", "A"), ("b", "B")):
        job = f"github:acme/books/job/{file}.yml#call"
        reads = [x.split(" ")[2] for x in edges(found, "CAN_READ") if x.split(" ")[1] == job]
        assert reads == [f"github:acme/books/secret/{mine}"]
    assert opens(found, "github:acme/books/secret/A") == [
        "AUTHENTICATES_AS github:acme/books/secret/A role:loader"
    ]


def test_an_environment_of_the_called_job_is_the_callers(tmp_path: Path) -> None:
    """Its secret is kept there, and its rule stands before all that is done with it."""
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")}),
        Repository("acme/flows", {"load.yml": called(more="    environment: prod\n")}),
    )
    there = "github:acme/books/environment/prod"
    wanted = f"CAN_READ {CALL} {there}/secret/LOADER gate {there}/protection if {LATER}"
    assert wanted in of_call(found, "CAN_READ")
    secret = f"{there}/secret/LOADER"
    assert opens(found, secret) == [f"AUTHENTICATES_AS {secret} role:loader if {LATER}"]


def test_a_secret_of_the_callers_of_which_nothing_says_what_it_opens_is_a_gap(
    tmp_path: Path,
) -> None:
    """No document names it: that it is there follows from what is called."""
    hidden = called(user="'${{ vars.WHO }}'", more="    environment: prod\n")
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")}),
        Repository("acme/flows", {"load.yml": hidden}),
    )
    there = "github:acme/books/environment/prod/secret/LOADER"
    assert any(gap.startswith(f"{there} [READ]: what it opens") for gap in gaps(found))


def test_a_job_without_a_password_is_its_role_and_so_is_its_caller(tmp_path: Path) -> None:
    """What logs in by a rule of the server, logs in for whoever runs it."""
    bare = (
        "on: {workflow_call: {}}\npermissions: {}\njobs:\n  load:\n    runs-on: x\n"
        "    steps: [{run: psql -h db.internal -d erp -U loader -f load.sql}]\n"
    )
    files = {"main.yml": caller("./.github/workflows/load.yml"), "load.yml": bare}
    found = read(tmp_path, Repository("acme/books", files))
    assert [line.split(" ")[2] for line in of_call(found, "CAN_ASSUME")] == ["role:loader"]


def test_what_is_not_known_of_the_called_job_is_not_known_of_the_caller(tmp_path: Path) -> None:
    """A gap below is a gap above: no path must not rest on it."""
    hidden = (
        "on: {workflow_call: {}}\npermissions: {}\njobs:\n  load:\n    runs-on: x\n"
        "    steps: [{run: 'echo ${{ toJSON(secrets) }}'}]\n"
    )
    files = {"main.yml": caller("./.github/workflows/load.yml"), "load.yml": hidden}
    found = read(tmp_path, Repository("acme/books", files))
    assert any(gap.startswith(f"{CALL} [CONTROL]: the job asks for every") for gap in gaps(found))


def test_the_machines_of_a_called_job_are_those_of_the_callers_repository(tmp_path: Path) -> None:
    """Who has them has the calling job; the called repository's are not used for it."""
    flows = called().replace("runs-on: x", "runs-on: [self-hosted, big]")
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(f"{FLOWS}@main")}),
        Repository("acme/flows", {"load.yml": flows}),
    )
    machine = "github:acme/books/runner/big,self-hosted"
    kept = "the machine is kept after the job; a machine made for one job is not"
    assert [line for line in of_call(found, "CAN_WRITE") if "/runner/" in line] == [
        f"CAN_WRITE {CALL} {machine} if {kept} and {LATER}"
    ]
    assert f"EXECUTES {machine} {CALL} if {LATER}" in edges(found, "EXECUTES")
    assert not [
        line for line in edges(found, "EXECUTES") if "flows/runner" in line and CALL in line
    ]


@pytest.mark.parametrize("uses", ["./.github/workflows/load.yml", f"{FLOWS}@main"])
def test_an_inherited_secret_that_opens_nobody_knows_what_is_asked_of_the_caller_too(
    tmp_path: Path, uses: str
) -> None:
    """The caller reads it under its own name, whichever repository the called file lies in."""
    hidden = called(user="'${{ vars.WHO }}'")
    mine = {"main.yml": caller(uses)}
    theirs = mine if uses.startswith("./") else {}
    theirs["load.yml"] = hidden
    repositories = [Repository("acme/books", mine)]
    if theirs is not mine:
        repositories.append(Repository("acme/flows", theirs))
    found = read(tmp_path, *repositories)
    secret = "github:acme/books/secret/LOADER"
    assert any(f" {secret}" in line for line in of_call(found, "CAN_READ"))
    assert any(gap.startswith(f"{secret} [READ]: what it opens") for gap in gaps(found))


def test_a_caller_in_another_repository_does_not_let_write_to_this_one(tmp_path: Path) -> None:
    """The called job's token is then for the caller's repository."""
    plain = (
        "on: workflow_call\njobs:\n  load:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n"
    )
    uses = "acme/flows/.github/workflows/load.yml@v1"
    found = read(
        tmp_path,
        Repository("acme/books", {"main.yml": caller(uses).replace("{}", "write-all")}),
        Repository("acme/flows", {"load.yml": plain}),
    )
    lines = [line for line in edges(found, "CAN_WRITE") if "load.yml#load" in line]
    doubt = "if the permissions of the jobs that call load.yml of acme/flows let it write"
    here = [line for line in lines if " github:acme/flows" in line.partition("#load")[2]]
    assert [doubt in line for line in here] == [True]
    assert [LATER in line for line in lines if line not in here] == [True]
