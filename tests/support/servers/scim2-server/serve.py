"""Runs the `scim2-server` command unchanged, with three additions that are ours (wiring):
it announces the port that the system gave it, it ends when its standard input does (so that a
killed test leaves nothing behind), and it accepts eight connections at once without delay.
"""

import os
import sys
import threading

from scim2_server.testserver import cli


class Announcing(cli.ThreadingWSGIServer):
    request_queue_size = 128

    def server_activate(self):
        super().server_activate()
        print(f"listening on {self.server_port}", flush=True)


def end_with_the_test():
    while os.read(0, 4096):
        pass
    os._exit(0)


threading.Thread(target=end_with_the_test, daemon=True).start()
cli.ThreadingWSGIServer = Announcing
sys.argv = [
    "scim2-server",
    *("--hostname", "127.0.0.1", "--port", "0"),
    *("--bearer-token", os.environ["SERVER_TOKEN"]),
    # Every first path segment is a server of its own: a fresh one costs no new process.
    "--dynamic-tenants",
]
cli.main()
