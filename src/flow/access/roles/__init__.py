"""Roles: the matrix of who may do what, the door through which support looks in, and who can see a given row."""
