"""The reference pages that are made from the code; a contract test proves docs/reference fresh."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from flow.settings import Settings


def reference_pages() -> dict[str, str]:
    """File name → Markdown text of every generated page."""
    from flow.access.roles import reference as roles
    from flow.analytics.metrics import catalogue as metrics
    from flow.collect.events import catalogue as events
    from flow.delivery.webhooks import reference as webhooks
    from flow.privacy.catalogue import reference as data

    return {
        "settings.md": settings_page(),
        "events.md": events.reference_markdown(),
        "metrics.md": metrics.reference_markdown(),
        "data.md": data.reference_markdown(),
        "roles.md": roles.reference_markdown(),
        "webhooks.md": webhooks.reference_markdown(),
    }


def settings_page() -> str:
    """Every setting with its default and meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "none" if field.default in (None, PydanticUndefined) else f"`{field.default}`"
        variable = "DATABASE_URL" if name == "database_url" else f"FLOW_{name.upper()}"
        rows.append(f"| `{variable}` | {default} | {field.description} |")
    return "# Settings\n\nRead from the environment when a process starts.\n\n" + "\n".join(rows) + "\n"
