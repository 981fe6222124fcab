"""Integrations know of no persons: bodies and headers are redacted before they are written, credentials are sealed."""

from flow.kit.personal import PersonalColumn

PERSONAL_COLUMNS: tuple[PersonalColumn, ...] = ()
