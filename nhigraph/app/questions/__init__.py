"""Questions to a stored graph: who reaches what, why, and how far.

They are asked of the same walk as the assessment, and answer as its rows do.
"""
