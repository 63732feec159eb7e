"""Where a run takes place: a process that starts the programs, and with whose end all of them end.

grader            keeps the class; forks an arena for each run
  arena           in fresh user, process and mount namespaces; makes the hosts; runs the relay
    first         of each program's own namespaces; collects what ends
      program     a student's, without privileges, in the view that view.py builds
"""

from __future__ import annotations

import asyncio
import os
import pickle
import select
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar, cast

from grading.sandbox import kernel, launch, namespaces, tables, view
from grading.sandbox.launch import Quota
from grading.sandbox.network import Host
from grading.sandbox.program import Command, Ending, Program
from grading.sandbox.ticks import tick

Result = TypeVar("Result")

_WATCH_SECONDS = 0.02
_ARENA = kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS
_ARENA |= kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWNET
_PROGRAM = kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC


@dataclass(frozen=True)
class Stage:
    """What a run needs: where, and with what."""

    place: Path
    """An empty folder of this run's own."""
    submission: Path
    messages: Mapping[str, bytes]
    """Files handed to the programs, by name."""
    hosts: tuple[str, ...]
    quota: Quota
    students: tuple[str, ...] = ()
    """The hosts with the submission's files in their working folders."""
    extra: tuple[Path, ...] = ()
    """What the lab's own programs may see besides, read-only."""


class Arena:
    """A run's hosts and programs, seen from the process that started them."""

    def __init__(self, stage: Stage, inner_id: int | None) -> None:
        """`inner_id`: whom a program is for the arena; None where there are no namespaces."""
        self.stage = stage
        self.isolated = inner_id is not None
        self.hosts: dict[str, Host] = {}
        self.programs: list[Program] = []
        self.began = time.monotonic()
        self._inner_id = inner_id or 0
        self._root = stage.place / "root"
        if self.isolated:
            kernel.keep_mounts_private()
            kernel.mount("proc", Path("/proc"))
            kernel.set_host_name(view.HOST_NAME)
            size = stage.quota.disk
            kernel.mount("tmpfs", stage.place, f"mode=755,size={size},nr_inodes=16384")
        self._make_folders()
        if self.isolated:
            self._root.mkdir()
            view.build_view(self._root, stage.submission, stage.extra)
            self.hosts = {name: Host(name) for name in stage.hosts}

    def _make_folders(self) -> None:
        (self.stage.place / "messages").mkdir()
        for name, content in self.stage.messages.items():
            (self.stage.place / "messages" / name).write_bytes(content)
        target = view.SUBMISSION if self.isolated else self.stage.submission
        for host in self.stage.hosts:
            for folder in (self.work(host), self._scratch(host)):
                folder.mkdir(mode=0o755)
                if self._inner_id:
                    os.chown(folder, self._inner_id, self._inner_id)
            if host in self.stage.students:
                view.link_submission(self.work(host), self.stage.submission, target)

    def work(self, host: str) -> Path:
        """The folder that programs on a host work in, as the arena sees it."""
        return self.stage.place / f"work-{host}"

    def _scratch(self, host: str) -> Path:
        return self.stage.place / f"tmp-{host}"

    def message_path(self, name: str) -> str:
        """Where programs find a file that they are handed."""
        folder = view.MESSAGES if self.isolated else self.stage.place / "messages"
        return str(folder / name)

    def on(self, host: str) -> AbstractContextManager[None]:
        """Within it, this process is on a host."""
        return self.hosts[host].inside() if self.isolated else nullcontext()

    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def start(self, command: Command, host: str) -> Program:
        """Start a program on a host. Raises OSError where the sandbox can't be made."""
        ends = launch.open_terminal() if command.terminal else launch.open_pipe()
        heard, tell = os.pipe()
        main = partial(self._be_first, command, host, ends, tell)
        try:
            process = self._fork(main, host)
        finally:
            os.close(tell)
        program = Program(command, process, heard, ends, self.stage.quota, self.began)
        self.programs.append(program)
        return program

    def _fork(self, main: Callable[[], NoReturn], host: str) -> int:
        if self.isolated:
            return namespaces.fork_isolated(
                _PROGRAM,
                partial(namespaces.map_program, inner=self._inner_id),
                main,
                before=self.hosts[host].enter,
            )
        return _fork(main)

    def _be_first(self, command: Command, host: str, ends: launch.Ends, tell: int) -> NoReturn:
        try:
            # Whoever started the grader may have had some open that a program would inherit.
            launch.close_all_but({*ends, tell})
            self._prepare(command, host)
            program = os.fork()
            if not program:
                launch.become(
                    command.arguments,
                    command.environment,
                    ends,
                    self.stage.quota,
                    folder=view.WORK if self.isolated else self.work(host),
                    own_user=self.isolated,
                    stderr_apart=command.trusted,
                )
            launch.close_all_but({tell})
            kernel.hide_memory()
            _collect(program, tell)
        except OSError as error:
            os.write(tell, f"failed {error}\n".encode())
        finally:
            os._exit(0)

    def _prepare(self, command: Command, host: str) -> None:
        if not self.isolated:
            kernel.adopt_orphans()
            return
        kernel.keep_mounts_private()
        if command.trusted:
            for path in self.stage.extra:
                kernel.bind(path, self._root / path.relative_to("/"))
        messages = self.stage.place / "messages" if command.reads_messages else None
        view.enter_view(self._root, self.work(host), self._scratch(host), messages)
        Path("/proc/sys/user/max_user_namespaces").write_text("0")

    async def watch(self) -> NoReturn:
        """Hold all programs to their limits, until cancelled."""
        while True:
            for program in self.programs:
                program.hold_to_limits()
            await tick(_WATCH_SECONDS)

    def in_view(self, host: str, work: Callable[[], Result], timeout: float) -> Result:
        """Do something on a host, seeing only what its programs see; in a process of its own.

        Raises what it raises, and TimeoutError after `timeout` seconds.
        """

        def main() -> Result:
            if self.isolated:
                self.hosts[host].enter()
                kernel.unshare(kernel.CLONE_NEWNS)
                view.enter_view(self._root, self.work(host), scratch=None, messages=None)
            return work()

        return _Forked(main, _fork).result(timeout)

    async def close(self) -> None:
        """End everything that was started here."""
        for program in self.programs:
            program.end(Ending.STOPPED)
        for program in self.programs:
            await program.over.wait()
        if not self.isolated:
            for process in tables.family(os.getpid())[1:]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def run_in_arena(
    stage: Stage,
    run: Callable[[Arena], Coroutine[Any, Any, Result]],
    *,
    isolated: bool,
    timeout: float,
) -> Result:
    """Run something in an arena of its own, and return or raise what it does.

    Nothing of it is left afterwards. Raises TimeoutError after `timeout` seconds,
    which is for the arena's own faults. This process has to be a subreaper.
    """

    def main() -> Result:
        arena = Arena(stage, namespaces.inner_id() if isolated else None)
        return asyncio.run(run(arena))

    def fork(main: Callable[[], NoReturn]) -> int:
        if isolated:
            return namespaces.fork_isolated(_ARENA, namespaces.map_arena, main, before=_nothing)
        return _fork(main)

    return _Forked(main, fork).result(timeout)


