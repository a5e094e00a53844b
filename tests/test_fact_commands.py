"""Facts on the command line: shown with their place and links, withheld under embargo, corrected all or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.build import Assistant
from assistant.settings import Settings
from index.errors import BadCorrection
from index.library import Library
from tests.test_tally import report
from ui import facts

Note = Callable[[str, str], Path]


@pytest.fixture
def assistant(library: Library, note: Note) -> Assistant:
    library.add([
        note("ashby.md", report("Ashby CRC", "4 June 2021", "Good", "Good")),
        note("release.md", "# Ashby CRC rated ‘Good’\n\nPress release\n\nPublished 4 June 2021\n\nHM Inspectorate of Probation. Ashby CRC has been rated ‘Good’."),
        note("held.md", report("Bray CRC", "5 March 2090", "Inadequate") + "\nEmbargoed until 00:01 on 5 March 2090\n"),
    ])  # fmt: skip
    return Assistant(library, Settings(home=library.home))


def test_facts_are_shown_with_place_and_links_and_withheld_under_embargo(assistant: Assistant) -> None:
    entries, told = facts.shown(assistant.library)
    shown = {item["document"]: item for item in facts.facts_json(entries, told, facts.linked(assistant.findings()))}
    overall = next(fact for fact in shown["ashby.md"]["facts"] if fact["field"] == "overall")
    page = assistant.library.page(shown["ashby.md"]["id"], overall["page"])
    assert page.text[overall["start"] : overall["end"]] == overall["quote"] and overall["scale"][0] == "Outstanding"
    assert shown["ashby.md"]["linked"] == ["release.md"] and shown["release.md"]["linked"] == ["ashby.md"]
    assert [fact["field"] for fact in shown["held.md"]["facts"]] == ["embargo"]
    text = facts.facts_text(entries, told, {})
    assert "Inadequate" not in text + json.dumps(shown["held.md"]) and "Bray" not in text and "under embargo until 5 March 2090, 00:01" in text


def test_corrections_are_all_made_or_none(assistant: Assistant) -> None:
    entries = [entry for entry in assistant.library.documents() if entry.name == "ashby.md"]
    with pytest.raises(BadCorrection, match="Superb"):
        facts.correct(assistant.library, entries, ["inspector=Una Hale", "overall=Superb"], take_back=False)
    assert not any(fact.corrected for fact in assistant.library.facts([entries[0].id])[entries[0].id])
    lines = facts.correct(assistant.library, entries, ["chief_inspector=Una Hale", "judgement:staff=inadequate", "score="], take_back=False)
    assert lines[1:] == ["ashby.md: judgement · Staff is Inadequate (corrected).", "ashby.md: score is none (corrected)."]
    undone = facts.correct(assistant.library, entries, ["judgement:STAFF", "caseload"], take_back=True)
    assert undone == ["ashby.md: judgement:STAFF is as it was read again.", "ashby.md: caseload was not corrected."]


@pytest.mark.parametrize("words", [["overall"], ["colour=red"], ["judgement=Good"]])
def test_what_is_no_field_and_value_is_told(assistant: Assistant, words: list[str]) -> None:
    entries = assistant.library.documents()[:1]
    with pytest.raises(BadCorrection):
        facts.correct(assistant.library, entries, words, take_back=False)
    with pytest.raises(BadCorrection, match="no field 'nonsense'"):
        facts.correct(assistant.library, entries, ["nonsense"], take_back=True)
