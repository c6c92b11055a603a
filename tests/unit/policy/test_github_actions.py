"""What GitHub Actions means: events, permissions, expressions, references, scripts."""

import pytest

from nhigraph.policy import clouds, shell
from nhigraph.policy.github_actions import (
    actions,
    checkout,
    events,
    expressions,
    permissions,
    untrusted,
)
from nhigraph.policy.github_actions.actions import DockerImage, Hosting, Local, Pin, Remote
from nhigraph.policy.github_actions.checkout import Guard
from nhigraph.policy.github_actions.expressions import UNKNOWN, Path, Values
from nhigraph.policy.scripts import connection_text, files, states, tools, typed
from nhigraph.policy.scripts.tools import Run


def known(path: Path) -> Values | None:
    """Bindings of the tests: three values of a context, one event, nothing else."""
    bound: dict[Path, Values] = {
        ("matrix", "os"): frozenset({"linux", "mac"}),
        ("github", "event_name"): frozenset({"push"}),
        ("inputs", "empty"): frozenset({None}),
        ("inputs", "flag"): frozenset({True, False}),
    }
    return bound.get(path)


@pytest.mark.parametrize(
    ("event", "types", "starter"),
    [
        ("push", (), "repository-writer"),
        ("issues", (), "anyone"),
        ("issues", ("labeled",), "triage"),
        ("issues", ("labeled", "opened"), "anyone"),
        ("pull_request", ("assigned", "labeled"), "triage"),
        ("push", ("labeled",), "repository-writer"),
        ("check_run", ("rerequested",), "api-token-holder"),
        ("no_such_event", (), "nobody-known"),
    ],
)
def test_who_can_start_a_run(event: str, types: tuple[str, ...], starter: str) -> None:
    """Activity types narrow an event to the triage role only if all of them need it."""
    assert events.starter(event, types) == starter


def test_privileged_events_are_events() -> None:
    """The second table names nothing that the first does not have."""
    assert set(events.EVENTS) >= events.PRIVILEGED_FROM_OUTSIDE


@pytest.mark.parametrize(
    ("job", "workflow", "only_called", "origin", "levels"),
    [
        ({}, {}, False, "default", {}),
        ({}, {}, True, "caller", {}),
        ({}, {"permissions": {}}, True, "workflow", {}),
        ({}, {"permissions": {"contents": "write"}}, False, "workflow", {"contents": "write"}),
        (
            {"permissions": {"issues": "read", "contents": "none"}},
            {"permissions": "write-all"},
            False,
            "job",
            {"issues": "read"},
        ),
    ],
)
def test_the_nearest_block_stands_alone(
    job: dict[str, object],
    workflow: dict[str, object],
    only_called: bool,
    origin: str,
    levels: dict[str, str],
) -> None:
    """What a block does not name is none; blocks are never joined."""
    found = permissions.effective(job, workflow, only_called=only_called)

    assert (found.origin, dict(found.levels)) == (origin, levels)
    assert found.known == (origin in ("job", "workflow"))


def test_odd_permissions_are_named() -> None:
    """A null block, unknown scopes and unknown levels are not taken for something else."""
    assert permissions.parse(None, "job").odd == ("NoneType",)
    odd = permissions.parse({"contents": "admin", "x": "read", "issues": ["write"]}, "job")
    assert (odd.odd, odd.levels) == (("contents", "issues", "x"), {})


