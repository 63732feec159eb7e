"""The labs as the driver runs them, a module each: start, run, fetch, show, stop."""
