"""Who can see a given row, and why: worked out from roles, and then asked of the database as each of these people."""