def test_write_all_writes_everything_that_can_be_written() -> None:
    """Identity tokens are among them; models can only be read."""
    found = permissions.parse("write-all", "workflow")

    assert found.writes("id-token")
    assert not found.writes("models")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("'a'", {"a"}),
        ("'it''s'", {"it's"}),
        ("5", {5.0}),
        ("0x1F", {31.0}),
        ("-1.5", {-1.5}),
        ("null", {None}),
        ("true && 'x' || 'y'", {"x"}),
        ("false && 'x' || 'y'", {"y"}),
        ("matrix.os", {"linux", "mac"}),
        ("matrix['os']", {"linux", "mac"}),
        ("Matrix.OS == 'LINUX'", {True, False}),
        ("github.event_name == 'PUSH'", {True}),
        ("github.event_name != 'push'", {False}),
        ("github.ref == 'x' && 'prod' || 'dev'", {"prod", "dev"}),
        ("vars.x || 'dev'", {UNKNOWN, "dev"}),
        ("vars.x && 'dev'", {False, "dev"}),
        ("inputs.empty || 'dev'", {"dev"}),
        ("inputs.empty == ''", {True}),
        ("inputs.empty == 5", {True, False}),
        ("inputs.flag == false", {True, False}),
        ("!inputs.flag", {True, False}),
        ("!!true", {True}),
        ("!!!true", {False}),
        ("!vars.x", {True, False}),
        ("1 < 2", {True, False}),
        ("always()", {True}),
        ("success()", {True, False}),
        ("contains('abc', 'a')", {True, False}),
        ("""contains(fromJSON('["push", "x"]'), github.event_name)""", {True}),
        ("""contains(fromJSON('["x"]'), github.event_name)""", {False}),
        ("""contains(fromJSON('["x"]'), vars.y)""", {True, False}),
        ("contains(fromJSON(vars.x), 'a')", {True, False}),
        ("fromJSON('5')", {UNKNOWN}),
        ("fromJSON(needs.a.outputs.x).y[0]", {UNKNOWN}),
        ("github.event.commits.*.message", {UNKNOWN}),
        ("github.event.commits[*].message", {UNKNOWN}),
        ("github.event[matrix.os]", {UNKNOWN}),
        ("(('a'))", {"a"}),
    ],
)
def test_an_expression_has_every_value_it_could_have(text: str, values: set[object]) -> None:
    """What is not known widens the answer and never narrows it."""
    assert repr(UNKNOWN) == "UNKNOWN"
    expression = expressions.parse(text)
    assert expression is not None

    assert expressions.possible(expression, known) == values


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a.", "a[", "(a", "a ||", "'open", "a | b", "#", "f(a b)", "a.1", ")", "(" * 500],
)
def test_what_is_no_expression_is_not_understood(text: str) -> None:
    """None, never an exception."""
    assert expressions.parse(text) is None


def test_too_many_values_are_any_value() -> None:
    """Sets stay small."""
    wide = frozenset(str(number) for number in range(40))
    expression = expressions.parse("a || b")
    assert expression is not None

    assert expressions.possible(expression, lambda _: wide | {None}) == {UNKNOWN}
    assert expressions.texts("${{ a }}", lambda _: wide) == ((), False)


@pytest.mark.parametrize(
    ("condition", "may"),
    [
        (None, True),
        ("", True),
        (False, False),
        (True, True),
        ("false", False),
        ("${{ false }}", False),
        ("${{ false }} and text", True),
        ("github.event_name == 'release'", False),
        ("github.event_name == 'push' && github.actor == 'x'", True),
        ("not an expression", True),
    ],
)
def test_a_condition_that_is_not_understood_may_hold(condition: object, may: bool) -> None:
    """Only what certainly is false keeps a run out."""
    assert expressions.may_hold(condition, known) is may


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", (("plain",), True)),
        ("x-${{ matrix.os }}", (("x-linux", "x-mac"), True)),
        ("${{ vars.x }}", ((), False)),
        ("${{ a b }}", ((), False)),
        ("${{ true }}/${{ 5 }}/${{ null }}", (("true/5/",), True)),
        ("${{ inputs.flag }}", (("false", "true"), True)),
    ],
)
def test_texts_that_a_text_can_become(text: str, found: tuple[tuple[str, ...], bool]) -> None:
    """Every combination, and whether these are all."""
    assert expressions.texts(text, known) == found


def test_every_context_of_an_expression_is_seen() -> None:
    """In functions, operators, indexes and after calls."""
    expression = expressions.parse("f(a.b, !c) && d[e.f] || fromJSON(g.h)[i.j]")
    assert expression is not None

    found = {".".join(path) for path in expressions.references(expression)}
    assert found == {"a.b", "c", f"d.{expressions.COMPUTED}", "e.f", "g.h", "i.j"}


def test_unclosed_expressions_are_noticed() -> None:
    """The rest of the text stands for something that was not understood."""
    found = expressions.embedded("${{ a }} and ${{ b")

    assert [part.expression is None for part in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("actions/checkout@v4", Remote("actions/checkout", "", "v4")),
        ("acme/tools/sub/dir@main", Remote("acme/tools", "sub/dir", "main")),
        ("./.github/actions/x", Local(".github/actions/x", own=False)),
        ("./", Local("", own=False)),
        ("./a/../b/", Local("b", own=False)),
        ("$/a", Local("a", own=True)),
        ("./../outside", None),
        ("docker://alpine:3", DockerImage("alpine:3")),
        ("acme/tools", None),
        ("tools@v1", None),
        ("${{ x }}/y@v1", None),
        ("", None),
    ],
)
def test_forms_of_uses(text: str, used: actions.Used | None) -> None:
    """Remote, local, own, container; anything else is no form."""
    assert actions.parse_uses(text) == used


def test_only_a_full_commit_id_pins() -> None:
    """Tags, branches and short ids can be moved or made."""
    assert Remote("a/b", "", "0" * 40).pin is Pin.COMMIT
    assert Remote("a/b", "", "f" * 64).pin is Pin.COMMIT
    assert Remote("a/b", "", "0" * 39).pin is Pin.MUTABLE
    assert Remote("a/b", "", "v1.2.3").pin is Pin.MUTABLE


