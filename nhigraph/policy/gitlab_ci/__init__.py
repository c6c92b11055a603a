"""What GitLab's pipelines mean: conditions, when jobs run, predefined variables, globs."""
