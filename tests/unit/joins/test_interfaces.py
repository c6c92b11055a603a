"""Which role a client logs in as where other jobs, actions, callers or a starter say it."""

from pathlib import Path

import pytest

from tests.unit.joins.company import Company, edges, export, gaps

ROLES = export({"loader": {}, "other": {}})
OPENS = "AUTHENTICATES_AS secret/LOADER role:{}"
LOADER, OTHER = {OPENS.format("loader")}, {OPENS.format("other")}
FLOWS, ACTION = ".github/workflows/", ".github/actions/who/action.yml"
UNTOLD = "secret/LOADER [READ]: what it opens is in no input; a link in the scope can say it"


def either(job: str = "main.yml#load") -> set[str]:
    return {
        f"{OPENS.format(one)} if the user is {one} in github:acme/erp/job/{job}"
        for one in ("loader", "other")
    }


ENV = "PGDATABASE: erp, PGPASSWORD: '${{ secrets.LOADER }}'"
ON = "on: {schedule: [{cron: '0 2 * * *'}]}\n"


def load(user: str, more: str = "") -> str:
    """A job that loads as a user."""
    env = f"    env: {{PGUSER: {user}, {ENV}}}\n"
    return f"  load:\n    runs-on: ubuntu-latest\n{env}    steps: [{{run: psql -f a}}]\n{more}"


def other(name: str, outputs: str, steps: str = "[{run: 'true'}]", more: str = "") -> str:
    """A job that leaves something."""
    head = f"  {name}:\n    runs-on: ubuntu-latest\n{more}"
    return f"{head}    outputs: {outputs}\n    steps: {steps}\n"


def opened(folder: Path, main: str, **files: str) -> tuple[set[str], list[str]]:
    """Edges to roles from the secret itself, and the gaps."""
    found = Company(
        folder, {f"{FLOWS}main.yml": main, **files}, {"erp.postgres.json": ROLES}
    ).read()
    opens = edges(found, "AUTHENTICATES_AS")
    return {line for line in opens if "/workflow/" not in f"/{line.split()[1]}"}, gaps(found)


NEEDS = "    needs: [set]\n"
SET = "'${{ needs.set.outputs.user }}'"
IN_ID = "'${{ steps.s.outputs.u }}'"


def step(script: str, more: str = "") -> str:
    return f'[{{id: s, run: "{script}"{more}}}]'


