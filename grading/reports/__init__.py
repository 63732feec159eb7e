"""What a grading writes: pure functions from results to the text of files."""
