"""Only rules: one module each, found by being here."""
