# %% [markdown] right="all" says="norm"
# Formulas whose links, styles and definitions reach beyond them.

# %% [markdown] answer="05_words"
# $\href{javascript:PAYLOAD}{x}$ \\(\\href{javascript:PAYLOAD}{x}\\) $\unicode[PAYLOAD]{x41} \class{PAYLOAD}{x} \cssId{PAYLOAD}{x} \style{position:fixed}{x}$
#
# $$\require{html} \href {javascript:PAYLOAD}{x} \bbox[background:url(javascript:PAYLOAD)]{x}$$
#
# \begin{equation} \mmlToken{mi}[href="javascript:PAYLOAD"]{x} \end{equation}
#
# $\let\a=\href \a{javascript:PAYLOAD}{x}$ $\def\b{\hr}\b ef{javascript:PAYLOAD}{x}$ $&bsol;href{javascript:PAYLOAD}{x}$

# %%
from IPython.display import HTML, Latex, Markdown

for tex in [
    r"\href{javascript:PAYLOAD}{x}",
    r"\Href \href{java\script:PAYLOAD}{x}",
    r"\href{data:text/html,<script>PAYLOAD</script>}{x}",
    r"\url{javascript:PAYLOAD}",
    r"\href{&#106;avascript:PAYLOAD}{x}",
    r"\htmlData{a=b}{x}",
]:
    display(Latex(f"${tex}$"), Latex(r"\begin{align}" + tex + r"\end{align}"))
    display(Markdown(f"${tex}$"), HTML(f"<p>${tex}$</p>"))
