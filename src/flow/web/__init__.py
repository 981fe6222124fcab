"""The door: authentication, one error shape, limits, languages and the parts every page shares."""
