# %% [markdown] right="all" says="norm"
# Attached pictures that are missing, broken, or named to get out of an attribute.

# %% [markdown] answer="05_words" attach={"broken.png": {"image/png": "AAAA"}, "no base64.png": {"image/png": "###"}, "drawing.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9UEFZTE9BRD4="}, "a\" onerror=PAYLOAD x=\".png": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}, "../../up.png": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}
# ![my drawing](attachment:image.png) ![](attachment:broken.png) ![](attachment:no%20base64.png)
# ![](attachment:drawing.svg) ![](<attachment:a" onerror=PAYLOAD x=".png>) ![](attachment:../../up.png)
# ![](attachment\:image.png) ![a][b]
#
# [b]: attachment:image.png)

# %%
from IPython.display import Markdown

display(Markdown("![my drawing](attachment:image.png)"))
