"""A scenario played out in an arena: its steps one by one, and what they leave to be judged."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from functools import partial

from capture.datagrams import UdpRelay
from capture.events import Data, Datagram, Event
from capture.relay import TcpRelay
from grading.evidence import Evidence, ProgramEvidence
from grading.fetching import fetch_folder
from grading.lab import Step
from grading.sandbox import tables, view
from grading.sandbox.arena import Arena
from grading.sandbox.program import Ending, Program
from grading.sandbox.tables import Bound
from grading.sandbox.ticks import tick
from grading.script import Script, stream_name
from grading.wiring import CLIENT_HOST, SERVER_HOST, relay_to

_SETTLE_SECONDS = 1.0
"""How long a server is given to finish with what it got, if it does not fall idle before."""
_FETCH_SECONDS = 20.0
_MOST_TRAFFIC = 16 << 20
"""Bytes that a run's programs may send each other before they are ended."""
_MOST_EVENTS = 50_000
_STOP_SECONDS = 1.0
"""How long a program is given to end once it is told to."""
_SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM}


class Scene:
    """One scenario, played once."""

    def __init__(self, arena: Arena, script: Script, seconds: float) -> None:
        """`seconds`: how long it may take."""
        self._arena = arena
        self._script = script
        self._lab = script.lab
        self._scenario = script.scenario
        self._seconds = seconds
        self._servers: dict[str, Program] = {}
        self._evidence: dict[Program, ProgramEvidence] = {}
        self._not_run: list[ProgramEvidence] = []
        self._relay: TcpRelay | UdpRelay | None = None
        self._port = 0
        self._wire: list[Event] = []
        self._traffic = 0
        self._files: dict[str, bytes] = {}
        self._fetch_fault = ""
        self._waiting_for = ""
        self._broken = False

    async def play(self) -> Evidence:
        """Take all steps, or as many as there is time for. Raises OSError for the sandbox's."""
        began_ns = time.time_ns() - int(self._arena.now() * 1e9)
        watching = asyncio.create_task(self._arena.watch())
        out_of_time = ""
        try:
            async with asyncio.timeout(self._seconds):
                for step in self._scenario.steps:
                    await self._take(step)
        except TimeoutError:
            out_of_time = self._waiting_for
            self._end_all(Ending.TIME)
            await self._after_time()
        watching.cancel()
        if self._relay is not None:
            await self._relay.stop()
        await self._arena.close()
        return Evidence(
            [*map(self._told, self._evidence), *self._not_run],
            self._wire if self._arena.isolated else None,
            self._files,
            self._fetch_fault,
            began_ns,
            self._arena.now(),
            self._port,
            out_of_time,
        )

    async def _take(self, step: Step) -> None:
        if step.start:
            await self._start_server(step.start)
        elif step.run:
            for each in step.each or ("",):
                await self._run(step, each)
        elif step.stop:
            await self._stop(step.stop)
        else:
            self._fetch(step.fetch)

    async def _after_time(self) -> None:
        """What costs no waiting is done all the same: the files are there, or are not."""
        for step in self._scenario.steps:
            if step.fetch and not self._files:
                self._fetch(step.fetch)
            for each in step.each or ("",):
                name = stream_name(step.run, each)
                known = {told.stream for told in self._evidence.values()}
                if step.run and name not in known | {told.stream for told in self._not_run}:
                    self._not_run.append(self._evidence_of(step.run, name, each, Ending.RUNNING))

    async def _start_server(self, name: str) -> None:
        if self._is_missing(name, ""):
            self._broken = True
            return
        program = self._launch(name, name, "", SERVER_HOST)
        self._servers[name] = program
        evidence = self._evidence[program]
        rule = self._lab.programs[name]
        if not rule.listens:
            return
        self._waiting_for = evidence.stream
        evidence.listened = False
        deadline = self._arena.now() + self._seconds / 2
        while self._arena.now() < deadline and not program.exited.is_set():
            with self._arena.on(SERVER_HOST):
                found = tables.listening(rule.listens, program.family())
            wanted = [bound for bound in found if bound.port == (rule.port or bound.port)]
            if wanted:
                evidence.listened = True
                await self._connect(wanted[0], rule.listens)
                return
            evidence.listens_on = tuple(sorted({bound.port for bound in found}))
            await tick()
        self._broken = True

    async def _connect(self, server: Bound, kind: str) -> None:
        self._port = server.port
        if self._arena.isolated:
            faults = self._scenario.faults
            self._relay = relay_to(server, kind, self._arena, faults, self._record)
            await self._relay.start()

    def _record(self, event: Event) -> None:
        """Keep what crossed, up to a limit; who sends more than that is ended."""
        if len(self._wire) >= _MOST_EVENTS or self._traffic > _MOST_TRAFFIC:
            for program, evidence in self._evidence.items():
                if not evidence.reference:
                    program.end(Ending.TRAFFIC)
            return
        self._wire.append(event)
        if isinstance(event, Data | Datagram):
            self._traffic += len(event.data)

    async def _run(self, step: Step, each: str) -> None:
        stream = stream_name(step.run, each)
        if self._broken:
            self._not_run.append(self._evidence_of(step.run, stream, each, Ending.RUNNING))
            return
        if self._is_missing(step.run, each):
            return
        self._waiting_for = stream
        program = self._launch(step.run, stream, each, CLIENT_HOST)
        self._evidence[program].may_fail = step.may_fail
        lines = [line.format_map(self._script.texts) for line in step.type]
        if self._lab.programs[step.run].terminal:
            typing = asyncio.create_task(program.type(lines))
            await program.exited.wait()
            await typing
        else:
            await program.exited.wait()
        self._evidence[program].ended = self._arena.now()
        program.end(Ending.EXITED)  # what it left running; it is over at the latest when all is
        await self._settle()

    async def _settle(self) -> None:
        """Wait until the servers have done what they had to do; not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_SECONDS):
                if isinstance(self._relay, TcpRelay):
                    await self._relay.drain()
                for server in self._servers.values():
                    while not self._is_idle(server):
                        await tick()

    def _is_idle(self, server: Program) -> bool:
        if server.over.is_set():
            return True
        with self._arena.on(SERVER_HOST):
            return tables.all_read() and tables.is_idle(server.family())

    def _is_missing(self, name: str, each: str) -> bool:
        """Whether the submission lacks a program's file, which is noted."""
        lacking = self._script.lacking_file(self._arena, name)
        if lacking:
            stream = stream_name(name, each)
            evidence = self._evidence_of(name, stream, each, Ending.NOT_THERE)
            evidence.fault = lacking
            self._not_run.append(evidence)
        return bool(lacking)

    async def _stop(self, name: str) -> None:
        program = self._servers.get(name)
        if program is None:
            return
        evidence = self._evidence[program]
        await self._settle()
        evidence.stopped_at = len(program.said)
        if not program.exited.is_set():
            program.ending = Ending.STOPPED
            program.interrupt(_SIGNALS[self._lab.programs[name].stop])
            with suppress(TimeoutError):
                await asyncio.wait_for(program.exited.wait(), _STOP_SECONDS)
        program.end(Ending.STOPPED)
        await program.over.wait()
        evidence.ended = self._arena.now()

    def _fetch(self, folder: str) -> None:
        place = view.WORK if self._arena.isolated else self._arena.work(SERVER_HOST)
        most = self._arena.stage.quota.output
        temporary = view.TEMPORARY if self._arena.isolated else None
        fetch = partial(fetch_folder, place / folder, most, temporary)
        try:
            files, self._fetch_fault = self._arena.in_view(SERVER_HOST, fetch, _FETCH_SECONDS)
            self._files |= files
        except OSError as error:
            # What is in the folder is the program's work, and so is what can't be fetched from it.
            self._fetch_fault = f"{folder} can't be fetched: {error}"

    def _launch(self, name: str, stream: str, each: str, host: str) -> Program:
        evidence = self._evidence_of(name, stream, each, Ending.RUNNING)
        evidence.started = self._arena.now()
        command = self._script.command(self._arena, name, each, self._port)
        program = self._arena.start(command, host)
        self._evidence[program] = evidence
        return program

    def _evidence_of(self, name: str, stream: str, each: str, ending: Ending) -> ProgramEvidence:
        reference = self._scenario.programs[name] == "reference"
        terminal = self._lab.programs[name].terminal
        return ProgramEvidence(stream, name, each, reference, terminal, ending)

    def _told(self, program: Program) -> ProgramEvidence:
        evidence = self._evidence[program]
        evidence.ending, evidence.exit_code = program.ending, program.exit_code
        evidence.said, evidence.fault = program.said, program.fault
        evidence.ended = evidence.ended or self._arena.now()
        return evidence

    def _end_all(self, ending: Ending) -> None:
        """End the program that is waited for, then all others: it is not to see them go."""
        for program, evidence in self._evidence.items():
            if evidence.stream == self._waiting_for:
                program.end(ending)
        for program in self._evidence:
            program.end(Ending.STOPPED)
