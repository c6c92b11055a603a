"""Which role a job of GitLab logs in as where rules, other jobs, parents and includes say it."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import Collection, collect
from tests.unit.joins.company import edges, export, gaps

ROLES = export({"loader": {}, "other": {}})
OPENS = "AUTHENTICATES_AS gitlab:gitlab.com/acme/erp/variable/LOADER role:{}"
LOADER, OTHER = {OPENS.format("loader")}, {OPENS.format("other")}
AT = "gitlab:gitlab.com/acme/erp/job/post"
CHILD = "gitlab:gitlab.com/acme/erp/job/child.yml#post"
_AT = "exports/gitlab.com"
LISTS = f"{_AT}/projects/acme%2Ferp/variables.json", f"{_AT}/groups/acme/variables.json"
HEAD = "variables: {PGDATABASE: erp, PGPASSWORD: $LOADER}\n"
POST = "post:\n  script: [psql -U $WHO -f a]\n"


def either(at: str = AT) -> set[str]:
    """Both roles, each on its condition."""
    return {f"{OPENS.format(one)} if the user is {one} in {at}" for one in ("loader", "other")}


def read(folder: Path, files: dict[str, str]) -> Collection:
    """Collect a project whose list of variables is complete."""
    remote = '[remote "origin"]\n\turl = git@gitlab.com:acme/erp.git\n'
    known = [
        {
            "key": "LOADER",
            "variable_type": "env_var",
            "environment_scope": "*",
            "value": "CANARY-not-kept",
        }
    ]
    all_files = {
        "erp/.git/config": remote,
        "erp.postgres.json": ROLES,
        LISTS[0]: json.dumps(known),
        LISTS[1]: "[]",
        **{f"erp/{name}": text for name, text in files.items()},
    }
    for name, text in all_files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = collect([folder])
    assert not [f"{d.artifact}: {d.problem}" for d in found.coverage.bad]
    return found


RULE = "  rules:\n    - {if: $CI_COMMIT_TAG, variables: {WHO: loader}}\n    - {when: always}\n"
OWN: dict[str, tuple[str, set[str]]] = {
    "another variable": (f"{HEAD}{POST}  variables: {{WHO: $U, U: loader}}\n", LOADER),
    "a rule": (f"{HEAD}{POST}  variables: {{WHO: other}}\n{RULE}", either()),
    "a rule, and nothing else": (
        f"{HEAD}post:\n  script: ['psql -U ${{WHO:-other}} -f a']\n{RULE}",
        either(),
    ),
    "a rule of the whole file": (
        ("workflow:\n  rules: [{if: $CI_COMMIT_TAG, variables: {W: loader}}, {when: always}]\n"
        f"variables: {{W: other, PGDATABASE: erp, PGPASSWORD: $LOADER}}\n{POST}"
        "  variables: {WHO: $W}\n"),
        either(),
    ),
    "rows of a matrix, of which one lacks it": (
        (f"{HEAD}post:\n  script: ['psql -U ${{WHO:-other}} -f a']\n"
        "  parallel: {matrix: [{WHO: loader}, {OS: a}]}\n"),
        either(),
    ),
    "a choice of whoever starts a run": (
        ("variables:\n  WHO: {value: other, options: [other, loader]}\n"
        f"  PGDATABASE: erp\n  PGPASSWORD: $LOADER\n{POST}"),
        either(),
    ),
    "a choice that may be empty": (
        ("variables:\n  U: {value: '', options: ['', loader]}\n"
        "  PGDATABASE: erp\n  PGPASSWORD: $LOADER\n"
        "post:\n  script: ['psql -U ${U:-other} -f a']\n"),
        either(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OWN)
def test_whatever_a_rule_a_row_or_a_choice_says_may_be(tmp_path: Path, case: str) -> None:
    """Each with that as its condition; where none says anything, what stands instead."""
    text, expected = OWN[case]
    found = read(tmp_path, {".gitlab-ci.yml": text})
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


def leaving(script: str, needs: str = "[set]", more: str = "") -> str:
    """A job that leaves a variable to another one."""
    return (
        f"{HEAD}set:\n  script:\n    - |\n      {script}\n"
        f"  artifacts: {{reports: {{dotenv: out/b.env}}}}\n{more}"
        f"{POST}  needs: {needs}\n  variables: {{WHO: other}}\n"
    )


LEFT = {
    "before what the file says": (leaving("echo WHO=loader >> out/b.env"), LOADER),
    "by printf": (leaving("printf 'WHO=%s\\n' loader > out/b.env"), LOADER),
    "perhaps": (leaving("if x; then echo WHO=loader >> out/b.env; fi"), either()),
    "perhaps, as the job may not run": (
        leaving("echo WHO=loader >> out/b.env", "[{job: set, optional: true}]"),
        either(),
    ),
    "not without its artifacts": (
        leaving("echo WHO=loader >> out/b.env", "[{job: set, artifacts: false}]"),
        OTHER,
    ),
    "not from a job that is not needed": (leaving("echo WHO=loader >> out/b.env", "[]"), OTHER),
    "what a job before it left": (
        leaving(
            "echo WHO=$U >> out/b.env",
            more="  needs: [first]\nfirst:\n  script: [echo U=loader > out/b.env]\n"
            "  artifacts: {reports: {dotenv: out/b.env}}\n",
        ),
        LOADER,
    ),
    "in a circle": (leaving("echo WHO=$WHO >> out/b.env", more="  needs: [post]\n"), set()),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_a_job_leaves_in_a_report_goes_before_what_the_file_says(
    tmp_path: Path, case: str
) -> None:
    """For the jobs that get its artifacts."""
    text, expected = LEFT[case]
    found = read(tmp_path, {".gitlab-ci.yml": text})
    assert set(edges(found, "AUTHENTICATES_AS")) == expected


def test_all_of_earlier_stages_leave_theirs(tmp_path: Path) -> None:
    """Without ``needs``, and but for those that ``dependencies`` leaves out."""
    text = leaving("echo WHO=loader >> out/b.env", more="  stage: build\n")
    text = text.replace("  needs: [set]\n", "")
    found = read(tmp_path, {".gitlab-ci.yml": text})
    assert set(edges(found, "AUTHENTICATES_AS")) == LOADER
    manual = text.replace("  stage: build\n", "  stage: build\n  when: manual\n")
    assert set(edges(read(tmp_path, {".gitlab-ci.yml": manual}), "AUTHENTICATES_AS")) == either()
    none = text + "  dependencies: []\n"
    assert set(edges(read(tmp_path, {".gitlab-ci.yml": none}), "AUTHENTICATES_AS")) == OTHER


def test_a_secret_that_is_left_is_shown_nowhere(tmp_path: Path) -> None:
    """Its value is in no end of the jobs, whatever takes it."""
    text = leaving("echo WHO=CANARY-one@x >> out/b.env; echo DEPLOY_TOKEN=CANARYtwo >> out/b.env")
    found = read(tmp_path, {".gitlab-ci.yml": text.replace("-U $WHO", "-f $DEPLOY_TOKEN")})
    assert "CANARYtwo" not in str(found.graph.ends.to_dict("records"))


STARTS = "start:\n  trigger: {include: child.yml}\n"
LOADERS = "  variables: {WHO: loader}\n"
TOP = "variables: {WHO: loader}\n"
SAYS = f"{HEAD}{POST}  variables: {{WHO: other}}\n"
HANDED = {
    "before what a job says": (STARTS + LOADERS, LOADER),
    "variables of the whole file": (TOP + STARTS, LOADER),
    "what a rule sets": (STARTS + RULE, either(CHILD)),
    "what a matrix sets": (
        STARTS + "  parallel: {matrix: [{WHO: [loader, other]}]}\n",
        either(CHILD),
    ),
    "nothing where that is said": (
        TOP + STARTS.replace("child.yml", "child.yml, forward: {yaml_variables: false}"),
        OTHER,
    ),
    "nothing that is not inherited": (TOP + STARTS + "  inherit: {variables: false}\n", OTHER),
}


@pytest.mark.parametrize("case", HANDED)
def test_what_a_child_is_handed_goes_before_what_it_says(tmp_path: Path, case: str) -> None:
    """Variables of the job that starts it, and of its file, unless they are kept back."""
    text, expected = HANDED[case]
    found = read(tmp_path, {".gitlab-ci.yml": text, "child.yml": SAYS})
    assert set(edges(found, "AUTHENTICATES_AS")) == expected


@pytest.mark.parametrize(
    ("forward", "expected"), [("", OTHER), (", forward: {pipeline_variables: true}", LOADER)]
)
def test_a_child_hands_on_what_it_was_handed_if_it_says_so(
    tmp_path: Path, forward: str, expected: set[str]
) -> None:
    """By default only what its own file says."""
    middle = f"on:\n  trigger: {{include: last.yml{forward}}}\n"
    files = {".gitlab-ci.yml": STARTS + LOADERS, "child.yml": middle, "last.yml": SAYS}
    assert set(edges(read(tmp_path, files), "AUTHENTICATES_AS")) == expected


def test_another_project_is_handed_what_the_whole_file_says_too(tmp_path: Path) -> None:
    """Under the names by which its jobs then see it."""
    text = "variables: {PGPASSWORD: $LOADER}\nstart:\n  trigger: {project: acme/site}\n"
    found = read(tmp_path, {".gitlab-ci.yml": text})
    fed = "FEEDS gitlab:gitlab.com/acme/erp/variable/LOADER gitlab:gitlab.com/acme/site/variable/"
    assert any(line.startswith(f"{fed}PGPASSWORD") for line in edges(found, "FEEDS"))


def test_a_file_that_a_rule_may_leave_out_and_that_says_something_else_is_told(
    tmp_path: Path,
) -> None:
    """What the job then has is not known; a file that only adds is read as if it were there."""
    include = "include: [{local: a.yml}, {local: b.yml, rules: [{if: $X}]}]\n"
    post = f"{POST}  variables: {{PGDATABASE: erp, PGPASSWORD: $LOADER}}\n"
    files = {
        ".gitlab-ci.yml": include + post,
        "a.yml": "variables: {WHO: loader}\n",
        "b.yml": "variables: {WHO: other}\n",
    }
    told = gaps(read(tmp_path, files))
    assert any("says something else of the job" in line for line in told)
    files["b.yml"] = "variables: {MORE: other}\n"
    assert gaps(read(tmp_path, files)) == []
