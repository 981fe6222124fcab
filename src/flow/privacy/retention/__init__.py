"""Retention: what the catalogue says must go, goes, a little at a time; legal holds keep a person's rows."""
