"""Only sources: one module each, found by being here."""
