# %% [markdown] right="all" says="norm"
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
