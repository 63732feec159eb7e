"""Submissions to grade: small programs as students write them, right, faulty and hostile.

`LAB/NAME/` holds a student's programs, `expected.py` the verdict that each must
get, and `playing.py` runs what is right in a network of its own. The hostile ones
refuse to start unless WIRELAB_SANDBOX is set, as it is inside the grader's
sandbox; nothing else may set it.
"""
