"""What a student's program sees of the file system.

/usr /etc ...        the system's programs and libraries, read-only
/lab/submission      the submission, read-only
/lab/work            the current folder, writable, with a link to each file of the submission
/lab/messages        files that the lab hands to the program, if it does, read-only
/lab/tmp             for temporary files, writable; /tmp leads there
/proc /dev
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from grading.sandbox import kernel

SUBMISSION = Path("/lab/submission")
WORK = Path("/lab/work")
MESSAGES = Path("/lab/messages")
TEMPORARY = Path("/lab/tmp")
HOST_NAME = "lab"

_SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "opt")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1"}
_SMALL = "size=4m,nr_inodes=4096"
_NAMES = {
    "hosts": f"127.0.0.1 localhost {HOST_NAME}\n",
    "resolv.conf": "",  # no name outside is asked for, and so none is waited for
    "nsswitch.conf": "hosts: files\npasswd: files\ngroup: files\n",
    "passwd": "root:x:0:0::/:/bin/sh\nstudent:x:1000:1000::/lab/work:/bin/sh\n",
    "group": "root:x:0:\nstudent:x:1000:\n",
}


def build_view(root: Path, submission: Path, extra: Iterable[Path]) -> None:
    """Mount on `root` what every program of a run sees alike, and empty folders for `extra`."""
    kernel.mount("tmpfs", root, f"mode=755,{_SMALL}")
    for name in _SYSTEM:
        _show_system(Path("/") / name, root / name)
    for path in extra:
        _within(root, path).mkdir(parents=True, exist_ok=True)
    for path in sorted(_interpreter()):
        _within(root, path).mkdir(parents=True, exist_ok=True)
        kernel.bind(path, _within(root, path))
    _replace_names(root)
    for place in (SUBMISSION, MESSAGES, WORK, TEMPORARY):
        _within(root, place).mkdir(parents=True)
    kernel.bind(submission, _within(root, SUBMISSION))
    for name in ("proc", "dev"):
        (root / name).mkdir()
    if not (root / "tmp").exists():  # else what is shown lies within
        (root / "tmp").symlink_to(TEMPORARY)
    _make_devices(root / "dev")
    kernel.make_read_only(root)


def link_submission(work: Path, submission: Path, seen_at: Path) -> None:
    """Put a link to each of a submission's files, which programs see elsewhere, into `work`."""
    for entry in submission.iterdir():
        (work / entry.name).symlink_to(seen_at / entry.name)


def enter_view(root: Path, work: Path, scratch: Path | None, messages: Path | None) -> None:
    """Make the view this process's file system, for good; it has its own mount namespace.

    `scratch` is for its temporary files. None is for the grader's own processes: they
    get room that no program could fill, and no /proc: what programs left may point there.
    """
    kernel.keep_mounts_private()
    kernel.bind(root, root)  # what another user namespace has mounted can't become the root
    kernel.bind(work, _within(root, WORK), writable=True)
    if messages is not None:
        kernel.bind(messages, _within(root, MESSAGES))
    if scratch is None:
        kernel.mount("tmpfs", _within(root, TEMPORARY), "mode=700")
    else:
        kernel.bind(scratch, _within(root, TEMPORARY), writable=True)
        kernel.mount("proc", root / "proc")
    kernel.change_root(root)


def _within(root: Path, place: Path) -> Path:
    return root / place.relative_to("/")


def _show_system(source: Path, target: Path) -> None:
    if source.is_symlink():  # /bin is usr/bin on most systems
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir()
        kernel.bind(source, target)


def _interpreter() -> set[Path]:
    """Where Python is, if that is not in the system."""
    prefixes = {Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)}
    return {prefix for prefix in prefixes if prefix.parts[1] not in _SYSTEM}


def _replace_names(root: Path) -> None:
    """Give the machine's tables of names their own contents: this host, and no other."""
    own = root / "names"
    own.mkdir()
    for name, text in _NAMES.items():
        (own / name).write_text(text)
        if (root / "etc" / name).is_file():
            kernel.bind(own / name, root / "etc" / name)


def _make_devices(folder: Path) -> None:
    for name in _DEVICES:
        (folder / name).touch()
        kernel.bind(Path("/dev") / name, folder / name, writable=True, devices=True)
    for name, target in _LINKS.items():
        (folder / name).symlink_to(target)
    (folder / "shm").mkdir()
    kernel.mount("tmpfs", folder / "shm", f"mode=1777,{_SMALL}")
