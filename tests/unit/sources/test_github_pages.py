"""Pages of a listing, in the forms that ``gh api`` writes."""

import json
from pathlib import Path

import pytest

from nhigraph.errors import InputError
from nhigraph.facts.facts import Node, Refused
from nhigraph.ingest.document import Checkout, Document
from nhigraph.sources.github_actions import INGESTOR

URL = "https://api.github.com/repos/acme/erp"


def secrets(first: int, last: int, total: int) -> dict[str, object]:
    listed = [{"name": f"S{n}", "created_at": "2025-01-01T00:00:00Z"} for n in range(first, last)]
    return {"total_count": total, "secrets": listed}


def environments(first: int, last: int, total: int) -> dict[str, object]:
    listed = [{"name": f"e{n}", "url": f"{URL}/environments/e{n}"} for n in range(first, last)]
    return {"total_count": total, "environments": listed}


def workflows(first: int, last: int, total: int) -> dict[str, object]:
    listed = [
        {
            "path": f".github/workflows/w{n}.yml",
            "state": "active",
            "url": f"{URL}/actions/workflows/{n}",
        }
        for n in range(first, last)
    ]
    return {"total_count": total, "workflows": listed}


def repositories(first: int, last: int) -> list[dict[str, object]]:
    return [
        {
            "full_name": f"acme/r{n}",
            "default_branch": "main",
            "url": f"{URL.rpartition('/')[0]}/r{n}",
        }
        for n in range(first, last)
    ]


def deploy_keys(first: int, last: int) -> list[dict[str, object]]:
    return [
        {"id": n, "key": "ssh-ed25519 x", "url": f"{URL}/keys/{n}", "read_only": True}
        for n in range(first, last)
    ]


def hooks(first: int, last: int) -> list[dict[str, object]]:
    return [
        {
            "id": n,
            "active": True,
            "events": [],
            "config": {"url": "https://x.example"},
            "url": f"{URL}/hooks/{n}",
        }
        for n in range(first, last)
    ]


def installations(first: int, last: int, total: int) -> dict[str, object]:
    listed = [
        {"app_slug": f"a{n}", "permissions": {}, "account": {"login": "acme"}}
        for n in range(first, last)
    ]
    return {"total_count": total, "installations": listed}


def collaborators(first: int, last: int) -> list[dict[str, object]]:
    return [{"login": f"u{n}", "permissions": {}} for n in range(first, last)]


def teams(first: int, last: int) -> list[dict[str, object]]:
    return [{"slug": f"t{n}", "members_url": "", "permissions": {}} for n in range(first, last)]


def runners(first: int, last: int, total: int) -> dict[str, object]:
    return {"total_count": total, "runners": [{"id": n, "labels": []} for n in range(first, last)]}


def tokens(first: int, last: int) -> list[dict[str, object]]:
    return [
        {"token_id": n, "permissions": {}, "repository_selection": "all"}
        for n in range(first, last)
    ]


def document(folder: Path, text: str) -> Document:
    path = folder / "listing.json"
    path.write_text(text, encoding="utf-8")
    return Document(path, "listing.json", checkout=Checkout("acme/erp", "listing.json"))


