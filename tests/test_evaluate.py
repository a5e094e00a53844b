"""Scripted evaluation: what is read, how it is scored, that runs go on where they stopped, and that the page is safe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.build import open_assistant
from assistant.errors import BadQuestionSet, BadRun, BadSetting
from assistant.evaluate.floors import floor
from assistant.evaluate.questions import QuestionSet, load
from assistant.evaluate.report import page
from assistant.evaluate.runner import Run, begin, finish, read_run, save
from assistant.evaluate.sampling import spread
from assistant.evaluate.scoring import outcome_of, scores_of
from assistant.evaluate.summary import compare, interval, summarise
from assistant.evaluate.wording import numbers_in, says
from assistant.settings import Settings
from assistant.types import Answer, Citation, Understood
from corpus.types import Passage
from index.types import Entry, Hit
from tests.conftest import ROOT, SAMPLES

PAGE = "Moor End was rated Inadequate. Harbour Lane was rated Good."
SET = ROOT / "docs" / "sample-questions.jsonl"


def entry(name: str) -> Entry:
    return Entry(f"id-{name}", name, name, "text", name.title(), "", date(2020, 1, 1), 1, 1, 10, datetime.now(UTC))


class Scripted:
    """Answers from a script, question → Answer or exception, and remembers what it was asked after what."""

    def __init__(self, script: dict[str, Any] | None = None, names: Sequence[str] = ("moor.txt", "lane.txt")) -> None:
        self.script, self.names, self.asked = script or {}, list(names), []  # type: ignore[var-annotated]
        self.settings = Settings(home=Path("/nowhere"))
        self.library = SimpleNamespace(
            embedder=SimpleNamespace(name="none"), documents=lambda: [entry(n) for n in self.names], page=lambda *_: SimpleNamespace(text=PAGE)
        )

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        self.asked.append((question, [h.text for h in history]))
        told = self.script.get(question, Answer("The documents do not say.", "not_found", ms={"total": 5.0}))
        if isinstance(told, BaseException):
            raise told
        return told  # type: ignore[no-any-return]


def answer(text: str, document: str = "moor.txt", quote: str = PAGE[:29], **rest: Any) -> Answer:
    cited = Citation(1, document, f"id-{document}", document, 1, quote, 0, len(quote))
    hits = tuple(
        Hit(Passage(f"p{n}", f"id-{n}", 1, 0, len(PAGE), PAGE, "", "", 10), entry(n), 1.0) for n in (document, "other.txt")
    )  # fmt: skip
    return Answer(text, "answered", (cited,), ms={"total": 10.0, "search": 2.0}, hits=hits, understood=Understood(text, "in full"), **rest)


@pytest.fixture
def questions(tmp_path: Path) -> Callable[..., QuestionSet]:
    def write(*rows: dict[str, Any]) -> QuestionSet:
        path = tmp_path / "set.jsonl"
        path.write_text("".join(json.dumps({"kind": "grade", "answer": "good", **row}) + "\n" for row in rows), encoding="utf-8")
        return load(path)

    return write


def record(answer: Any, text: str = "", status: str = "answered", **rest: Any) -> dict[str, Any]:
    made = {"id": "q", "kind": "k", "question": "?", "answer": answer, "documents": [], "pages": [], "status": status, "text": text}
    return {**made, "hits": [], "citations": [], "coverage": None, "ms": {}, **rest}


# ---- question sets


def test_every_bad_line_is_named_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    rows = ['{"question": "A?", "answer": "x", "id": "a"}', "", "{", "[]", '{"question": " ", "answer": 1}', '{"question": "B?"}',
            '{"question": "C?", "answer": true}', '{"question": "D?", "answer": "x", "documents": "d.pdf"}',
            '{"question": "E?", "answer": "x", "id": "a"}', '{"question": "F?", "answer": [1]}', '{"question": "G?", "answer": 1, "hint": 2}',
            '{"question": "H?", "answer": "x", "pages": [0]}', '{"question": "I?", "answer": NaN}', '{"question": "J?", "answer": ""}',
            '{"question": "K?", "answer": 1' + "0" * 400 + "}"]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(BadQuestionSet) as caught:
        load(path)
    said = str(caught.value).splitlines()
    expected = ["line 3: is not JSON", "line 4: is not an object", "line 5: has no question", "line 6: has no answer", "line 7: the answer must",
                "line 8: documents must be a list", "line 9: the id 'a' is that of line 1", "line 10: answer must be a list of names",
                "line 11: unknown column 'hint'", "line 12: pages must", "line 13: is not JSON", "line 14: the answer is empty",
                "line 15: the answer is not a number that can be compared"]  # fmt: skip
    assert len(said) == 1 + len(expected)
    for line, start in zip(said[1:], expected, strict=True):
        assert line.strip().startswith(start)


def test_what_is_no_question_set_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "latin.csv").write_bytes("question;answer\nCaf\xe9?;good\n".encode("latin-1"))
    (tmp_path / "headless.csv").write_text("What?;good\n")
    (tmp_path / "long.csv").write_text("question,answer\nWhat, then?,good,more\n")
    for name, said in (("none.csv", "no question set"), ("a.txt", "neither"), ("empty.jsonl", "no questions"), ("latin.csv", "Line 2"),
                       ("headless.csv", "no column question"), ("long.csv", "more cells")):  # fmt: skip
        with pytest.raises(BadQuestionSet, match=said):
            load(tmp_path / name)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("", None), ("null", None), ("[]", ()), ('"[""A"", ""B""]"', ("A", "B")), ("A | B", ("A", "B")), ("A |", ("A",)), ("4", 4), ("3.8", 3.8),
     ("6,285", 6285.0), ('"""4"""', "4"), ("none", "none"), ("NaN", "NaN"), ("true", "true"), ('"one; two"', "one; two"), ("28 %", "28 %")],
)  # fmt: skip
def test_a_cell_of_a_spreadsheet_is_told_apart(tmp_path: Path, cell: str, meant: Any) -> None:
    path = tmp_path / "set.csv"
    path.write_text(f"\ufeffKind;Question;Answer;Documents;Pages\r\n\r\ng;What,\nthen?;{cell};a.pdf | b.pdf;3|4\r\n".replace("What,\nthen?", '"What,\nthen?"'),
                    encoding="utf-8", newline="")  # fmt: skip
    (question,) = load(path).questions
    assert question.answer == meant and question.id == "line-3"
    assert question.question == "What,\nthen?" and question.documents == ("a.pdf", "b.pdf") and question.pages == (3, 4)


def test_a_limit_is_spread_over_kinds_and_keeps_conversations_whole(questions: Callable[..., QuestionSet]) -> None:
    rows = [{"question": f"{kind} {n}?", "kind": kind} for kind in "abc" for n in range(10)]
    chat = [{"question": f"chat {n}?", "kind": "d", "conversation": "one"} for n in range(3)]
    found = questions(*rows, *chat).questions
    taken = spread(found, 9)
    assert len(taken) == 9 and sorted(q.kind for q in taken) == ["a", "a", "b", "b", "c", "c", "d", "d", "d"]
    assert [q.id for q in taken] == [q.id for q in found if q in taken] and spread(found, None) == list(found)
    assert len(spread(found, 2)) == 2


# ---- scores


@pytest.mark.parametrize(
    ("expected", "text", "right"),
    [("good", "It was rated ‘Good’. [1]", True), ("good", "The goodness of it.", False), ("good", "Requires improvement to be good.", False),
     ("requires improvement", "requires improvement to be good", True), ("Telford & Wrekin", "telford and  Wrekin", True),
     ("28 per cent", "28% of cases", True), ("8 per cent", "3.8 per cent", False), (3, "There are three. [1]", True), (1, "There are three. [1]", False),
     (1458, "1,458 people", True), (29, "Twenty-nine per cent", True), (312, "three hundred and twelve", True), (4, "on 4 May 2020", False),
     (2020, "in May 2020", True), (2.5, "2.5 a day", True), (20, "twenty-nine", False), (None, "anything", False)],
)  # fmt: skip
def test_texts_and_numbers_are_right_when_they_stand_in_the_answer(expected: Any, text: str, right: bool) -> None:
    assert scores_of(record(expected, text))["answer_correct"] == right


def test_neighbouring_numbers_are_not_added_up() -> None:
    assert numbers_in("two, three and 14.3 million") == [2, 3, 14.3, 14_300_000]
    assert says("Tanner’s\nRow", "tanners row")


def test_a_refusal_is_right_only_where_the_documents_do_not_say() -> None:
    rightly, wrongly = record(None, status="not_found"), record("good", "It was good.", status="not_found")
    assert scores_of(rightly) == {"answer_correct": 1, "refusal_precision": 1, "refusal_recall": 1, "failed": 0}
    scores = scores_of(wrongly)
    assert (scores["answer_correct"], scores["refusal_precision"], scores["false_refusal"]) == (0, 0, 1)
    failed = record("good", "good", status="failed")
    assert scores_of(failed)["answer_correct"] == 0 and outcome_of(failed | {"scores": {"answer_correct": 0}}) == "failed"


@pytest.mark.parametrize(
    ("expected", "text", "items", "scores"),
    [(["A Town", "B"], "A Town and B.", None, (1, 1, 1)), (["A Town", "B"], "A Town, C.", None, (0.5, 0.5, 0)), ([], "None were.", None, (1, 1, 1)),
     ([], "C was.", None, (0, 0, 0)), ([], "Hm.", None, (0, 0, 0)), (["B"], "C", ["B"], (1, 1, 1)), ([], "", [], (1, 1, 1)), (["B"], "B", [], (0, 0, 0)),
     (["A Town", "B"], "", [{"name": "B"}, {"service": "A Town Council"}, "C"], (2 / 3, 1, 0))],
)  # fmt: skip
def test_lists_are_scored_by_rows_or_else_by_names_in_the_text(expected: Any, text: str, items: Any, scores: Any) -> None:
    found = scores_of(record(expected, text, coverage=None if items is None else {"items": items}), ["C"])
    assert (found["list_precision"], found["list_recall"], found["list_exact"]) == pytest.approx(scores)
    assert found["answer_correct"] == scores[2]
    assert scores_of(record(expected, text, "not_found"), ["C"])["list_f1"] == 0


def test_another_answer_said_first_makes_a_right_one_less_clear() -> None:
    both = record("Good", "It is Inadequate overall; staff: Good.")
    assert scores_of(both, rivals=["Good", "Inadequate"])["answer_first"] == 0 and scores_of(both)["answer_first"] == 1


def test_documents_are_ranked_by_their_best_passage_and_citations_checked() -> None:
    hits = [{"document": d, "page": p, "text": "", "score": 0} for d, p in (("x", 1), ("x", 2), ("A", 3), ("b", 1))]
    cited = [{"document": "a", "valid": True}, {"document": "x", "valid": False}]
    scores = scores_of(record("good", "good", documents=["a", "b"], pages=[3], hits=hits, citations=cited))
    assert (scores["document_at_1"], scores["document_at_5"], scores["recall_at_5"], scores["mrr"], scores["page_at_5"]) == (0, 1, 1, 0.5, 1)
    assert scores["ndcg_at_5"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(4)) / (1 + 1 / np.log2(3)))
    assert scores["citation_valid"] == scores["citation_correct"] == 0.5 and scores["answer_supported"] == 1


# ---- runs


def ran(assistant: Any, questions: QuestionSet, out: Path, limit: int | None = None) -> Run:
    return finish(assistant, questions, begin(assistant, questions, out, limit), out)


def test_a_run_keeps_everything_and_a_failure_is_one_question_only(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    found = questions({"question": "Moor?", "documents": ["moor.txt"], "answer": "Inadequate"}, {"question": "Boom?"}, {"question": "No?", "answer": None})
    assistant = Scripted({"Moor?": answer("It is Inadequate. [1]"), "Boom?": ValueError("out of order")})
    run = ran(assistant, found, tmp_path / "run.json")
    assert json.loads((tmp_path / "run.json").read_text()) == run and not list(tmp_path.glob("*.part"))
    first, second, third = run["questions"]
    assert first["understood"] == "in full" and first["hits"][0]["document"] == "moor.txt" and first["citations"][0]["valid"] is True
    assert set(first["citations"][0]) == {"number", "document", "title", "page", "quote", "start", "end", "valid"}
    assert second["status"] == "failed" and "out of order" in second["text"] and second["scores"]["answer_correct"] == 0
    assert third["scores"]["answer_correct"] == 1 and run["summary"]["overall"]["answer_correct"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert run["versions"]["scipy"] and len(run["library"]["fingerprint"]) == 64 and "home" not in run["settings"]
    assert "search_p50" in run["summary"]["kinds"]["grade"] and run["finished"]


def test_a_quote_that_is_not_there_is_not_valid(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    run = ran(Scripted({"Moor?": answer("x", quote="Moor End was rated Good.")}), questions({"question": "Moor?"}), tmp_path / "run.json")
    assert run["questions"][0]["scores"]["citation_valid"] == 0


def test_conversations_are_asked_in_order_after_the_answers_before(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    chat = {"conversation": "one"}
    found = questions({"question": "1?", **chat}, {"question": "other?"}, {"question": "2?", **chat}, {"question": "3?", **chat})
    assistant = Scripted({"1?": answer("first"), "2?": RuntimeError("no")})
    run = ran(assistant, found, tmp_path / "run.json")
    assert assistant.asked == [("1?", []), ("2?", ["first"]), ("3?", ["first"]), ("other?", [])]
    assert [r["question"] for r in run["questions"]] == ["1?", "other?", "2?", "3?"]


def test_a_stopped_run_goes_on_and_asks_an_unfinished_conversation_again(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    found = questions({"question": "a?"}, {"question": "1?", "conversation": "c"}, {"question": "2?", "conversation": "c"}, {"question": "b?"})
    out = tmp_path / "run.json"
    with pytest.raises(KeyboardInterrupt):
        ran(Scripted({"2?": KeyboardInterrupt()}), found, out)
    assert [r["question"] for r in read_run(out)["questions"]] == ["a?"] and not read_run(out)["finished"]
    again = Scripted()
    begun = begin(again, found, out)
    assert begun["resumed"] == 1 and begun["started"] == read_run(out)["started"]
    run = finish(again, found, begun, out)
    assert [q for q, _ in again.asked] == ["1?", "2?", "b?"] and len(run["questions"]) == 4 and run["finished"]
    assert "finished" in begin(again, found, out)["replaces"]


def test_a_run_stops_between_two_questions_when_it_is_told_to(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    found = questions(*({"question": f"{n}?"} for n in range(4)), *({"question": f"chat {n}?", "conversation": "c"} for n in range(3)))
    assistant, out = Scripted(), tmp_path / "run.json"
    for most, kept in ((2, 2), (6, 4)):  # the second time within the conversation, which is left out
        run = finish(assistant, found, begin(assistant, found, out), out, stop=lambda most=most: len(assistant.asked) >= most)  # type: ignore[misc]
        assert run["finished"] is None and len(read_run(out)["questions"]) == kept and len(assistant.asked) == most
    assert finish(assistant, found, begin(assistant, found, out), out)["finished"] and len(assistant.asked) == 9


def test_a_damaged_run_is_known_before_it_is_used(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    whole = ran(Scripted(), questions({"question": "Moor?"}), out)
    assert read_run(out) == whole
    for damage in ({"set": "x"}, {"summary": {}}, {"questions": [1]}, {"questions": [{**whole["questions"][0], "scores": {}}]}, {"started": 5}):
        out.write_text(json.dumps({**whole, **damage}), encoding="utf-8")
        with pytest.raises(BadRun, match="is not an evaluation run"):
            read_run(out)
    out.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(BadRun, match="is not an evaluation run"):
        read_run(out)


def test_a_run_that_cannot_be_written_leaves_the_one_before_and_nothing_beside_it(
    questions: Callable[..., QuestionSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run.json"
    run = ran(Scripted(), questions({"question": "Moor?"}), out)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        save({**run, "finished": None}, out)
    assert read_run(out) == run and [path.name for path in tmp_path.iterdir() if "run" in path.name] == ["run.json"]


def test_a_run_of_other_things_is_started_anew_and_other_files_are_left_alone(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    found, out = questions({"question": "a?"}, {"question": "b?"}), tmp_path / "run.json"
    with pytest.raises(KeyboardInterrupt):
        ran(Scripted({"b?": KeyboardInterrupt()}), found, out)
    assert "library" in begin(Scripted(names=["new.txt"]), found, out)["replaces"]
    assert "limit" in begin(Scripted(), found, out, 1)["replaces"]
    with pytest.raises(BadRun, match="not an evaluation run"):
        begin(Scripted(), found, tmp_path / "set.jsonl")
    with pytest.raises(BadRun, match="no folder"):
        begin(Scripted(), found, tmp_path / "none" / "run.json")


# ---- figures


def test_an_interval_holds_the_value_narrows_with_more_and_is_repeatable() -> None:
    few, many = np.array([0.0, 1.0] * 5), np.array([0.0, 1.0] * 100)
    (low, high), (nearer, farther) = interval(np.mean, few), interval(np.mean, many)
    assert low < nearer < 0.5 < farther < high and interval(np.mean, few) == (low, high)
    assert interval(np.mean, np.ones(9)) == (1, 1) and interval(np.mean, np.zeros(1)) == (0, 0)


def scored(values: Sequence[float], **rest: Any) -> dict[str, Any]:
    head = {"set": {"sha256": "s"}, "library": {"fingerprint": "l"}, "started": "2026-01-01T00:00:00", "finished": "x"}
    rows = [{**record("x"), "id": str(n), "scores": {"answer_correct": v, "total_ms": 10 + v}} for n, v in enumerate(values)]
    return {**head, "questions": rows, "summary": summarise(rows), **rest}


def test_two_runs_are_compared_question_by_question() -> None:
    better = compare(scored([1] * 20), scored([0] * 16 + [1] * 4, library={"fingerprint": "other"}), "old.json")
    correct = better["overall"]["answer_correct"]
    assert correct["verdict"] == "better" and correct["difference"] == 0.8 and 0 < correct["low"] < 0.8 < correct["high"]
    assert better["overall"]["latency_p50"]["verdict"] == "worse" and "another library" in better["warnings"][0]
    assert len(better["became_right"]) == 16 and better["became_wrong"] == []
    same = compare(scored([1, 0] * 10), scored([0, 1] * 10), "old.json")
    assert same["overall"]["answer_correct"]["verdict"] == "no real difference" and same["kinds"]["k"]["answer_correct"]["n"] == 20
    changed = scored([1] * 3)
    changed["questions"][0]["question"] = "Another?"
    assert compare(changed, scored([0] * 3), "old.json")["shared"] == 2


def test_floors_are_met_missed_or_unknown() -> None:
    summary = scored([1, 0])["summary"]
    assert floor("answer_correct=0.5", ["k"]).missed(summary) == ""
    assert "under 0.6" in floor("k.answer_correct=0.6", ["k"]).missed(summary)
    assert "over 1" in floor("latency_p95=1", ["k"]).missed(summary) and "not measured" in floor("mrr=0.1", ["k"]).missed(summary)
    for text, said in (("rightness=1", "answer_correct, "), ("j.mrr=1", "There are: k"), ("mrr", "METRIC=VALUE"), ("mrr=nan", "METRIC=VALUE")):
        with pytest.raises(BadSetting, match=re.escape(said)):
            floor(text, ["k"])


# ---- the page


def test_the_page_escapes_what_it_shows_and_fetches_nothing(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>"
    found = questions({"question": f"Moor {evil}?", "kind": '"><b>k', "documents": ["moor.txt"]}, {"question": "Gone?", "id": "<i>"})
    run = ran(Scripted({f"Moor {evil}?": answer(f"It says {evil}", quote=evil), "Gone?": ValueError(evil)}), found, tmp_path / "run.json")
    html = page(run, compare(run, run, "<b>old"))
    assert evil not in html and "<img" not in html and "<b>" not in html and "<i>" not in html
    assert html.count("<script>") == 1 and "&lt;script&gt;" in html
    assert not re.search(r"""(?:src|href)=["']?(?!#)|@import|url\(""", re.sub(r"&lt;.*?&gt;", "", html))
    assert "default-src 'none'" in html and "0 of 2 questions were answered correctly" in html


