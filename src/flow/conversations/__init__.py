"""Conversations: the log of what guests and agents say, and the adviser's questions."""
