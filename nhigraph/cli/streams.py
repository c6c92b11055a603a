"""Standard streams on which an answer can always be given.

``head`` ends when it has seen enough: what is printed after that goes nowhere, and the command
ends with the exit code of its answer. A stream that was closed before the start goes nowhere from
the beginning, and leaves its number to no file that is opened later. A character that a
terminal's encoding lacks is spelt.
"""

import io
import os
import sys

#: Standard input, output and error, and how each is opened.
_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class _Patient(io.FileIO):
    """A file descriptor that may lose its reader."""

    def write(self, data) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001 - any buffer; typing takes longer to import than Python to start
        """Write what somebody reads; the rest goes nowhere."""
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(data)


def opened() -> None:
    """Put such streams in place of those that Python has made."""
    for name, mode in _STREAMS:
        stream = getattr(sys, name)
        if stream is None:
            nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - for good
            setattr(sys, name, nowhere)
        elif mode == "w" and os.name == "posix" and type(stream) is io.TextIOWrapper:
            setattr(sys, name, _patient(stream))


def _patient(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    raw = _Patient(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors="backslashreplace" if stream.errors == "strict" else stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
