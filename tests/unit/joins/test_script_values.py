"""Which role a client logs in as where a script, a matrix or a choice says it in several ways."""

from pathlib import Path
from textwrap import indent

import pytest

from tests.unit.joins.company import Company, edges, export, gaps

ROLES = export({"loader": {}, "other": {}})
OPENS = "AUTHENTICATES_AS secret/LOADER role:{}"
LOADER, OTHER = OPENS.format("loader"), OPENS.format("other")
IF_LOADER, IF_OTHER = (
    f"{OPENS.format(one)} if the user is {one} in github:acme/erp/job/load.yml#load"
    for one in ("loader", "other")
)
ENV = "PGDATABASE: erp, PGPASSWORD: '${{ secrets.LOADER }}'"


def of(folder: Path, steps: str, job: str = "") -> Company:
    """A company with one job of some steps."""
    head = "on: {schedule: [{cron: '0 2 * * *'}]}\npermissions: {contents: read}\njobs:\n  load:\n"
    body = f"runs-on: ubuntu-latest\nenv: {{{ENV}}}\n{job}steps:\n{steps}"
    files = {".github/workflows/load.yml": head + indent(body, "    ")}
    return Company(folder, files, {"erp.postgres.json": ROLES})


def script(*lines: str) -> str:
    """One step with a script."""
    return "- run: |\n" + indent("\n".join(lines), "    ") + "\n"


BOTH = {LOADER, OTHER}
EITHER = {IF_LOADER, IF_OTHER}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("U=loader", 'psql -U "$U" -f a', "U=other", 'psql -U "$U" -f b'), BOTH),
        (("PGUSER=loader psql -f a", "PGUSER=other psql -f b"), BOTH),
        (("export PGUSER=loader", "psql -f a", "export PGUSER=other", "psql -f b"), BOTH),
        (("U=loader", 'echo "$U"', "U=other", 'psql -U "$U" -f b'), {OTHER}),
        (("if x; then U=loader; else U=other; fi", 'psql -U "$U" -f a'), EITHER),
        (("if x; then U=loader; fi", 'psql -U "$U" -f a'), {LOADER}),
        (("case $1 in a) U=loader ;; *) U=other ;; esac", 'psql -U "$U" -f a'), EITHER),
        (("U=other", '[ "$1" = main ] && U=loader', 'psql -U "$U" -f a'), EITHER),
        (("U=other", "x || U=loader", 'psql -U "$U" -f a'), EITHER),
        (("cd sql && U=loader", 'psql -U "$U" -f a'), {LOADER}),
        (("U=other", "(U=loader; psql -U $U -f a)", 'psql -U "$U" -f b'), BOTH),
        (("for U in other loader; do", '  psql -U "$U" -f a', "done"), EITHER),
        (("post() { psql -U $U -f a; }", "U=loader", "post", "U=other", "post"), BOTH),
        (("U=other", "set_it() { U=loader; }", "set_it", 'psql -U "$U" -f a'), {LOADER}),
        (("bash -c 'export PGUSER=loader; psql -f a'",), {LOADER}),
        (("PGUSER=other bash -c 'psql -f a'", "PGUSER=loader psql -f b"), BOTH),
        (('psql -U "${U:-loader}" -f a',), {LOADER}),
        (('U="${U:-loader}"', 'psql -U "$U" -f a'), {LOADER}),
        (("PGUSER=${PGUSER:-loader} psql -f a",), {LOADER}),
        (("ARGS='-U loader'", "psql $ARGS -f a"), {LOADER}),
        (("ARGS=(-U loader", "  -q)", 'psql "${ARGS[@]}" -f a'), {LOADER}),
        (("U=loader", 'PSQL="psql -U $U"', "$PSQL -f a"), {LOADER}),
        (("if x; then U=other; fi", "psql -U ${U:-loader} -f a"), EITHER),
        (("[ $X = a ] && U=other", "U=${U:-loader}", "psql -U $U -f a"), EITHER),
        (("if x; then U=other; fi", ": ${U:=loader}", "psql -U $U -f a"), EITHER),
        (("if x; then PGUSER=other; fi", "export PGUSER=${PGUSER-loader}", "psql -f a"), EITHER),
        (("U=other", "unset U", "psql -U ${U:-loader} -f a"), {LOADER}),
        (("(U=other; psql -U $U -f a)", "psql -U ${U:-loader} -f b"), BOTH),
        (("A=; if x; then A='-U loader'; fi", "psql $A -U other -f a"), BOTH),
        (("if x; then A='-U loader'; else A='-U other'; fi", "psql $A -f a"), BOTH),
    ],
)
def test_each_command_has_what_its_script_has_set_by_then(
    tmp_path: Path, lines: tuple[str, ...], expected: set[str]
) -> None:
    """What is set later does not stand earlier; where a script parts, each way's value may."""
    found = of(tmp_path, script(*lines)).read()
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


