"""Marketing: messages both ways, campaigns, and whom each was sent to by which consent."""