def _nothing() -> None:
    pass


def _fork(main: Callable[[], NoReturn]) -> int:
    return os.fork() or main()


def _collect(program: int, tell: int) -> None:
    """Wait for the end of whatever is left to the first process; tell how the program did."""
    while True:
        try:
            process, status = os.wait()
        except ChildProcessError:
            return
        if process == program:
            os.write(tell, f"exit {os.waitstatus_to_exitcode(status)}\n".encode())


class _Forked(Generic[Result]):
    """A function's call in a child process, which hands its result back through a pipe."""

    def __init__(
        self, work: Callable[[], Result], fork: Callable[[Callable[[], NoReturn]], int]
    ) -> None:
        self._answers, tell = os.pipe()
        try:
            self._process = fork(partial(_answer, work, self._answers, tell))
        finally:
            os.close(tell)

    def result(self, timeout: float | None = None) -> Result:
        deadline = None if timeout is None else time.monotonic() + timeout
        pieces = []
        with open(self._answers, "rb", buffering=0) as answers:
            try:
                while piece := _read_until(answers, deadline):
                    pieces.append(piece)
            finally:
                with suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
        if not pieces:
            raise OSError("a process of the grader's was killed")
        succeeded, value = pickle.loads(b"".join(pieces))
        if not succeeded:
            raise value
        return cast("Result", value)


def _is_alone(tell: int) -> bool:
    """Whether nobody reads the answer any more."""
    poll = select.poll()
    poll.register(tell, 0)
    return bool(poll.poll(0))


def _read_until(answers: FileIO, deadline: float | None) -> bytes:
    left = None if deadline is None else max(0, deadline - time.monotonic())
    if not select.select([answers], [], [], left)[0]:
        raise TimeoutError("a run did not end")
    return answers.read(1 << 20)


def _answer(work: Callable[[], Any], answers: int, tell: int) -> NoReturn:
    try:
        os.close(answers)
        kernel.die_with_parent(signal.SIGKILL)
        if _is_alone(tell):  # it was killed before that
            os._exit(1)
        try:
            answer = pickle.dumps((True, work()))
        except Exception as error:
            answer = pickle.dumps((False, error))
        with open(tell, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)
