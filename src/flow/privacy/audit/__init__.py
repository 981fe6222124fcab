"""The audit log: who did what to which data and why. Rows are added and read, never changed."""
