# %% [markdown] right="all" says="norm"
# HTML that is deep, unclosed, or closes what is not its own.

# %%
from IPython.display import HTML

for text in [
    "<div>" * 10_000 + "x" + "</div>" * 10_000,
    "<p>" * 100_000,
    "</div>" * 50 + "<b>",
    r"<p>$\href{javascript:PAYLOAD}{x}$ $&#92;href{javascript:PAYLOAD}{x}$ $\&#104;ref{javascript:PAYLOAD}{x}$</p>",
    '<meta http-equiv="refresh" content="0;url=data:text/html,<script>PAYLOAD</script>">',
    '<form action="javascript:PAYLOAD"><button autofocus onfocus=PAYLOAD>x</button></form>',
    '<p style="width:expression(PAYLOAD);margin:-900px">x</p><style>@import "javascript:PAYLOAD"</style>',
    "<iframe srcdoc='<script>PAYLOAD</script>'></iframe><object data='javascript:PAYLOAD'></object>",
]:
    display(HTML(text))
