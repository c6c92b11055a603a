"""Prints docs/reference and docs/schema from the declarations.

``python -m nhigraph.docsgen docs/reference`` writes the pages there and the JSON Schemas in the
folder ``schema`` beside it. What stands in a page stands in the code: a kind in ``schema``, a rule
in its docstring, an option in its command. A test writes them anew and compares.
"""
