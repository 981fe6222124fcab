"""The log of conversations: what was said, on which channel, and what people thought of the answers."""
