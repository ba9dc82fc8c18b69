"""A brand's own data: the schema of its CSV files, their reader, and the export of runs in the same schema."""
