"""The rows behind a number: orders and visits, as pages and as files."""
