import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REPOSITORY = Path(__file__).parents[2]
_LIBRARY = _REPOSITORY / ".spark" / "lib"
#: For tables of a few rows: what plans and compiles least, not what is fastest on many.
_LEAN = {
    "spark.default.parallelism": "1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}


def _missing() -> str:
    """Why Spark cannot be started here; empty where it can."""
    if shutil.which("java") is None:
        return "java is not installed"
    done = subprocess.run(
        [str(_REPOSITORY / ".ci" / "spark.sh")], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stderr.strip()[-500:]


@pytest.fixture(scope="session")
def library() -> Iterator[Path]:
    """Where Spark lies, and can be imported; without it a skip, in CI a failure."""
    reason = _missing()
    if reason:
        said = f"Spark cannot be started: {reason}"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(_LIBRARY))
        # What Spark starts imports from where its parent does.
        patch.setenv("PYTHONPATH", os.pathsep.join([str(_LIBRARY), str(_REPOSITORY)]))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_DRIVER_MEMORY", "1g")
        yield _LIBRARY


@pytest.fixture(scope="session")
def spark(library: Path) -> "Iterator[SparkSession]":
    """One session for all tests, on two threads of this machine."""
    from nhigraph.trace.spark.session import session

    with session("local[2]", _LEAN) as one:
        yield one
