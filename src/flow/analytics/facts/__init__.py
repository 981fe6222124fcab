"""Facts: the additive figures behind every metric, counted from rows over spans of time.

The definition of each figure is here once. Roll-ups store what these queries count for whole business days, and the
metrics engine counts with the same queries what is not rolled up: today, and days with changes.
"""
