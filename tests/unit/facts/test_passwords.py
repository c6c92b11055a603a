"""What is cut out of a text, and what stays."""

import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import compute as pc

from nhigraph.app.collect import collect
from nhigraph.facts import keys, passwords
from nhigraph.facts.ends import Work
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Node, Value
from nhigraph.facts.values import Literal, Local
from nhigraph.schema import kinds as k

#: A text, and what is left of it.
CUT = [
    ("postgres://poster:SECRET@db/ledger", "postgres://poster:***@db/ledger"),
    ("at https://u:SE@CRET@h.internal/ now", "at https://u:***@h.internal/ now"),
    ("redis://:SECRET@h:6379", "redis://:***@h:6379"),
    ("postgres://poster:SECRET", "postgres://poster:***"),
    ("host=db user=x password=SECRET dbname=y", "host=db user=x password=*** dbname=y"),
    ("host=db password = 'SECRET with space' x=y", "host=db password = *** x=y"),
    ("Server=x;Uid=a;Pwd=SECRET;", "Server=x;Uid=a;Pwd=***;"),
    ("Pwd={SEC;RET};x=y", "Pwd=***;x=y"),
    ("AccountName=a;AccountKey=SECRET==;x=y", "AccountName=a;AccountKey=***;x=y"),
    ("SharedAccessKey=SECRET;EntityPath=q", "SharedAccessKey=***;EntityPath=q"),
    ("https://h/d?user=x&password=SECRET&ssl=1", "https://h/d?user=x&password=***&ssl=1"),
    ("https://h/c?sv=1&sig=SECRET", "https://h/c?sv=1&sig=***"),
    ("client_secret=SECRET", "client_secret=***"),
    ("PGPASSWORD=SECRET psql", "PGPASSWORD=*** psql"),
    ("ghp_SECRET0123456789abcdef", "***"),
    ("eyJhbGciOiJIUzI.eyJzdWIiOiIx.SECRET", "***"),
    ("-----BEGIN RSA PRIVATE KEY-----\nSECRET", "***"),
]
#: The same for texts that are no keys.
CUT_IN_TEXTS = [
    ("Authorization: Bearer SECRET", "Authorization: Bearer ***"),
    ("with bearer SECRETTOKEN", "with bearer ***"),
    ('{"password": "SECRET"}', '{"password": ***}'),
    ("password: SECRET", "password: ***"),
    ("curl -u loader:SECRET https://h", "curl -u loader:*** https://h"),
    ("mysql --password SECRET", "mysql --password ***"),
    ("alter role x password 'SECRET'", "alter role x password ***"),
    ("loader:SECRET@db.internal:5432/erp", "loader:***@db.internal:5432/erp"),
    ("scott/SECRET@//db:1521/ORCL", "scott/***@//db:1521/ORCL"),
]
#: What people note beside a name: (note, what is left).
NOTED = [
    ("token: SECRET", "token: ***"),
    ("token:SECRET", "token:***"),
    ("token : SECRET", "token : ***"),
    ("Token: SECRET in vault", "Token: *** in vault"),
    ("secret: SECRET, rotated", "secret: *** rotated"),
    ("password:SECRET", "password:***"),
    ("the password:SECRET!;x", "the password:***;x"),
    ("api_key: SECRET", "api_key: ***"),
    ("api-key:SECRET", "api-key:***"),
    ("API key: SECRET", "API key: ***"),
    ("apikey: SECRET", "apikey: ***"),
    ("x-api-key: SECRET", "x-api-key: ***"),
    ("AWS_SECRET_ACCESS_KEY: SECRET", "AWS_SECRET_ACCESS_KEY: ***"),
    ("accountKey: SECRET==", "accountKey: ***"),
    ("spring.datasource.password: SECRET", "spring.datasource.password: ***"),
    ("client_secret: 'SECRET of two words'", "client_secret: ***"),
    ('{token: "SECRET"}', "{token: ***}"),
    ("{token:SECRET}", "{token:***"),
    ("token: [SECRET, SECRET]", "token: ***"),
    ("token: {value: SECRET}", "token: ***"),
    ("token: !!str SECRET", "token: ***"),
    ("token: |\n  SECRET", "token: ***"),
    ("password: *SECRET", "password: ***"),
    ("password: `SECRET`", "password: `***"),
    ("token: **SECRET**", "token: *****"),
    ("**token**: SECRET", "**token**: ***"),
    ("`token`: SECRET", "`token`: ***"),
    ("**token:** SECRET", "**token:** ***"),
    ("pw: SECRET", "pw: ***"),
    ("pass: SECRET", "pass: ***"),
    ("dsn: SECRET", "dsn: ***"),
    ("passphrase: SECRET SECRET and SECRET; ask Bob", "passphrase: ***; ask Bob"),
    ("password: is SECRET", "password: is ***"),
    ("password: now SECRET", "password: now ***"),
    ("password: changed to SECRET", "password: changed to ***"),
    ("token: rotated, now SECRET", "token: rotated, now ***"),
    ("acme:svc, token: SECRET", "acme:svc, token: ***"),
    ("acme:token: SECRET", "acme:token: ***"),
    ("credentials: SECRET/SECRET", "credentials: ***"),
    ("token: ${{ 'SECRET' }}", "token: *** 'SECRET' }}"),
    ("token: 2026-05-01-SECRET", "token: ***"),
]
STAY = [
    "token: rotated in May",
    "secret: see vault",
    "Secret: see the vault; ask finance",
    "token: none",
    "token: n/a",
    "password: not known",
    "password: unknown.",
    "token: expires 2027-03-01",
    "token: 2027-03-01",
    "token: rotated",
    "token: (rotated monthly)",
    "token: is rotated by a job",
    "token: the one that CI uses",
    "api key: stored in AWS Secrets Manager",
    "secret: in vault, path kv/prod/erp",
    "passphrase: kept by two people, each a half",
    "id-token: write",
    "id-token: write in acme/erp",
    "repo:acme@123456/erp@456789:ref:refs/heads/main",
    "its token has sub like repo:acme@1/erp*",
    "secrets: inherit",
    "token: ${{ secrets.GITHUB_TOKEN }}",
    "tokens: three",
    "keyboard: new",
    "compass: north",
    "acme:token",
    "acme:token:rotate",
    "acme:vault/password:old",
    "github:o/r/secret/TOKEN",
    "secret:github:acme/erp/file/.github/workflows/x.yml#TOKEN",
    "secret:k8s:prod/fin/Secret/db",
    "token: github:acme/erp/secret/TOKEN",
    "secret: arn:aws:secretsmanager:eu-west-1:1:secret:db",
    "github:acme/erp/secret/TOKEN: nothing says what it opens",
    '{secret: {key: "github:acme/*/secret/CODECOV_TOKEN"}, opens: nothing}',
    "",
    "acme:svc-billing",
    "acme:bob@acme.com",
    "arn:aws:iam::1:role/x@y",
    "github.token == 'x'",
    "https://h:8443/a",
    "http://[::1]:80/x",
    "postgres://h1:5432,h2:5432/db",
    "https://loader@h/a",
    "secret:github:acme/erp/secret/X",
    "github:acme/erp/secret/TOKEN",
    "role:postgres:erp/etl_loader",
    "serviceAccount:x@p.iam.gserviceaccount.com",
    "python:3.11@sha256:4f5e",
    "token_count=5",
    "uses bearer tokens and basic authentication.",
    "dbt build --target prod",
    "what it opens is in no input; a link in the scope can say it",
]


