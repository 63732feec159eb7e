"""Grading: students' programs run in a sandbox, compared with what they should have printed."""
