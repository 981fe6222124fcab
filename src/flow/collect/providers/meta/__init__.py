"""Meta: what Instagram and Messenger have in common, which is nearly everything. Each has a folder of its own."""
