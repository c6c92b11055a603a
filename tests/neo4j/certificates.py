"""Certificates of the tests' own: an authority, and a server that it vouches for."""

import subprocess
from pathlib import Path


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def authority(folder: Path) -> Path:
    """Make an authority in an empty folder; returns its certificate."""
    folder.mkdir()
    _openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=tests of nhigraph",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip
    return folder / "ca.pem"


def vouched(ca: Path, folder: Path, host: str = "localhost") -> None:
    """Make ``private.key`` and ``public.crt`` of a server, as Neo4j looks for them."""
    folder.mkdir(parents=True)
    (folder / "names").write_text(f"subjectAltName=DNS:{host}\n", encoding="utf-8")
    _openssl(
        folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "private.key",
        "-out", "request.csr", "-subj", f"/CN={host}",
    )  # fmt: skip
    _openssl(
        folder, "x509", "-req", "-in", "request.csr", "-days", "2", "-CA", str(ca),
        "-CAkey", str(ca.with_name("ca.key")), "-CAcreateserial", "-extfile", "names",
        "-out", "public.crt",
    )  # fmt: skip
