"""Edges that need several sources at once."""
