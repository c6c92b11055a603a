"""Which role a client logs in as where what stands around its script says it: levels, shells."""

from pathlib import Path

import pytest

from tests.unit.joins.company import Company, edges, export, gaps

ROLES = export({"loader": {}, "other": {}})
OPENS = "AUTHENTICATES_AS secret/LOADER role:{}"
LOADER, OTHER = OPENS.format("loader"), OPENS.format("other")
IF_LOADER, IF_OTHER = (
    f"{OPENS.format(one)} if the user is {one} in github:acme/erp/job/load.yml#load"
    for one in ("loader", "other")
)
HEAD = "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {contents: read}\n"
PLACE = "PGDATABASE: erp, PGPASSWORD: '${{ secrets.LOADER }}'"


def of(folder: Path, job: str, head: str = "") -> Company:
    """A company with one job."""
    text = f"{HEAD}{head}jobs:\n  load:\n    runs-on: ubuntu-latest\n{job}"
    return Company(folder, {".github/workflows/load.yml": text}, {"erp.postgres.json": ROLES})


LEVELS = {
    "a variable of the workflow in one of the job": (
        f"    env: {{PGUSER: '${{{{ env.WHO }}}}', {PLACE}}}\n    steps: [{{run: psql -f a}}]\n",
        "env: {WHO: loader}\n",
        {LOADER},
    ),
    "one of the job in one of the step": (
        (
            f"    env: {{WHO: loader, {PLACE}}}\n"
            "    steps: [{run: psql -f a, env: {PGUSER: '${{ env.WHO }}'}}]\n"
        ),
        "env: {WHO: other}\n",
        {LOADER},
    ),
    "a part of a text": (
        f"    env: {{PGUSER: '${{{{ env.WHO }}}}er', {PLACE}}}\n    steps: [{{run: psql -f a}}]\n",
        "env: {WHO: load}\n",
        {LOADER},
    ),
    "an expression in the script": (
        (
            f"    env: {{WHO: loader, {PLACE}}}\n"
            "    steps: [{run: 'psql -U ${{ env.WHO }} -f a'}]\n"
        ),
        "",
        {LOADER},
    ),
    "a combination that lacks the word": (
        (
            "    strategy: {matrix: {os: [a, b], include: [{os: a, user: other}]}}\n"
            f"    env: {{PGUSER: \"${{{{ matrix.user || 'loader' }}}}\", {PLACE}}}\n"
            "    steps: [{run: psql -f a}]\n"
        ),
        "",
        {IF_LOADER, IF_OTHER},
    ),
    "the container's variables, under all others": (
        (
            "    container: {image: 'postgres:16', env: {PGUSER: loader, PGDATABASE: nowhere}}\n"
            f"    env: {{{PLACE}}}\n    steps: [{{run: 'psql -U \"${{PGUSER:-other}}\" -f a'}}]\n"
        ),
        "",
        {LOADER},
    ),
    "the container's options": (
        (
            "    container: {image: 'postgres:16', options: --cpus 1 -e PGUSER=loader}\n"
            f"    env: {{{PLACE}}}\n    steps: [{{run: 'psql -U \"${{PGUSER:-other}}\" -f a'}}]\n"
        ),
        "",
        {LOADER},
    ),
}


@pytest.mark.parametrize("case", LEVELS)
def test_what_stands_around_a_script_is_put_together(tmp_path: Path, case: str) -> None:
    """Levels name each other, and a combination that lacks a word has what stands instead."""
    job, head, expected = LEVELS[case]
    found = of(tmp_path, job, head).read()
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("github.ref == 'x' && secrets.LOADER || secrets.SPARE", {"LOADER", "SPARE"}),
        ("secrets.LOADER || secrets.SPARE", {"LOADER", "SPARE"}),
        ("github.ref == 'x' && secrets.LOADER || ''", {"LOADER"}),
    ],
)
def test_one_of_several_secrets_is_the_password_itself(
    tmp_path: Path, password: str, expected: set[str]
) -> None:
    """And no part of it: whichever is chosen opens the role."""
    env = f'PGUSER: loader, PGDATABASE: erp, PGPASSWORD: "${{{{ {password} }}}}"'
    found = of(tmp_path, f"    env: {{{env}}}\n    steps: [{{run: psql -f a}}]\n").read()
    opens = {f"AUTHENTICATES_AS secret/{one} role:loader" for one in expected}
    assert set(edges(found, "AUTHENTICATES_AS")) == opens


SETS = "$env:PGUSER = 'loader'\n          psql -f a"
SHELLS = {
    "the usual one of Windows": ("    runs-on: windows-latest\n", "", SETS),
    "where a combination runs there": (
        "    runs-on: ${{ matrix.o }}\n    strategy: {matrix: {o: [macos-26, windows-2025]}}\n",
        "",
        SETS,
    ),
    "the workflow's default": (
        "    runs-on: ubuntu-24.04\n",
        "defaults: {run: {shell: pwsh}}\n",
        SETS,
    ),
    "the job's default over it": (
        "    runs-on: windows-latest\n    defaults: {run: {shell: cmd}}\n",
        "defaults: {run: {shell: bash}}\n",
        "set PGUSER=loader\n          psql -f a",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHELLS)
def test_a_script_is_read_as_its_shell_runs_it(tmp_path: Path, case: str) -> None:
    """The default of a level and of the machine; what PowerShell and cmd set stands."""
    job, head, script = SHELLS[case]
    env = f"    env: {{PGUSER: other, {PLACE}}}\n"
    company = of(tmp_path, f"{job}{env}    steps:\n      - run: |\n          {script}\n", head)
    text = company.files[".github/workflows/load.yml"]
    company.files[".github/workflows/load.yml"] = text.replace(
        "    runs-on: ubuntu-latest\n", "", 1
    )
    found = company.read()
    assert edges(found, "AUTHENTICATES_AS") == [LOADER]


def test_another_language_is_no_shell(tmp_path: Path) -> None:
    """What a default hands to Python is a program of unknown content, not commands."""
    head = "defaults: {run: {shell: python}}\n"
    job = f"    env: {{{PLACE}}}\n    steps: [{{run: 'psql -U loader -f a'}}]\n"
    found = of(tmp_path, job, head).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert gaps(found) != []
