"""A conversation and what was said in it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

__all__ = ["Open", "Talk"]


@dataclass(frozen=True, slots=True)
class Open:
    """A row of ai_conversations that a guest's next message continues."""

    conversation_id: str
    customer_id: UUID | None
    current_state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The conversation that a message has just joined. `is_waiting`: the guest waited for a person before already."""

    conversation_id: str
    customer_id: UUID | None
    is_new: bool
    is_waiting: bool
