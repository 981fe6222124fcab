"""Money and messages in a real browser, against a real server, worker and simulator."""
