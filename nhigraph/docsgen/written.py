"""Every page and schema by its name, and the folder they are written to."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from nhigraph.docsgen import (
    answer_schemas,
    commands,
    facts_schema,
    findings,
    formats,
    kinds,
    properties,
    scope_schema,
    sources,
    tables,
    verdicts,
    weaknesses,
)
from nhigraph.docsgen.markdown import page, table

#: Name of a page without its suffix, what it is about, and what prints it; in reading order.
PAGES: Final[tuple[tuple[str, str, Callable[[], str]], ...]] = (
    ("commands", "every command and option", commands.text),
    ("verdicts", "the words of a verdict, and the rules R0 to R14", verdicts.text),
    ("scope", "fields and words of scope/1", formats.scope_text),
    ("facts", "records and fields of facts/1", formats.facts_text),
    ("kinds", "kinds of nodes and edges, states, and what leads where", kinds.text),
    ("properties", "properties of nodes, and how two records add up", properties.text),
    ("sources", "what each source reads, and what it cannot see", sources.text),
    ("tables", "every table of an output folder and of a JSON answer, column by column",
     tables.text),
    ("weaknesses", "weaknesses, and the identifiers that each maps to", weaknesses.text),
    ("findings", "the rules behind `nhigraph findings`", findings.text),
)  # fmt: skip


def pages() -> dict[str, str]:
    """Text of every page by file name, the list of them among these."""
    listed = page(
        "Reference",
        "Printed from the declarations by `python -m nhigraph.docsgen docs/reference`. "
        "A test prints it anew and compares: change the code, not these pages.",
        table(("Page", "What it lists"), [(f"[{n}]({n}.md)", what) for n, what, _ in PAGES]),
    )
    return {"README.md": listed, **{f"{name}.md": text() for name, _, text in PAGES}}


def schemas() -> dict[str, str]:
    """Text of every JSON Schema by file name."""
    made: dict[str, Mapping[str, object]] = {
        "scope-1.schema.json": scope_schema.schema(),
        "facts-1.schema.json": facts_schema.schema(),
        **answer_schemas.schemas(),
    }
    return {name: json.dumps(one, indent=1) + "\n" for name, one in made.items()}


def inside() -> dict[str, str]:
    """What the package itself holds of it, by place below it: see ``cli.start``."""
    return {"cli/help.txt": commands.top_help()}


def write(folder: Path) -> list[Path]:
    """Write the pages, the schemas in the folder ``schema`` beside, and what the package holds."""
    written = []
    package = Path(__file__).parents[1]
    for where, texts in (
        (folder, pages()),
        (folder.parent / "schema", schemas()),
        (package, inside()),
    ):
        where.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = where / name
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written
