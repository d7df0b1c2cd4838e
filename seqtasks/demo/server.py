"""The server of a page: on this machine alone, and silent towards the network.

A content security policy forbids the browser to fetch anything from elsewhere, whatever Gradio or an answer asks for.
"""

import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware

from seqtasks.demo.page import STYLE, theme
from seqtasks.errors import RunError

HOST = "127.0.0.1"
PORTS = range(7860, 7960)
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)
LARGEST_UPLOAD = "20mb"

Message = dict[str, Any]


class Policy:
    """Sends `POLICY` with every answer of an ASGI application."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        """Answer a request."""

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self.app(scope, receive, with_policy)


@contextmanager
def serve(page: Any, *, port: int | None = None) -> Iterator[str]:
    """Open a page on this machine while the block runs.

    Args:
        page: from `build_page`.
        port: None: the first free one from 7860 on.

    Yields:
        Its address.

    Raises:
        RunError: the port cannot be had.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    with _past_proxies():
        _, address, _ = page.launch(
            server_name=HOST,
            server_port=_free_port(port),
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            enable_monitoring=False,
            run_history=False,
            footer_links=[],
            max_file_size=LARGEST_UPLOAD,
            app_kwargs={"middleware": [Middleware(Policy)]},
            theme=theme(),
            css=STYLE,
        )
    try:
        yield address
    finally:
        page.close(verbose=False)


def wait() -> None:
    """Until Ctrl-C, which raises `KeyboardInterrupt`."""
    threading.Event().wait()


def _free_port(wanted: int | None) -> int:
    """The port that is wanted, or the first free one; Gradio's own search leaves sockets open."""
    for port in (wanted,) if wanted else PORTS:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port
    taken = f"port {wanted}" if wanted else f"ports {PORTS.start} to {PORTS.stop - 1}"
    raise RunError(f"{taken}: cannot be had; expected a free one; choose another with --port")


@contextmanager
def _past_proxies() -> Iterator[None]:
    """What Gradio asks its own server must not go through a proxy."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    os.environ.update({name: ",".join(filter(None, [value, HOST])) for name, value in before.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
