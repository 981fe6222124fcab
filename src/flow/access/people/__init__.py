"""The people of a restaurant: who works in it in which role, and who is invited to."""
