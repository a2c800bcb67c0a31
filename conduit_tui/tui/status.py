"""What the status bar says of a session."""

from decimal import Decimal

from conduit_tui.core.session import Session
from conduit_tui.tui.live import LiveReply
from conduit_tui.tui.widgets.status_bar import StatusView


def status_view(
    session: Session,
    *,
    mode: str,
    model: str,
    reply: LiveReply | None,
    activity: str,
    hint: str,
    notice: str,
) -> StatusView:
    """Put together the values of the status bar; `reply` is the one that streams on view."""
    path = session.path(session.leaf_id)
    usages = [message.usage for message in path if message.usage]
    costs = [message.cost_usd for message in path if message.cost_usd is not None]
    return StatusView(
        mode=mode.upper(),
        model=model,
        context_tokens=usages[-1].total_tokens if usages else None,
        cost_usd=sum(costs, Decimal(0)) if costs else None,
        activity=activity,
        tokens_per_second=reply.pieces_per_second() if reply and not reply.wait_until else None,
        hint=hint,
        notice=notice,
    )
