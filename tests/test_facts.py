"""Facts: what a publication says of itself, where each stands, and that blank comes before wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.dates import first_time, stretches
from corpus.errors import BadProfile
from corpus.facts import facts_of
from corpus.profile import load, profiles
from corpus.read import Limits, read
from corpus.types import Document, Fact
from corpus.wording import compiled, number_in
from tests.conftest import SAMPLES

RELEASE = """Harbour and Moor probation service: good in parts

Press release

HM Inspectorate of Probation conducted a routine inspection of Harbour and Moor Community Rehabilitation Company (CRC). It has given \
the organisation an overall rating of ‘Requires improvement’.

Chief Inspector of Probation Dana Whitlock said: “Much is left to do.” The company was rated ‘Good’ in 2016. The supervision of people \
sentenced to unpaid work and resettlement were found to be effective and were rated ‘Good’. It scored 12 out of a possible 30.

The CRC is owned by Lanternmoor Ltd. The Inspectorate has made seven recommendations. The CRC supervised 2,976 individuals.

Notes to editor

1. The report is available at example.org on 17 July 2019 00.01.
2. Fieldwork took place in March and April 2019. The lead inspector was Ty Brannock.
"""
CARE = """# Meadow View Care Home

Inspection report

Date of inspection visit: 12 May 2023
Date of publication: 30 June 2023

| Question | Rating |
| --- | --- |
| Overall rating for this service | Requires Improvement |
| Is the service safe? | Requires Improvement |
| Is the service caring? | Good |
| Is the service well-led? | Inadequate |

This service was previously rated Outstanding. At our last inspection we made 12 recommendations.
"""


def told(text: str, name: str = "a.md", folder: Path | None = None) -> Document:
    return read(text.encode(), name, name, Limits(profiles=folder))


def values(document: Document) -> dict[str, str]:
    return {f"{fact.field}:{fact.subject}" if fact.subject else fact.field: fact.value for fact in reversed(document.facts)}


def test_a_press_release_tells_its_facts() -> None:
    found = values(told(RELEASE, "release.txt"))
    assert found == {
        "kind": "press release", "inspectorate": "HM Inspectorate of Probation", "service": "Harbour and Moor probation service",
        "type": "Community Rehabilitation Company", "provider": "Lanternmoor Ltd", "fieldwork": "2019-03-01/2019-04-30",
        "published": "2019-07-17", "embargo": "2019-07-17T00:01+01:00", "inspector": "Ty Brannock", "chief inspector": "Dana Whitlock",
        "overall": "Requires improvement", "judgement:Unpaid work": "Good", "judgement:Resettlement": "Good", "score": "12/30",
        "recommendations": "7", "caseload": "2976",
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_fact_of_the_samples_stands_where_it_says(path: Path) -> None:
    document = read(path.read_bytes(), path.name, str(path), Limits())
    assert document.facts and any(fact.field == "published" for fact in document.facts)
    for fact in document.facts:
        if fact.page:
            assert fact.quote and document.pages[fact.page - 1].text[fact.start : fact.end] == fact.quote
        assert fact.rule and fact.value


def test_the_ratings_table_of_a_sample_report_is_whole() -> None:
    path = SAMPLES / "northmarch-crc-inspection-report-2021.pdf"
    found = values(read(path.read_bytes(), path.name, str(path), Limits()))
    judged = {name.removeprefix("judgement:"): grade for name, grade in found.items() if name.startswith("judgement:")}
    assert judged == {
        "Leadership": "Good", "Staff": "Good", "Services": "Good", "Information and facilities": "Outstanding", "Assessment": "Good",
        "Planning": "Good", "Implementation and delivery": "Requires improvement", "Reviewing": "Requires improvement",
        "Unpaid work": "Good", "Through the Gate": "Requires improvement",
    }  # fmt: skip
    assert (found["overall"], found["score"]) == ("Good", "18/30")


def test_an_inspectorate_nobody_told_of_is_read_by_its_tables() -> None:
    found = values(told(CARE))
    assert (found["overall"], found["published"], found["fieldwork"]) == ("Requires improvement", "2023-06-30", "2023-05-12")
    assert {name: grade for name, grade in found.items() if name.startswith("judgement:")} == {
        "judgement:Is the service safe?": "Requires improvement", "judgement:Is the service caring?": "Good",
        "judgement:Is the service well-led?": "Inadequate",
    }  # fmt: skip
    assert "recommendations" not in found  # those are of the inspection before


@pytest.mark.parametrize(
    "text",
    [
        "What the grades mean\n\n| Band | Grade |\n| --- | --- |\n| 80 per cent or more | Outstanding |\n| 65 to 79 per cent | Good |\n| 50 to 64 per cent | Requires improvement |\n| Below 50 per cent | Inadequate |",
        "At the previous inspection of Harbour Lane the overall rating of the service was Good.",
        "Harbour Lane had been rated Good. Previously it was judged to be inadequate.",
        "The quality of the food is good. Staff were good. Care is outstanding.",
        "| Standard | 2018 | 2021 |\n| --- | --- | --- |\n| Safety | Good | Requires improvement |\n| Respect | Good | Good |",
    ],
    ids=["bands", "previous", "earlier", "prose", "then-and-now"],
)
def test_what_is_no_judgement_of_this_inspection_is_left_out(text: str) -> None:
    document = told(f"# Inspection of Harbour Lane\n\n{text}")
    assert [fact for fact in document.facts if fact.field in ("overall", "judgement")] == []


def test_outcomes_in_words_are_judgements_only_of_the_service_itself() -> None:
    def overall(sentence: str) -> str | None:
        return values(told(f"# Inspection of Harbour Lane\n\nPublished 4 May 2019\n\n{sentence}")).get("overall")

    assert overall("Inspectors rated Harbour Lane as Good.") == "Good"
    assert overall("Harbour Lane Prison was judged to be inadequate.") == "Inadequate"
    assert overall("Inspectors rated the gardens as Good.") is None


def test_a_grade_that_goes_on_in_the_next_line_is_read() -> None:
    text = "Report on Probation\n\nHM Inspectorate of Probation\n\n2.1 Leadership Requires\n\nimprovement\n\n2.2 Staff Good"
    assert values(told(text, "a.txt"))["judgement:Leadership"] == "Requires improvement"


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("8 – 12 July 2013", "2013-07-08", "2013-07-12"), ("28 January–5 February 2014", "2014-01-28", "2014-02-05"),
        ("28 November 2022 to 2 December 2022", "2022-11-28", "2022-12-02"), ("30 December to 4 January 2023", "2022-12-30", "2023-01-04"),
        ("Monday 4 to Friday 8 March 2019", "2019-03-04", "2019-03-08"), ("March and April 2019", "2019-03-01", "2019-04-30"),
        ("20 June 2017 ─ 13 July 2017", "2017-06-20", "2017-07-13"), ("7 June 2022", "2022-06-07", "2022-06-07"),
    ],
)  # fmt: skip
def test_stretches_of_days_are_read_whole(text: str, since: str, until: str) -> None:
    (found,) = stretches(text)
    assert (found.since.isoformat(), found.until.isoformat()) == (since, until)


def test_times_of_day_are_told_from_numbers() -> None:
    assert str(first_time("on 17 July 2019 at 9.30am")[0]) == "09:30:00"  # type: ignore[index]
    assert str(first_time("until 00.01 on Wednesday")[0]) == "00:01:00"  # type: ignore[index]
    assert first_time("section 3.1 of the report") is None


def test_numbers_in_words_are_numbers() -> None:
    assert [number_in(word) for word in ("seven", "2,976", "twenty-one", "forty", "no", "several")] == [7, 2976, 21, 40, 0, None]


def test_a_wording_finds_its_place_across_tables_and_lines() -> None:
    pattern = compiled("^Lead inspector: {person}")
    for text in ("Lead inspector: Ann Carver", "Lead inspector\tAnn Carver", "Team\nLead inspector  Ann Carver HMI"):
        match = pattern.search(text)
        assert match and match["value"] == "Ann Carver"
    with pytest.raises(ValueError, match="not known"):
        compiled("Led by {whoever}")


THIRD = """
name = "Lighthouse Authority"
recognise = ["Lighthouse Authority"]
timezone = "Europe/Dublin"

