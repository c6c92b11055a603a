"""Use cases, one function each; the composition root."""
