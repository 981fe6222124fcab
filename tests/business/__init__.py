"""The facts of a business."""
