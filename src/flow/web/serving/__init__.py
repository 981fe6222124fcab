"""The HTTP server: uvicorn, with what it leaves open."""
