"""The rights of a person: access, portability, erasure, restriction, objection (Art. 15 to 21 GDPR); offboarding."""
