"""Strangers' programs, run where they can do no harm: namespaces, limits, a terminal each."""
