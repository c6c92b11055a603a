"""Whom Google Cloud lets in."""
