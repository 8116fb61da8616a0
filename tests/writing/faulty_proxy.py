"""A proxy before a real server that fails now and then, and counts what it lets through."""

import http.client
import json
import select
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NONSENSE = b'{"choices": "what?"}'
STATUSES = {"busy": 429, "broken": 500, "refused": 401, "wrong": 404}


class FaultyProxy(ThreadingHTTPServer):
    """Passes requests on to `upstream`, a port of this machine.

    faults: what happens to the request of a number (from 1) in place of an answer: busy, broken,
    refused, wrong (a status), silence (until the client gives up), dropped (the connection is
    closed), nonsense (200, with a body that means nothing). always: the same for all others.
    answered: how often each message got a reply with status 200. keys: the Authorization headers.
    """

    daemon_threads = True

    def __init__(self, upstream: int, faults: dict[int, str] | None = None, always: str = ""):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.faults = faults or {}
        self.always = always
        self.requests = 0
        self.answered: Counter[str] = Counter()
        self.keys: set[str] = set()
        self.under_way = 0
        self.most_under_way = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, address) -> None:
        """A client that was killed resets its connections; that is what the tests are about."""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: FaultyProxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *said) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.requests += 1
            self.server.keys.add(self.headers.get("Authorization", ""))
            fault = self.server.faults.get(self.server.requests, self.server.always)
            self.server.under_way += 1
            self.server.most_under_way = max(self.server.most_under_way, self.server.under_way)
        try:
            self._answer(fault, body)
        finally:
            with self.server.lock:
                self.server.under_way -= 1

    def _answer(self, fault: str, body: bytes) -> None:
        if fault in STATUSES:
            self._send(STATUSES[fault], json.dumps({"error": {"message": fault}}).encode())
        elif fault == "silence":
            select.select([self.connection], [], [], 60)
            self.close_connection = True
        elif fault == "dropped":
            self.close_connection = True
        else:
            reply = NONSENSE if fault == "nonsense" else self._pass_on(body)
            with self.server.lock:
                self.server.answered[json.loads(body)["messages"][0]["content"]] += 1
            self._send(200, reply)

    def _pass_on(self, body: bytes) -> bytes:
        upstream = http.client.HTTPConnection("localhost", self.server.upstream)
        upstream.request("POST", self.path, body, {"Content-Type": "application/json"})
        reply = upstream.getresponse()
        content = reply.read()
        upstream.close()
        assert reply.status == 200, content
        return content

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # the client was killed
            self.close_connection = True