JOBS = {
    "a text": (other("set", "{user: loader}"), SET, LOADER),
    "what a step puts out": (
        other("set", f"{{user: {IN_ID}}}", step("echo u=loader >> $GITHUB_OUTPUT")),
        SET,
        LOADER,
    ),
    "one or the other": (
        other(
            "set",
            f"{{user: {IN_ID}}}",
            step("if x; then u=loader; else u=other; fi; echo u=$u >> $GITHUB_OUTPUT"),
        ),
        SET,
        either(),
    ),
    "a step that may be left out": (
        other(
            "set",
            "{user: \"${{ steps.s.outputs.u || 'other' }}\"}",
            step("echo u=loader >> $GITHUB_OUTPUT", ", if: github.ref_protected"),
        ),
        SET,
        either(),
    ),
    "of a job that may be left out, by one that runs all the same": (
        other("first", "{}", more="    if: github.ref_protected\n")
        + other("set", "{user: other}", more="    needs: first\n"),
        "\"${{ needs.set.outputs.user || 'loader' }}\"",
        either(),
    ),
    "a part of a text": (
        other("set", "{user: load}"),
        "'${{ needs.set.outputs.user }}er'",
        LOADER,
    ),
    "a choice that it decides": (
        other("set", "{user: prod}"),
        "\"${{ needs.set.outputs.user == 'prod' && 'loader' || 'other' }}\"",
        LOADER,
    ),
    "by way of another job": (
        other("first", "{who: loader}")
        + other("set", "{user: '${{ needs.first.outputs.who }}'}", more="    needs: first\n"),
        SET,
        LOADER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JOBS)
def test_what_a_job_leaves_is_known_to_those_that_need_it(tmp_path: Path, case: str) -> None:
    """A text of the file, or what its step puts out, by name."""
    before, user, expected = JOBS[case]
    needs = NEEDS + "    if: always()\n" * ("runs all the same" in case)
    found, told = opened(tmp_path, f"{ON}jobs:\n{before}{load(user, needs)}")
    assert found == expected
    assert told == []


def test_what_a_program_puts_out_or_a_job_that_is_not_needed_leaves_is_not_known(
    tmp_path: Path,
) -> None:
    """Then the secret is asked about; needs in a circle say nothing."""
    program = other("set", f"{{user: {IN_ID}}}", step("./who >> $GITHUB_OUTPUT"))
    known = other("set", "{user: loader}")
    circle = other("set", f"{{user: {SET}}}", more=NEEDS)
    for before, needs in ((program, NEEDS), (known, ""), (circle, NEEDS)):
        _, told = opened(tmp_path, f"{ON}jobs:\n{before}{load(SET, needs)}")
        assert told == [UNTOLD]


def test_an_environment_and_a_role_may_be_what_another_job_leaves(tmp_path: Path) -> None:
    """The environment's rule and its secrets are then that one's."""
    role = "arn:aws:iam::111122223333:role/books"
    before = other("set", f"{{env: prod, role: '{role}'}}")
    login = "{uses: aws-actions/configure-aws-credentials@v4, with: {role-to-assume: '%s'}}"
    steps = login % "${{ needs.set.outputs.role }}"
    job = (
        f"  load:\n    runs-on: ubuntu-latest\n{NEEDS}    permissions: {{id-token: write}}\n"
        f"    environment: '${{{{ needs.set.outputs.env }}}}'\n    steps: [{steps}]\n"
    )
    files = {f"{FLOWS}main.yml": f"{ON}jobs:\n{before}{job}"}
    found = Company(tmp_path, files).read()
    become = edges(found, "CAN_ASSUME")
    assert [line.split(" if ")[0] for line in become] == [
        f"CAN_ASSUME job/main.yml#load {role} gate environment/prod/protection"
    ]


CALLED = "on:\n  workflow_call:\n    inputs: {user: {type: string%s}}\n    secrets: {LOADER: {}}\n"
CALL = (
    f"  call:\n    uses: ./{FLOWS}load.yml\n    secrets: {{LOADER: '${{{{ secrets.LOADER }}}}'}}\n"
)
EACH = "    strategy: {matrix: {u: [loader, other]}}\n    with: {user: '${{ matrix.u }}'}\n"
INPUT = "'${{ inputs.user }}'"
CALLS = {
    "its default": (", default: loader", CALL, LOADER),
    "what is handed over": (", default: other", CALL + "    with: {user: loader}\n", LOADER),
    "what another job leaves": (
        ", default: other",
        other("set", "{user: loader}") + CALL + NEEDS + f"    with: {{user: {SET}}}\n",
        LOADER,
    ),
    "each of a matrix": (
        "",
        CALL + EACH,
        either("load.yml#load"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CALLS)
def test_an_input_is_what_the_caller_hands_over_or_its_default(tmp_path: Path, case: str) -> None:
    """Whatever stands in the caller's file, or nothing does."""
    declared, jobs, expected = CALLS[case]
    files = {f"{FLOWS}load.yml": f"{CALLED % declared}jobs:\n{load(INPUT)}"}
    found, told = opened(tmp_path, f"{ON}jobs:\n{jobs}", **files)
    assert found == expected
    assert told == []


def test_of_a_workflow_that_nobody_is_seen_to_call_an_input_is_not_known(tmp_path: Path) -> None:
    """Its default may stand, and so may anything else."""
    main = f"{CALLED % ', default: loader'}jobs:\n{load(INPUT)}"
    company = Company(tmp_path, {f"{FLOWS}main.yml": main}, {"erp.postgres.json": ROLES})
    found = company.read()
    opens = edges(found, "AUTHENTICATES_AS")
    assert opens
    assert all(" if " in line for line in opens)
    assert gaps(found) != []


def test_what_a_called_workflow_gives_back_is_known_to_those_that_need_it(tmp_path: Path) -> None:
    """A text, or what its job leaves, with the inputs of that call."""
    called = (
        "on:\n  workflow_call:\n    inputs: {user: {type: string, default: other}}\n"
        "    outputs: {user: {value: '${{ jobs.one.outputs.u }}'}}\njobs:\n"
    )
    files = {f"{FLOWS}set.yml": called + other("one", f"{{u: {INPUT}}}")}
    for handed, expected in (("    with: {user: loader}\n", LOADER), ("", OTHER)):
        jobs = f"  set:\n    uses: ./{FLOWS}set.yml\n{handed}{load(SET, NEEDS)}"
        found, told = opened(tmp_path, f"{ON}jobs:\n{jobs}", **files)
        assert found == expected
        assert told == []


DISPATCH = "on: {workflow_dispatch: {inputs: {user: {%s}}}%s}\n"
STARTS: dict[str, tuple[str, str, set[str], list[str]]] = {
    "one of its options": ("type: choice, options: [loader, other]", "", either(), []),
    "the one option": ("type: choice, options: [other]", "", OTHER, []),
    "by another event nothing": (
        "type: choice, options: [loader]",
        ", schedule: [{cron: '0 2 * * *'}]",
        LOADER,
        [],
    ),
}


@pytest.mark.parametrize("case", STARTS)
def test_whoever_starts_a_run_chooses_of_what_there_is(tmp_path: Path, case: str) -> None:
    """Each option on its condition, certain where there is one."""
    declared, events, expected, told = STARTS[case]
    main = f"{DISPATCH % (declared, events)}jobs:\n{load(INPUT)}"
    assert opened(tmp_path, main) == (expected, told)


def test_whoever_starts_a_run_may_give_any_text(tmp_path: Path) -> None:
    """Its default may stand; that it is another one's password is asked."""
    for declared in ("type: string, default: other", "default: other", "required: true"):
        main = f"{DISPATCH % (declared, '')}jobs:\n{load(INPUT)}"
        found, told = opened(tmp_path, main)
        assert found <= either()
        assert len(told) == 1
        assert told[0].startswith("secret/LOADER [READ]: ")


USES = "    steps:\n      - {id: w, uses: ./.github/actions/who%s}\n"
AFTER = f"      - {{run: psql -f a, env: {{{ENV}}}}}\n"
AS_TOLD = AFTER.replace("psql -f a", "'psql -f a -U ${{ steps.w.outputs.user }}'")
RUNS = 'runs:\n  using: composite\n  steps:\n    - {id: s, shell: bash, run: "%s"}\n'
HEAD = "inputs: {user: {default: other}}\n"
ACTIONS = {
    "a text": (
        "outputs: {user: {value: loader}}\n" + RUNS % "true",
        USES % "" + AS_TOLD,
        LOADER,
    ),
    "an input by its default": (
        HEAD + "outputs: {user: {value: '${{ inputs.user }}'}}\n" + RUNS % "true",
        USES % "" + AS_TOLD,
        OTHER,
    ),
    "an input that is given": (
        HEAD + "outputs: {user: {value: '${{ inputs.user }}'}}\n" + RUNS % "true",
        USES % ", with: {USER: loader}" + AS_TOLD,
        LOADER,
    ),
    "what its step puts out": (
        f"outputs: {{user: {{value: {IN_ID}}}}}\n" + RUNS % "echo u=loader >> $GITHUB_OUTPUT",
        USES % "" + AS_TOLD,
        LOADER,
    ),
    "a variable that it leaves": (
        RUNS % "echo PGUSER=loader >> $GITHUB_ENV",
        USES % "" + AFTER,
        LOADER,
    ),
    "a variable that it leaves before the job's own": (
        RUNS % "echo PGUSER=loader >> $GITHUB_ENV",
        "    env: {PGUSER: other}\n" + USES % "" + AFTER,
        either(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ACTIONS)
def test_what_an_action_gives_back_and_leaves_stands_behind_it(tmp_path: Path, case: str) -> None:
    """For the steps of the job that uses it."""
    action, steps, expected = ACTIONS[case]
    main = f"{ON}jobs:\n  load:\n    runs-on: ubuntu-latest\n{steps}"
    found, _ = opened(tmp_path, main, **{ACTION: action})
    assert found == expected


def test_what_an_action_inside_another_one_leaves_stands_behind_that(tmp_path: Path) -> None:
    """With the inputs that it is given there."""
    inner = HEAD + RUNS % "echo PGUSER=${{ inputs.user }} >> $GITHUB_ENV"
    outer = "runs: {using: composite, steps: [{uses: ./b, with: {user: loader}}]}\n"
    main = f"{ON}jobs:\n  load:\n    runs-on: ubuntu-latest\n{USES % ''}{AFTER}"
    found, _ = opened(tmp_path, main, **{ACTION: outer, "b/action.yml": inner})
    assert found == LOADER


def test_a_user_that_may_be_another_one_leaves_its_password_asked(tmp_path: Path) -> None:
    """One that the file names may not be whose password it is."""
    script = "if x; then U=other; else U=$(cat f); fi; psql -U $U -f a"
    steps = f"    env: {{{ENV}}}\n    steps: [{{run: {script}}}]\n"
    job = f"  load:\n    runs-on: ubuntu-latest\n{steps}"
    found, told = opened(tmp_path, f"{ON}jobs:\n{job}")
    assert found == {line for line in either() if "role:other" in line}
    assert [line.partition("]")[0] for line in told] == ["secret/LOADER [READ"]


def test_no_secret_that_is_written_out_is_in_what_is_told(tmp_path: Path) -> None:
    """As a default, an option, an output or what is handed over, under a name that says so."""
    files = {
        f"{FLOWS}main.yml": (
            "on:\n  workflow_dispatch:\n    inputs:\n      password: {default: CANARYdispatch}\n"
            "      note: {type: choice, options: [CANARYoption]}\n"
            "  workflow_call:\n    inputs: {token: {default: CANARYcall, type: string}}\n"
            "    outputs: {api_key: {value: CANARYback}, what: {value: CANARYplain}}\n"
            "jobs:\n" + other("set", "{db_password: CANARYjob, that: CANARYthat}")
        ),
        ACTION: (
            "inputs: {password: {default: CANARYinput}, note: {default: CANARYnote}}\n"
            "outputs: {secret: {value: CANARYout}, word: {value: CANARYword}}\n"
            + RUNS
            % "echo TOKEN=CANARYenv >> $GITHUB_ENV"
        ),
    }
    found = Company(tmp_path, files).read()
    for frame in (found.graph.nodes, found.graph.edges, found.graph.ends, found.graph.gaps):
        assert "CANARY" not in str(frame.to_dict("records"))
