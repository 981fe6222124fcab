"""Customers: guests of a restaurant, known by phone or e-mail."""

from flow.business.customers.service import recognise
from flow.business.customers.types import Contact, Customer

__all__ = ["Contact", "Customer", "recognise"]
