# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
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
