"""What a scene plays, and how each of its programs is started."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grading.lab import Lab, Scenario
from grading.sandbox import view
from grading.sandbox.arena import Arena
from grading.sandbox.program import Command
from grading.wiring import CLIENT_HOST, SERVER_HOST

DEFAULT_PORT = 12000


@dataclass(frozen=True)
class Script:
    """What is played, and by whom."""

    lab: Lab
    scenario: Scenario
    texts: Mapping[str, str]
    """The student's inputs and what is derived from them, by name."""
    lab_folder: Path
    reference_path: Path
    """Where the lab's programs import from."""
    port: int = DEFAULT_PORT
    """Where the lab's own server is to listen, where the lab leaves that open."""
    rehearsal: bool = False
    """Whether the lab's own programs take the parts of the submission's."""

    def is_reference(self, program: str) -> bool:
        """Whether it is the lab's own that is started."""
        return self.rehearsal or self.scenario.programs[program] == "reference"

    def command(self, arena: Arena, program: str, each: str, port: int) -> Command:
        """How a program is started; `port` is where its server listens, 0 if none does yet."""
        rule = self.lab.programs[program]
        reference = self.is_reference(program)
        line = rule.reference if reference else self._own_command(arena, program)
        words = dict(self.texts) | {
            "python": sys.executable,
            "host": "localhost",
            "port": str(port or rule.port or self.port),
            "logs": "serverdata",
            "lab": str(self.lab_folder),
            "message": arena.message_path(message_file(each)),
        }
        environment = _environment(arena)
        if reference:
            environment["PYTHONPATH"] = str(self.reference_path)
        return Command(
            program,
            tuple(word.format_map(words) for word in shlex.split(line)),
            environment,
            rule.terminal,
            isolated=arena.isolated,
            trusted=reference,
            reads_messages="{message}" in line,
        )

    def lacking_file(self, arena: Arena, program: str) -> str:
        """The file of a program that the submission does not have; empty if it has all."""
        if self.is_reference(program):
            return ""
        words = shlex.split(self._own_command(arena, program))
        there = _files(arena)
        lacking = [word for word in words if word in self.lab.files and word not in there]
        return lacking[0] if lacking else ""

    def hosts_of_students(self) -> tuple[str, ...]:
        """The hosts on which programs of the submission run.

        The lab's own run elsewhere: in a folder with a client.py, `-m client` would be that.
        """
        hosts = {
            SERVER_HOST if step.start else CLIENT_HOST
            for step in self.scenario.steps
            if (step.start or step.run) and not self.is_reference(step.program)
        }
        return tuple(sorted(hosts))

    def _own_command(self, arena: Arena, program: str) -> str:
        """The first of a program's commands of which the submission has a file."""
        commands = self.lab.programs[program].command
        choice = (commands,) if isinstance(commands, str) else commands
        there = _files(arena)
        return next((line for line in choice if there & set(shlex.split(line))), choice[0])


def message_file(name: str) -> str:
    """The file in which an input is handed to a program."""
    return f"{name}.txt"


def stream_name(program: str, each: str) -> str:
    """A console's name: that of its program, and of the input that it runs for."""
    return f"{program} {each}" if each else program


def _files(arena: Arena) -> set[str]:
    return {entry.name for entry in arena.stage.submission.iterdir()}


def _environment(arena: Arena) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(view.WORK),
        "TMPDIR": str(view.TEMPORARY) if arena.isolated else "/tmp",
        "USER": "student",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PYTHONDONTWRITEBYTECODE": "1",
        "WIRELAB_SANDBOX": "1" if arena.isolated else "",
    }
