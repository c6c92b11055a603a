"""The page of finding rules: what each says of itself in its docstring."""

import importlib
import inspect

from nhigraph.app.findings import FAIL_ON, found_rules
from nhigraph.docsgen.docstrings import headed
from nhigraph.docsgen.markdown import code, page, plain, section, table
from nhigraph.findings import severity
from nhigraph.findings.rule import HEADINGS, Rule


def text() -> str:
    """The page."""
    rules = sorted(found_rules().items())
    return page(
        "Rules of findings",
        "A rule selects and explains; whether a weakness is there is decided before it. "
        "`nhigraph explain NAME` prints the same.",
        table(("Rule", "Finds"), [(f"[{name}](#{name})", one.title) for name, one in rules]),
        section("Severity", _severity()),
        *(_rule(name, one) for name, one in rules),
    )


def _severity() -> str:
    told = inspect.cleandoc(severity.__doc__ or "")
    shown = told[told.index("| word") :]
    takes = [
        (code(name), ", ".join(one for one in severity.SEVERITIES if one in named))
        for name, named in FAIL_ON.items()
    ]
    fail = table(("`findings --fail-on`", "Fails on"), takes)
    return f"{shown}\n\n{fail}"


def _rule(name: str, rule: Rule) -> str:
    doc = inspect.cleandoc(importlib.import_module(f"nhigraph.rules.{name}").__doc__ or "")
    parts = headed(doc, HEADINGS)
    told = [f"- **{heading}.** {plain(parts[heading])}" for heading in HEADINGS]
    told.append(f"- **Identifiers.** {', '.join(rule.maps.ids)}")
    return section(name, doc.partition("\n")[0], "\n".join(told))
