"""Prints docs/reference from the declarations."""