def test_reusable_workflows_lie_in_one_folder() -> None:
    """Directly in it, as YAML."""
    assert actions.workflow_file(".github/workflows/a.yml") == "a.yml"
    assert actions.workflow_file(".github/workflows/sub/a.yml") is None
    assert actions.workflow_file("a.yml") is None


@pytest.mark.parametrize(
    ("ref", "guard"),
    [
        ("v7", Guard.PRESENT),
        ("v8.1.0", Guard.PRESENT),
        ("7.0.0", Guard.PRESENT),
        ("main", Guard.PRESENT),
        ("v6", Guard.PRESENT),
        ("v6.0.1", Guard.ABSENT),
        ("v6.1.0", Guard.PRESENT),
        ("v5.1.0", Guard.PRESENT),
        ("v5.0.9", Guard.ABSENT),
        ("v4", Guard.PRESENT),
        ("v4.4", Guard.PRESENT),
        ("v4.3", Guard.ABSENT),
        ("v4.3.1", Guard.ABSENT),
        ("v3.7.0", Guard.PRESENT),
        ("v3.6.0", Guard.ABSENT),
        ("v2", Guard.PRESENT),
        ("v2.8.0", Guard.PRESENT),
        ("v2.7.0", Guard.ABSENT),
        ("releases/v3", Guard.PRESENT),
        ("v1", Guard.ABSENT),
        ("v1.2.0", Guard.ABSENT),
        ("1.0.0", Guard.ABSENT),
        ("master", Guard.ABSENT),
        ("v6-beta", Guard.ABSENT),
        ("v4.4.0-rc.1", Guard.UNSEEN),
        # Pins: v4.2.2, v4.4.0, v2.8.0 and v7.0.0 by commit.
        ("11bd71901bbe5b1630ceea73d27597364c9af683", Guard.ABSENT),
        ("11d5960a326750d5838078e36cf38b85af677262", Guard.PRESENT),
        ("0717577D45739EB3C851188B29F50ED6C0B2194E", Guard.PRESENT),
        ("9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0", Guard.PRESENT),
        ("a" * 40, Guard.UNSEEN),
        ("some-branch", Guard.UNSEEN),
    ],
)
def test_which_checkouts_refuse_a_forks_code(ref: str, guard: Guard) -> None:
    """Floating tags got the guard in July 2026, exact older releases did not."""
    assert checkout.guard(ref) is guard


@pytest.mark.parametrize(
    ("labels", "group", "whose"),
    [
        (("ubuntu-latest",), None, Hosting.GITHUB),
        (("ubuntu-22.04-arm",), None, Hosting.GITHUB),
        (("macos-14-xlarge",), None, Hosting.GITHUB),
        (("windows-11-arm",), None, Hosting.GITHUB),
        (("UBUNTU-LATEST",), None, Hosting.GITHUB),
        (("ubuntu-latest",), "g", Hosting.UNSEEN),
        (("ubuntu-latest-8-cores",), None, Hosting.GITHUB),
        (("my-ubuntu",), None, Hosting.UNSEEN),
        (("Self-Hosted", "x"), None, Hosting.SELF),
        ((), "g", Hosting.UNSEEN),
        ((), None, Hosting.UNSEEN),
    ],
)
def test_whose_machine_labels_choose(
    labels: tuple[str, ...], group: str | None, whose: Hosting
) -> None:
    """GitHub's own labels, self-hosted, or one that may be either."""
    assert actions.hosting(labels, group) is whose


@pytest.mark.parametrize(
    ("path", "event", "is_untrusted"),
    [
        ("github.event.issue.title", "issues", True),
        ("github.event.issue.title", "push", False),
        ("GitHub.Event.Issue.Title", "issue_comment", True),
        ("github.event.issue.number", "issues", False),
        ("github.event", "issues", True),
        ("github", "issues", True),
        ("github.head_ref", "pull_request_target", True),
        ("github.event.workflow_run.pull_requests.0.head.ref", "workflow_run", True),
        ("github.event.workflow_run.pull_requests.*.head.ref", "workflow_run", True),
        ("inputs.title", "issues", False),
        ("github.event.issue.title.more", "issues", False),
    ],
)
def test_which_texts_an_outsider_writes(path: str, event: str, is_untrusted: bool) -> None:
    """By context and by the event that fills it; an object holds what lies below it."""
    assert untrusted.is_untrusted(tuple(path.split(".")), event) is is_untrusted


