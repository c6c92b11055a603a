"""Tables of facts/1, read as the walker takes facts."""

import json
from pathlib import Path
from typing import Any

import pandas as pd


def records(path: Path) -> list[dict[str, Any]]:
    """Rows of a table as records of facts/1: an empty cell says nothing."""
    found = []
    for row in pd.read_parquet(path).to_dict("records"):
        said = {str(name): cell for name, cell in row.items() if isinstance(cell, str) and cell}
        if "needs" in said:
            said["needs"] = json.loads(said["needs"])
        found.append(said)
    return found
