"""A plain client: sends a path as it is written and any bytes, which no browser would."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.web import wire


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: names in lower case.
        content: the body, unpacked.
        sent: bytes on the line.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    sent: int

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.content)


@dataclass(frozen=True)
class Client:
    """Asks a server on this machine.

    Attributes:
        port: of the server.
    """

    port: int

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a file."""
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, told: Any = None, *, content: bytes | None = None,
             headers: Mapping[str, str] | None = None) -> Answer:
        """Send a question: plain values, or bytes as they are."""
        body = json.dumps(told).encode() if content is None else content
        return self._ask("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def run(self, **told: Any) -> tuple[dict[str, Any], np.ndarray]:
        """Ask for a run; return the header of the answer and its numbers by indicator, year and area."""
        answer = self.post("/run", told)
        assert answer.status == 200, answer.content
        header, numbers = wire.unpacked(answer.content)
        return header, numbers.reshape(len(header["indicators"]), header["years"], header["areas"])

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
            found = {name.lower(): value for name, value in answer.getheaders()}
            plain = gzip.decompress(content) if found.get("content-encoding") == "gzip" else content
            return Answer(answer.status, found, plain, len(content))
        finally:
            connection.close()
