"""What the exports of ``queries/export/*.sql`` have in common: their form, and their day."""

from datetime import date

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document


def is_of(doc: Document, platform: str) -> bool:
    """Whether a JSON document says that it is a platform's export, in any version."""
    form = _field(doc, "nhigraph_export")
    return form is not None and form.startswith(f"{platform}/")


def require(doc: Document, form: str) -> None:
    """Refuse an export of another version.

    Args:
        doc: A JSON document.
        form: ``PLATFORM/VERSION``, as this version reads it.

    Raises:
        InputError: It is of another one.
    """
    if _field(doc, "nhigraph_export") != form:
        script = f"nhigraph export-query {form.partition('/')[0]}"
        advice = f"export again with what this version's `{script}` prints"
        raise InputError(doc.artifact, "/nhigraph_export", f"expected {form}", advice)


def extracted(doc: Document) -> str | None:
    """The day of the export, in UTC; None where it says none."""
    moment = _field(doc, "extracted_at")
    try:
        return date.fromisoformat(moment[:10]).isoformat() if moment is not None else None
    except ValueError:
        return None


def made_by(platform: str, server: str) -> str:
    """The export script and the server that answered it, with its version."""
    return f"queries/export/{platform}.sql on {server}"


def _field(doc: Document, name: str) -> str | None:
    value = doc.content.get(name) if isinstance(doc.content, dict) else None
    return value if isinstance(value, str) else None
