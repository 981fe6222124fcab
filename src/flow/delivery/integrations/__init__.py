"""The settings pages of integrations: what is connected and how it goes, connecting, and the inbox of webhooks."""
