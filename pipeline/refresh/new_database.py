"""The database of the next build, a copy of the published one or a new one, made while releases are read."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import duckdb

from pipeline.publish.swap import Warehouse, stamp_of, to_disk
from pipeline.read.bundle import FileStamp
from pipeline.release.warehouse import open_warehouse
from pipeline.schedules.all import SCHEDULES
from pipeline.store.shelf import sha256_of


class NewDatabase:
    """The database of the next build, not yet filled.

    Making one anew takes as long as reading a release, and so does copying one of a hundred releases;
    neither knows what is read: where one will be needed, it is made meanwhile.
    """

    def __init__(self, warehouse: Warehouse, made_after: str, threads: int) -> None:
        self.warehouse = warehouse
        self.made_after = made_after
        self.threads = threads
        self.side = ThreadPoolExecutor(max_workers=1)
        self.begun: Future[duckdb.DuckDBPyConnection] | None = None
        self.proved: Future[tuple[str, FileStamp | None]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """Let go of a database that was begun and is not needed."""
        self.side.shutdown()
        if self.begun and not self.begun.exception():
            self.begun.result().close()

    def begin(self) -> None:
        """Make it in a thread of its own."""
        self.begun = self.side.submit(self._open)

    def _open(self) -> duckdb.DuckDBPyConnection:
        return open_warehouse(
            self.warehouse.new_database,
            self.warehouse.database if _is_as_published(self.warehouse) else None,
            SCHEDULES,
            self.made_after,
            self.threads,
        )

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection that uses it, once it is made."""
        if self.begun is None:
            self.begin()
        assert self.begun
        return self.begun.result()

    def filled(self) -> None:
        """Bring it to the disk and take its hash in a thread, while exports are written from it."""
        self.connection().execute("CHECKPOINT warehouse")
        self.proved = self.side.submit(_proved, self.warehouse.new_database)

    def close(self) -> str:
        """Write the last of it into its file, and give the hash of that."""
        con = self.connection()
        con.execute("USE memory")
        con.execute("DETACH warehouse")
        con.close()
        path = self.warehouse.new_database
        sha256, stamp = self.proved.result() if self.proved else ("", None)
        return sha256 if stamp and stamp == stamp_of(path, path.name) else sha256_of(path)


def _proved(path: Path) -> tuple[str, FileStamp | None]:
    """The hash of a file that is brought to the disk, and what tells that it has not changed since."""
    stamp = stamp_of(path, path.name)
    to_disk(path)
    return sha256_of(path), stamp


def _is_as_published(warehouse: Warehouse) -> bool:
    """Whether the published database has its bytes of then: damage must not be copied on."""
    known = warehouse.recorded_sha256(warehouse.database_build_id())
    return bool(known) and sha256_of(warehouse.database) == known
