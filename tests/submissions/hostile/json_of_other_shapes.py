# %% [markdown] right=["03_counter"] says="no text in cell|of adding one" raw="shapes"
# Cells, sources and metadata of shapes that no notebook has.
