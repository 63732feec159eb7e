"""The verdict that each side of each submission must get.

A side is judged in cross play: the student's client against the lab's server, and
the student's server against the lab's client. Its verdict is that of the first
check, in the lab's order, that it does not pass.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """A submission's folder, `LAB/NAME`, and the verdict of either side, as in grading.results."""

    lab: str
    name: str
    client: str
    server: str
    note: str
    """What is peculiar about it."""
    guarded: bool = False
    """It does harm, so it refuses to start outside the sandbox."""
    under_faults: bool = False
    """It passes as long as the relay neither splits nor joins what it forwards."""

    def verdict(self, side: str) -> str:
        return self.client if side == "client" else self.server


def _right(lab: str, name: str, note: str, *, guarded: bool = False) -> Expected:
    return Expected(lab, name, "passed", "passed", note, guarded=guarded)


def _client(lab: str, name: str, verdict: str, note: str, *, guarded: bool = False) -> Expected:
    """The client is at fault, the server is right."""
    return Expected(lab, name, verdict, "passed", note, guarded=guarded)


def _server(
    lab: str, name: str, verdict: str, note: str, *, guarded: bool = False, faults: bool = False
) -> Expected:
    """The server is at fault, the client is right."""
    return Expected(lab, name, "passed", verdict, note, guarded=guarded, under_faults=faults)


MP4 = (
    _right("mp4", "right_procedural", "Top to bottom; binds every address by ''."),
    _right("mp4", "right_threads", "Classes, a thread a client; binds 0.0.0.0."),
    _right("mp4", "right_asyncio", "Coroutines; the address is that of the machine's own name."),
    _right("mp4", "right_helper_module", "Its cipher is in a third file beside the two programs."),
    _right("mp4", "right_home_address", "192.168.8.101 stands in both sources."),
    _right("mp4", "buffered_output", "The server's lines come once it is interrupted."),
    _right("mp4", "late_logs", "A log comes half a second after its message was received."),
    _right(
        "mp4",
        "daemon_child",
        "Each client leaves a daemon, two sessions away, that holds its terminal open.",
        guarded=True,
    ),
    _right(
        "mp4",
        "kills_everything",
        "The client kills all that it can reach, which must be nothing, and goes on.",
        guarded=True,
    ),
    _server("mp4", "extra_blank_line", "presentation", "A blank line after each message."),
    _client("mp4", "lower_case", "presentation", "'client:' for 'Client:'."),
    _server("mp4", "misspelled", "wrong", "'Mesage Recieved'."),
    _server("mp4", "non_utf8", "wrong", "A line in front that is Latin-1."),
    _client("mp4", "never_closes", "timed out", "Waits for a reply with its side still open."),
    _server("mp4", "hangs_after_first", "timed out", "Turns round and round after one message."),
    _server("mp4", "one_client_hangs", "timed out", "Accepts once, and never looks up again."),
    _server("mp4", "one_client_exits", "wrong", "Ends by itself, exit code 0, after one message."),
    _server("mp4", "crashes_at_second", "crashed", "AttributeError after the second log."),
    _client("mp4", "exit_code_only", "crashed", "Exit code 3 after its first line, and no word."),
    _client("mp4", "syntax_error", "crashed", "Python 2."),
    _client("mp4", "missing_client", "not run", "There is no client.py."),
    _client("mp4", "reads_stdin", "timed out", "Asks until somebody answers; nobody types."),
    _client(
        "mp4", "eats_memory", "crashed", "Takes up to 2 GiB between its two lines.", guarded=True
    ),
    _client("mp4", "fills_disk", "crashed", "Writes up to 1.6 GB of copies.", guarded=True),
    _server("mp4", "one_recv_1024", "wrong", "Takes the first 1024 bytes for the whole message."),
    _server(
        "mp4", "one_recv_64k", "wrong", "Takes what one recv gives for the message.", faults=True
    ),
    _client("mp4", "wrong_key_rounds", "wrong", "Hashes hexadecimal digests: the key is another."),
    _client("mp4", "key_not_sent", "wrong", "Only the ciphertext crosses; the console is right."),
    _client("mp4", "two_connections", "wrong", "Connects once more to see whether it can."),
    _server("mp4", "wrong_log_sizes", "wrong", "Counts the key and the padding in."),
    _server("mp4", "wrong_log_names", "wrong", "message_001.log for server_message0.txt."),
)

CS330 = (
    _right("cs330", "right_procedural", "192.168.8.101 in both; the server takes one client."),
    _right("cs330", "right_classes_threads", "A thread a client; binds 0.0.0.0."),
    _right("cs330", "right_selectors", "Generators in a select loop; the machine's own address."),
    _right("cs330", "right_package", "asyncio, a package in a subfolder; listens on IPv6 as well."),
    _right("cs330", "no_final_newline", "Neither program ends its last line."),
    _right("cs330", "word_and_digit_in_one", "The client sends both at once: the same bytes."),
    _right(
        "cs330",
        "deletes_its_folder",
        "The server deletes its own folder and its working folder; the grader's copy stands.",
        guarded=True,
    ),
    _client("cs330", "missing_blank_line", "presentation", "None before 'You chose ...'."),
    _server("cs330", "crlf", "presentation", "Each line ends in CR LF."),
    _client("cs330", "wrong_order", "wrong", "Says that it sends before it says what for."),
    _server("cs330", "debug_line", "wrong", "A line of its own for each open word."),
    _server("cs330", "terminal_escapes", "wrong", "Colours, a window title, a cleared screen."),
    _client("cs330", "hangs_at_start", "timed out", "Waits for what can't happen."),
    _server("cs330", "sleeps_before_listening", "never listened", "Sleeps for an hour first."),
    _client("cs330", "crashes_in_secure_mode", "crashed", "TypeError at the second exchange."),
    _server("cs330", "missing_module", "crashed", "Imports what nobody else has installed."),
    _client("cs330", "prints_for_ever", "too much output", "Every answer there is, endlessly."),
    _client("cs330", "fork_bomb", "crashed", "Up to 1024 processes for a minute.", guarded=True),
    _client("cs330", "reads_graders_files", "wrong", "Right only if it finds the answers."),
    _client(
        "cs330",
        "plaintext_in_secure_mode",
        "wrong",
        "The secret crosses; the console is right.",
    ),
    _server("cs330", "wrong_iv", "wrong", "Its IV ends in 7: the decrypted word differs by a bit."),
    _server("cs330", "udp_server", "never listened", "Binds port 12000, but for datagrams."),
    _server("cs330", "exits_at_once", "never listened", "Starts no thread; exit code 0."),
    _server("cs330", "wrong_port", "never listened", "Listens, but on 12001."),
    _server("cs330", "binds_twice", "port taken", "Binds port 12000 a second time by itself."),
    Expected(
        "cs330",
        "copied_transcript",
        "wrong",
        "wrong",
        "Both print the lab's report.",
    ),
    Expected(
        "cs330",
        "naive_recv",
        "wrong",
        "timed out",
        "One recv for each send, as the lab's own programs had it.",
        under_faults=True,
    ),
)

OTHERS = (_right("perl", "upper", "server.pl and client.pl WORD: a lab in another language."),)

EXPECTED = (*MP4, *CS330, *OTHERS)
