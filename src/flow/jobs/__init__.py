"""Background work: a queue in PostgreSQL, one worker, and the whole timetable in one file."""