@pytest.mark.parametrize(
    ("condition", "may"),
    [
        ("github.event.pull_request.head.repo.full_name == github.repository", False),
        ("github.repository == github.event.pull_request.head.repo.full_name", False),
        ("github.event.pull_request.head.repo.full_name == 'acme/erp'", False),
        ("github.event.pull_request.head.repo.full_name != github.repository", True),
        ("github.repository == 'acme/erp'", True),
        ("github.repository != 'acme/erp'", True),
        ("github.repository == github.event.repository.full_name", True),
        ("github.repository != github.event.repository.full_name", False),
        ("github.event.issue.author_association == 'COLLABORATOR'", False),
        ("github.event.comment.author_association != 'OWNER'", True),
        ("github.event_name == 'issues'", True),
        ("github.event_name == 'push'", False),
        ("github.event.workflow_run.event == 'pull_request'", True),
        ("github.event.workflow_run.event == 'push'", False),
        ("github.actor == 'x'", True),
    ],
)
def test_which_conditions_keep_outsiders_out(condition: str, may: bool) -> None:
    """Roles, the fork's name and the event; names that a file spells out may be the right ones."""
    assert expressions.may_hold(condition, lambda p: untrusted.outsider("issues", p)) is may


def test_what_names_a_forks_code() -> None:
    """A commit or repository of the fork does, a branch's name alone does not."""
    assert untrusted.names_fork_code([("github", "event", "pull_request", "head", "sha")])
    assert not untrusted.names_fork_code([("github", "head_ref")])
    assert untrusted.computed_elsewhere([("steps", "a", "outputs", "sha")])
    assert not untrusted.computed_elsewhere([("github", "sha")])


def words(script: str) -> list[tuple[str, ...]]:
    """Words of each command of a script."""
    return [command.words for command in shell.commands(script)]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("a b c", [("a", "b", "c")]),
        ("a; b && c || d | e & f", [("a",), ("b",), ("c",), ("d",), ("e",), ("f",)]),
        ("a \\\n  b", [("a", "b")]),
        ("a 'x y' \"z w\"", [("a", "x y", "z w")]),
        ('a "q\\"r" \\ s', [("a", 'q"r', " s")]),
        ("# only\na # rest\nb#c", [("a",), ("b#c",)]),
        ("if a; then b; elif c; then d; else e; fi", [("a",), ("b",), ("c",), ("d",), ("e",)]),
        ("for x in 1 2; do a; done", [("a",)]),
        ("while ! a; do b; done", [("a",), ("b",)]),
        ("case x in\n p|q) a ;;\n *) b ;;\nesac", [("a",), ("b",)]),
        ("(a; b) && { c; }", [("a",), ("b",), ("c",)]),
        ("f() { a; }\nf", [("a",)]),
        ("x=(1 2)\na", [(), ("a",)]),
        ("((i++)); a", [("a",)]),
        ("a <<E\nb\nE\nc", [("a",), ("c",)]),
        ("a <<-'E' | d\nb\n\tE\nc", [("a",), ("d",), ("c",)]),
        ("a <<E\nnever closed", [("a",)]),
        ("a >out 2>&1 <in", [("a",)]),
        ("x=$(a b) c", [("a", "b"), ("c",)]),
        ("`a` b", [("a",), (shell.SUBSTITUTED, "b")]),
        ('echo "$(a "b)" c)"', [("a", "b)", "c"), ("echo", shell.SUBSTITUTED)]),
        ("[[ a && b ]] && c", [("[[", "a"), ("c",)]),
        ('a "$(b "c d" e)" "f"', [("b", "c d", "e"), ("a", shell.SUBSTITUTED, "f")]),
        ('"open \\" a', [('"open', '"', "a")]),
        ("", []),
        ("'open", [("'open",)]),
        ("$(a", [("a",), (shell.SUBSTITUTED,)]),
        ("$(a ')' \\) (b) c)", [("b",), ("a", ")", ")"), ("c",), (shell.SUBSTITUTED,)]),
        ("`a", [("a",), (shell.SUBSTITUTED,)]),
        ("((", []),
        (")", []),
        ("$((1+2)) a", [(shell.SUBSTITUTED, "a")]),
        ("$($($($($($(a))))))", [(shell.SUBSTITUTED,)] * 5),
    ],
)
def test_commands_of_a_script(script: str, found: list[tuple[str, ...]]) -> None:
    """Control words, quotes, here-documents and substitutions; nothing is expanded or raised."""
    assert sorted(words(script)) == sorted(found)


def test_a_command_knows_its_line_and_surroundings() -> None:
    """Line, assignments and files written."""
    first, second, third = shell.commands('A=1 B="x y" a > f\n\nb |\n  c')

    assert first == shell.Command(("a",), (("A", "1"), ("B", "x y")), 0, ("f",))
    assert (second.line, third.line) == (2, 3)


