"""`make run`: the whole system on this machine, with a sample household, until it is stopped."""

import sys
import threading
from contextlib import ExitStack

from local import backend, demo
from local.arrivals import Arrivals
from local.command import chosen_port, port_taken, serve_until_stopped
from local.gateway import Gateway
from local.server import serve


def run() -> None:
    """Serve until KeyboardInterrupt."""
    import boto3

    port = chosen_port()
    drafts = demo.sample_drafts()
    with ExitStack() as stack:
        gateway = Gateway()
        try:
            server = serve(gateway, port, f"{demo.KEY} {demo.HOUSEHOLD}")
        except OSError as error:
            raise port_taken(port, error) from None
        stack.callback(server.server_close)
        stack.enter_context(backend.running(server.port))
        demo.load(drafts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        arrivals = Arrivals(gateway, boto3.client("s3"), backend.BUCKET)
        arrivals.start()
        stack.callback(arrivals.stop)
        demo.show(server.port)
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(serve_until_stopped(run))
