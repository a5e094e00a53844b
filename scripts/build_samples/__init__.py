"""Builds the sample library: invented publications that a reader can add, question and check.

One way through, as in the house itself:

    text/*.md      what the publications say, each file opening with its facts in TOML
    markup.py      a small Markdown → blocks
    content.py     text files → Report, PressRelease; refuses facts that contradict each other
    style.py       colours, sizes and paragraph styles
    layout.py      pages: covers, running lines, contents, footnotes
    pieces.py      blocks and facts → tables, boxes, a figure
    report.py      Report → PDF
    press.py       PressRelease → txt, html, docx, md

Nothing here is imported by the assistant. The same text gives the same bytes.
"""
