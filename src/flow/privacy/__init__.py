"""Privacy: who did what to whose data. Consents, retention by catalogue, access and erasure come to live here."""
