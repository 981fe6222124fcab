"""Incoming webhooks: checked on their raw bytes, kept once each, answered, and applied by a job.

    provider's delivery → receiving (verify, read) → inbox (one row each, committed) → 2xx → working (apply, once)

What cannot be applied is parked with its reason and can be applied again from a page.
"""