IS_OTHER = "export PGUSER=other"


@pytest.mark.parametrize(
    "lines",
    [
        ("ARGS=(-q)", "ARGS+=(-U loader)", 'psql "${ARGS[@]}" -f a'),
        ("ARGS=(", "  -U loader # don't", "  -q", ")", 'psql "${ARGS[@]}" -f a', "echo 'x'"),
        ("X=$( # don't", "  echo b)", "psql -U loader -f a", "echo 'x'"),
        ('X="`psql -U loader -tc 1`"',),
        ('X="a \\` b"', "psql -U loader -f a", "X='`'"),
        ("U=loader", "psql ${U:+-U loader} -f a"),
        ("U=", 'psql ${U:+-U "$U"} -U loader -f a'),
        ("psql ${OPTIONS:--U loader} -f a",),
        ('psql -U ${U:-"loader"} -f a',),
        (': "${PGUSER:=loader}"', "psql -f a"),
        ("trap 'echo end; psql -U loader -c x' EXIT", "true"),
        ('eval "psql -U loader -f a"',),
        ("eval 'U=loader'", "psql -U $U -f a"),
        ("bash -s <<'EOF'", "U=loader", "psql -U $U -f a", "EOF"),
        (IS_OTHER, "sudo env PGUSER=loader psql -f a"),
        (IS_OTHER, "sudo -E PGUSER=loader psql -f a"),
        (IS_OTHER, "timeout 5 env PGUSER=loader psql -f a"),
        (IS_OTHER, "time -p env PGUSER=loader psql -f a"),
        (IS_OTHER, "docker run --rm -e PGUSER=loader -e PGPASSWORD postgres psql -h db -f a"),
        (IS_OTHER, "docker run --env=PGUSER=loader --rm postgres psql -h db -f a"),
        ("ls *.sql | xargs -n 1 psql -U loader -f",),
    ],
)
def test_whatever_a_script_is_written_with_its_clients_are_found(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    """Arrays, comments, backquotes, expansions, programs that start others, input of a shell."""
    found = of(tmp_path, script(*lines)).read()
    assert edges(found, "AUTHENTICATES_AS") == [LOADER]
    assert gaps(found) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("set -- other", "psql -U ${1:-loader} -f a"),
        (IS_OTHER, "mapfile -t ARGS < options", 'psql "${ARGS[@]}" -f a'),
        ("echo loader | xargs -I{} psql -U {} -f a",),
        ("echo loader | xargs -I % psql -U % -f a",),
        (IS_OTHER, "echo loader | xargs psql -f a -U"),
    ],
)
def test_what_words_are_handed_on_is_not_taken_for_known(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    """What a script, an array or xargs is given may be another user than the file's."""
    found = of(tmp_path, script(*lines)).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert len(gaps(found)) == 1


def test_a_branch_of_case_that_goes_on_leaves_what_it_set(tmp_path: Path) -> None:
    """Behind ``;&`` the next branch is run, whatever its label."""
    lines = ("U=other", "case $x in", "a) U=loader", ";&", "b) psql -U $U -f a ;;", "esac")
    found = of(tmp_path, script(*lines)).read()
    assert set(edges(found, "AUTHENTICATES_AS")) == EITHER


WRITES = "echo PGUSER={} >> $GITHUB_ENV"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (f"- run: {WRITES.format('loader')}\n", {LOADER}),
        (f"- run: {WRITES.format('other')}\n- run: {WRITES.format('loader')}\n", {LOADER}),
        (
            (
                f"- if: github.ref == 'refs/heads/main'\n  run: {WRITES.format('loader')}\n"
                f"- if: github.ref != 'refs/heads/main'\n  run: {WRITES.format('other')}\n"
            ),
            EITHER,
        ),
        (
            script(
                "if x; then",
                f"  {WRITES.format('loader')}",
                f"else {WRITES.format('other')}",
                "fi",
            ),
            EITHER,
        ),
        (script("U=loader", WRITES.format("$U"), "U=other"), {LOADER}),
        (script("(echo PGUSER=loader >> $GITHUB_ENV)"), {LOADER}),
        (script("echo PGUSER=loader | tee -a $GITHUB_ENV"), {LOADER}),
        (script("{", "  echo PGUSER=loader", "  echo X=1", '} >> "$GITHUB_ENV"'), {LOADER}),
        (script('cat >> "$GITHUB_ENV" <<EOF', "PGUSER=loader", "X=1", "EOF"), {LOADER}),
        (script("tee -a $GITHUB_ENV <<'EOF'", "PGUSER=loader", "EOF"), {LOADER}),
        (script("printf 'PGUSER=%s\\n' loader >> $GITHUB_ENV"), {LOADER}),
        (script('printf "PGUSER=loader\\n" >> $GITHUB_ENV'), {LOADER}),
        (script("printf 'PGUSER=%s\\nX=%s\\n' loader 1 >> $GITHUB_ENV"), {LOADER}),
        (script("printf '%s=%s\\n' X 1 PGUSER loader >> $GITHUB_ENV"), {LOADER}),
        (script("echo -e 'X=1\\nPGUSER=loader' >> $GITHUB_ENV"), {LOADER}),
        (script('echo "PGUSER=loader', 'X=1" >> $GITHUB_ENV'), {LOADER}),
        ("- {shell: pwsh, run: '\"PGUSER=loader\" >> $env:GITHUB_ENV'}\n", {LOADER}),
        (
            "- {shell: pwsh, run: '\"PGUSER=loader\" | Out-File $env:GITHUB_ENV -Append'}\n",
            {LOADER},
        ),
    ],
)
def test_what_a_step_leaves_may_be_what_it_left_on_one_of_its_ways(
    tmp_path: Path, before: str, expected: set[str]
) -> None:
    """Of GITHUB_ENV: a step that may not run, and a script that parts."""
    found = of(tmp_path, before + "- run: psql -f a\n").read()
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


