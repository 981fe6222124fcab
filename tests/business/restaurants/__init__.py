"""Tests of restaurants: what they tell of themselves, and their site keys."""
