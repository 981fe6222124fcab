"""How the connections to other systems do: tiles and tables of the metrics, and the rows behind each number."""