@pytest.mark.parametrize(
    "before",
    [
        script("if x; then", f"  {WRITES.format('other')}", "fi"),
        f"- if: github.ref == 'refs/heads/main'\n  run: {WRITES.format('other')}\n",
    ],
)
def test_what_a_step_may_not_have_left_is_what_the_next_one_says_instead(
    tmp_path: Path, before: str
) -> None:
    """Of GITHUB_ENV, and by a word of the script behind it."""
    found = of(tmp_path, before + "- run: psql -U ${PGUSER:-loader} -f a\n").read()
    assert set(edges(found, "AUTHENTICATES_AS")) == EITHER


@pytest.mark.parametrize(
    "lines",
    [
        (
            "echo 'PGUSER<<EOF' >> $GITHUB_ENV",
            "cat user >> $GITHUB_ENV",
            "echo EOF >> $GITHUB_ENV",
        ),
        ("{", "  echo 'PGUSER<<EOF'", "  cat user", "  echo EOF", "} >> $GITHUB_ENV"),
    ],
)
def test_a_value_of_several_lines_is_not_known(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """What an earlier step left does not stand any more."""
    steps = f"- run: {WRITES.format('other')}\n{script(*lines)}- run: psql -f a\n"
    assert edges(of(tmp_path, steps).read(), "AUTHENTICATES_AS") == []


def test_a_fallback_that_no_file_says_is_not_known(tmp_path: Path) -> None:
    """The user may be the other variable's."""
    lines = ("if x; then U=other; fi", "psql -U ${U:-$GIVEN} -f a")
    found = of(tmp_path, script(*lines)).read()
    assert edges(found, "AUTHENTICATES_AS") == [IF_OTHER]


def test_words_of_a_variable_that_stands_around_a_script_are_put_in(tmp_path: Path) -> None:
    """The step's own, and the job's."""
    step = "- run: psql $ARGS -f a\n  env: {ARGS: '-U loader'}\n"
    assert edges(of(tmp_path, step).read(), "AUTHENTICATES_AS") == [LOADER]


TARGETS = """
ledger:
  target: dev
  outputs:
    dev: {type: postgres, host: db, user: other, password: "{{ env_var('PGPASSWORD') }}",
          dbname: erp, schema: s}
    prod: {type: postgres, host: db, user: loader, password: "{{ env_var('PGPASSWORD') }}",
           dbname: erp, schema: s}
"""
WHICH = "if the run's profile and target are these"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("dbt build",), {OTHER}),
        (("ARGS='--target prod'", "dbt build $ARGS"), {LOADER}),
        (("dbt build $ARGS",), {f"{LOADER} {WHICH}", f"{OTHER} {WHICH}"}),
        (('dbt build "$@"',), {f"{LOADER} {WHICH}", f"{OTHER} {WHICH}"}),
        (("T=prod", "dbt build -t $T", "T=dev", "dbt test -t $T"), BOTH),
        (
            ("if x; then T=prod; else T=dev; fi", "dbt build -t $T"),
            {f"{LOADER} {WHICH}", f"{OTHER} {WHICH}"},
        ),
        (
            ("if x; then T=prod; fi", "dbt build -t ${T:-dev}"),
            {f"{LOADER} {WHICH}", f"{OTHER} {WHICH}"},
        ),
    ],
)
def test_targets_of_dbt_in_a_script(
    tmp_path: Path, lines: tuple[str, ...], expected: set[str]
) -> None:
    """What a variable may hold as options is not taken for none."""
    company = of(tmp_path, script(*lines))
    company.files["profiles.yml"] = TARGETS
    company.files["dbt_project.yml"] = "name: ledger\nprofile: ledger\n"
    assert set(edges(company.read(), "AUTHENTICATES_AS")) == expected


