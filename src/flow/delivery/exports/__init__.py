"""Exports: a table as CSV or XLSX, a picture as PNG."""
