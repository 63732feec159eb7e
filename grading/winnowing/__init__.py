"""Source code as fingerprints that survive renaming, and where two programs share them."""
