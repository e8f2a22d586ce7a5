"""Background work: queue names, the schedule table, and the worker that runs both. What a job does is its room's."""
