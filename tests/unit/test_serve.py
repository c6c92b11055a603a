"""What is served, to whom, and under which headers."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nhigraph.app.serve import ADDRESS, FolderServer, headers
from nhigraph.app.view import page
from nhigraph.errors import NoInputError, UsageError

POLICY = "default-src 'none'; style-src 'sha256-abc='; base-uri 'none'"
PAGE = (
    '<!doctype html><meta http-equiv="Content-Security-Policy" '
    f'content="{POLICY.replace(chr(39), "&#39;")}"><title>x</title>'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    (out / "graph").mkdir(parents=True)
    (out / "report.html").write_text(PAGE)
    (out / "verdicts.csv").write_text("identity\n")
    (out / "graph" / "meta.json").write_text("{}")
    (out / ".hidden").write_text("hidden")
    (tmp_path / "outside.txt").write_text("outside")
    (out / "link.csv").symlink_to(tmp_path / "outside.txt")
    return out


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    with FolderServer(folder, "report.html", 0, print) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made.server_port
        made.shutdown()
        thread.join()


def _asked(
    port: int, path: str, method: str = "GET", host: str = ""
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"{ADDRESS}:{port}")
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_a_page_has_its_own_policy_as_a_header_and_may_stand_in_no_frame(folder: Path) -> None:
    with _serving(folder) as port:
        status, told, content = _asked(port, "/report.html")
    assert (status, content.decode()) == (200, PAGE)
    assert told["Content-Security-Policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert told["Content-Type"] == "text/html; charset=utf-8"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cache-Control"] == "no-store"
    assert "Python" not in told["Server"]


@pytest.mark.parametrize(
    "path",
    [
        "/graph",
        "/graph/meta.json",
        "/.hidden",
        "/link.csv",
        "/outside.txt",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/nothing.html",
        "/report.html%00",
        "/report.html/",
    ],
)
def test_nothing_but_plain_files_of_the_folder_is_served(folder: Path, path: str) -> None:
    with _serving(folder) as port:
        status, _, content = _asked(port, path)
    assert status == 404
    assert b"outside" not in content


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "localhost", "127.0.0.1"])
def test_a_name_that_another_resolves_to_this_machine_gets_nothing(
    folder: Path, host: str
) -> None:
    with _serving(folder) as port:
        assert _asked(port, "/report.html", host=host)[0] == 421
        assert _asked(port, "/report.html", host=f"localhost:{port}")[0] == 200


def test_the_root_leads_to_the_page_and_head_has_no_body(folder: Path) -> None:
    with _serving(folder) as port:
        status, told, _ = _asked(port, "/")
        assert (status, told["Location"]) == (302, "/report.html")
        status, told, content = _asked(port, "/verdicts.csv?x#y", "HEAD")
        assert (status, told["Content-Length"], content) == (200, "9", b"")
        assert told["Content-Security-Policy"].startswith("default-src 'none'; sandbox;")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_answered(folder: Path, method: str) -> None:
    with _serving(folder) as port:
        assert _asked(port, "/report.html", method)[0] == 501


def test_a_page_without_a_policy_may_do_nothing() -> None:
    told = headers("other.html", b"<!doctype html><script>1</script>")
    assert told["Content-Security-Policy"].startswith("default-src 'none'; sandbox;")


def test_a_port_that_is_taken_is_one_clear_line(folder: Path) -> None:
    with (
        FolderServer(folder, "report.html", 0, print) as made,
        pytest.raises(UsageError, match="any free port"),
    ):
        FolderServer(folder, "report.html", made.server_port, print)


def test_the_page_of_a_folder_is_its_report(folder: Path) -> None:
    report = folder / "report.html"
    assert page(folder) == page(folder / "graph") == page(report) == report
    with pytest.raises(UsageError, match="expected a page"):
        page(folder / "verdicts.csv")
    with pytest.raises(NoInputError, match="no such page"):
        page(folder / "nothing")
    (folder / "report.html").unlink()
    with pytest.raises(NoInputError, match=r"holds no report\.html"):
        page(folder)
