"""The fee schedules, each in a folder of its own."""
