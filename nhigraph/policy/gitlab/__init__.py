"""What GitLab lets whom do: roles, tokens, branches, variables, machines, dates."""
