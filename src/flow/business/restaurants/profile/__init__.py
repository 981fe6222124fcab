"""What a restaurant tells of itself, and the settings page on which its admins change it."""
