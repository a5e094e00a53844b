"""Scripted evaluation: a question set is asked, scored, summed up with intervals, compared and shown as a page.

    questions.py  a file of questions → QuestionSet         sampling.py  what is asked together, and which of many
    runner.py     QuestionSet → run, kept as JSON (shape.py) scoring.py   one record → its scores (wording.py: texts compared)
    summary.py    records → figures by kind, two runs compared    report.py   a run → one self-contained page
"""
