"""The builder: how a restaurant's site, app or widget is made up."""
