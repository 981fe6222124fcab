"""Consents: evidence, standing, links, pages."""
