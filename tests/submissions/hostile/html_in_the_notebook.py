# %% [markdown] notebook={"title": "<script>PAYLOAD</script>", "widgets": {"application/vnd.jupyter.widget-state+json": {"state": "</script><script>PAYLOAD</script>"}}, "kernelspec": {"name": "PAYLOAD", "display_name": "<script>PAYLOAD</script>", "language": "python"}} says="norm"
# Words and metadata carry scripts for the browser of whoever grades.

# %% [markdown] answer="05_words"
# <script>PAYLOAD</script> [x](javascript:PAYLOAD) <img src=x onerror=PAYLOAD>

# %% [markdown]
# <svg/onload=PAYLOAD> $\\href{javascript:PAYLOAD}{x}$

# %% [raw] raw_mimetype="text/html"
# <script>PAYLOAD</script>
