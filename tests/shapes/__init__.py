"""Checkouts in the shapes of public repositories: how many jobs, which secrets, which machines."""