FROM_VARIABLES = (
    TARGETS.replace("target: dev", "target: prod")
    .replace("user: loader", "user: \"{{ env_var('DB_USER', 'loader') }}\"")
    .replace("dbname: erp", "dbname: \"{{ env_var('DB_NAME', 'erp') }}\"")
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("if x; then export DB_USER=other; fi", "dbt build"), EITHER),
        (("[ $X = a ] && export DB_USER=other", "dbt build"), EITHER),
        (("DB_USER=other dbt run", "dbt build"), BOTH),
        (("(export DB_USER=other; dbt run)", "dbt build"), BOTH),
        (("export DB_USER=other", "dbt run", "unset DB_USER", "dbt build"), BOTH),
        (("dbt run", "export DB_USER=other", "dbt build"), BOTH),
        (
            ("if x; then export DBT_TARGET=dev; fi", "dbt build"),
            {f"{LOADER} {WHICH}", f"{OTHER} {WHICH}"},
        ),
    ],
)
def test_what_a_profile_says_stands_where_a_script_may_not_have_set_it(
    tmp_path: Path, lines: tuple[str, ...], expected: set[str]
) -> None:
    """The default of a variable, and that of the target."""
    company = of(tmp_path, script(*lines))
    company.files["profiles.yml"] = FROM_VARIABLES
    company.files["dbt_project.yml"] = "name: ledger\nprofile: ledger\n"
    assert set(edges(company.read(), "AUTHENTICATES_AS")) == expected


