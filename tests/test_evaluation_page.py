"""The Evaluation tab: sets are kept and checked, runs are made, stopped, gone on with, read, compared and taken along, and nothing leaks."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import pytest
from filelock import FileLock
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.errors import BadQuestionSet
from assistant.types import Answer
from tests import test_browser as web
from tests.fake_page import HOSTILE, Fake, pretend
from tests.test_web import ALLOWED, Reader
from ui import question_sets
from ui.question_sets import QuestionSets, SetError, safe_name
from ui.runs import HELD, RunError, Runs
from ui.web.evaluation import EvaluationArea
from ui.web.run_area import NONE, Look
from ui.web.run_files import run_routes
from ui.web.run_forms import wanted_of
from ui.web.run_report import ALL, ANY, NOT_RIGHT, STEP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

browser = web.browser
full = web.full

OPEN = "two actions"
ROWS: list[dict[str, Any]] = [
    {"id": "open", "kind": "fact", "question": "What was still open?", "answer": "still open", "documents": ["riverside-house-2024.pdf"], "pages": [4]},
    {"id": "shut", "kind": "fact", "question": "What was closed?", "answer": "closed", "documents": ["gone.pdf"]},
    {"id": "sky", "kind": "absent", "question": "What is the weather?", "answer": None},
    {"id": "sky-2", "kind": "absent", "question": "Is it raining?", "answer": None},
]
ADDRESS = re.compile(r"evaluation/[\w-]+/(report\.html(\?against=[\w-]+)?|run\.json|figures\.csv|questions\.csv)")


def as_jsonl(rows: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def fake() -> Fake:
    return pretend(pause=0.0)  # type: ignore[no-any-return]


@pytest.fixture
def area(fake: Fake) -> Iterator[EvaluationArea]:
    with gr.Blocks(analytics_enabled=False):
        yield EvaluationArea(fake)  # type: ignore[arg-type]


@pytest.fixture
def upload(area: EvaluationArea, tmp_path: Path) -> Callable[..., Any]:
    """Uploads rows as a set; what the page shows then, and the set's sha256."""

    def put(rows: Sequence[dict[str, Any]] = ROWS, name: str = "own.jsonl", look: Look | None = None) -> tuple[Any, str]:
        path = tmp_path / name
        path.write_bytes(as_jsonl(rows))
        shown = area.on_upload(str(path), look or Look())
        return shown, str(shown[area.chosen]._constructor_args[0]["value"]) if area.chosen in shown else ""

    return put


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def over(area: EvaluationArea, look: Look) -> Any:
    """What the page shows once the run under way is over."""
    end = time.monotonic() + 20
    while area.bench.now() and time.monotonic() < end:
        time.sleep(0.01)
    return area.on_tick(look)


def evaluated(area: EvaluationArea, sha256: str, look: Look, limit: str = "", quotes: bool = False) -> Any:
    shown = area.on_start(sha256, limit, quotes, look)
    assert "notice" not in shown[area.note], shown[area.note]
    return over(area, look)


def harmless(html: str) -> bool:
    reader = Reader(html)
    ours = {"details", "summary", "dl", "dt", "dd", "small", "b"}
    addresses = re.findall(r'href="([^"]*)"', html)
    return reader.tags <= ALLOWED | ours and all(ADDRESS.fullmatch(one) for one in addresses) and set(reader.handlers) <= {"href"}


class Slow(Fake):
    """Answers each question only when it is allowed to."""

    def __init__(self, home: Path) -> None:
        super().__init__(pause=0.0, home=home)
        self.allowed = 0

    def ask(self, question: str, history: Sequence[Answer] = (), **more: Any) -> Answer:
        while len(self.asked) >= self.allowed:
            time.sleep(0.005)
        return super().ask(question, history, **more)


# ---- sets


