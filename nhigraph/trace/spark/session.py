"""Sessions: started on demand, quiet, and ended with whoever asked."""

import logging
import os
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from nhigraph.errors import ServerError, UsageError
from nhigraph.trace.spark.reason import reason

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.app.name": "nhigraph",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
#: What else holds where this machine is the cluster: nobody outside is listened to.
_LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
#: Memory of the driver where it is the cluster, too, and the environment says nothing.
_MEMORY = "3g"
_PARTS = "spark.sql.shuffle.partitions"


@contextmanager
def session(master: str, settings: Mapping[str, str] | None = None) -> "Iterator[SparkSession]":
    """A session, new or the one that this process has; a new one ends with the block.

    Args:
        master: As Spark names it: ``local[2]``, ``spark://host:7077``, ``yarn``.
        settings: More settings, such as ``spark.sql.shuffle.partitions``.

    Raises:
        UsageError: pyspark or Java is missing, or the master cannot be used.
        ServerError: Spark stopped while it was asked.
    """
    with warnings.catch_warnings():
        # Of pyspark's taste in pandas, and of a machine that was gone before it was told to go.
        warnings.filterwarnings("ignore", module=r"pyspark\.")
        # py4j logs what it raises besides, with its stack; whoever catches it says why in a line.
        logging.getLogger().addHandler(quiet := logging.NullHandler())
        try:
            yield from _lasting(master, settings or {})
        finally:
            logging.getLogger().removeHandler(quiet)


def _lasting(master: str, settings: Mapping[str, str]) -> "Iterator[SparkSession]":
    try:
        from pyspark import SparkContext  # noqa: PLC0415 - an extra, and slow to import
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "--engine: Spark is not there: it takes Java 17 and `pip install 'nhigraph[spark]'`"
        ) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    # The executors of this machine run what runs here.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    told = {**_SETTINGS, **settings}
    if master.startswith("local"):
        memory = os.environ.get("SPARK_DRIVER_MEMORY", _MEMORY)
        told = {**_LOCAL, "spark.driver.memory": memory, **told}
    with tempfile.TemporaryFile() as said:
        context = _started(SparkContext, {**told, "spark.master": master}, said)
        try:
            yield from _working(_session(context, told, master, said))
        finally:
            with suppress(Exception):  # nothing is left to stop where the machine is gone
                context.stop()


def _session(
    context: "SparkContext", told: Mapping[str, str], master: str, said: IO[bytes]
) -> "SparkSession":
    """The session of a context, which only now finds out that nobody answers at an address."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

    try:
        context.setLogLevel("ERROR")
        made = SparkSession(context)
        if _PARTS not in told and master.startswith("local"):
            # Spark's own number is meant for a cluster; each part costs a task a round.
            made.conf.set(_PARTS, str(2 * context.defaultParallelism))
    except Exception as error:  # as below
        raise _cannot(master, error, said) from error
    return made


def _working(made: "SparkSession") -> "Iterator[SparkSession]":
    """A session for as long as it is used; what Spark throws meanwhile becomes a line."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - as above
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield made
    except (Py4JError, PySparkException, ConnectionRefusedError, ConnectionResetError) as error:
        raise ServerError(
            f"--engine: Spark stopped while it was asked: {reason(error)}"
        ) from error


def _started(
    kind: "type[SparkContext]", settings: Mapping[str, str], said: IO[bytes]
) -> "SparkContext":
    """A context whose JVM writes its log to a file: it speaks before anybody can quiet it."""
    from pyspark import SparkConf  # noqa: PLC0415 - as above
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    conf = SparkConf()
    for name, value in settings.items():
        conf.set(name, value)
    master = settings["spark.master"]
    try:
        with _uninterrupted():
            gateway = launch_gateway(conf, {"stderr": said})
        return kind(conf=conf, gateway=gateway)
    except Exception as error:  # whatever py4j makes of what the JVM threw
        raise _cannot(master, error, said) from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets Ctrl-C wait until Java has started: interrupted before, it would never end."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _cannot(master: str, error: Exception, said: IO[bytes]) -> UsageError:
    said.seek(0)
    why = reason(error, said.read().decode(errors="replace"))
    return UsageError(f"--master {master} starts no Spark: {why}")
