"""A brute-force reference for the verdicts: it shares no code with the product it judges."""
