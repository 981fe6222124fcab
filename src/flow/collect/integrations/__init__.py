"""Integrations: connections to other systems, and the redacted log of what passed between them and FLOW."""
