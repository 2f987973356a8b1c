"""Sources of assignments that are notebooks: read as nbgrader reads them, and refused as it would."""
