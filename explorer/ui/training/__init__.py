"""What the Train page shows: the form that starts a run, the list of runs, one run in detail."""
