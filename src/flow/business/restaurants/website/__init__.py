"""The site keys with which a restaurant's own pages send visits and orders, and the settings page that makes them."""
