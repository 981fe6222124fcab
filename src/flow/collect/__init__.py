"""What comes in: the tracker, events, incoming webhooks and imports."""
