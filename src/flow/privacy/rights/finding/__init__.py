"""The ids that lead to a person's rows."""
