"""Templates compiled once, beside Python's own modules; that takes longer than to render most.

As of those, nothing is written where Python is told to write none (``PYTHONDONTWRITEBYTECODE``),
and a folder that cannot be written costs no more than the time.
"""

import hashlib
import marshal
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import NamedTemporaryFile

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Compiled templates in files; each knows of which text it was made, and by what."""

    def __init__(self, settings: str) -> None:
        """Nothing is read yet.

        Args:
            settings: File of the module that says how templates are compiled.
        """
        self._settings = Path(settings)
        self._folder = Path(cache_from_source(settings)).parent

    def get_source_checksum(self, source: str) -> str:
        """Digest of all that what is compiled hangs on."""
        made = hashlib.sha256(self._settings.read_bytes())
        for said in (version("jinja2"), sys.version, source):
            made.update(hashlib.sha256(said.encode()).digest())
        return made.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template that is compiled; one of another text, or a damaged one, is none."""
        with suppress(OSError):
            head, _, code = self._at(bucket).read_bytes().partition(b"\n")
            if head == self._head(bucket, code):
                bucket.code = marshal.loads(code)  # noqa: S302 - as Python does of its own, beside it

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write it, whole or not at all."""
        if sys.dont_write_bytecode:
            return
        code = marshal.dumps(bucket.code)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as stream:
                part = Path(stream.name)
                try:
                    stream.write(self._head(bucket, code) + b"\n" + code)
                except BaseException:
                    part.unlink()
                    raise
            part.replace(self._at(bucket))

    @staticmethod
    def _head(bucket: Bucket, code: bytes) -> bytes:
        """What a file begins with: of which text it was made, and that it is whole."""
        return f"{bucket.checksum} {hashlib.sha256(code).hexdigest()}".encode()

    def _at(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"
