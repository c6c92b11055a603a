"""Open questions: facts that are missing, and what each would settle (FORMATS, *questions*)."""
