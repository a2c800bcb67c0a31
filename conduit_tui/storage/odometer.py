"""What was used: one event for each reply whose server reported usage, kept for good."""

from conduit_tui.core.message import Message
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import encode_time


def record(sql: Sql, message: Message) -> None:
    """Count a message's usage, once, in the transaction that commits it."""
    if (usage := message.usage) is None:
        return
    sql.run(
        """
        INSERT INTO usage_events
          (created_at, session_id, message_id, provider, model, input_tokens, output_tokens,
           cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, is_estimated)
        VALUES
          (:created_at, :session_id, :message_id, :provider, :model, :input_tokens, :output_tokens,
           :cache_read_tokens, :cache_write_tokens, :reasoning_tokens, :cost_usd,
           :is_estimated)
        ON CONFLICT (message_id) DO NOTHING
        """,
        created_at=encode_time(message.created_at),
        session_id=message.session_id,
        message_id=message.id,
        provider=message.provider,
        model=message.model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        cost_usd=None if message.cost_usd is None else str(message.cost_usd),
        is_estimated=usage.is_estimated,
    )