def test_a_script_longer_than_github_takes_is_cut() -> None:
    """Hostile lengths cost nothing beyond the limit."""
    assert len(shell.commands("a\n" * shell.LONGEST)) == shell.LONGEST // 2


def ran(script: str, directory: str = "") -> list[Run]:
    """What a script runs."""
    return list(tools.runs(shell.commands(script), directory))


PLACE = {"host": "h", "dbname": "d"}


@pytest.mark.parametrize(
    ("script", "name", "options"),
    [
        ("dbt build", "dbt build", {}),
        ("dbt --no-use-colors run -t prod", "dbt run", {"target": "prod"}),
        ("dbt --log-level debug run", "dbt run", {}),
        # Asked of dbt 1.11 itself: words of one option and repeated options add up.
        ("dbt run -s a -s b", "dbt run", {"select": "a b"}),
        ("dbt run --select a b -x -t prod", "dbt run", {"select": "a b", "target": "prod"}),
        ("dbt build --exclude=a b", "dbt build", {"exclude": "a b"}),
        ("dbt --select a build", "dbt build", {"select": "a"}),
        ("dbt build --resource-type model seed", "dbt build", {"types": "model seed"}),
        (".venv/bin/dbt run", "dbt run", {}),
        ("sudo -u x dbt run", "dbt run", {}),
        ("env A=b dbt run", "dbt run", {}),
        ("timeout -k 5 60 dbt run", "dbt run", {}),
        ("uv run --env-file .env -- dbt run", "dbt run", {}),
        ("aws-vault exec prod -- dbt run", "dbt run", {}),
        ("python3 -m dbt run", "dbt run", {}),
        ("bash -euc 'dbt run -t x'", "dbt run", {"target": "x"}),
        (
            "psql -h h -p 1 -U u -d d",
            "psql",
            {"host": "h", "port": "1", "user": "u", "dbname": "d"},
        ),
        ("psql -Uu d", "psql", {"user": "u", "dbname": "d"}),
        ("psql d u", "psql", {"dbname": "d", "user": "u"}),
        ("psql -Atqc 'select 1' d", "psql", {"dbname": "d"}),
        ("psql --dbname=d --file=x.sql", "psql", {"dbname": "d", "file": "x.sql"}),
        (
            "psql postgres://u:p@h:5/d",
            "psql",
            {"host": "h", "port": "5", "user": "u", "dbname": "d"},
        ),
        ("psql postgresql:///d", "psql", {"dbname": "d"}),
        ("psql 'host=h password=p user=u'", "psql", {"host": "h", "user": "u"}),
        ("psql \"password='$P' user=u\"", "psql", {"password": "$P", "user": "u"}),
        (
            "psql postgres://u:$P@h/d",
            "psql",
            {"password": "$P", "host": "h", "user": "u", "dbname": "d"},
        ),
        ("psql $URL", "psql", {"connection": "$URL"}),
        ("psql -h h $DB", "psql", {"host": "h", "dbname": "$DB"}),
        ("psql jdbc://h/d", "psql", {"connection": "?"}),
        ("psql 'select secret'", "psql", {"connection": "?"}),
        ("psql", "psql", {}),
        ("pg_dump -d postgres://u:p@h/d", "pg_dump", {"host": "h", "user": "u", "dbname": "d"}),
        ("pg_dump --dbname='host=h dbname=d password=p' -f x", "pg_dump", PLACE),
        (
            "pg_restore -d 'dbname=d password=$P host=h' x",
            "pg_restore",
            {**PLACE, "password": "$P"},
        ),
        ("pg_restore -d $URL x", "pg_restore", {"connection": "$URL"}),
        ("pg_dump -d 'd; password p'", "pg_dump", {"connection": "?"}),
        ("sqlcmd -S h -d 'Server=h;Pwd=p'", "sqlcmd", {"host": "h"}),
        ("psql 'host=h dbname=d password=p q'", "psql", {"connection": "?"}),
        ("psql \"host=h dbname=d password='p \\' host=q'\"", "psql", PLACE),
        ("psql 'dbname=postgres://u:p@h/d'", "psql", {"dbname": "?"}),
        ("psql postgres://u:p@q/r@h/d", "psql", {"connection": "?"}),
        ("psql -h postgres://u:p@h/d -d d", "psql", {"host": "?", "dbname": "d"}),
        ("psql -qAtf x.sql d", "psql", {"file": "x.sql", "dbname": "d"}),
        ("psql -qX --csv -P pager=off d u", "psql", {"dbname": "d", "user": "u"}),
        ("psql -h h -U u -W secret", "psql", {"host": "h", "user": "u", "dbname": "?"}),
        ("psql --token secret d", "psql", {"dbname": "?"}),
        ("psql -d d --token secret", "psql", {"dbname": "d"}),
        ("dbt --quiet build --target prod", "dbt build", {"target": "prod"}),
        ("dbt --no-partial-parse --fail-fast --warn-error run", "dbt run", {}),
        ("dbt --token secret run", "dbt run", {}),
        ("dbt --log-level debug --target-path build test", "dbt test", {}),
        ("dbt -tprod seed", "dbt seed", {}),
        ("dbt --token secret", "dbt ?", {}),
        ("dbt --token=secret build", "dbt build", {}),
        ("dbt --debug", "dbt", {}),
        ("terragrunt --token secret apply", "terragrunt apply", {}),
        ("tofu --token secret", "tofu ?", {}),
        ("terraform show x", "terraform show", {}),
        ("kubectl --token secret get pods", "kubectl", {}),
        ("kubectl -nx --debug get pods", "kubectl get", {}),
        ("helm --kube-token secret upgrade erp chart", "helm", {}),
        ("az login -p secret -u app", "az login", {}),
        ("aws --region r s3 --x y cp", "aws s3", {"region": "r"}),
        ("git -c x=secret fetch", "git", {}),
        ("doppler run --token secret -- dbt run", "dbt run", {}),
        ("sudo -Eu x dbt run", "dbt run", {}),
        ("sudo -E -n dbt run", "dbt run", {}),
        ("uv run -m dbt build", "dbt build", {}),
        ("nice -10 timeout --signal KILL 60 dbt run", "dbt run", {}),
        ("aws-vault exec --region=r prod -- dbt run", "dbt run", {}),
        ("terraform -chdir=x apply", "terraform apply", {"chdir": "x"}),
        ("gcloud run jobs execute j --project p", "gcloud run jobs execute", {"project": "p"}),
        ("npm ci", "npm install", {}),
        ("yarn", "yarn install", {}),
        ("uv sync --frozen", "uv sync", {}),
        ("pip -q", "pip install", {}),
        ("kubectl -n x get", "kubectl get", {"namespace": "x"}),
    ],
)
def test_tools_with_a_meaning_of_their_own(
    script: str, name: str, options: dict[str, str]
) -> None:
    """The tool behind wrappers, and the options that say where it works."""
    (found,) = ran(script)

    assert (found.name, dict(found.options), found.opaque) == (name, options, False)


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("./load.sh secret", "./load.sh"),
        ("python scripts/load.py secret", "python scripts/load.py"),
        ("python -c 'import x'", "python"),
        ("python -m loader secret", "python -m loader"),
        ("python -m 'a b'", "python -m ?"),
        ("make -j deploy A=secret", "make deploy"),
        ("npm run build", "npm build"),
        ("source env.sh", "source env.sh"),
        ("source", "source"),
        ("'odd name' x", "?"),
        ("bash", "bash"),
        ("node dist/x.js", "node dist/x.js"),
        ("make deploy all", "make deploy"),
        ("make -C dir -j 4 A:=secret deploy", "make deploy"),
        ("make -j4 --keep secret", "make"),
        ("just rotate secret", "just rotate"),
        ("just --set token secret rotate", "just"),
        ("invoke deploy --password secret", "invoke deploy"),
        ("rake 'deploy[secret]'", "rake"),
        ("tox -e secret", "tox"),
        ("npm run deploy -- --token secret", "npm deploy"),
        ("npm run --silent deploy secret", "npm deploy"),
        ("npm run --token secret", "npm"),
        ("npm --token secret -- secret", "npm"),
        ("npm config set _authToken secret", "npm config"),
        ("yarn deploy secret", "yarn deploy"),
        ("pnpm -r run build", "pnpm build"),
        ("bash -euo pipefail x.sh secret", "bash x.sh"),
        ("bash --token secret.x", "bash"),
        ("python -u x.py --token secret", "python x.py"),
        ("python -c 'import x' secret.x", "python"),
        ("Rscript --vanilla x.R secret", "Rscript x.R"),
        ("doppler run --token secret -- ./load.sh", "./load.sh"),
        ("doppler run --token secret --name x -- ./load.sh secret", "./load.sh"),
        ("doppler run --token secret ./load.sh", "?"),
        ("doppler run --token secret", "?"),
        ("doppler run --token=secret ./load.sh", "./load.sh"),
        ("sudo --token secret npm run x -- secret", "?"),
        ("timeout --token secret 60 ./load.sh", "?"),
    ],
)
def test_what_is_of_unknown_content_is_named_only(script: str, name: str) -> None:
    """Scripts, targets and programs; their arguments are not kept."""
    (found,) = ran(script)

    assert (found.name, found.options, found.opaque) == (name, (), True)


