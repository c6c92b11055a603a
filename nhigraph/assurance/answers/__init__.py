"""Answers of the scope, taken on the word of whoever gave them (FORMATS, *scope*)."""
