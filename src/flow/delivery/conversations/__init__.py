"""The pages on which staff read what guests wrote and answer, and look after the words that guests may send."""