@pytest.mark.parametrize(("text", "left"), CUT + CUT_IN_TEXTS)
def test_a_secret_is_cut_and_the_rest_of_the_text_stays(text: str, left: str) -> None:
    assert passwords.cut(text) == left
    assert passwords.cut(left) == left
    assert passwords.holds(text)


@pytest.mark.parametrize(("text", "left"), CUT)
def test_a_key_is_cut_like_any_text(text: str, left: str) -> None:
    assert passwords.cut_key(text) == left


@pytest.mark.parametrize(("text", "left"), NOTED)
def test_the_value_in_a_note_is_cut_and_what_it_is_about_stays(text: str, left: str) -> None:
    """One word too much is cut rather than a secret shown."""
    assert passwords.cut(text) == left
    assert passwords.cut(left) == left


@pytest.mark.parametrize("text", STAY)
def test_a_text_without_a_secret_stays(text: str) -> None:
    assert passwords.cut(text) == text == passwords.cut_key(text)


#: What a source makes a key of, and the key.
MINTED = [
    (
        keys.Role(keys.database("postgres", "erp"), "postgres://u:SECRET@h/x").text,
        "postgres:%2F%2Fu:***@h%2Fx",
    ),
    (keys.Role(keys.database("postgres", "erp"), "x token: SECRET").text, "x token: ***"),
    (
        keys.Dataset(keys.database("postgres", "erp"), "fin", "password=SECRET").text,
        "erp.fin.password=***",
    ),
    (
        keys.Container(keys.database("postgres", "erp"), "postgres://u:SECRET@h.i/x").text,
        "erp.postgres://u:***@h%2Ei/x",
    ),
    (keys.dotted("fin", "pwd: SECRET"), "fin.pwd: ***"),
    (keys.repository("postgres://u:SECRET@h/x").text, "github:postgres:/%2Fu:***@h%2Fx"),
    (
        keys.Job(keys.repository("acme/erp"), "a.yml", "https://u:SECRET@h").text,
        "a.yml#https:%2F%2Fu:***@h",
    ),
]


