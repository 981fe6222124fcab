"""Stripe: payment intents, checkout sessions, captures, refunds, disputes, and the page on which guests pay."""

from flow.demo.providers.stripe.api import stripe

__all__ = ["stripe"]
