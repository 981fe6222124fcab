"""What leaves FLOW: dashboards, live figures, exports."""
