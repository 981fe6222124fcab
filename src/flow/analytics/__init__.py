"""What is understood: facts counted from rows, roll-ups that keep them, metrics that answer questions from both."""
