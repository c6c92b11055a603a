"""What was said, and where: evidence, facts, canonical keys."""
