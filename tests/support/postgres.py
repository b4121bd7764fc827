"""A private PostgreSQL cluster for tests: own folder, own port on 127.0.0.1, durable as in earnest, gone afterwards.

As root the server runs as Debian's user `postgres`, because it refuses root; otherwise as whoever runs the tests. Where
PostgreSQL is not installed its tests are skipped by name, except on CI, where that is a failure.
"""

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

_TEMPLATE = "sauti_template"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def require() -> Path:
    """The folder of PostgreSQL's programs; skips the test where there is none, and fails it on CI."""
    binaries = _binaries()
    if binaries is not None:
        return binaries
    message = "needs PostgreSQL (Debian package postgresql)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@dataclass
class Cluster:
    """A running server; `restart` and `kill` are for tests of what happens then."""

    binaries: Path
    folder: Path
    port: int
    _made: int = field(default=0)

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds a database of this cluster."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A new empty database, or a copy of `template`; its name."""
        self._made += 1
        name = f"t{self._made}_{secrets.token_hex(4)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def disconnect_all(self, name: str) -> None:
        """Cuts every connection to a database, as a restart of the server would."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                (name,),
            )

    def control(self, *arguments: str) -> None:
        """Runs `pg_ctl` on this cluster."""
        command = [str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), "-w", "-s", *arguments]
        subprocess.run([*_as_owner(), *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _as_owner() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server with a durable configuration, stopped and removed at the end."""
    binaries = require()
    folder = Path(tempfile.mkdtemp(prefix="sauti-postgres-", dir="/var/tmp"))
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server = Cluster(binaries, folder, _free_port())
        _initialise(server)
        server.control("start", "-l", str(folder / "log"))
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(server: Cluster) -> None:
    data = server.folder / "data"
    make = [
        str(server.binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run([*_as_owner(), *make, "--locale=C"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = (
        f"port = {server.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = on\n"
        "synchronous_commit = on\nshared_buffers = 64MB\nmax_connections = 60\nautovacuum = off\n"
    )  # fmt: skip
    configuration = data / "postgresql.conf"
    kept = re.sub(r"(?m)^(port|listen_addresses|unix_socket_directories) .*$", "", configuration.read_text())
    configuration.write_text(f"{kept}\n{settings}")