@pytest.mark.parametrize(
    "script",
    ["echo x", "python --version", "sudo", "timeout 5", "-x", "cd a", "bash -c", "set -e"],
)
def test_what_runs_nothing_is_left_out(script: str) -> None:
    """Builtins, questions for a version, and commands that end too soon."""
    assert ran(script) == []


@pytest.mark.parametrize(
    ("script", "directory", "found"),
    [
        ("cd a && dbt run", "", "a"),
        ("cd b; dbt run", "a", "a/b"),
        ("cd ..; dbt run", "a/b", "a"),
        ("cd /x; dbt run", "a", "/x"),
        ("cd; dbt run", "a", "?"),
        ("cd -; dbt run", "a", "?"),
        ('cd "$(pwd)"; dbt run', "a", "?"),
    ],
)
def test_the_working_directory_is_followed(script: str, directory: str, found: str) -> None:
    """Through cd; what cannot be told is a question mark."""
    (run,) = ran(script, directory)

    assert dict(run.options)["dir"] == found


def test_nested_shells_are_followed_so_far() -> None:
    """bash -c in bash -c; deeper than anybody writes it, the shell itself is what is said."""
    assert [run.name for run in ran("""bash -c "bash -c 'dbt run'" """)] == ["dbt run"]
    commands = shell.commands("bash -c 'x'")
    assert [run.name for run in tools.recognised(commands[0], 9)] == ["bash"]


