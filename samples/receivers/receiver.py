"""Receives the hub's webhooks: see README.md beside this file."""

import base64
import hashlib
import hmac
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["HUB_WEBHOOK_SECRET"].removeprefix("whsec_"))
FILE = os.environ.get("RECEIVED_FILE", "received.ndjson")
LARGEST_BODY = 1024 * 1024
TOLERANCE_SECONDS = 300

lock = threading.Lock()
known = set()
if os.path.exists(FILE):
    with open(FILE, "rb") as received:
        known = {line.split(b" ", 1)[0].decode() for line in received}


def is_genuine(headers, body):
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    expected = base64.b64encode(
        hmac.new(KEY, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    )
    # There are several after the secret was rotated, and one of each scheme.
    return any(
        hmac.compare_digest(b"v1," + expected, signature.encode())
        for signature in headers.get("webhook-signature", "").split(" ")
    )


def store(webhook_id, body):
    with lock:
        if webhook_id in known:
            return
        with open(FILE, "ab") as received:
            received.write(webhook_id.encode() + b" " + body + b"\n")
            received.flush()
            os.fsync(received.fileno())
        known.add(webhook_id)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the hub sends the next event over the same connection

    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True  # the body is not read
            return self.answer(413)
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body):
            return self.answer(401)
        store(self.headers["webhook-id"], body)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format, *args):
        pass  # of the standard server: it would write the address of every caller


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8200"))), Receiver).serve_forever()
