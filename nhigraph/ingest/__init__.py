"""What a source is, and how one is run."""