MATRIX = "strategy: {{matrix: {}}}\n"
CHOICE = "${{ github.ref == 'refs/heads/main' && 'loader' || 'other' }}"


@pytest.mark.parametrize(
    ("job", "step", "expected"),
    [
        (MATRIX.format("{u: [other, loader]}"), "{run: 'psql -U ${{ matrix.u }} -f a'}", EITHER),
        (
            MATRIX.format("{u: [other, loader], exclude: [{u: other}]}"),
            "{run: 'psql -U ${{ matrix.u }} -f a'}",
            {LOADER},
        ),
        (
            MATRIX.format("{u: [other, loader], x: [a, b], exclude: [{u: other, x: a}]}"),
            "{run: 'psql -U ${{ matrix.u }} -f a'}",
            EITHER,
        ),
        (MATRIX.format("{u: [loader]}"), "{run: 'psql -U ${{ matrix.u }} -f a'}", {LOADER}),
        (
            MATRIX.format("{include: [{u: loader}, {u: other}]}"),
            "{run: psql -f a, env: {PGUSER: '${{ matrix.u }}'}}",
            EITHER,
        ),
        ("", f'{{run: psql -f a, env: {{PGUSER: "{CHOICE}"}}}}', EITHER),
    ],
)
def test_a_matrix_and_a_choice_are_worked_out(
    tmp_path: Path, job: str, step: str, expected: set[str]
) -> None:
    """Where the file says all that an expression may come to."""
    found = of(tmp_path, f"- {step}\n", job).read()
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


def pick(*lines: str) -> str:
    """A step that leaves outputs."""
    return "- id: pick\n  run: |\n" + indent("\n".join(lines), "    ") + "\n"


LEAVES = "echo user={} >> $GITHUB_OUTPUT"
BY_ENV = "- {run: psql -f a, env: {PGUSER: '${{ steps.pick.outputs.user }}'}}\n"
BY_OPTION = "- run: psql -U ${{ steps.Pick.outputs.USER }} -f a\n"


@pytest.mark.parametrize("use", [BY_ENV, BY_OPTION])
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((LEAVES.format("loader"),), {LOADER}),
        (('echo "user=loader" | tee -a "$GITHUB_OUTPUT"',), {LOADER}),
        (
            (f"if x; then {LEAVES.format('loader')}", f"else {LEAVES.format('other')}", "fi"),
            EITHER,
        ),
    ],
)
def test_what_a_step_puts_out_is_known_behind_it(
    tmp_path: Path, use: str, lines: tuple[str, ...], expected: set[str]
) -> None:
    """Under the step's id, which is compared without case."""
    found = of(tmp_path, pick(*lines) + use).read()
    assert set(edges(found, "AUTHENTICATES_AS")) == expected
    assert gaps(found) == []


@pytest.mark.parametrize(
    "use",
    [
        "- {run: psql -U loader -f a, env: {PGPASSWORD: '${{ steps.pick.outputs.user }}'}}\n",
        "- {run: ./x.sh, env: {OTHER: '${{ steps.pick.outputs.user }}'}}\n",
        "- run: mysql -u etl -p${{ steps.pick.outputs.user }} -h db erp\n",
    ],
)
def test_an_output_that_is_used_as_anything_else_is_not_kept(tmp_path: Path, use: str) -> None:
    """It may be a secret."""
    found = of(tmp_path, pick(LEAVES.format("CANARY-kept")) + use).read()
    assert "CANARY" not in repr(found)


