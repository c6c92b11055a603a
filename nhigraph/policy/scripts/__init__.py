"""What scripts of jobs run, whatever forge runs the jobs."""
