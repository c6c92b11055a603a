"""Forms of key that packages bring."""

from nhigraph.errors import SchemaError
from nhigraph.facts.keys import parts, patterns
from nhigraph.facts.keys.parts import Key, KeyForm


def check(form: KeyForm) -> None:
    """Whether a form reads its own example.

    Raises:
        SchemaError: It does not, or the example begins otherwise.
    """
    if parts.beginning_of(form.example) != form.beginning:
        raise SchemaError(f"the key '{form.example}' does not begin with '{form.beginning}'")
    key = _guarded(form)(form.example)
    if key is None or key.text != form.example:
        raise SchemaError(f"its reader does not give the key '{form.example}' back")
    if form.folds is not any(folds for _, folds in key.pieces()):
        raise SchemaError(
            f"the key '{form.example}' and 'folds' disagree on whether case counts in it"
        )


def add(form: KeyForm) -> None:
    """Read keys of that form from now on, in place of an earlier one with its beginning."""
    parts.read_alone(form.beginning, _guarded(form), folds=form.folds)
    patterns.marked.cache_clear()


def _guarded(form: KeyForm) -> parts.Reader:
    """Its reader; a text over which it stumbles is no key of that form.

    Keys are read wherever a text may be one: in selectors, in questions, in files of others.
    """

    def read(text: str) -> Key | None:
        try:
            key = form.read(text)
            return key if isinstance(key, Key) and isinstance(key.text, str) else None
        except Exception:  # noqa: BLE001 - whatever a reader of somebody else raises
            return None

    return read
