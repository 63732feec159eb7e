"""File names made from students' names, which may hold anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 50
"""Characters: in any script fewer than the 255 bytes that file systems take."""

_UNSAFE = re.compile(r"^[^\w(]|[^\w.@+(), -]|[. ]$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""What Windows takes for devices, where a class may be unpacked."""


def file_stems(names: Iterable[str]) -> list[str]:
    """For each name a file name without suffix, none twice, whatever the letters' case.

    A name that is fit stays as it is. Another has what is unfit replaced, and
    a digest of the name put behind, so that it is the same in every class.
    """
    taken: set[str] = set()
    stems = []
    for name in names:
        stem = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))[:_LONGEST] or "_"
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
        if stem != name or _RESERVED.fullmatch(stem):
            stem = f"{stem}-{digest}"
        while stem.casefold() in taken:
            stem = f"{stem}-{digest}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems
