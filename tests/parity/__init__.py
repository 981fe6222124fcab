"""FLOW is the same on the embedded PostgreSQL, on one of somebody else's, on Supabase, and behind a pooler."""