@pytest.mark.parametrize(("key", "end"), MINTED)
def test_a_key_is_made_of_names_without_the_secrets_in_them(key: str, end: str) -> None:
    assert key.endswith(end)


def test_whatever_a_fact_says_of_a_node_is_cut() -> None:
    place = Evidence("a.json", "", "0" * 64)
    props: dict[str, Value] = {
        "file": "https://u:SECRET@h/x",
        "tags": ("token: SECRET", "fin"),
        "count": 3,
    }
    node = Node(k.USER, "acme:x", place, props=props)
    assert node.props == {"file": "https://u:***@h/x", "tags": ("token: ***", "fin"), "count": 3}
    assert Literal("host=h password=SECRET").text == "host=h password=***"
    assert Local("X", "postgres://u:SECRET@h").default == "postgres://u:***@h"
    work = Work("acme:x", place, program="pwd: SECRET")
    assert (work.program, work.at) == ("pwd: ***", "acme:x")


def test_a_permission_of_that_name_is_no_token() -> None:
    for text in ("id-token=write", "id-token: read", "contents=read,id-token=none"):
        assert passwords.cut(text) == text
    assert passwords.cut("id-token=SECRET") == "id-token=***"


def test_the_patterns_for_whole_columns_miss_nothing_that_is_cut() -> None:
    """Another engine, without looking around: it may ask for more, never for less."""
    texts = [text for text, _ in CUT + CUT_IN_TEXTS + NOTED] + STAY
    for suspect, cut in (
        (passwords.SUSPECT_KEY, passwords.cut_key),
        (passwords.SUSPECT_TEXT, passwords.cut),
    ):
        asked = pc.match_substring_regex(pa.array(texts), suspect).to_pylist()
        assert [t for t, ask in zip(texts, asked, strict=True) if cut(t) != t and not ask] == []


#: What Python takes for a space: some of it other engines do not.
SPACES = [chr(code) for code in range(0x3100) if chr(code).isspace()]


