"""The JSON files of an output folder, as text."""

import json


def json_text(content: object) -> str:
    """Text of coverage.json, manifest.json and their like: sorted, indented, ASCII.

    ASCII, because a lone surrogate has no UTF-8 and a name may hold one.
    """
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=True) + "\n"
