"""How the connections to other systems do, as facts: calls, webhooks in and out, what waits, who has gone silent.

Counted from rows when asked, but for the calls of days that are over, which are counted once; the metrics of the
catalogue are made of them.
"""