[[scales]]
name = "Lamps"
grades = ["Bright", "Dim", "Dark"]
[scales.also]
"Dark" = ["gone out"]

[[standards]]
name = "Overall light"
overall = true

[[standards]]
name = "Keeper"
also = ["Keeping of the lamp"]
asked = ["keepers"]

[[types]]
name = "Offshore light"
title = ["offshore"]

[wordings]
inspector = ["Rowed out by {person}"]
caseload = ["ships passed: {number}"]
"""


def test_a_new_inspectorate_is_a_new_file_and_no_code(tmp_path: Path) -> None:
    (tmp_path / "lights.toml").write_text(THIRD, encoding="utf-8")
    text = (
        "# Inspection of Skerry offshore light\n\nLighthouse Authority\n\nPublished 3 June 2024, embargoed until 5pm on 2 June 2024\n\n"
        "| Standard | Grade |\n| --- | --- |\n| Keeping of the lamp | gone out |\n| Boat | Bright |\n| Overall light | Dim |\n\n"
        "Rowed out by Maeve Tully. Ships passed: 1,204."
    )
    found = values(told(text, folder=tmp_path))
    assert (found["overall"], found["judgement:Keeper"], found["judgement:Boat"]) == ("Dim", "Dark", "Bright")
    assert (found["type"], found["inspector"], found["caseload"]) == ("Offshore light", "Maeve Tully", "1204")
    assert found["embargo"] == "2024-06-02T17:00+01:00"
    assert "judgement:Keeper" not in values(told(text))  # without the file nobody knows these grades


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "is no TOML"),
        ("nam = 'x'", "name: field required"),
        ("name = 'x'\nscale = 1", "scale: extra inputs are not permitted"),
        ("name = 'x'\n[wordings]\ninspector = ['by {whom}']", "{whom} that is not known"),
        ("name = 'x'\ntimezone = 'Mars/North'", "no time zone 'Mars/North'"),
        ("name = 'x'\n[[scales]]\nname = 's'\ngrades = ['A', 'B']\n[scales.also]\n'C' = ['c']", "'C' has other wordings"),
        ("name = 'x'\n[[standards]]\nname = 'A'\nalso = ['same']\n[[standards]]\nname = 'B'\nalso = ['Same']", "is a name of both"),
    ],
)
def test_a_profile_that_is_not_right_is_told_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadProfile) as raised:
        load(path)
    assert said in str(raised.value) and "bad.toml" in str(raised.value)


def test_the_shipped_profiles_can_be_used() -> None:
    assert [profile.name for profile in profiles()] == ["Ofsted", "HM Inspectorate of Probation", "Any inspectorate"]
    assert all(profile.grade and profile.standard for profile in profiles())


def test_no_pages_tell_nothing() -> None:
    assert facts_of((), "", "a.txt", profiles()) == ()


def test_a_rank_counts_from_the_best() -> None:
    scale = ("Good", "Bad")
    assert [Fact("overall", grade, scale=scale).rank for grade in ("Good", "Bad", "Odd")] == [0, 1, None]


OLD_AND_NEW = "| Standard | Rating |\n| --- | --- |\n| Leadership | {0} |\n| Staff | {0} |\n| Overall rating | {0} |\n"


@pytest.mark.parametrize(
    ("text", "overall"),
    [
        ("## Previous judgements (2019)\n\n" + OLD_AND_NEW.format("Inadequate") + "\n## Judgements\n\n" + OLD_AND_NEW.format("Good"), "Good"),
        ("## Last inspection\n\nOverall rating: Inadequate\n\n## This inspection\n\nOverall rating: Good", "Good"),
        ("| Judgement | Previous | Now |\n| --- | --- | --- |\n| Overall rating | Inadequate | Good |", None),
        ("Ofsted made the following assessments:\n\nOverall effectiveness: Inadequate\n\nLeadership and management: Inadequate", None),
        ("Overall rating: Good\n\nOverall rating: Inadequate", None),  # nothing says which
        ("Harbour Lane was judged inadequate in July 2018, and has since improved.", None),
        ("In its last full inspection Harbour Lane was judged to be inadequate.", None),
        ("Its secure home has been judged to be outstanding. If the overall judgement is inadequate, it is inspected again.", None),
        ("Harbour Lane Academy of Arts was rated good.", None),
    ],
    ids=["previous", "last", "columns", "anothers", "two", "year", "last-full", "others", "academy"],
)
def test_grades_of_other_times_and_bodies_are_left_out(text: str, overall: str | None) -> None:
    document = told(f"# Inspection of Harbour Lane\n\nHM Inspectorate of Probation\n\nPublished 4 May 2021\n\n{text}")
    assert values(document).get("overall") == overall


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("The previous report was published on 4 June 2018.", None),
        ("The law was published on 3 May 2019. This report was published on 4 March 2024.", "2024-03-04"),
        ("Report published: 05/03/2024", "2024-03-05"),
        ("Published March 5, 2024", "2024-03-05"),
    ],
)
def test_the_day_of_publication_is_this_publications(text: str, published: str | None) -> None:
    assert values(told(f"# Inspection of Harbour Lane\n\nSome work was seen.\n\n{text}")).get("published") == published


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Embargoed until 05/03/2030. Inspection dates: 4 March 2024.", "2030-03-05T00:00+00:00"),
        ("Published 5 March 2030\n\nEMBARGOED until 00.01 Tuesday 5 March", "2030-03-05T00:01+00:00"),
        ("For release: 0001 hours on Wednesday 6 March 2030", "2030-03-06T00:01+00:00"),
        ("Embargoed until midnight on 4 March 2030", "2030-03-05T00:00+00:00"),
        ("Embargoed until 5.3.30, one minute past midnight", "9999-12-31T00:00+00:00"),  # nobody can tell: held until somebody sets it
        ("The embargo on smoking ended on 3 May 2018.", None),
        ("The report is available on 6 March 2030.", None),
    ],
)
def test_embargoes_are_read_in_many_wordings_and_hold_when_in_doubt(text: str, until: str | None) -> None:
    assert values(told(f"# Harbour Lane told to improve\n\n{text}")).get("embargo") == until


def test_a_school_is_no_childrens_service(tmp_path: Path) -> None:
    text = "# Inspection of Larkfield Primary School\n\nLeadership and management: Good\n\nOffice for Standards in Education, Children’s Services and Skills"
    found = values(told(text))
    assert "type" not in found and not any("leaders" in name for name in found)


@pytest.mark.parametrize("unit", ["has been judged good ", "It was rated 'Good' ", "12 July 2019 to ", "Alpha Beta ", "A", "word "])
def test_long_lines_are_read_in_seconds(unit: str) -> None:
    import time

    text = "Inspection of Harbour Lane\n\nInspectorate Chief Inspector owned Inspection dates: " + unit * (100_000 // len(unit))
    started = time.perf_counter()
    told(text, "long.txt")
    assert time.perf_counter() - started < 20  # they took minutes when a pattern went back over all of it
