"""What each field of a scope takes, in a phrase: the reference and ``explain`` print it."""

from nhigraph.schema import claims, controls
from nhigraph.schema.properties import THRESHOLDS

_DAY = "an ISO day"
_ITEM = "an item of a selector"


def _code(*words: str) -> str:
    """Words as they are typed, a comma between."""
    return ", ".join(f"`{word}`" for word in words)


#: Field of the scope to what it takes; a test compares the names with the declarations.
SCOPE: dict[str, str] = {
    "nhigraph": f"`{claims.FORM}`",
    "organization": "text",
    "commitments": f"a list of {_code(*controls.CATEGORIES)}, or `{claims.UNKNOWN}`",
    "as_of": f"{_DAY}: the date of every answer",
    "thresholds": f"{_code(*THRESHOLDS)}, each with a number",
    "targets": "a list; see [below](#a-target)",
    "boundary": f"lists of items under {_code(*claims.BOUNDARIES)}; all else is `in`",
    "owners": f"a list of {{{', '.join(claims.OWNER_FIELDS)}}}",
    "aliases": f"a list of {{{', '.join(claims.ALIAS_FIELDS)}}}",
    "links": "a list; see [below](#a-link)",
    "answers": "a list; see [below](#an-answer)",
    "people": f"a list, each {_ITEM}: what is selected is a person's, so not judged",
    "cuts": f"{_code(*claims.CUTS)}: what a cut may propose",
}
#: Field of a target to what it takes.
TARGET: dict[str, str] = {
    "id": "text, unique: the target is `fin:ID`, or `trust:LETTER/ID` for each category",
    "family": f"one of {_code(*claims.FAMILIES)}",
    "process": "text",
    "fs_role": f"one of {_code(*claims.FS_ROLES)}",
    "icfr_basis": f"one of {_code(*claims.ICFR_BASES)}",
    "assertions": f"a list of {_code(*controls.ASSERTIONS)}, or of their other names",
    "commitments": f"a list of {_code(*controls.CATEGORIES)}, or `{claims.UNKNOWN}`",
    "data_class": f"a list of {_code(*claims.DATA_CLASSES)}",
    "recoverable": f"one of {_code(*claims.RECOVERABLE)}, or true or false: with `tested` a "
    "rehearsed recovery stands in the way of stopping it, with the others nothing does",
    "select": "a list of items of a selector: any of them may match",
}
