"""The second factor: time-based codes (TOTP, RFC 6238) of an app, and recovery codes for when it is lost."""
