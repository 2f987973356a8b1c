"""The documents on the site have no link that leads nowhere."""

from pathlib import Path

from autograder.site_pages.documents import stage_documents

REPOSITORY = Path(__file__).parents[3]


def test_links_out_of_the_documents_become_text_or_lead_to_the_repository(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    text = "[a](b.md#c), [d](../e.py), `[f](g.py)`, [h](https://i)\n"
    (docs / "b.md").write_text(text, encoding="utf-8")
    stage_documents(docs, tmp_path / "plain", "")
    assert (tmp_path / "plain" / "b.md").read_text() == "[a](b.md#c), d, `[f](g.py)`, [h](https://i)\n"
    stage_documents(docs, tmp_path / "linked", "o/n")
    assert "[d](https://github.com/o/n/blob/main/e.py)" in (tmp_path / "linked" / "b.md").read_text()


def test_every_document_is_on_the_site(tmp_path):
    names = stage_documents(REPOSITORY / "docs", tmp_path / "docs", "")
    assert sorted(names) == sorted(path.stem for path in (REPOSITORY / "docs").glob("*.md"))
