"""Transcripts: what programs should print, compared with what they did (docs/grading.md)."""
