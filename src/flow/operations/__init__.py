"""How FLOW itself is doing: health of the processes, and the doctor."""
