"""Scope, gates, weaknesses, verdict."""
