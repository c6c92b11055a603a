"""One output folder, served on the loopback address to the browser of whoever started it.

A page that is opened from a file carries its policy in itself. Served, every answer carries the
same policy as a header, and what only a header can say: it may stand in no frame, is kept by no
cache, and is no other type than it says. https://www.w3.org/TR/CSP3/ (3.3: a policy in a meta
element has no ``frame-ancestors``).
"""

import re
from collections.abc import Callable
from html import unescape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from nhigraph.errors import UsageError

ADDRESS = "127.0.0.1"
#: What nobody may do with a file that is no page.
_NOTHING = "default-src 'none'"
_POLICY = re.compile(
    rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', re.IGNORECASE
)
#: The policy stands in the head; what is further down is no policy of ours.
_HEAD = 4096
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
}
_OTHER = "application/octet-stream"


def headers(name: str, content: bytes) -> dict[str, str]:
    """Headers of a file, by its name and what it holds; a page's policy is the one in it."""
    kind = _TYPES.get(Path(name).suffix.lower(), _OTHER)
    found = _POLICY.search(content[:_HEAD]) if kind.startswith("text/html") else None
    policy = unescape(found[1].decode("ascii", "replace")) if found else f"{_NOTHING}; sandbox"
    return {
        "Content-Type": kind,
        "Content-Length": str(len(content)),
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def file_of(folder: Path, address: str) -> Path | None:
    """The file of a request's path: one that lies in the folder itself, by its plain name.

    Hidden files, links, folders and everything outside are no such files.
    """
    name = unquote(urlsplit(address).path).removeprefix("/")
    if not name or name.startswith(".") or any(mark in name for mark in "/\\\0"):
        return None
    file = folder / name
    try:
        return file if file.is_file() and not file.is_symlink() else None
    except (OSError, ValueError):
        return None


class FolderServer(ThreadingHTTPServer):
    """A server of one folder; ``server_port`` is where it listens."""

    daemon_threads = True

    def __init__(
        self,
        folder: Path,
        first: str,
        port: int,
        say: Callable[[str], None],
        *,
        allowed: str = "",
    ) -> None:
        """Listen.

        Args:
            folder: The folder.
            first: Name of the page that ``/`` leads to.
            port: Port; 0 for any that is free.
            say: Told of every request, a line each.
            allowed: The one origin whose pages may read what is served; none where it is empty.

        Raises:
            UsageError: The port is taken, or may not be used.
        """
        self.folder, self.first, self.say = folder, first, say
        self.allowed = allowed
        try:
            super().__init__((ADDRESS, port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            advice = "without it any free port is taken"
            raise UsageError(f"--port {port}: {reason}; {advice}") from error


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; http.server answers 501 to everything else."""

    server: FolderServer
    server_version = "nhigraph"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    #: An idle connection is closed, so that it holds no thread for ever.
    timeout = 30

    def do_GET(self) -> None:
        """Answer with the file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with its headers."""
        self._answer()

    def _answer(self) -> None:
        if not self._meant():
            return self._short(HTTPStatus.MISDIRECTED_REQUEST, "this address is not served")
        if urlsplit(self.path).path == "/":
            first = self.server.first
            return self._short(HTTPStatus.FOUND, first, Location=f"/{quote(first)}")
        file = file_of(self.server.folder, self.path)
        try:
            content = file.read_bytes() if file is not None else None
        except OSError:
            content = None
        if file is None or content is None:
            return self._short(HTTPStatus.NOT_FOUND, "no such file in this folder")
        return self._send(HTTPStatus.OK, headers(file.name, content), content)

    def _meant(self) -> bool:
        """Whether the browser meant this server, not a name that another resolves to it."""
        here = {f"{name}:{self.server.server_port}" for name in (ADDRESS, "localhost")}
        return self.headers.get("Host", "") in here

    def _short(self, status: HTTPStatus, text: str, **more: str) -> None:
        content = f"{text}\n".encode()
        told = {**headers("answer.txt", content), "Content-Type": "text/plain; charset=utf-8"}
        self._send(status, {**told, **more}, content)

    def _send(self, status: HTTPStatus, told: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        if self.server.allowed:
            told = {**told, "Access-Control-Allow-Origin": self.server.allowed}
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Tell whoever started the server."""
        self.server.say(format % args)
