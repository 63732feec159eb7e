"""The driver's commands: the options of each, and what it does."""
