"""What GitHub Actions means by what a workflow file says; pure functions and tables."""
