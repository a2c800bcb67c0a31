"""A person's lasting answers about tools, as rows; inside a transaction of the caller."""

from collections.abc import Iterator
from datetime import UTC, datetime

from conduit_tui.core.rule import Rule
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import encode_time

_VERDICTS = ("deny", "ask", "allow")


def load(sql: Sql, session_id: str | None) -> tuple[Rule, ...]:
    """The rules of a session, or those that always hold, in the order they were made."""
    return tuple(_rules(sql, session_id))


def add(sql: Sql, rule: Rule, session_id: str | None) -> None:
    """Keep a rule, for a session or for always; one that is there already stays."""
    sql.run(
        "INSERT INTO permission_rules (session_id, verdict, tool, pattern, created_at)"
        " VALUES (:session_id, :verdict, :tool, :pattern, :at) ON CONFLICT DO NOTHING",
        session_id=session_id,
        verdict=rule.verdict,
        tool=rule.tool,
        pattern=rule.pattern,
        at=encode_time(datetime.now(UTC)),
    )


def remove(sql: Sql, rule: Rule, session_id: str | None) -> None:
    """Forget a rule."""
    sql.run(
        "DELETE FROM permission_rules WHERE session_id IS :session_id AND verdict = :verdict"
        " AND tool = :tool AND pattern = :pattern",
        session_id=session_id,
        verdict=rule.verdict,
        tool=rule.tool,
        pattern=rule.pattern,
    )


def _rules(sql: Sql, session_id: str | None) -> Iterator[Rule]:
    rows = sql.run(
        "SELECT verdict, tool, pattern FROM permission_rules WHERE session_id IS :session_id"
        " ORDER BY seq",
        session_id=session_id,
    )
    whence = "always" if session_id is None else "session"
    for verdict, tool, pattern in rows:
        if verdict in _VERDICTS:
            yield Rule(verdict, str(tool), str(pattern), whence)
