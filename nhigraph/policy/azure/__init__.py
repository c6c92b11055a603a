"""Whom Microsoft Entra lets in."""
