"""Dashboards: questions to the metrics engine, answers as tiles, tiles as a page, as data, as files, and live."""