def test_what_a_matrix_does_not_say_is_a_gap(tmp_path: Path) -> None:
    """A list that another job makes may hold any user."""
    matrix = MATRIX.format("{u: '${{ fromJSON(needs.x.outputs.users) }}'}")
    found = of(tmp_path, "- {run: 'psql -U ${{ matrix.u }} -f a'}\n", matrix).read()
    assert edges(found, "AUTHENTICATES_AS") == []
    assert len(gaps(found)) == 1


@pytest.mark.parametrize(
    "line",
    [
        'mysql -u etl -p"${PW:-CANARY-otherwise}" -h db erp',
        'PGPASSWORD="${PW:-CANARY-otherwise}" psql -U loader -f a',
        "docker run -e PGPASSWORD=CANARY-otherwise postgres psql -U loader -h db -f a",
        'P="CANARY otherwise"; psql ${P:+-U "$P"} -f a; mysql -u x ${P:+-p"CANARY-otherwise"} erp',
        ": ${PGPASSWORD:=CANARY-otherwise}; psql -U loader -f a",
        "eval 'mysql -u x -pCANARY-otherwise erp'",
        "trap 'mysql -u x -pCANARY-otherwise erp' EXIT",
        "sudo env MYSQL_PWD=CANARY-otherwise mysql -u x erp",
    ],
)
def test_a_password_that_stands_where_a_variable_is_unset_is_not_kept(
    tmp_path: Path, line: str
) -> None:
    """The value of a secret leaves no parser."""
    found = of(tmp_path, script(line)).read()
    assert "otherwise" not in repr(found)


@pytest.mark.parametrize(
    ("lines", "users"),
    [
        ("if x; then U=other; fi; psql -U ${U:-loader} -f a", {"loader", "other"}),
        ("(U=other; psql -U $U -f a); psql -U ${U-loader} -f b", {"loader", "other"}),
        ('post() { psql -U "${1:-loader}" -f a; }; post other', {"other"}),
    ],
)
def test_a_job_of_gitlab_may_have_what_stands_instead(
    tmp_path: Path, lines: str, users: set[str]
) -> None:
    """As one of GitHub's may; what a function is given is no variable of the project."""
    load = f"load:\n  variables: {{PGDATABASE: erp}}\n  script:\n    - '{lines}'\n"
    found = Company(tmp_path, {".gitlab-ci.yml": load}, {"erp.postgres.json": ROLES}).read()
    opened = edges(found, "AUTHENTICATES_AS")
    assert {line.split("role:")[1].split(" if")[0] for line in opened} == users
    assert not any("variable/1" in key for key in found.graph.key_list)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("ARGS", "-pCANARY-otherwise", "mysql $ARGS -u x erp"),
        ("ARGS", "-pCANARY-otherwise", "mysql -u x $ARGS erp"),
        ("ARGS", "--password=CANARY-otherwise", "mysql -u x ${ARGS} erp"),
        ("PW", "CANARY-otherwise", '$PW -c "select 1"'),
        ("PW", "CANARY-otherwise", 'X="$PW"; "$X"'),
        ("LOGIN", "CANARY/otherwise", "$LOGIN | docker login --password-stdin"),
    ],
)
@pytest.mark.parametrize("level", ["job", "step"])
def test_a_secret_that_a_variable_holds_is_told_nowhere(
    tmp_path: Path, name: str, value: str, line: str, level: str
) -> None:
    """Neither as what it is used for nor as the program that a script would start."""
    own = f"{name}: '{value}'"
    company = of(tmp_path, script(line), "name: n\n")
    path = ".github/workflows/load.yml"
    if level == "job":
        company.files[path] = company.files[path].replace("env: {", f"env: {{{own}, ")
    else:
        company.files[path] += indent(f"env: {{{own}}}\n", "      ")
    graph = company.read().graph
    tables = [graph.nodes, graph.edges, graph.gaps, graph.evidence, graph.ends]
    assert not [table for table in tables if "otherwise" in table.to_csv()]
