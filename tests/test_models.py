"""Chat models against a server that does as it is told: streaming, stopping, failing, keys that stay secret, settings."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from assistant.address import Address
from assistant.chat_model import load_model
from assistant.errors import BadSetting, ModelUnavailable
from assistant.evaluate.runner import _settings as kept_in_a_run
from assistant.local_model import LocalServer
from assistant.model import ChatModel, Chunk, Message
from assistant.model_errors import About
from assistant.settings import read_settings
from assistant.thinking import Thoughts
from tests.fake_model import FakeModel, Reply, serving, unused_url
from ui.cli import app, main

ASKED = [Message("system", "Be short."), Message("user", "Greet.")]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False}
KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider's settings of the person who runs the tests."""
    for name in ("ASSISTANT_MODEL", "ASSISTANT_MODEL_URL", "ASSISTANT_MODEL_KEY", "ASSISTANT_MODEL_KEY_FILE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    with serving() as server:
        yield server


def text(model: ChatModel, **options: Any) -> str:
    return "".join(chunk.text for chunk in model.stream(ASKED, **options))


def failure(model: ChatModel, **options: Any) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        text(model, **options)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # a traceback must not show the provider's words
    return str(caught.value)


def test_text_comes_piece_by_piece_and_the_tokens_at_the_end(fake: FakeModel) -> None:
    fake.script = [Reply(("One ", 0.1, "two ", 0.1, "three."), usage=(11, 3))]
    came = [chunk for chunk in load_model("small", url=fake.url).stream(ASKED, tokens=50) if chunk != Chunk()]
    assert [chunk.text for chunk in came] == ["One ", "two ", "three.", ""]
    assert came[-1] == Chunk("", 11, 3)
    body = fake.requests[0]
    assert body["model"] == "small" and body["max_tokens"] == 50 and body["temperature"] == 0 and "response_format" not in body
    assert [(turn["role"], turn["content"]) for turn in body["messages"]] == [("system", "Be short."), ("user", "Greet.")]


def test_the_first_piece_is_there_before_the_last_is_written(fake: FakeModel) -> None:
    fake.script = [Reply(("first", 5.0, "last"))]
    stream, began = load_model("small", url=fake.url).stream(ASKED), time.monotonic()
    assert next(chunk.text for chunk in stream if chunk.text) == "first" and time.monotonic() - began < 4
    stream.close()


def test_an_empty_piece_comes_four_times_a_second_while_the_model_is_silent(fake: FakeModel) -> None:
    fake.script = [Reply((1.1, "late"))]
    came = list(load_model("small", url=fake.url).stream(ASKED))
    assert 3 <= came.count(Chunk()) <= 8 and "".join(chunk.text for chunk in came) == "late"


@pytest.mark.parametrize("reply", [Reply((30.0, "never")), Reply(("some ", 0.02), endless=True)], ids=["before the first token", "midway"])
def test_closing_stops_the_server(fake: FakeModel, reply: Reply) -> None:
    fake.script = [reply]
    stream = load_model("small", url=fake.url).stream(ASKED)
    next(chunk for chunk in stream if fake.requests and (chunk.text or not reply.endless))
    assert not fake.gone.is_set()
    began = time.monotonic()
    stream.close()
    assert time.monotonic() - began < 0.2 and fake.gone.wait(2)
    sent = fake.sent
    time.sleep(0.1)
    assert fake.sent == sent


def test_a_stopped_call_does_not_disturb_another(fake: FakeModel) -> None:
    fake.script = [Reply((30.0,)), Reply(("fine",))]
    model = load_model("small", url=fake.url)
    silent = model.stream(ASKED)
    next(chunk for chunk in silent if fake.requests)
    answers: list[str] = []
    other = threading.Thread(target=lambda: answers.append(text(model)))
    other.start()
    silent.close()
    other.join(5)
    assert answers == ["fine"]


def test_a_rate_limit_is_waited_for(fake: FakeModel) -> None:
    fake.script = [Reply(status=429, headers={"Retry-After": "1"}), Reply(("now",))]
    began = time.monotonic()
    assert text(load_model("small", url=fake.url)) == "now" and len(fake.requests) == 2
    assert time.monotonic() - began > 0.9


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=429, headers={"Retry-After-Ms": "1"}, message="quota used up"), "too much was asked of it (quota used up). Try again later"),
        (Reply(status=404, message="no model small"), "chat model small at http://127.0.0.1"),
        (Reply(status=404, message="no model small"), "was not found (no model small). Check ASSISTANT_MODEL and ASSISTANT_MODEL_URL."),
        (Reply(status=503, headers={"Retry-After-Ms": "1"}, message="loading"), "failed (503: loading). Try again"),
        (Reply(status=400, message="request exceeds the available context size"), "too long for the chat model small"),
        (Reply(status=400, message="bad request"), "failed: bad request."),
        (Reply(("Half an ",), drop=True), "broke off in the middle of its answer. Ask again."),
        (Reply((), thoughts=("hm ", "hm "), end="length"), "only thought, and its 800 tokens were used up"),
    ],
)  # fmt: skip
def test_each_failure_has_its_sentence(fake: FakeModel, reply: Reply, said: str) -> None:
    fake.script = [reply]
    assert said in failure(load_model("small", url=fake.url))


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    url = unused_url()
    said = failure(load_model("small", url=url.replace("//", "//me:hidden@")))
    assert said == f"The chat model small at {url} does not answer. Start it, or unset ASSISTANT_MODEL_URL to get quotes."
    assert f"The chat model at {url} does not answer." in failure(load_model(None, url=url))


