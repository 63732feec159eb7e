"""Each `bench_*.py` prints its own ratio against a named peer of the same run."""
