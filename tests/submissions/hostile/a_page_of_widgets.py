# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Widgets, scripts and HTML in types that pages give to a script of their own.

# %%
from IPython.display import Javascript, publish_display_data

for mime in [
    "application/javascript",
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.jupyter.widget-state+json",
    "application/pdf",
    "application/xhtml+xml",
    "text/vnd.mermaid",
    "text/HTML",
]:
    publish_display_data(
        {mime: "</script><script>PAYLOAD</script>", "text/plain": "<script>PAYLOAD</script>"}
    )
publish_display_data({"text/html": "x"}, metadata={"text/html": {"isolated": True}})
display(Javascript("PAYLOAD"))