def test_variables_that_scripts_set() -> None:
    """For later steps by GITHUB_ENV, for their own by export and in front of a command."""
    found = shell.commands(
        'echo "A=1" >> "$GITHUB_ENV"\necho B=2\necho no >> $GITHUB_ENV\n'
        'echo "1C=2" >> $GITHUB_ENV\n'
        "export D=4 E\nF=5 cmd\necho >> $GITHUB_ENV"
    )

    assert list(files.lines(found, "GITHUB_ENV")) == [(0, "A", "1")]
    own = [one for command in found for one in states.written(command)]
    assert own == [("D", "4", False), ("F", "5", True)]


def _may_be_secret(name: str) -> bool:
    return any(word in name.lower() for word in ("pass", "token", "key"))


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("curl -u app:hush https://x", ["hush"]),
        ("curl --user=app:hush https://x", ["hush"]),
        ("curl -u app https://x", []),
        ("curl -u app:$P https://x", []),
        ("curl -H 'Authorization: Bearer hush' https://x", ["hush"]),
        ("curl -H 'X-Api-Key: hush' https://x", ["hush"]),
        ("curl -H 'Accept: text/html' https://x", []),
        ("mysql -phush erp", ["hush"]),
        ("mysql -p erp", []),
        ("mysql --password=hush", ["hush"]),
        ("mysqldump --password hush", []),
        ("psql --password hush", []),
        ("docker login -u a -p hush r", ["hush"]),
        ("docker run -p 80:80 app", []),
        ("docker login --password-stdin r", []),
        ("sshpass -p hush ssh db", ["hush"]),
        ("sqlcmd -S h -U u -P hush", ["hush"]),
        ("snow --token hush sql", ["hush"]),
        ("snow --token --no-prompt", []),
        ("snow --token-file hush", []),
        ("snow --no-password hush", []),
        ("make deploy TOKEN=hush A=b", ["hush"]),
        ("terraform apply -var=api_key=hush", ["hush"]),
        ("helm upgrade e c --set=password=hush", ["hush"]),
        ("./x --token '***'", []),
        ("./x --token true", []),
        ("", []),
    ],
)
def test_passwords_typed_into_a_command(script: str, found: list[str]) -> None:
    """Behind the options of each tool, in headers, and behind names of secrets."""
    words = [command.words for command in shell.commands(script)]
    assert [one for each in words for one in typed.passwords(each, _may_be_secret)] == found
    assert list(typed.passwords((), _may_be_secret)) == []


