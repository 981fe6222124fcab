"""API keys: how programs come in. A key belongs to one restaurant, holds scopes, and ends by itself."""
