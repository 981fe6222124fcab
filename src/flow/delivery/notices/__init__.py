"""Notifications to the restaurant's people, in the language of whoever reads them.

A row holds title and body in English, as they are marked for translation, and the facts that they name.
"""
