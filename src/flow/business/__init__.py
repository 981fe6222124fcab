"""The facts of a business: restaurants, menu, customers, orders, payments and loyalty."""
