"""FLOW: a customer-data platform for restaurants on one PostgreSQL."""
