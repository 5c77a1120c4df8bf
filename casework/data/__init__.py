"""Public reference data that ships with the engine, each folder with its source."""