@pytest.mark.parametrize(
    ("text", "is_value", "is_weak"),
    [
        ("hush", True, False),
        ("changeme", True, True),
        ("Postgres", True, True),
        ("test-token", True, True),
        ("12345", True, True),
        ("20261128", True, False),
        ("***", False, False),
        ("xxxx", False, False),
        ("<your password>", False, False),
        ("{{ password }}", False, False),
        ("%PASSWORD%", False, False),
        ("$PASSWORD", False, False),
        ("a$b", True, False),
        ("", False, False),
        ("  ", False, False),
        ("false", False, False),
        ("null", False, False),
    ],
)
def test_texts_that_stand_for_a_password(text: str, is_value: bool, is_weak: bool) -> None:
    """Masks, references and switches are none; a weak word is one that nobody asks about."""
    assert (typed.is_value(text), typed.is_weak(text)) == (is_value, is_weak)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("postgres://u:p@h:5", {"user": "u", "password": "p", "host": "h", "port": "5"}),
        ("postgresql+psycopg2://u@h/d", {"user": "u", "host": "h", "dbname": "d"}),
        ("postgres://[::1]:5/d", {"host": "::1", "port": "5", "dbname": "d"}),
        ("postgres://h/d?host=x&port=6", {"host": "x", "port": "6", "dbname": "d"}),
        ("postgres://h/d?hostaddr=10.0.0.1", {"host": "10.0.0.1", "dbname": "d"}),
        ("postgres://h/d?password=p", {"host": "h", "dbname": "d", "password": "p"}),
        ("host=h hostaddr=10.0.0.1 dbname='d'", {"host": "10.0.0.1", "dbname": "d"}),
        ("postgres:///d", {"dbname": "d"}),
        ("postgres://u:hush", None),
        ("mysql://u:p@h/d", {"user": "u", "password": "p", "host": "h", "dbname": "d"}),
        ("erp", None),
    ],
)  # fmt: skip
def test_what_a_connection_text_states(text: str, parts: dict[str, str] | None) -> None:
    """As psql 15.18 and mysql connect; what is broken off behind a user's name is no port."""
    assert connection_text.parts(text) == parts


ARN = "arn:aws:iam::111122223333:role/ledger-writer"
EMAIL = "loader@acme-books.iam.gserviceaccount.com"
CLIENT = "11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"aws sts assume-role --role-arn {ARN}", [("aws", ARN)]),
        ("aws sts get-caller-identity", []),
        ("aws s3 ls --profile prod", []),
        (f"az login --service-principal --username={CLIENT}", [("azure", CLIENT)]),
        ("az account show", []),
        (f"gcloud auth activate-service-account {EMAIL} --key-file=k", [("gcp", EMAIL)]),
        ("gcloud auth configure-docker", []),
        ("gcloud auth print-access-token", []),
        ("gcloud run deploy x", []),
        ("bq query 'select 1'", []),
        ("vault login", [("vault", "")]),
        ("vault write auth/approle/login role_id=x", [("vault", "")]),
        ("vault kv get secret/erp", []),
        ("", []),
    ],
)
def test_commands_that_log_in_to_a_cloud(script: str, found: list[tuple[str, str]]) -> None:
    """As whom, where they name somebody; commands that only use a login are none."""
    words = [command.words for command in shell.commands(script)] or [()]
    assert [(str(c), who) for each in words for c, who in clouds.by_command(each)] == found


@pytest.mark.parametrize(
    ("cloud", "name", "key"),
    [
        ("aws", ARN, ARN),
        ("aws", "arn:aws-cn:iam::111122223333:role/a/b", "arn:aws-cn:iam::111122223333:role/a/b"),
        ("aws", "ledger-writer", None),
        ("aws", "arn:aws:iam::111122223333:user/x", None),
        ("gcp", EMAIL.upper(), f"gcp:serviceaccount/{EMAIL}"),
        ("gcp", "loader", None),
        ("azure", CLIENT, f"entra:application/{CLIENT}"),
        ("azure", "loader", None),
        ("vault", "loader", None),
    ],
)  # fmt: skip
def test_identities_that_are_named_in_full(cloud: str, name: str, key: str | None) -> None:
    found = clouds.identity(clouds.Cloud(cloud), name)
    assert (found[1] if found else None) == key
    assert found is None or clouds.cloud_of(found[0].label) == cloud


def test_a_secret_beside_what_a_step_uses_is_cut_before_it_is_parted() -> None:
    for text in ("./act postgres://u:SECRET@h/x", "o/r/act postgres://u:SECRET@h/x"):
        assert "SECRET" not in repr(actions.parse_uses(text))


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("sqlplus poster/CANARY-1@ledger @x.sql", ["CANARY-1"]),
        ("sqlplus -S poster/CANARY-1@//erp:1521/ledger", ["CANARY-1"]),
        ("sqlplus / as sysdba", []),
        ("sqlplus poster@ledger", []),
        ("sqlplus poster/$PASSWORD@ledger", []),
        ("cat poster/file@home", []),
    ],
)
def test_a_login_written_with_a_slash_shows_its_password(command: str, found: list[str]) -> None:
    """USER/PASSWORD@DATABASE is the first word of Oracle's own clients."""
    words = tuple(command.split())
    assert list(typed.passwords(words, lambda _: False)) == found


def test_a_jdbc_address_says_who_connects_where_by_its_parameters() -> None:
    """https://jdbc.postgresql.org/documentation/use/: user and password are parameters."""
    url = "jdbc:postgresql://db:5432/ledger?user=poster&password=CANARY-1"
    assert connection_text.parts(url) == {
        "host": "db",
        "port": "5432",
        "dbname": "ledger",
        "user": "poster",
        "password": "CANARY-1",
    }