def test_the_sample_set_is_there_and_an_upload_is_kept_by_what_it_holds(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    shown, sha256 = upload()
    assert "own.jsonl is kept" in shown[area.note] and "<b>4 questions</b>: fact 2, absent 2." in shown[area.about]
    assert "lacks 1 of the 2 documents that this set names: gone.pdf." in shown[area.about]
    again, same = upload(name="other name.jsonl")
    assert same == sha256 and "own.jsonl holds the same questions and is here already" in again[area.note]
    assert [kept.name for kept in area.sets.all()] == ["sample-questions.jsonl", "own.jsonl"]
    assert area.refreshed(None, Look())[area.chosen]._constructor_args[0]["choices"][0][0] == "Sample questions"
    assert "none of the" in area.on_choose(area.sets.all()[0].sha256, Look())[area.about]  # the fake library has no samples


def test_a_bad_set_is_refused_with_its_lines_and_nothing_is_kept(
    area: EvaluationArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        shown = area.on_upload(str(path), Look())
        assert not path.exists() and len(area.sets.all()) == 1
        return str(shown[area.note])

    said = refused("bad.jsonl", b'{"question": "A?", "answer": 1}\n{"question": "<img>"}\n{"x\n')
    assert "bad.jsonl cannot be used:" in said and "<li>line 2: has no answer" in said and "<li>line 3: is not JSON" in said and "<img>" not in said
    assert "neither a .jsonl nor a .csv file" in refused("notes.txt", b"x") and "holds no questions" in refused("none.csv", b"question,answer\n")
    monkeypatch.setattr(question_sets, "MOST_QUESTIONS", 3)
    assert "has 4 questions, and at most 3 fit" in refused("long.jsonl", as_jsonl(ROWS))
    monkeypatch.setattr(question_sets, "MOST_BYTES", 10)
    assert "is larger than" in refused("large.jsonl", as_jsonl(ROWS))


def test_names_of_sets_are_made_safe_and_their_endings_stay() -> None:
    for name, safe in (("../../etc/a.jsonl", "a.jsonl"), ('x<b>"*\n.csv', "xb.csv"), ("..jsonl", "questions.jsonl"), ("C:\\sets\\q.tsv", "q.tsv")):
        assert safe_name(name) == safe
    long = safe_name("ä" * 400 + ".jsonl")
    assert long.endswith("ä.jsonl") and len(long.encode()) <= 120


def test_a_set_is_deleted_after_a_question_and_the_sample_set_is_not(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    look = Look()
    _, sha256 = upload(look=look)
    asked = area.on_drop(sha256, look, event(what="set", id=sha256))
    assert "Delete this question set?" in asked[area.about] and len(area.sets.all()) == 2
    assert "Delete this question set?" not in area.on_unchanged(sha256, look, event())[area.about]
    shown = area.on_dropped(sha256, look, event(what="set", id=sha256))
    assert "The question set is deleted" in shown[area.note] and len(area.sets.all()) == 1
    area.on_dropped(sha256, look, event(what="set", id=area.sets.all()[0].sha256))
    assert len(area.sets.all()) == 1 and "data-event" not in area.on_choose(area.sets.all()[0].sha256, look)[area.about]


def test_a_set_that_was_changed_or_is_gone_is_not_run_under_its_name(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    _, sha256 = upload()
    (kept,) = (kept for kept in area.sets.all() if not kept.sample)
    kept.path.write_bytes(as_jsonl(ROWS[:1]))
    with pytest.raises(SetError, match="was changed"):
        QuestionSets(Path(area.assistant.library.home)).load(sha256)
    assert "no longer here" in area.on_start("0" * 64, "", False, Look())[area.note]
    assert "Choose a question set first" in area.on_start(None, "", False, Look())[area.note]


def test_how_many_questions_is_a_number_or_nothing() -> None:
    assert wanted_of("") == wanted_of(None) == wanted_of(" ") == (None, "") and wanted_of(" 1,200 ") == (1200, "")
    for words in ("0", "-1", "2.5", "all", "1e3"):
        assert f"“{words}” cannot be how many" in wanted_of(words)[1]


def test_the_example_for_spreadsheets_is_a_set(tmp_path: Path, area: EvaluationArea) -> None:
    from ui.web.run_forms import _BLANK

    (tmp_path / "example.csv").write_bytes(("\ufeff" + _BLANK).encode())
    kept, _ = area.sets.add(tmp_path / "example.csv")
    assert [question.answer for question in area.sets.load(kept.sha256).questions] == ["Good", ("Eastmere", "Quillshire"), None]
    assert files("assistant.evaluate").joinpath(question_sets.SAMPLE).is_file()


# ---- runs


def test_a_run_ends_with_its_report_its_files_and_a_line_in_the_list(area: EvaluationArea, fake: Fake, upload: Callable[..., Any]) -> None:
    look = Look()
    _, sha256 = upload()
    shown = evaluated(area, sha256, look)
    assert "The evaluation is finished: 50% of 4 answers right." in shown[area.note] and look.opened
    head, questions = shown[area.report.head], shown[area.report.questions]
    for words in ("2 of 4 questions were answered correctly (50%)", "Answered correctly", "share of all questions", "With only 4 questions",
                  "lacked 1 document that the set names: gone.pdf", "answers were quotes"):  # fmt: skip
        assert words in head
    assert "2 of 4 questions" in questions and "What was closed?" in questions and "What was still open?" not in questions
    assert "Answered, though the documents do not say" in questions and "No right document is cited" in questions
    assert area.refreshed(None, Look())[area.chosen]._constructor_args[0]["value"] == sha256  # the set that was used last
    assert "50%" in shown[area.list] and "Finished" in shown[area.list] and "Report of" in shown[area.list]
    client = TestClient(Starlette(routes=run_routes(fake)))  # type: ignore[arg-type]
    got = {name: client.get(f"/evaluation/{look.opened}/{name}") for name in ("report.html", "run.json", "figures.csv", "questions.csv")}
    assert all(reply.status_code == 200 and "attachment" in reply.headers["content-disposition"] for reply in got.values())
    assert got["report.html"].text.startswith("<!doctype html>") and got["run.json"].json()["set"]["name"] == "own.jsonl"
    rows = list(csv.DictReader(io.StringIO(got["questions.csv"].content.decode("utf-8-sig"))))
    assert [row["Outcome"] for row in rows] == ["right", "wrong answer", "right", "answered, though the documents do not say"]
    figures = list(csv.DictReader(io.StringIO(got["figures.csv"].content.decode("utf-8-sig"))))
    assert [row["Value"] for row in figures if row["Measure"] == "Answered correctly"] == ["0.5", "0.5", "0.5"]
    for path in ("x/report.html", f"{look.opened}/other.txt", f"{look.opened}/report.html?against=../../x", "20200101-000000-abcdef/run.json"):
        assert client.get(f"/evaluation/{path}").status_code == 404


def test_questions_are_filtered_by_kind_and_outcome_and_shown_in_parts(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    look = Look()
    many = [{**ROWS[0], "id": f"many-{n}", "kind": "All kinds"} for n in range(STEP + 3)]
    _, sha256 = upload([*ROWS, *many])
    evaluated(area, sha256, look)
    assert area.report.on_filter("fact", NOT_RIGHT, look).count("<article") == 1
    assert area.report.on_filter("absent", "Right", look).count("What is the weather?") == 1
    assert "No question fits" in area.report.on_filter("fact", "Ended in an error", look)
    assert area.report.on_filter("All kinds", ALL, look).startswith(f'<p class="aside" role="status">{STEP + 3} of')  # a kind that is called so
    first = area.report.on_filter(ANY, ALL, look)
    assert first.count("<article") == STEP and f"{STEP + 7} of {STEP + 7} questions; the first {STEP} are shown" in first and "Show 7 more" in first
    assert area.report.on_more(look).count("<article") == STEP + 7


def test_a_stopped_run_keeps_what_is_done_and_goes_on_with_the_rest(tmp_path: Path) -> None:
    slow, look = Slow(tmp_path), Look()
    with gr.Blocks(analytics_enabled=False):
        area = EvaluationArea(slow)  # type: ignore[arg-type]
    (tmp_path / "set.jsonl").write_bytes(as_jsonl(ROWS))
    kept, _ = area.sets.add(tmp_path / "set.jsonl")
    shown = area.on_start(kept.sha256, "", False, look)
    slow.allowed = 1
    while (now := area.bench.now()) and now.done < 1:
        time.sleep(0.005)
    assert "of 4 questions" in shown[area.progress]
    late = area.refreshed(None, other := Look())  # the page was loaded anew, or another reader came
    assert "1 of 4 questions" in late[area.progress] and "Asking: <bdi>What was closed?" in late[area.progress] and other.watching == look.watching
    assert "An evaluation is under way: set.jsonl, 1 of 4 questions." in area.on_start(kept.sha256, "", False, Look())[area.note]
    assert "This run is under way" in area.on_dropped(None, other, event(what="run", id=look.watching))[area.note]
    assert "Stopping" in area.on_cancel(look)[area.progress]
    slow.allowed = 2  # the question in hand
    ended = over(area, look)
    assert "stopped after 2 of 4 questions: 50% of 2 answers right" in ended[area.note] and "data-focus" in ended[area.note]
    assert "This run was stopped after 2 of 4 questions" in ended[area.report.head] and "Go on" in ended[area.list]
    slow.allowed = 99
    area.on_resume(look, event(id=look.opened))
    assert "finished" in over(area, look)[area.note] and len(slow.asked) == 4
    assert "cannot be gone on with: it is a finished run" in area.on_resume(look, event(id=look.opened))[area.note]


def test_a_run_of_another_library_is_not_gone_on_with_and_nothing_of_it_is_lost(
    area: EvaluationArea, fake: Fake, upload: Callable[..., Any]
) -> None:
    look = Look()
    _, sha256 = upload()
    evaluated(area, sha256, look)
    path = area.runs.path(look.opened)
    run = {**json.loads(path.read_text("utf-8")), "finished": None, "summary": {}}
    path.write_text(json.dumps({**run, "questions": run["questions"][:2]}), encoding="utf-8")
    fake.library.entries.pop("b2")
    before = path.read_bytes()
    assert "cannot be gone on with: it is a run with another library" in area.on_resume(look, event(id=look.opened))[area.note]
    assert path.read_bytes() == before and "changed since" in area.refreshed(None, look)[area.list]


def test_only_one_program_evaluates_a_library_at_a_time(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    _, sha256 = upload()
    area.runs.new()
    with FileLock(area.runs.folder / "running.lock"):
        assert "Another program is evaluating this library" in area.on_start(sha256, "", False, Look())[area.note]
    evaluated(area, sha256, Look())
    assert len(area.runs.listed()) == 1  # the one that was refused left nothing


def test_quotes_only_leaves_the_chat_model_out_and_is_kept_with_the_run(
    area: EvaluationArea, fake: Fake, upload: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    whole = fake.ask
    monkeypatch.setattr(fake, "ask", lambda question, history=(), quotes=False: (asked.append(quotes), whole(question, history, quotes=quotes))[1])
    fake.settings = fake.settings.model_copy(update={"model": "ollama:small"})
    _, sha256 = upload()
    for quotes, words in ((True, "answers were quotes"), (False, "answers were written by ollama:small")):
        look = Look()
        assert words in evaluated(area, sha256, look, limit="1", quotes=quotes)[area.report.head]
        assert area.runs.read(look.opened)["settings"]["answers"] == ("quotes" if quotes else "written")
    assert asked == [True, False]


def test_an_empty_library_leads_to_adding(area: EvaluationArea, fake: Fake, upload: Callable[..., Any]) -> None:
    _, sha256 = upload()
    fake.library.entries.clear()
    shown = area.refreshed(sha256, Look())
    assert "The library is empty" in shown[area.note] and 'data-event="goto"' in shown[area.note]
    assert "The library is empty" in area.on_start(sha256, "", False, Look())[area.note] and area.runs.listed() == []


def test_a_full_disk_is_said_before_anything_is_asked_and_in_the_middle(
    area: EvaluationArea, fake: Fake, upload: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    _, sha256 = upload()
    with monkeypatch.context() as patched:
        patched.setattr("os.replace", full_disk)
        said = area.on_start(sha256, "", False, Look())[area.note]
        assert "could not be kept" in said and "No space left on device" in said and fake.asked == [] and area.bench.now() is None
    with monkeypatch.context() as patched:
        patched.setattr("assistant.evaluate.runner.save", full_disk)
        look = Look()
        area.on_start(sha256, "", False, look)
        assert "No space left on device" in over(area, look)[area.note]
    assert "finished" in evaluated(area, sha256, Look())[area.note]


def test_a_damaged_run_is_listed_refused_and_can_be_deleted(area: EvaluationArea, upload: Callable[..., Any]) -> None:
    look = Look()
    _, sha256 = upload()
    evaluated(area, sha256, look)
    path = area.runs.path("20260102-030405-abcdef")
    path.write_text('{"format": 1, "questions": [1]}', encoding="utf-8")
    (area.runs.folder / "notes.json").write_text("x")
    shown = area.refreshed(None, look)[area.list]
    assert "Damaged" in shown and "2 runs" in shown and shown.count(">Report<") == 1
    assert "The file of this run is damaged" in area.on_report(look, event(id=path.stem))[area.note]
    assert "There is no such run" in area.on_report(look, event(id="../../etc"))[area.note]
    assert "Delete the run of 2 Jan 2026" in area.on_drop(None, look, event(what="run", id=path.stem))[area.list]
    assert "The run is deleted" in area.on_dropped(None, look, event(what="run", id=path.stem))[area.note]
    assert not path.exists() and len(area.runs.listed()) == 1


def test_two_runs_are_compared_and_only_with_earlier_ones(area: EvaluationArea, fake: Fake, upload: Callable[..., Any]) -> None:
    before, look = Look(), Look()
    _, sha256 = upload()
    evaluated(area, sha256, before)
    path = area.runs.path(before.opened)
    earlier = area.runs.path("20200101-000000-abcdef")
    old = json.loads(path.read_text("utf-8"))
    old["questions"][0]["scores"]["answer_correct"], old["questions"][2]["scores"]["answer_correct"] = 0.0, 1.0
    old["questions"][3]["scores"]["answer_correct"] = 1.0
    earlier.write_text(json.dumps({**old, "library": {**old["library"], "fingerprint": "x"}}), encoding="utf-8")
    shown = area.on_report(look, event(id=before.opened))
    (_, none), (label, offered) = shown[area.report.against]._constructor_args[0]["choices"]
    assert none == NONE and offered == earlier.stem and "own.jsonl" in label
    compared = area.report.on_against(offered, look)
    said = compared[area.report.compared]
    for words in ("of another library", "1 became right, 1 became wrong", "Became wrong (1)", "Is it raining?", "Became right (1)", "What was still open?"):
        assert words in said
    assert f"report.html?against={earlier.stem}" in compared[area.report.head] and harmless(said)
    client = TestClient(Starlette(routes=run_routes(fake)))  # type: ignore[arg-type]
    assert "Compared with the earlier run" in client.get(f"/evaluation/{before.opened}/report.html?against={earlier.stem}").text
    assert area.report.on_against(NONE, look)[area.report.compared] == ""
    assert area.on_report(look, event(id=earlier.stem))[area.report.against]._constructor_args[0]["visible"] is False
    earlier.unlink()
    assert "no longer here" in area.report.on_against(earlier.stem, look)[area.report.compared]


def test_what_is_under_embargo_now_is_in_no_report_and_no_file(area: EvaluationArea, fake: Fake, upload: Callable[..., Any]) -> None:
    look = Look()
    _, sha256 = upload()
    evaluated(area, sha256, look)
    assert "Audits were not always followed up" in area.report.on_filter(ANY, ALL, look)
    fake.library.held.add("a1")
    client = TestClient(Starlette(routes=run_routes(fake)))  # type: ignore[arg-type]
    texts = [area.report.on_filter(ANY, ALL, look), *(client.get(f"/evaluation/{look.opened}/{name}").text for name in ("report.html", "run.json", "questions.csv"))]
    for text in texts:
        assert "Audits" not in text and OPEN not in text.casefold() and "still open [1]" not in text and HELD in text
        assert "What was still open?" in text
    assert "2 of 4 questions were answered correctly" in area.on_report(look, event(id=look.opened))[area.report.head]


def test_nothing_hostile_gets_from_a_set_or_a_run_into_the_page(area: EvaluationArea, fake: Fake, upload: Callable[..., Any]) -> None:
    rows = [{"id": HOSTILE, "kind": HOSTILE, "question": f"evil {HOSTILE}", "answer": HOSTILE, "documents": [HOSTILE], "conversation": HOSTILE},
            {"id": "half", "kind": "\ud800", "question": "crash \udfff?", "answer": "x"}, {"id": "b", "question": "evil?", "answer": [HOSTILE]}]  # fmt: skip
    look = Look()
    shown, sha256 = upload(rows, "<b>own<i>.jsonl")
    shown |= evaluated(area, sha256, look)
    shown |= {"all": area.report.on_filter(ANY, ALL, look), "asked": area.on_drop(sha256, look, event(what="run", id=look.opened))[area.list]}
    for part, html in shown.items():
        if isinstance(html, str):
            assert harmless(html), part
            html.encode("utf-8")
    assert "secret detail" not in str(shown[area.report.head]) and "Ended in an error" in shown["all"]
    Runs(area.runs.folder.parent, fake.library).read(look.opened)
    with pytest.raises(RunError, match="no such run"):
        area.runs.path("../catalogue")
    with pytest.raises(BadQuestionSet, match="neither"):
        area.sets.add(Path(__file__))


# ---- in a browser


def file_of(rows: Sequence[dict[str, Any]], name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/x-ndjson", "buffer": as_jsonl(rows)}


def evaluation(page: Page) -> None:
    """Opens the tab, and waits for the form."""
    page.get_by_role("tab", name="Evaluation").click()
    page.locator("#eval-about p").first.wait_for()


def put(page: Page, rows: Sequence[dict[str, Any]], name: str) -> None:
    if not page.locator("#eval-file").is_visible():
        page.get_by_role("button", name="Upload a question set").click()
    page.locator("#eval-file input[type=file]").set_input_files(file_of(rows, name))


def ended(page: Page, word: str) -> None:
    page.locator("#eval-note .notice", has_text=word).wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (360, "dark")])
def test_a_set_is_uploaded_asked_and_its_report_read_compared_and_taken(browser: Browser, full: str, width: int, colours: str) -> None:
    rows = [*ROWS, {"id": HOSTILE, "kind": "odd " + "y" * 90, "question": f"evil {HOSTILE}", "answer": "x" * 120, "documents": ["z" * 120 + ".pdf"]}]
    with web.opened(browser, full, width=width) as page:
        page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        assert page.get_by_role("tab").count() == 4
        evaluation(page)
        put(page, [{"question": "A?"}], "bad.jsonl")
        page.locator("#eval-note li", has_text="line 1: has no answer").wait_for()
        put(page, rows, f"own {width}.jsonl")
        page.locator("#eval-note .notice.success").wait_for()
        page.get_by_label("How many questions").fill("many")
        page.get_by_role("button", name="Start").click()
        ended(page, "“many” cannot be how many")
        page.get_by_label("How many questions").fill("")
        before = page.locator("table.runs .badge.answered").count()
        for number in range(2):
            page.get_by_role("button", name="Start").click()
            page.wait_for_function("document.activeElement.closest('#eval-progress')")
            page.locator("table.runs .badge.answered").nth(before + number).wait_for()
            ended(page, "finished: 40% of 5 answers right")
        assert page.locator("#report-questions article").count() == 3
        page.get_by_label("Kind", exact=True).click()
        page.get_by_role("option", name="absent").click()
        page.locator("#report-questions", has_text="1 of 5 questions").wait_for()
        page.get_by_label("Outcome").click()
        page.get_by_role("option", name="All outcomes").click()
        page.locator("#report-questions", has_text="2 of 5 questions").wait_for()
        page.get_by_label("Compare with an earlier run").click()
        page.get_by_role("option", name=re.compile("40% of 5 right")).first.click()
        page.get_by_text("There is no real difference in correct answers").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Questions (CSV)").click()
        assert len(Path(download.value.path()).read_text("utf-8-sig").split(HOSTILE[:8])) > 2
        assert web.no_sideways_scroll(page) and page.evaluate("window.pwned") is None
        page.get_by_role("button", name="Close the report").press("Enter")
        page.wait_for_function("document.activeElement.dataset.event === 'report'")


@pytest.mark.browser
def test_a_run_is_found_again_after_a_reload_stopped_gone_on_with_and_deleted_without_a_mouse(browser: Browser, full: str) -> None:
    rows = [{**ROWS[0], "id": str(n)} for n in range(40)]
    with web.opened(browser, full) as page, web.opened(browser, full, width=360) as other:
        evaluation(page)
        put(page, rows, "forty.jsonl")
        page.locator("#eval-note .notice.success").wait_for()
        page.get_by_role("button", name="Start").press("Enter")
        page.locator("#eval-progress progress").wait_for()
        page.reload()
        evaluation(page)
        page.locator("#eval-progress", has_text="of 40 questions").wait_for()
        web.ask(other, web.OPEN)  # answers go on meanwhile
        evaluation(other)
        other.locator("#eval-progress", has_text="forty.jsonl").wait_for()
        assert not other.get_by_role("button", name="Start").is_visible() and web.no_sideways_scroll(other)
        page.get_by_role("button", name="Cancel the evaluation").press("Enter")
        ended(page, "The evaluation was stopped")
        ended(other, "The evaluation was stopped")
        page.wait_for_function("document.activeElement.closest('#eval-note')")
        page.locator("table.runs tbody tr").first.get_by_role("button", name="Go on").press("Enter")
        page.locator("#eval-progress", has_text="of 40 questions").wait_for()
        page.get_by_role("button", name="Cancel the evaluation").click()
        ended(page, "The evaluation was stopped")
        rows_before = page.locator("table.runs tbody tr").count()
        page.locator("table.runs tbody tr").first.get_by_role("button", name="Delete").press("Enter")
        page.wait_for_function("document.activeElement.textContent.startsWith('Delete the run of')")
        page.get_by_role("button", name="Keep").press("Enter")
        page.wait_for_function("document.activeElement.dataset.event === 'report'")
        page.locator("table.runs tbody tr").first.get_by_role("button", name="Delete").press("Enter")
        page.locator(".really").get_by_role("button", name="Delete").press("Enter")
        ended(page, "The run is deleted.")
        assert page.locator("table.runs tbody tr").count() == rows_before - 1 and not page.locator("#report-area").is_visible()
