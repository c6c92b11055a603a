"""Pure evaluators of provider semantics: no I/O, no graph."""
