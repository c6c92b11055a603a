"""Calls that branch at every level: answered at once, and honest where ways are not told apart."""

from pathlib import Path

from tests.unit.joins.company import Company, edges, export, gaps

WORKFLOWS = ".github/workflows"
LEVELS, BRANCHES = 9, 8
PSQL = """
      - run: psql -d erp -U {user} -f load.sql
        {more}env: {{PGPASSWORD: "${{{{ {password} }}}}"}}
"""


def company(folder: Path, files: dict[str, str]) -> Company:
    return Company(folder, files, {"erp.postgres.json": export({"loader": {}, "other": {}})})


def nightly(jobs: str) -> str:
    return f"on: {{schedule: [{{cron: '0 2 * * *'}}]}}\npermissions: {{}}\njobs:\n{jobs}"


def test_workflows_that_call_workflows(tmp_path: Path) -> None:
    """Eight callers at each of nine levels are 134 million ways, and one thing handed on."""
    files = {}
    for level in range(LEVELS):
        calls = "".join(
            f"  j{n}:\n    uses: ./{WORKFLOWS}/w{level + 1}.yml\n"
            "    secrets: {password: '${{ secrets.%s }}'}\n" % ("password" if level else "LOADER")
            for n in range(BRANCHES)
        )
        start = "on: {workflow_call: {secrets: {password: {}}}}\npermissions: {}\njobs:\n"
        files[f"{WORKFLOWS}/w{level}.yml"] = start + calls if level else nightly(calls)
    step = PSQL.format(user="loader", password="secrets.password", more="")
    load = f"  load:\n    runs-on: x\n    steps:{step}"
    called = "on: {workflow_call: {secrets: {password: {}}}}\npermissions: {}\njobs:\n"
    files[f"{WORKFLOWS}/w{LEVELS}.yml"] = called + load
    found = company(tmp_path, files).read()
    assert "AUTHENTICATES_AS secret/LOADER role:loader" in edges(found, "AUTHENTICATES_AS")
    assert gaps(found) == []


def test_a_workflow_and_an_action_that_use_themselves(tmp_path: Path) -> None:
    """GitHub refuses to run them; reading them must end."""
    again = "".join(
        f"  j{n}:\n    uses: ./{WORKFLOWS}/w.yml\n    secrets: inherit\n" for n in range(BRANCHES)
    )
    own = PSQL.format(user="loader", password="secrets.LOADER", more="")
    step = PSQL.format(user="other", password="inputs.key", more="shell: bash\n        ")
    uses = "    - uses: ./.github/actions/a\n      with: {key: '${{ inputs.key }}'}\n" * BRANCHES
    files = {
        f"{WORKFLOWS}/w.yml": (
            f"on: {{push: {{}}, workflow_call: {{}}}}\npermissions: {{}}\njobs:\n{again}"
            f"  load:\n    runs-on: x\n    steps:{own}"
            "      - uses: ./.github/actions/a\n        with: {key: '${{ secrets.OTHER }}'}\n"
        ),
        ".github/actions/a/action.yml": (
            "name: a\ninputs: {key: {}}\nruns:\n  using: composite\n  steps:\n"
            + step.replace("      - ", "    - ").replace("        ", "      ").lstrip("\n")
            + uses
        ),
    }
    found = company(tmp_path, files).read()
    assert edges(found, "AUTHENTICATES_AS") == [
        "AUTHENTICATES_AS secret/LOADER role:loader",
        "AUTHENTICATES_AS secret/OTHER role:other",
        "AUTHENTICATES_AS workflow/w.yml/secret/LOADER role:loader",
        "AUTHENTICATES_AS workflow/w.yml/secret/OTHER role:other",
    ]


def test_actions_that_use_actions_hand_back_and_leave_what_many_ways_say(tmp_path: Path) -> None:
    """Eight steps at each of nine levels, each with words of its own: reading them must end."""
    files = {}
    for level in range(LEVELS):
        steps = "".join(
            f"    - id: s{n}\n      uses: ./.github/actions/a{level + 1}\n"
            f"      with: {{key: '${{{{ inputs.key }}}}{n}'}}\n"
            for n in range(BRANCHES)
        )
        files[f".github/actions/a{level}/action.yml"] = (
            "name: a\ninputs: {key: {}}\n"
            "outputs: {user: {value: '${{ steps.s7.outputs.user }}'}}\n"
            f"runs:\n  using: composite\n  steps:\n{steps}"
        )
    files[f".github/actions/a{LEVELS}/action.yml"] = (
        "name: a\ninputs: {key: {}}\noutputs: {user: {value: loader}}\n"
        "runs:\n  using: composite\n  steps:\n    - shell: bash\n"
        "      run: echo PGDATABASE=erp >> $GITHUB_ENV\n"
    )
    own = PSQL.format(user="${{ steps.s.outputs.user }}", password="secrets.LOADER", more="")
    files[f"{WORKFLOWS}/w.yml"] = (
        "on: {push: {}}\npermissions: {}\njobs:\n  load:\n    runs-on: x\n    steps:\n"
        "      - id: s\n        uses: ./.github/actions/a0\n        with: {key: k}"
        f"{own}"
    )
    found = company(tmp_path, files).read()
    assert "AUTHENTICATES_AS secret/LOADER role:loader" in edges(found, "AUTHENTICATES_AS")


def test_of_too_many_callers_none_is_taken_for_all(tmp_path: Path) -> None:
    """Two hundred callers name as many users: which one a run has is then unknown, and said so."""
    calls = "".join(
        f"  j{n}:\n    uses: ./{WORKFLOWS}/load.yml\n    with: {{user: user{n}}}\n"
        "    secrets: {password: '${{ secrets.LOADER }}'}\n"
        for n in range(200)
    )
    step = PSQL.format(user="${{ inputs.user }}", password="secrets.password", more="")
    load = (
        "on: {workflow_call: {inputs: {user: {type: string}}, secrets: {password: {}}}}\n"
        f"permissions: {{}}\njobs:\n  load:\n    runs-on: x\n    steps:{step}"
    )
    files = {f"{WORKFLOWS}/nightly.yml": nightly(calls), f"{WORKFLOWS}/load.yml": load}
    found = company(tmp_path, files).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    unknown = "what it opens is in no input; a link in the scope can say it"
    assert f"secret/LOADER [READ]: {unknown}" in gaps(found)
