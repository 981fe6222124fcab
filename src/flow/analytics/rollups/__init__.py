"""Roll-ups: a business day's facts, kept in daily_metrics and its like, made anew whenever the day's rows change."""