def read(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Names of what is listed, each with its place; and what is refused."""
    doc = document(folder, text)
    assert INGESTOR.recognises(doc)
    facts = list(INGESTOR.read(doc))
    listed = (
        *("secret/", "environment/", "workflow/w", "/r", "/deploy-key/", "/hook/", "/app/"),
        *("user/", "/team/", "/token/", "/machine/"),
    )
    nodes = [fact for fact in facts if isinstance(fact, Node)]
    found = [n for n in nodes if any(mark in n.key for mark in listed) and n.kind.label != "Grant"]
    for node in found:
        # Each place is one of the file, by its line where there are several.
        assert (node.evidence.line > 0) is ("\n" in text.strip())
    names = [n.key.rpartition("/")[2] for n in found if n.key != "github:acme/erp"]
    return names, [fact.reason for fact in facts if isinstance(fact, Refused)]


def whole(pages: list[object], form: str) -> str:
    if form == "paginate":
        return "".join(json.dumps(page) for page in pages)
    if form == "lines":
        return "\n".join(json.dumps(page, indent=1) for page in pages) + "\n"
    return json.dumps(pages, indent=2)


@pytest.mark.parametrize("form", ["paginate", "lines", "slurp"])
@pytest.mark.parametrize(
    ("pages", "names"),
    [
        ([secrets(0, 30, 35), secrets(30, 35, 35)], [f"S{n}" for n in range(35)]),
        ([environments(0, 2, 3), environments(2, 3, 3)], ["e0", "e1", "e2"]),
        ([workflows(0, 2, 3), workflows(2, 3, 3)], ["w0.yml", "w1.yml", "w2.yml"]),
        ([repositories(0, 2), repositories(2, 3)], ["r0", "r1", "r2"]),
        ([repositories(0, 2), []], ["r0", "r1"]),
        ([deploy_keys(0, 30), deploy_keys(30, 32)], [str(n) for n in range(32)]),
        ([hooks(0, 1), hooks(1, 2), []], ["0", "1"]),
        ([installations(0, 2, 3), installations(2, 3, 3)], ["a0", "a1", "a2"]),
        ([collaborators(0, 2), collaborators(2, 3)], ["u0", "u1", "u2"]),
        ([runners(0, 2, 3), runners(2, 3, 3)], ["0", "1", "2"]),
        ([teams(0, 2), teams(2, 3)], ["t0", "t1", "t2"]),
        ([tokens(0, 2), tokens(2, 3)], ["0", "1", "2"]),
        ([repositories(0, 1)[0], repositories(1, 2)[0]], ["r0", "r1"]),
    ],
)
def test_all_pages_of_a_file_are_read(
    tmp_path: Path, form: str, pages: list[object], names: list[str]
) -> None:
    """One after another, or in one array; together they are the whole listing."""
    assert read(tmp_path, whole(pages, form)) == (names, [])


@pytest.mark.parametrize("form", ["paginate", "slurp"])
def test_a_page_that_is_missing_is_told(tmp_path: Path, form: str) -> None:
    pages: list[object] = [secrets(0, 30, 65), secrets(30, 60, 65)]
    _, refused = read(tmp_path, whole(pages, form))
    assert refused == ["truncated: 60 of 65 secrets; export with gh api --paginate"]


def test_the_first_page_alone_is_truncated(tmp_path: Path) -> None:
    _, refused = read(tmp_path, json.dumps(secrets(0, 30, 35)))
    assert refused == ["truncated: 30 of 35 secrets; export with gh api --paginate"]


def test_a_page_that_is_an_error_is_refused(tmp_path: Path) -> None:
    """GitHub's answer when a token runs out between two pages."""
    pages: list[object] = [secrets(0, 30, 35), {"message": "Bad credentials", "status": "401"}]
    names, refused = read(tmp_path, whole(pages, "paginate"))
    assert len(names) == 30
    assert refused == [
        "expected a page like the others",
        "truncated: 30 of 35 secrets; export with gh api --paginate",
    ]


def test_evidence_says_which_page_and_line(tmp_path: Path) -> None:
    doc = document(tmp_path, whole([secrets(0, 2, 3), secrets(2, 3, 3)], "lines"))
    places = [fact.evidence for fact in INGESTOR.read(doc) if isinstance(fact, Node)]
    last = places[-1]
    assert last.pointer == "/1/secrets/0/name"
    assert '"S2"' in doc.text.splitlines()[last.line - 1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (json.dumps(secrets(0, 1, 1)) + " garbage", "broken JSON: extra data"),
        (json.dumps(secrets(0, 1, 1)) + "}", "broken JSON: extra data"),
        (json.dumps(secrets(0, 1, 1)) + " 5", "broken JSON: extra data"),
        (json.dumps(secrets(0, 1, 2)) + json.dumps(secrets(1, 2, 2))[:-1], "where the file ends"),
        ('{"total_count": 1, "secrets": []}{"total_count": 1, "total_count": 2}', "stands twice"),
        ('{"total_count": 1, "secrets": []}\ufeff{"total_count": 1}', "broken JSON"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_page_is_an_error_still(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        INGESTOR.recognises(document(tmp_path, text))


def test_a_byte_order_mark_in_front_is_none_of_the_pages(tmp_path: Path) -> None:
    names, _ = read(tmp_path, "\ufeff" + whole([secrets(0, 1, 2), secrets(1, 2, 2)], "paginate"))
    assert names == ["S0", "S1"]


def test_several_documents_that_are_no_pages_are_no_document(tmp_path: Path) -> None:
    """Whoever expects one is told where the second one starts."""
    doc = document(tmp_path, '{"a": 1}\n\n{"b": 2}\n')
    assert not INGESTOR.recognises(doc)
    with pytest.raises(InputError, match="expected one JSON document, found several") as raised:
        _ = doc.content
    assert raised.value.pointer == "line 3"


@pytest.mark.parametrize("text", ["[]", "{}", "[[]]", "[1, 2]", "5", "[null]", "{}[]"])
def test_other_json_is_not_recognised(tmp_path: Path, text: str) -> None:
    assert not INGESTOR.recognises(document(tmp_path, text))


def test_a_permission_that_is_an_address_keeps_its_password_from_every_fact(
    tmp_path: Path,
) -> None:
    """A name of a member, printed with its level behind it."""
    address = "postgres://loader:CANARY@db.internal/erp"
    named = {
        f"members {address}": "write",
        f"organization_{address}": "admin",
        "contents": "write",
    }
    one = {"app_slug": "bot", "permissions": named, "account": {"login": "acme"}}
    listing = {"total_count": 1, "installations": [one]}
    facts = list(INGESTOR.read(document(tmp_path, json.dumps(listing))))
    names = {fact.name for fact in facts if isinstance(fact, Node)}
    assert "contents: write for acme" in names
    assert "members postgres://loader:***@db.internal/erp: write for acme" in names
    assert not [fact for fact in facts if "CANARY" in repr(fact)]
