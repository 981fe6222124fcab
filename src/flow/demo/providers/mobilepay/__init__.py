"""Vipps MobilePay: access tokens, ePayment, webhook registrations, and the page on which guests approve."""

from flow.demo.providers.mobilepay.api import mobilepay

__all__ = ["mobilepay"]
