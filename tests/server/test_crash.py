"""A server that is killed under load: whatever was acknowledged is there, once and whole."""

from __future__ import annotations

import re
import sqlite3
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from client.send import Message, send_message
from server.message_store import DATABASE_NAME
from tests.programs import running_server
from tests.server.support import LOOPBACK, PATIENCE
from wire.errors import WirelabError
from wire.frames import Mode, Receipt

KILLS = 10
CLIENTS = 4
BETWEEN_KILLS = 15
"""Receipts from one kill to the next."""

LOG = re.compile(
    rb"Message Received at: [^\n]*\n\n"
    rb"Total Encrypted Message Size: (\d+) bytes\nTotal Decrypted Message Size: (\d+) bytes\n"
    rb"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n(.*)\n\n"
    rb"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n([A-Za-z0-9+/=]*)\n",
    re.DOTALL,
)


class Load:
    """Clients that send on and on, each message until it has its receipt."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stopping = False
        self._more = threading.Condition()
        self.receipts: list[tuple[Message, Receipt]] = []
        self._threads = [threading.Thread(target=self._send) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.receipts) >= count, PATIENCE)

    def stop(self) -> None:
        """Stop sending; every message that was begun gets its receipt first."""
        self._stopping = True
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        number = 0
        while not self._stopping:
            number += 1
            message = Message(b"%d " % number * 500, Mode.CLASSIC, "a password")
            receipt = self._send_until_kept(message)
            with self._more:
                self.receipts.append((message, receipt))
                self._more.notify_all()

    def _send_until_kept(self, message: Message) -> Receipt:
        while True:
            try:
                return send_message(message, LOOPBACK, self._port, timeout=PATIENCE, retries=100)
            except WirelabError as error:
                if not error.retryable:
                    raise


def assert_logs_are_whole(folder: Path) -> dict[str, bytes]:
    """What stands under a log's name is whole, at any time; each log's text."""
    texts = {}
    for path in folder.glob("server_message*.txt"):
        log = LOG.fullmatch(path.read_bytes())
        assert log, f"{path.name} is not whole"
        assert (int(log[1]), int(log[2])) == (len(log[4]), len(log[3]))
        texts[path.name] = log[3]
    return texts


def test_nothing_acknowledged_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.send._LONGEST_PAUSE", 0.05)
    load = None
    port = "0"
    try:
        for kill in range(KILLS):
            with running_server(tmp_path, "--port", port) as server:
                if load is None:
                    port = str(server.port)
                    load = Load(server.port)
                load.wait_for((kill + 1) * BETWEEN_KILLS)
                server.process.kill()
                server.process.communicate()
            assert_logs_are_whole(tmp_path)
    finally:
        if load is not None:
            with running_server(tmp_path, "--port", port):
                load.stop()

    texts = assert_logs_are_whole(tmp_path)
    assert load is not None
    for message, receipt in load.receipts:
        assert texts[receipt.log_name] == message.plaintext
        assert receipt.digest == sha256(message.plaintext).digest()
    assert len(texts) == len(load.receipts)
    database = sqlite3.connect(tmp_path / DATABASE_NAME)
    kept = set(database.execute("SELECT id, number FROM messages"))
    database.close()
    assert kept == {(message.id, receipt.number) for message, receipt in load.receipts}
    assert not list(tmp_path.glob(".*.tmp"))