def test_silence_longer_than_the_timeout_is_a_failure_and_ends_the_call(fake: FakeModel) -> None:
    fake.script = [Reply(("word", 30.0))]
    assert "sent nothing for 0.6 seconds" in failure(load_model("small", url=fake.url, timeout=0.6))
    assert fake.gone.wait(2)


def test_a_refused_key_is_named_but_never_shown(fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake.script = [Reply(status=401, message=f"Incorrect API key provided: {KEY}"), Reply(status=500, headers={"Retry-After-Ms": "1"}, message=f"crashed on {KEY}")]
    model = load_model("small", url=fake.url, key=SecretStr(KEY))
    said = failure(model)
    assert "refused the key (401). Check ASSISTANT_MODEL_KEY" in said
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in said + failure(model) + repr(model) + caplog.text + repr(vars(model))


def test_a_server_gets_its_own_key_and_nothing_meant_for_openai(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    meant_for_openai = ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY")
    for name in meant_for_openai:
        monkeypatch.setenv(name, "meant-for-openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    model = load_model(None, url=fake.url)
    assert text(model) == "Good day." and model.count("a b") == 1 and model.window == 8192
    assert "meant-for-openai" not in json.dumps(fake.headers) and len(fake.headers) > 3
    assert fake.requests[0]["model"] == "/models/small.gguf" and model.name == "small.gguf"


def test_no_proxy_stands_before_a_server_on_this_machine(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert text(load_model(None, url=fake.url)) == "Good day."


def test_a_password_in_the_url_is_sent_as_such_and_never_shown(fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model = load_model(None, url=fake.url.replace("//", "//me:hidden@"))
    assert text(model) == "Good day."
    assert {sent["authorization"] for sent in fake.headers} == {"Basic bWU6aGlkZGVu"}
    assert "hidden" not in model.name + repr(model) + repr(Address.of("http://me:hidden@x")) + caplog.text


def test_a_schema_is_asked_for_and_left_out_for_good_when_it_is_refused(fake: FakeModel) -> None:
    fake.script = [Reply(('{"text": ', '"hi"}'), refuses="response_format")]
    model = load_model("small", url=fake.url)
    assert text(model, schema=SCHEMA) == text(model, schema=SCHEMA) == '{"text": "hi"}'
    asked = [body.get("response_format", {}).get("json_schema", {}).get("schema") for body in fake.requests]
    assert asked == [SCHEMA, None, None]


def test_a_refusal_for_another_reason_does_not_cost_the_schema(fake: FakeModel) -> None:
    fake.script = [Reply(status=400, message="bad words"), Reply(status=400, message="bad words"), Reply(("{}",))]
    model = load_model("small", url=fake.url)
    assert "bad words" in failure(model, schema=SCHEMA)
    assert text(model, schema=SCHEMA) == "{}" and "response_format" in fake.requests[-1]


def test_a_temperature_that_is_refused_is_left_out(fake: FakeModel) -> None:
    fake.script = [Reply(("fine",), refuses="temperature")]
    assert text(load_model("small", url=fake.url), schema=SCHEMA) == "fine"
    assert "temperature" not in fake.requests[-1] and "response_format" in fake.requests[-1]


def test_thoughts_are_no_part_of_the_text(fake: FakeModel) -> None:
    fake.script = [Reply(("<thi", "nk>They ", "greet</th", "ink>\n\n", "Hello <think>."), thoughts=("hm",))]
    assert text(load_model("small", url=fake.url)) == "Hello <think>."


@pytest.mark.parametrize(
    ("given", "shown"),
    [("<think>a</think>b", "b"), ("<b>a</b>", "<b>a</b>"), ("<think>endless", ""), (" <thin", "<thin"), ("x <think>y</think>", "x <think>y</think>"),
     ("<Think>a</Think>\n<think>b</think>c", "c"), ("", "")],
)  # fmt: skip
def test_thoughts_are_left_out_however_the_text_is_cut(given: str, shown: str) -> None:
    for size in (1, 2, 7, 100):
        thoughts = Thoughts()
        pieces = [given[at : at + size] for at in range(0, len(given), size)]
        assert "".join(map(thoughts.feed, pieces)) + thoughts.rest() == shown, size


def test_window_and_tokens_are_asked_of_the_server_and_its_silence_is_remembered(fake: FakeModel) -> None:
    fake.n_ctx, fake.tokenizes = 4096, True
    model = load_model(None, url=fake.url)
    assert model.window == 4096 and model.count("three short words") == 3 and model.count("") == 0
    assert load_model(None, url=fake.url, window=2000).window == 2000
    fake.n_ctx, fake.tokenizes = None, False
    silent = load_model(None, url=fake.url)
    assert [silent.window, silent.count("x" * 10), silent.window, silent.count("y" * 9)] == [8192, 4, 8192, 3]
    assert fake.asked.count("/props") == 2 and fake.asked.count("/tokenize") == 2  # once each
    fake.models[0]["loaded_context_length"] = 16384
    assert load_model(None, url=fake.url).window == 16384
    fake.models[0]["max_model_len"] = 32768
    assert load_model(None, url=fake.url).window == 32768


def test_a_server_that_says_how_far_it_has_read_is_asked_to(fake: FakeModel) -> None:
    text(load_model("small", url=fake.url))
    fake.n_ctx = 4096
    text(load_model("small", url=fake.url))
    assert ["return_progress" in body for body in fake.requests] == [False, True]


def test_a_server_that_still_loads_is_asked_about_itself_again(fake: FakeModel) -> None:
    fake.loads, fake.n_ctx = True, 4096
    model = load_model("small", url=fake.url)
    assert model.window == 8192 and "failed (503" in failure(model)
    fake.loads = False
    assert text(model) == "Good day." and model.window == 4096


def test_a_server_that_is_away_costs_the_estimate_no_time_and_is_found_again_by_a_question() -> None:
    url = unused_url()
    model = load_model(None, url=url)
    assert model.window == 8192 and model.count("x" * 30) == 10
    began = time.monotonic()
    assert [model.count("x" * size) for size in range(300)][-1] == 100 and time.monotonic() - began < 0.2
    server = FakeModel(int(url.split(":")[2].removesuffix("/v1")))
    assert text(model) == "Good day." and model.name == "small.gguf"
    server.close()


def test_the_key_comes_from_a_file(fake: FakeModel, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"  {KEY}\n", encoding="utf-8")
    assert text(load_model("small", url=fake.url, key_file=tmp_path / "key")) == "Good day."
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"
    with pytest.raises(BadSetting, match="ASSISTANT_MODEL_KEY_FILE names .*none.*cannot be read"):
        load_model("small", url=fake.url, key_file=tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "module", "command"),
    [("openai:gpt-5", "langchain_openai", "pip install 'inspection-assistant[openai]'"),
     ("anthropic:claude", "langchain_anthropic", "pip install 'inspection-assistant[anthropic]'"),
     ("ollama:llama", "langchain_ollama", "pip install 'inspection-assistant[ollama]'"),
     ("mistralai:x", "langchain_mistralai", "pip install langchain-mistralai")],
)  # fmt: skip
def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch, name: str, module: str, command: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadSetting) as caught:
        load_model(name, key=SecretStr("k"))
    assert command in str(caught.value)


def test_a_file_names_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    (tmp_path / "tiny.gguf").write_bytes(b"GGUF")
    with pytest.raises(BadSetting, match=r"needs xllamacpp, .*pip install 'inspection-assistant\[local\]'"):
        load_model(f"local:{tmp_path / 'tiny.gguf'}")


@pytest.mark.parametrize(
    ("options", "said"),
    [({"name": "nobody:x"}, "whose provider is not known"), ({"name": "openai:gpt-5"}, "Set OPENAI_API_KEY"),
     ({"name": None}, "Set ASSISTANT_MODEL"), ({"name": "anthropic:x", "url": "http://h"}, "Unset one of them"),
     ({"name": "x", "url": "ftp://me:hidden@h"}, "ASSISTANT_MODEL_URL cannot be used: it must be like")],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load_model(**options)
    assert said in str(caught.value) and "hidden" not in str(caught.value)


def test_a_file_that_is_no_model_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "story.gguf").write_bytes(b"Once upon a time")
    with pytest.raises(BadSetting, match="is no GGUF model"):
        load_model(f"local:{tmp_path / 'story.gguf'}")
    with pytest.raises(BadSetting, match=r"none\.gguf.*cannot be read: No such file"):
        load_model(f"local:{tmp_path / 'none.gguf'}")


def test_a_damaged_model_file_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    (tmp_path / "cut.gguf").write_bytes(b"GGUF" + bytes(100))
    assert "cut.gguf cannot be loaded" in failure(load_model(f"local:{tmp_path / 'cut.gguf'}"))
    with pytest.raises(ModelUnavailable):
        LocalServer(tmp_path / "cut.gguf").address()


def test_a_model_file_is_served_on_the_loopback_interface_with_a_key(fake: FakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = MagicMock()
    library = MagicMock(__spec__=ModuleSpec("xllamacpp", None))
    library.CommonParams.return_value, library.Server.return_value.listening_address = wanted, fake.root
    monkeypatch.setitem(sys.modules, "xllamacpp", library)
    file = tmp_path / "tiny.gguf"
    file.write_bytes(b"GGUF")
    model = load_model(f"local:{file}", window=2048)
    assert not library.Server.called and model.name == "tiny.gguf"
    assert text(model) == text(model) == "Good day." and library.Server.call_count == 1
    assert (wanted.model.path, wanted.hostnames, wanted.n_ctx) == (str(file), ["127.0.0.1"], 2048)
    assert {sent["authorization"] for sent in fake.headers} == {f"Bearer {wanted.api_keys[0]}"} and len(wanted.api_keys[0]) > 20


def hosted_openai(monkeypatch: pytest.MonkeyPatch, fake: FakeModel) -> ChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return load_model("openai:gpt-4o", timeout=2)


def hosted_anthropic(monkeypatch: pytest.MonkeyPatch, fake: FakeModel) -> ChatModel:
    pytest.importorskip("langchain_anthropic")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", fake.root)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    return load_model("anthropic:claude-sonnet-4-5", timeout=2)


def hosted_ollama(monkeypatch: pytest.MonkeyPatch, fake: FakeModel) -> ChatModel:
    pytest.importorskip("langchain_ollama")
    monkeypatch.setenv("OLLAMA_HOST", fake.root)
    return load_model("ollama:llama3.2", timeout=2)


Hosted = Callable[[pytest.MonkeyPatch, FakeModel], ChatModel]
PROVIDERS = pytest.mark.parametrize("hosted", [hosted_openai, hosted_anthropic, hosted_ollama])


@PROVIDERS
def test_providers_stream_with_tokens_a_limit_and_a_schema(monkeypatch: pytest.MonkeyPatch, fake: FakeModel, hosted: Hosted) -> None:
    fake.script = [Reply(("{", 0.1, "}"), usage=(11, 3))]
    model = hosted(monkeypatch, fake)
    came = [chunk for chunk in model.stream(ASKED, schema=SCHEMA, tokens=50) if chunk != Chunk()]
    assert [chunk.text for chunk in came] == ["{", "}", ""] and came[-1] == Chunk("", 11, 3)
    body = fake.requests[0]
    assert '"additionalProperties": false' in json.dumps(body) and 50 in (*body.values(), body.get("options", {}).get("num_predict"))
    assert body.get("temperature", body.get("options", {}).get("temperature")) == 0


@PROVIDERS
def test_providers_stop_when_the_stream_is_closed(monkeypatch: pytest.MonkeyPatch, fake: FakeModel, hosted: Hosted) -> None:
    fake.script = [Reply((30.0,)), Reply(("some ", 0.02), endless=True)]
    model = hosted(monkeypatch, fake)
    for wanted in (False, True):
        fake.gone.clear()
        stream = model.stream(ASKED)
        count = len(fake.requests)
        next(chunk for chunk in stream if len(fake.requests) > count and (chunk.text or not wanted))
        stream.close()
        assert fake.gone.wait(2)


@PROVIDERS
def test_providers_fail_with_sentences_that_show_no_key(monkeypatch: pytest.MonkeyPatch, fake: FakeModel, hosted: Hosted) -> None:
    model = hosted(monkeypatch, fake)
    for reply, said in (
        (Reply(status=401, message=f"wrong {KEY}"), "refused the key (401)"),
        (Reply(status=404, message="no such model"), "was not found ("),
        (Reply(status=400, message="prompt is too long: 9 tokens"), "too long for the chat model"),
        (Reply(("Half",), drop=True), "broke off in the middle"),
        (Reply((9.0,)), "sent nothing for 2 seconds"),
    ):
        fake.script = [reply]
        told = failure(model)
        assert said in told and KEY not in told


@PROVIDERS
def test_providers_are_asked_again_after_a_rate_limit(monkeypatch: pytest.MonkeyPatch, fake: FakeModel, hosted: Hosted) -> None:
    fake.script = [Reply(status=429), Reply(("now",))]
    assert text(hosted(monkeypatch, fake)) == "now" and len(fake.requests) == 2


@pytest.mark.parametrize("said", [f"bad key {KEY}", "Bearer abcdef123456", "key AIzaSyA1234567890", "sk-proj-abc*****xyz"])
def test_nothing_like_a_key_is_repeated(said: str) -> None:
    shown = str(About("m", "http://h").explain(RuntimeError(said)))
    assert "…" in shown and not any(word in shown for word in (KEY, "abcdef", "AIzaSy", "xyz"))


def test_settings_keep_keys_and_passwords_to_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MODEL": "small", "MODEL_URL": "http://me:hidden@h:1/v1", "MODEL_KEY": KEY, "MODEL_KEY_FILE": "/keys/mine"}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
    settings = read_settings()
    assert settings.model_key and settings.model_key.get_secret_value() == KEY and settings.model_url == "http://me:hidden@h:1/v1"
    kept = json.dumps(kept_in_a_run(settings))
    assert '"model": "small"' in kept and "http://h:1/v1" in kept and '"model_tokens": 800' in kept
    for shown in (kept, repr(settings)):
        assert KEY not in shown and "hidden" not in shown
    assert "/keys/mine" not in kept


def test_a_bad_setting_is_told_without_what_is_secret_in_it() -> None:
    for given in ({"model_url": "http://me:hidden@h:port/v1"}, {"model_url": "hidden"}, {"model_key": {"hidden": 1}}):
        with pytest.raises(BadSetting) as caught:
            read_settings(**given)
        assert str(caught.value).startswith(f"ASSISTANT_{next(iter(given)).upper()} cannot be used: ")
        assert "hidden" not in str(caught.value) and caught.value.__suppress_context__
    with pytest.raises(BadSetting, match="ASSISTANT_MODEL_WINDOW is 3, which cannot be used"):
        read_settings(model_window=3)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL_URL", "")
    assert read_settings().model_url is None


def test_naming_a_model_imports_nothing_until_it_is_named() -> None:
    code = "import sys, assistant.chat_model; print([m for m in sys.modules if m.startswith(('langchain', 'openai', 'xllamacpp'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_command_shows_what_the_model_is_and_that_it_answers(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.script = [Reply(("A page.",), usage=(9, 2)), Reply(('{"written": true, "pages": "few"}',))]
    url = fake.url.replace("//", "//me:hidden@")
    monkeypatch.setenv("ASSISTANT_MODEL_URL", url)
    done = CliRunner().invoke(app, ["model"])
    assert done.exit_code == 0 and "hidden" not in done.output
    for said in (f"small.gguf at {fake.url}", "window 8192 tokens", "answered: A page.", "9 tokens read, 2 written", "structured output works"):
        assert said in done.output
    fake.script = [Reply(("A page.",), refuses="response_format")]
    assert "structured output does not work" in CliRunner().invoke(app, ["model"]).output


def test_the_command_says_when_no_model_is_set_or_it_is_away(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No chat model is set" in CliRunner().invoke(app, ["model"]).output
    monkeypatch.setenv("ASSISTANT_MODEL_URL", unused_url())
    monkeypatch.setattr(sys, "argv", ["assistant", "model"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1 and "does not answer. Start it" in capsys.readouterr().err


@pytest.mark.parametrize(("end", "cut"), [("length", True), ("stop", False)])
def test_the_last_chunk_says_whether_the_tokens_were_used_up(end: str, cut: bool) -> None:
    with serving(Reply(end=end, usage=(7, 900))) as fake:
        chunks = list(load_model("small", url=fake.url).stream([Message("user", "Hello")]))
    assert chunks[-1].cut is cut and not any(chunk.cut for chunk in chunks[:-1])