def test_the_cheap_pattern_for_whole_columns_misses_nothing_that_is_cut() -> None:
    """What it leaves out is not looked at any more, so it must know every space, too."""
    plain = [text for text, _ in CUT + CUT_IN_TEXTS + NOTED] + STAY
    texts = [*plain, *(text.replace(" ", space) for text in plain for space in SPACES)]
    for beside, cut in (
        (passwords.BESIDE_KEY, passwords.cut_key),
        (passwords.BESIDE_TEXT, passwords.cut),
    ):
        asked = pc.match_substring_regex(pa.array(texts), beside).to_pylist()
        assert [t for t, ask in zip(texts, asked, strict=True) if cut(t) != t and not ask] == []


#: What secrets stand beside, what separates, and letters that are others to a pattern.
FRAGMENTS = (
    *("password", "Passphrase", "passcode", "PWD", "secret", "token", "credentials", "credential"),
    *("key", "api", "access", "account", "signing", "primary", "SharedAccessSignature", "pass"),
    *("pw", "sig", "dsn", "authorization", "bearer", "BASIC", "identified by", "\u017fecret"),
    *("to\u212aen", "gh", "ghp_", "github_pat_", "glpat-", "xoxb-", "sk_live_", "AIza", "eyJ"),
    *("-----BEGIN PRIVATE KEY-----", "-u", "-", "--", "_", "=", ":", "://", "@", "/", ",", ";"),
    *(" ", "  ", "\n", "\u2003", '"', "'", "`", "**", "{", "}", "[", "x", "AAAAAAAAAAAAAAAAAAAA"),
)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=9).map("".join))
def test_what_is_asked_first_never_changes_what_is_cut(text: str) -> None:
    """Words and cheap patterns only say where nobody needs to look."""
    assert passwords.cut(text) == passwords._cut(text, passwords._TEXT_PATTERNS)
    assert passwords.cut_key(text) == passwords._cut(text, passwords._KEY_PATTERNS)


def test_an_option_with_one_dash_has_a_secret_behind_it() -> None:
    for text in ("tool -token {}", "tool -Secret {}", "tool -api-key {}", "tool -accesskey {}"):
        assert passwords.cut(text.format("SECRET")) == text.format("***")


PARTS: tuple[str, ...] = (
    "://:",
    "password=",
    "a:",
    "--",
    "eyJ",
    "-u a:",
    '"token"',
    "basic ",
    "a/",
    "ghp_",
    "=",
    "token:",
)
PARTS += ("token: is ", "a.token", "passphrase: ", "token: [", "token:\\", "api key : !x ")


@pytest.mark.parametrize("part", PARTS)
def test_a_hostile_text_costs_no_more_than_its_length(part: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred times."""
    spent = []
    for number in (2_000, 20_000):
        text = f"{part * number}@"
        start = time.process_time()
        passwords.cut(text)
        spent.append(time.process_time() - start)
    assert spent[1] < 40 * spent[0] + 0.3


def test_records_meet_on_a_key_that_was_cut(tmp_path: Path) -> None:
    """In YAML, CSV and gaps alike; no form shows what was cut."""
    key, url = "https://u:SECRET@h/x", "https://u:SECRET@h"
    node: dict[str, Any] = {"kind": "ServiceAccount", "key": key, "name": url, "owner": url}
    table = {"kind": "Dataset", "key": "gl"}
    content = {"nhigraph": "facts/1", "nodes": [node, table], "gaps": [{"at": key, "reason": url}]}
    (tmp_path / "x.facts.json").write_text(json.dumps(content))
    (tmp_path / "x.edges.csv").write_text(
        f"kind,from,to,condition,gate,needs\nCAN_WRITE,{key},gl,password=SECRET,{url},{key} READ\n"
    )
    found = collect([tmp_path])
    graph = found.graph
    assert graph.key_list == ["gl", "https://u:***@h/x"]
    assert len(graph.edges) == len(graph.gaps) == 1
    frames = (graph.nodes, graph.edges, graph.gates, graph.gaps, graph.evidence)
    told = "".join(frame.to_csv() for frame in frames) + repr(found.coverage)
    assert "SECRET" not in told
