"""Payments over their providers: guests are led to pay, what happens to the order is carried to the provider, and back.

order placed → checkout (the guest pays at the provider) → webhook or look → reserved, order confirmed
kitchen begins → capture    order cancelled → cancel    refund on the order's page → refund    nightly → reconcile
"""
