"""A real SMTP server on the loopback, as small as may be: it keeps what it takes, refuses, or is silent, as it is told."""

import socketserver
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Thread


class Postbox:
    """`taken`: letters it said yes to. `refuse`: step (MAIL, RCPT, DATA, DOT, AUTH) → answer. `stall`: a step after which it
    says nothing until `release`; GREET is the first. `drip`: then it sends a byte now and then instead."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.heard: list[str] = []
        self.refuse: dict[str, bytes] = {}
        self.stall, self.drip = "", False
        self.waiting, self.release = Event(), Event()
        box = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    self.talk()
                except OSError:
                    pass  # the other side hung up

            def talk(self) -> None:
                self.answer("GREET", b"220 postbox")
                to = ""
                while line := self.rfile.readline():
                    said = line.decode().strip()
                    word = said[:4].upper()
                    box.heard.append(said)
                    if word == "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    if word == "EHLO":
                        self.wfile.write(b"250-postbox\r\n250 AUTH PLAIN\r\n")
                    elif word == "RCPT":
                        to = said.partition("<")[2].rstrip(">")
                        self.answer("RCPT", b"250 ok")
                    elif word == "DATA":
                        if self.answer("DATA", b"354 go on"):
                            self.letter(to)
                    else:
                        self.answer(word, b"235 welcome" if word == "AUTH" else b"250 ok")

            def letter(self, to: str) -> None:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                if "DOT" not in box.refuse:
                    box.taken.append(message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
                    box.to.append(to)
                self.answer("DOT", b"250 taken")

            def answer(self, step: str, yes: bytes) -> bool:
                if box.stall == step:
                    box.waiting.set()
                    while not box.release.wait(0.05 if box.drip else 30):
                        self.wfile.write(b"2")
                self.wfile.write(box.refuse.get(step, yes) + b"\r\n")
                return step not in box.refuse

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads, block_on_close = True, True, False

        self.server = Server(("127.0.0.1", 0), Talk)
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Nobody answers at this port any more."""
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
