"""Rows of ``source_file`` and ``quarantine`` from what reading a file gave."""

from pipeline.errors import RefusedError
from pipeline.read.bundle import Member
from pipeline.read.file import FileRead
from pipeline.read.sort import file_kinds
from pipeline.read.unproven import Unread
from pipeline.read.validate import Validated
from schemas.definitions import COMMON


def source_file_row(
    read: FileRead, member: Member, kind: str, release_id: str, is_loaded: bool
) -> dict:
    """The row of ``source_file`` for a file; raises AssertionError if its account is open."""
    account = read.account
    if not account.balances:
        raise AssertionError(f"{read.file}: the line account does not balance: {account}")
    return {
        "source_file": read.file,
        "schedule": schedule_of(kind),
        "release_id": release_id,
        # Which posting it is of shows only beside the others of its release.
        "posting_id": "",
        "file_kind": kind,
        "form": read.form,
        "is_loaded": is_loaded,
        "read_status": "loaded" if is_loaded else "compared",
        "unread_reason": "",
        "layout": read.layout.name,
        "sha256": member.sha256,
        "byte_count": member.byte_count,
        "line_count": account.total,
        "loaded_count": account.loaded,
        "quarantined_count": account.quarantined,
        "header_count": account.header,
        "notice_count": account.notice,
        "blank_count": account.blank,
        "duplicate_count": account.duplicate,
        "continuation_count": account.continuation,
    }


def unread_file_row(one: Unread, release_id: str) -> dict:
    """The row of ``source_file`` for a file that is left unread; none of its lines is counted."""
    counts = (
        "line",
        "loaded",
        "quarantined",
        "header",
        "notice",
        "blank",
        "duplicate",
        "continuation",
    )
    return {
        "source_file": one.member.label,
        "schedule": schedule_of(one.kind),
        "release_id": release_id,
        "posting_id": "",
        "file_kind": one.kind,
        "form": one.member.extension,
        "is_loaded": False,
        "read_status": "unread",
        "unread_reason": one.reason,
        "layout": "",
        "sha256": _sha256(one.member),
        "byte_count": one.member.byte_count,
        **{f"{name}_count": 0 for name in counts},
    }


def _sha256(member: Member) -> str:
    try:
        return member.sha256
    except RefusedError:
        return ""


def schedule_of(kind: str) -> str:
    """The schedule that a kind of file is of; '' where it is of no one schedule."""
    schedule = file_kinds()[kind].schedule
    return "" if schedule == COMMON.name else schedule


def quarantine_rows(validated: list[Validated], schedule: str, release_id: str) -> list[dict]:
    """The rows of ``quarantine`` for lines that were set aside.

    ``schedule`` and ``release_id`` are '' where the file is of none.
    """
    return [
        {
            "source_file": one.file,
            "schedule": schedule,
            "line_number": finding.line,
            "release_id": release_id,
            "rule": finding.rule,
            "column_name": finding.column,
            "value": finding.value,
            "message": finding.message,
        }
        for one in validated
        for finding in one.set_aside
    ]
