"""The commands of `flow` that come in groups: one Typer app each, hung into flow.cli."""
