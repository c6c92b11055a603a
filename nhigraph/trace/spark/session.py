"""Sessions: started on demand, quiet, and ended with whoever asked."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from nhigraph.errors import UsageError

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
    """
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
    told = {**_SETTINGS, **(settings or {})}
    if master.startswith("local"):
        memory = os.environ.get("SPARK_DRIVER_MEMORY", _MEMORY)
        told = {**_LOCAL, "spark.driver.memory": memory, **told}
    with tempfile.TemporaryFile() as said:
        context = _started(SparkContext, {**told, "spark.master": master}, said)
        context.setLogLevel("ERROR")
        try:
            made = SparkSession(context)
            if _PARTS not in told and master.startswith("local"):
                # Spark's own number is meant for a cluster; each part costs a task a round.
                made.conf.set(_PARTS, str(2 * context.defaultParallelism))
            yield made
        finally:
            context.stop()


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
        return kind(conf=conf, gateway=launch_gateway(conf, {"stderr": said}))
    except Exception as error:  # whatever py4j makes of what the JVM threw
        said.seek(0)
        lines = [*str(error).splitlines(), *said.read().decode(errors="replace").splitlines()]
        why = next((line.strip() for line in lines if line.strip()), type(error).__name__)
        raise UsageError(f"--master {master}: Spark could not be started: {why[:200]}") from error