def test_the_page_shows_right_and_wrong_answers_and_the_comparison(questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    found = questions({"question": "Moor?", "answer": "Inadequate"}, {"question": "Lane?", "documents": ["lane.txt"], "pages": [2]}, {"question": "No?", "answer": None})
    run = ran(Scripted({"Moor?": answer("Inadequate [1]")}), found, tmp_path / "run.json")
    html = page(run, compare(run, run, "old.json"))
    for words in ("2 of 3 questions were answered correctly (67%)", "refused, though the documents say", "lane.txt, page 2", "There is no real difference",
                  "Right (2)", "Not right (1)", "Every measure", run["set"]["sha256"]):  # fmt: skip
        assert words in html


# ---- the command


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs ``assistant evaluate`` in this process, on a scripted assistant; gives exit code, output and errors."""
    from ui import cli

    def run(assistant: Any, *words: object) -> Any:
        monkeypatch.setattr(cli, "opened", lambda: assistant)
        return CliRunner().invoke(cli.app, ["evaluate", *map(str, words)])

    return run


def test_the_command_prints_a_table_writes_both_files_and_exits_by_floors(call: Any, questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    questions({"question": "Moor?", "answer": "Inadequate"}, {"question": "Lane?"})
    assistant, out = Scripted({"Moor?": answer("Inadequate")}), tmp_path / "run.json"
    done = call(assistant, tmp_path / "set.jsonl", "--out", out, "--report", tmp_path / "run.html", "--fail-under", "answer_correct=0.5")
    assert done.exit_code == 0 and re.search(r"grade +2 +50%", done.stdout) and (tmp_path / "run.html").exists()
    missed = call(assistant, tmp_path / "set.jsonl", "--out", tmp_path / "new.json", "--compare", out, "--fail-under", "grade.answer_correct=0.9")
    assert missed.exit_code == 1 and "Against run.json, on 2 shared questions" in missed.stdout


def test_bad_input_is_refused_before_anything_is_asked(call: Any, questions: Callable[..., QuestionSet], tmp_path: Path) -> None:
    questions({"question": "Moor?"})
    (tmp_path / "bad.csv").write_text("question,answer\n,x\n")
    assistant, out = Scripted(), ("--out", tmp_path / "run.json")
    for words, error in (((tmp_path / "bad.csv", *out), BadQuestionSet), ((tmp_path / "set.jsonl", *out, "--fail-under", "x=1"), BadSetting),
                         ((tmp_path / "set.jsonl", *out, "--compare", tmp_path / "none.json"), BadRun),
                         ((tmp_path / "set.jsonl", *out, "--report", tmp_path / "run.json"), BadRun)):  # fmt: skip
        assert isinstance(call(assistant, *words).exception, error)
    assert isinstance(call(Scripted(names=()), tmp_path / "set.jsonl", *out).exception, BadRun)
    assert assistant.asked == [] and not (tmp_path / "run.json").exists()


def test_errors_of_evaluation_exit_with_2_and_a_stop_with_1(call: Any, questions: Callable[..., QuestionSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    from ui import cli

    monkeypatch.setattr("sys.argv", ["assistant", "evaluate", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "run.json")])
    with pytest.raises(SystemExit) as exited:
        cli.main()
    assert exited.value.code == 2
    questions({"question": "Moor?"})
    assert call(Scripted({"Moor?": KeyboardInterrupt()}), tmp_path / "set.jsonl", "--out", tmp_path / "run.json").exit_code == 1
    assert read_run(tmp_path / "run.json")["finished"] is None


# ---- the sample set


def test_the_sample_questions_name_files_that_are_there() -> None:
    found = load(SET)
    assert SET.read_bytes() == files("assistant.evaluate").joinpath(SET.name).read_bytes(), "the package brings the same set"
    assert len(found.questions) >= 45 and {"absent", "followup", "judgement", "when", "who"} <= set(found.kinds())
    assert {name for q in found.questions for name in q.documents} <= {path.name for path in SAMPLES.iterdir()}


@pytest.mark.weights
def test_the_sample_questions_are_answered_well_enough(tmp_path: Path) -> None:
    assistant = open_assistant(Settings(home=tmp_path / "library"))
    assistant.library.add([SAMPLES])
    overall = ran(assistant, load(SET), tmp_path / "run.json")["summary"]["overall"]
    values = {name: figure["value"] for name, figure in overall.items()}
    assert values["citation_valid"] == 1 and values["failed"] == 0
    assert values["answer_correct"] >= 0.75 and values["refusal_recall"] >= 0.85 and values["document_at_5"] >= 0.9
