"""How the connections to other systems do, as facts: calls, webhooks in and out, what waits, who has gone silent.

Counted from rows when asked; the metrics of the catalogue are made of them.
"""
