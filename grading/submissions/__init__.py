"""A class's submissions: which there are, and a copy of each that grading can trust."""
