"""The kernel calls of namespaces(7), mount(2) and prctl(2) that Python 3.11 has no names for."""

from __future__ import annotations

import ctypes
import os
import platform
from contextlib import suppress
from functools import cache
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

_MS_RDONLY = 0x1
_MS_NOSUID = 0x2
_MS_NODEV = 0x4
_MS_NOEXEC = 0x8
_MS_LOCKED = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
_MS_REMOUNT = 0x20
_MS_BIND = 0x1000
_MS_REC = 0x4000
_MS_PRIVATE = 0x40000
_MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38

_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
_SYS_KEYCTL = {"x86_64": 250, "aarch64": 219, "riscv64": 219}
_JOIN_SESSION_KEYRING = 1


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc(), name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(namespaces: int) -> None:
    """Leave some of the parent's namespaces for fresh ones; processes: the next child does."""
    _call("unshare", namespaces)


def enter(namespace: int, kind: int) -> None:
    """Join the namespace that an open file stands for."""
    _call("setns", namespace, kind)


def set_host_name(name: str) -> None:
    _call("sethostname", name.encode(), len(name.encode()))


def die_with_parent(signal: int) -> None:
    """Be sent a signal when the thread that forked this process ends."""
    _call("prctl", _PR_SET_PDEATHSIG, signal, 0, 0, 0)


def hide_memory() -> None:
    """Let no process without privileges look into this one, or into its files in /proc."""
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def adopt_orphans(*, adopt: bool = True) -> None:
    """Become the parent of all descendants whose own has ended; or leave them to others."""
    _call("prctl", _PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def gain_no_privileges() -> None:
    """Let no program that is started from here gain any, by set-user-id or otherwise."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def leave_keyring() -> None:
    """Have an empty session keyring instead of the one of whoever started this process."""
    with suppress(OSError):  # a kernel without keyrings has none to leave
        _call("syscall", _SYS_KEYCTL[platform.machine()], _JOIN_SESSION_KEYRING, None)


def keep_mounts_private() -> None:
    """Let no mount that follows be seen outside this mount namespace."""
    _call("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)


def mount(kind: str, target: Path, options: str = "") -> None:
    """Mount a file system of the kernel's own: tmpfs, proc."""
    flags = _MS_NOSUID | _MS_NODEV
    _call("mount", kind.encode(), bytes(target), kind.encode(), flags, options.encode())


def bind(source: Path, target: Path, *, writable: bool = False, devices: bool = False) -> None:
    """Show a folder, or a file, in a second place."""
    _call("mount", bytes(source), bytes(target), None, _MS_BIND | _MS_REC, None)
    # A mount from outside a user namespace keeps its flags, or can't be mounted anew.
    flags = os.statvfs(target).f_flag & _MS_LOCKED | _MS_NOSUID
    flags |= 0 if devices else _MS_NODEV
    flags |= 0 if writable else _MS_RDONLY
    _call("mount", None, bytes(target), None, _MS_REMOUNT | _MS_BIND | flags, None)


def make_read_only(target: Path) -> None:
    """Let nothing be written to what is mounted at `target`."""
    flags = _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV
    _call("mount", None, bytes(target), None, flags, None)


def change_root(root: Path) -> None:
    """Make a mounted folder the root, and let go of all that was mounted outside of it."""
    os.chdir(root)
    _call("syscall", _SYS_PIVOT_ROOT[platform.machine()], b".", b".")
    _call("umount2", b".", _MNT_DETACH)
    os.chdir("/")
