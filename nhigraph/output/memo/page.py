"""A memo as one HTML page, to print and sign."""

from nhigraph.output import page_environment, page_file, security_policy, verbatim
from nhigraph.output.memo.document import Facts, Grid, Items, Memo, Paragraph

_FORMS = {Paragraph: "paragraph", Facts: "facts", Items: "items", Grid: "grid"}


def page(memo: Memo) -> str:
    """The memo as a page; the same memo gives the same bytes."""
    style = page_file("theme.css") + page_file("memo.css")
    parts = [
        (part.heading, [(_FORMS[type(block)], block) for block in part.blocks])
        for part in memo.parts
    ]
    return (
        page_environment()
        .get_template("memo.html.j2")
        .render(
            policy=verbatim(security_policy(style, ())),
            style=verbatim(style),
            memo=memo,
            parts=parts,
        )
    )
