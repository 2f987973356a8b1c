"""Who does the work of grading: processes of this machine, or those of a Dask cluster."""
