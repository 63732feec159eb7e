"""The HTML reports: a page for the class, and one for each student, each one file by itself."""
