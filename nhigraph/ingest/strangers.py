"""Files that no parser reads as they are, and that are no export: most checkouts have some.

Configuration of editors and compilers is JSON with comments and commas at the end (jsonc.org;
``tsconfig.json`` of TypeScript 5, ``.vscode/`` of Visual Studio Code), manifests of Kubernetes are
several YAML documents in a file, and charts of Helm 3 are templates that YAML comes out of. No
export has comments or is a template; whether one of several documents is a source's, the source
is asked.
"""

import re

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document

#: Bytes up to which a file can be configuration, and documents of one file that are looked at.
_BYTES, _SEVERAL = 1_000_000, 1_000
#: A text of JSON, or a comment; what does not end goes to the end of the file.
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
#: What Go's and Jinja's templates put where YAML has a line, an item or a value.
_TEMPLATE = re.compile(r"^[ \t]*(?:- +)?(?:[\w./\"'-]+:[ \t]+)?\{[{%]", re.MULTILINE)
#: Facts and scopes are written by hand.
_OURS = "nhigraph:"


def readings(doc: Document) -> list[Document] | None:
    """What sources may be asked instead of a document that they cannot parse.

    Returns:
        Documents, of which none need be anybody's: none of a template. None where the file is of
        no such kind, and is broken.
    """
    suffix = doc.path.suffix.lower()
    try:
        if suffix in {".yaml", ".yml"} and _is_template(doc.text):
            return []
        if suffix == ".json" and (text := _without_comments(doc.text)) != doc.text:
            return [doc.saying(text)]
        many = len(doc.contents) if doc.is_several else 0
    except InputError:
        return None
    return [doc.part(at) for at in range(many)] if 1 < many <= _SEVERAL else None


def _is_template(text: str) -> bool:
    small = len(text) <= _BYTES and _OURS not in text
    return small and _TEMPLATE.search(text) is not None


def _without_comments(text: str) -> str:
    if len(text) > _BYTES:
        return text
    for what in (_COMMENT, _COMMA):
        text = what.sub(lambda found: found[0] if found[0].startswith('"') else "", text)
    return text
