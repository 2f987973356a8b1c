# %% [markdown] right="all" says="norm"
# Terminal colours, overwritten lines, directions of writing and characters that are no text.

# %% [markdown] answer="05_words"
# ‮gnol si siht ⁦⁧⁨ a​b c d ﻿

# %%
print("\x1b[31m" * 100_000)
print("\x1b[1;" * 50_000 + "<script>PAYLOAD</script>")
print("\x1b]8;;javascript:PAYLOAD\x1b\\link\x1b]8;;\x1b\\ \x1b[38;2;0;0;0;</pre><script>PAYLOAD</script>m")
print("a\rb\b" * 10_000, "\u202e\u2066\0\udcff")
raise ValueError("\x1b[31m</pre><img src=x onerror=PAYLOAD>\u202e")
