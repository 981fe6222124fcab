"""The rights of a person, on a database that holds one in every table."""
