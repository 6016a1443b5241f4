"""A server in the place of CMS, and a place to fetch to. No test asks another computer."""

import os
import socket

import pytest

import pipeline.fetch.run as run_module
from pipeline.fetch.client import USER_AGENT, Client
from pipeline.fetch.licence import write_answer
from pipeline.fetch.run import FetchOptions
from tests.fetch.cms_server import ACCEPTED, Server, file
from tests.fetch.place import DATA, QUICK, ZIP


@pytest.fixture(autouse=True)
def no_other_computer(monkeypatch):
    """Let no test reach another computer: any other name is unknown, as without a network."""
    look_up = socket.getaddrinfo

    def only_here(host, *arguments, **named):
        if host not in ("127.0.0.1", "::1"):
            raise socket.gaierror(-2, "Name or service not known")
        return look_up(host, *arguments, **named)

    # The client of the program connects in a way of its own, but for every name it asks here.
    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server():
    """CMS with one release, RVU25D."""
    running = Server()
    running.list_releases("RVU25D")
    running.offer("RVU25D", ZIP, file(DATA))
    yield running
    running.stop()
    assert {request.method for request in running.requests} <= {"GET", "HEAD"}
    for request in running.requests:
        assert "cookie" not in request.headers
        assert "license" not in request.path
        assert request.path.endswith(ACCEPTED) or "agree" not in request.path
        assert request.headers["user-agent"] == USER_AGENT
        assert request.headers["accept-encoding"] == "identity"


@pytest.fixture
def place(tmp_path, server) -> FetchOptions:
    """An empty raw folder and a warehouse whose user has accepted the licence."""
    (tmp_path / "raw").mkdir()
    write_answer(tmp_path / "warehouse" / "state", "accepted")
    return FetchOptions(tmp_path / "raw", tmp_path / "warehouse", base=server.base, manners=QUICK)


@pytest.fixture
def quick_manners(monkeypatch):
    """Let commands wait for nothing."""
    monkeypatch.setattr(run_module, "Client", lambda base, manners: Client(base, QUICK))
