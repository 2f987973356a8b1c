# %% [markdown] right="all" says="norm"
# Pictures in SVG with scripts, events, links and depth.

# %%
from IPython.display import Markdown, publish_display_data

head = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
publish_display_data({"image/svg+xml": head + " onload='PAYLOAD'><script>PAYLOAD</script></svg>"})
publish_display_data(
    {"image/svg+xml": head + "><a xlink:href='javascript:PAYLOAD'><text y='9'>x</text></a></svg>"}
)
publish_display_data({"image/svg+xml": "'><script>PAYLOAD</script>"})
publish_display_data({"image/svg+xml": head + ">" + "<g>" * 100_000 + "</g>" * 100_000 + "</svg>"})
display(Markdown("![x](data:image/svg+xml,<svg/onload=PAYLOAD>) [x](data:image/svg+xml;base64,PHN2Zy8+)"))
