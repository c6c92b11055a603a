"""Documents of AWS, written into a folder and read together."""

import json
from collections.abc import Mapping
from pathlib import Path

from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, run
from nhigraph.sources import aws_iam, aws_org


def read_files(folder: Path, files: Mapping[str, object]) -> Collected:
    """What documents say, by their names below the folder."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), "utf-8")
    ingestors = {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
    return run(discover([folder]).documents, ingestors)
