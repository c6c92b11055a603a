"""The page's script: a few files that are one, so that one digest allows it."""

from nhigraph.output import page_file

#: In the order in which they stand; each uses what stands before it.
FILES = (
    "data",
    "layout",
    "routes",
    "walk",
    "views",
    "groups",
    "questions",
    "canvas",
    "picture",
    "words",
    "panel",
    "panes",
    "answers",
    "find",
    "keys",
    "start",
)


def script() -> str:
    """All of it, closed in one function: no name of it is anybody else's."""
    parts = (page_file(f"graph/{name}.js") for name in FILES)
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"
