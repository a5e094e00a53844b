"""What programs may call: endpoints with gradio_client, the same three as tools with MCP's own client, and the documented examples."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.build import Assistant
from assistant.scope import Filters
from assistant.settings import Settings
from index.embed import HashEmbedder
from index.library import Library
from tests.conftest import ROOT, SAMPLES
from tests.fake_page import pretend
from tests.test_browser import free_port
from tests.test_tally import report
from ui.given import BadInput, among, filters_of
from ui.web import app

DOCUMENTED = ROOT / "docs" / "api.md"
SERVICE = "Eastmere and Saltings"
SECRET = "Skerrymore"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The samples, and a report under embargo."""
    home = tmp_path_factory.mktemp("api")
    held = home / "held.md"
    text = report(f"{SECRET} CRC", "5 March 2090", "Inadequate", "Inadequate", f"Home visits were rare at {SECRET}.")
    held.write_text(f"{text}\nEmbargoed until 00:01 on 5 March 2090\n", "utf-8")
    library = Library(home / "library", HashEmbedder())
    library.add([SAMPLES, held])
    yield Assistant(library, Settings(home=library.home))
    library.close()


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    """The page as it is served."""
    port = free_port()
    page = app.launched(assistant, "127.0.0.1", port)
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    from gradio_client import Client  # type: ignore[import-untyped]

    return Client(address, verbose=False)


def refused(call: Callable[[], object]) -> str:
    """What a caller is told."""
    from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

    with pytest.raises(AppError) as caught:
        call()
    return str(caught.value)


# endpoints


def test_programs_get_three_endpoints_with_types_and_nothing_else(client: Any) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert list(named) == ["/ask", "/search", "/documents"]
    types = {p["parameter_name"]: p["python_type"]["type"] for p in named["/ask"]["parameters"]}
    assert types == {"question": "str", "services": "list[str]", "since": "str", "until": "str", "kinds": "list[str]",
                     "grades": "list[str]", "everywhere": "bool", "quotes": "bool"}  # fmt: skip
    assert {p["parameter_name"]: p["python_type"]["type"] for p in named["/documents"]["parameters"]}["year"] == "int"
    assert all(endpoint["returns"][0]["type"] for endpoint in named.values())


def test_an_answer_has_quotes_that_stand_where_it_says_and_links_that_open(client: Any, assistant: Assistant) -> None:
    answer = client.predict("What was Eastmere and Saltings rated?", services=[SERVICE.upper()], api_name="/ask")
    assert answer["status"] == "answered" and answer["understood"]["services"] == [SERVICE]
    assert {"status", "text", "citations", "coverage", "table", "ms", "understood"} <= set(answer)
    first = answer["citations"][0]
    assert list(first) == ["number", "document", "title", "page", "quote", "start", "end", "id", "original", "picture"]
    assert assistant.library.page(first["id"], first["page"]).text[first["start"] : first["end"]] == first["quote"]
    for link, kind in (("original", "application/pdf"), ("picture", "image/webp")):
        with urllib.request.urlopen(first[link]) as reply:
            assert reply.status == 200 and reply.headers["content-type"] == kind
    assert client.predict("Who is the king of Spain?", api_name="/ask")["status"] == "not_found"


def test_filters_narrow_answers_and_hits(client: Any) -> None:
    listed = client.predict("Which services were rated Inadequate on staffing?", until="2018-12-31", api_name="/ask")
    assert listed["status"] == "answered" and SERVICE not in listed["text"], listed["text"]
    hits = client.predict("home visits", services=[SERVICE], kinds=["press release"], api_name="/search")
    assert hits and {(hit["service"], hit["document"]) for hit in hits} == {(SERVICE, "eastmere-and-saltings-crc-press-release-2019.html")}
    assert list(hits[0])[:10] == ["document", "id", "title", "service", "published", "page", "start", "end", "text", "score"]
    assert hits[0]["picture"] is None and hits[0]["text"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert client.predict("home visits", until="1990-01-01", api_name="/search") == []
    assert len(client.predict("inspection", limit=3, api_name="/search")) == 3


def test_documents_are_listed_by_title_in_parts_with_their_judgements(client: Any) -> None:
    every = client.predict(api_name="/documents")
    assert every["total"] == len(every["documents"]) == 10
    assert client.predict(limit=4, offset=8, api_name="/documents")["documents"] == every["documents"][8:]
    found = client.predict(query="2019 EASTMERE", kind="inspection report", service=SERVICE, year=2019, api_name="/documents")
    assert found["total"] == 1 and found["documents"][0]["published"] == "2019-07-24" and found["documents"][0]["service"] == SERVICE
    judgements = {each["subject"]: each for each in found["documents"][0]["judgements"]}
    assert judgements["overall"]["grade"] and judgements["overall"]["page"] >= 1 and judgements["Staff"]["grade"] == "Inadequate"
    assert client.predict(year=1990, api_name="/documents") == {"total": 0, "documents": []}


@pytest.mark.parametrize(
    ("endpoint", "given", "said"),
    [
        ("/ask", {"question": " \n"}, "Ask a question: it is empty."),
        ("/ask", {"question": "x" * 4001}, "“question” is too long: 4,001 characters. At most 4,000 are read."),
        ("/ask", {"question": 7}, "“question” has to be a text."),
        ("/ask", {"question": "Staff?", "services": "Eastmere"}, "“services” has to be a list of texts"),
        ("/ask", {"question": "Staff?", "services": ["Eastmer and Saltings"]}, f"“{SERVICE}”"),
        ("/ask", {"question": "Staff?", "grades": ["Splendid"]}, "There is no grade “Splendid” in the library. It has “"),
        ("/ask", {"question": "Staff?", "since": "17 July 2019"}, "“since” is no day: “17 July 2019”. Write it as year-month-day"),
        ("/ask", {"question": "Staff?", "since": "2020-01-01", "until": "2019-01-01"}, "“since” (2020-01-01) is after “until”"),
        ("/search", {"query": "staff", "services": [" "]}, "“services” has only empty texts."),
        ("/search", {"query": ""}, "the query is empty"),
        ("/search", {"query": "staff", "limit": 101}, "“limit” has to be a whole number from 1 to 100."),
        ("/search", {"query": "staff", "kinds": ["novel"]}, "There is no kind of document “novel” in the library. It has “"),
        ("/documents", {"offset": -1}, "“offset” has to be a whole number from 0 to"),
        ("/documents", {"year": 12345}, "“year” has to be a whole number from 0 to 9,999."),
        ("/documents", {"service": "Nowhere"}, "There is no service “Nowhere” in the library."),
    ],
)
def test_bad_input_is_refused_with_one_clear_sentence(client: Any, endpoint: str, given: dict[str, Any], said: str) -> None:
    told = refused(lambda: client.predict(**given, api_name=endpoint))
    assert said in told and "Traceback" not in told


def test_what_is_under_embargo_is_in_none_of_them(client: Any, assistant: Assistant) -> None:
    assert len(assistant.library.documents(held=True)) == 11
    heard = [
        client.predict(f"How often were home visits made at {SECRET}?", everywhere=True, api_name="/ask")["citations"],
        client.predict("Which services were rated Inadequate?", api_name="/ask"),
        client.predict(f"home visits {SECRET}", limit=100, api_name="/search"),
        client.predict(limit=100, api_name="/documents"),
        refused(lambda: client.predict("home visits", services=["Nowhere"], api_name="/search")),
    ]
    assert SECRET not in json.dumps(heard)
    assert f"There is no service “{SECRET}”" in refused(lambda: client.predict(service=SECRET, api_name="/documents"))


def test_what_nobody_foresaw_is_told_without_its_details() -> None:
    from gradio_client import Client  # type: ignore[import-untyped]

    fake, port = pretend(pause=0.0), free_port()
    page = app.launched(fake, "127.0.0.1", port)
    try:
        client = Client(f"http://127.0.0.1:{port}", verbose=False)
        assert refused(lambda: client.predict("please fail", api_name="/ask")).startswith("The chat model does not answer.")
        assert refused(lambda: client.predict("crash", api_name="/search")).startswith("Something went wrong while searching.")
        client.predict("What was still open?", everywhere=True, since="2020-02-03", services=["Riverside House"], api_name="/ask")
        assert fake.asked[-1] == ("What was still open?", 0, True)
        assert fake.narrowed[-1][0] == Filters(("Riverside House",), filters_of(fake, [], "2020-02-03", "", [], []).since)
    finally:
        page.close(verbose=False)


def test_null_and_nothing_restrict_nothing_and_names_that_are_blank_are_refused_as_other_types_are() -> None:
    fake = pretend(pause=0.0)
    assert not filters_of(fake, None, None, " ", [], [])
    with pytest.raises(BadInput, match="has only empty texts"):
        filters_of(fake, [], "", "", ["", " "], [])
    for wrong in ([7], {"a": 1}, 7, True):
        with pytest.raises(BadInput, match="has to be a list of texts"):
            filters_of(fake, wrong, "", "", [], [])
        with pytest.raises(BadInput, match="has to be a text"):
            filters_of(fake, [], wrong, "", [], [])


def test_names_that_come_near_are_offered() -> None:
    known = {name: name for name in ("Ashby", "Bray", "Cole", "Dene", "East Mill", "Fen End", "Glen", "Holt", "Kingston upon Hull", "Norwich")}
    for given, offered in (("Hull", "“Kingston upon Hull”?"), ("Norwhich", "“Norwich”?"), ("Bray Council", "“Bray”?"), ("Xanadu", "“documents” lists")):
        with pytest.raises(BadInput, match=re.escape(f"There is no service “{given}” in the library. ") + f".*{re.escape(offered)}"):
            among("service", [given], known)
    assert among("service", ["NORWICH", "Norwich"], known) == ("Norwich",)


# tools


async def _session(address: str, sse: bool, use: Callable[[Any], Any]) -> Any:
    from mcp import ClientSession
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamablehttp_client

    way = sse_client(f"{address}/gradio_api/mcp/sse") if sse else streamablehttp_client(f"{address}/gradio_api/mcp/")
    async with way as streams, ClientSession(streams[0], streams[1]) as session:
        await session.initialize()
        return await use(session)


@pytest.mark.parametrize("sse", [False, True], ids=["streamable http", "sse"])
def test_the_same_three_are_tools_that_say_what_they_are_for(address: str, sse: bool) -> None:
    async def use(session: Any) -> None:
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "documents"]
        for tool in tools:
            assert len(tool.description) > 80 and "Parameters:" not in tool.description
            assert all(argument["description"] and argument["type"] for argument in tool.inputSchema["properties"].values())
        assert tools[0].inputSchema["required"] == ["question"] and "required" not in tools[2].inputSchema
        answer = await session.call_tool("ask", {"question": "What was Eastmere and Saltings rated?"})
        assert not answer.isError and json.loads(answer.content[0].text)["citations"][0]["quote"]
        hits = await session.call_tool("search", {"query": "home visits", "limit": 2})
        assert len(json.loads(hits.content[0].text)) == 2
        held = await session.call_tool("documents", {"limit": 1})
        link = json.loads(held.content[0].text)["documents"][0]["original"]
        assert json.loads(held.content[0].text)["total"] == 10 and link.startswith(f"{address}/source/")

    asyncio.run(_session(address, sse, use))


def test_a_tool_says_what_was_wrong_as_an_error(address: str) -> None:
    async def use(session: Any) -> list[Any]:
        calls = (("ask", {"question": ""}), ("ask", {}), ("search", {"query": "staff", "limit": 0}), ("on_ask", {}))
        return [await session.call_tool(name, given) for name, given in calls]

    empty, missing, range_, private = asyncio.run(_session(address, False, use))
    assert empty.isError and empty.content[0].text == "Ask a question: it is empty."
    assert missing.isError and "'question' is a required property" in missing.content[0].text
    assert range_.isError and range_.content[0].text == "“limit” has to be a whole number from 1 to 100."
    assert private.isError and "Unknown tool" in private.content[0].text


# documentation


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", [0, 1])
def test_the_documented_python_runs(address: str, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(blocks("python")[number].replace("http://127.0.0.1:7860", address), str(DOCUMENTED), "exec"), {})
    shown = capsys.readouterr().out
    assert ("answered" in shown and SERVICE in shown and "overall" in shown) if number == 0 else ("'documents']" in shown and SERVICE in shown)


def test_the_documented_addresses_and_arguments_are_the_real_ones(address: str, client: Any) -> None:
    text = DOCUMENTED.read_text("utf-8")
    assert json.loads(blocks("json")[0])["mcpServers"]["inspection-assistant"]["url"].endswith("/gradio_api/mcp/")
    named = client.view_api(return_format="dict")["named_endpoints"]
    arguments = {p["parameter_name"] for endpoint in named.values() for p in endpoint["parameters"]}
    table = text.partition("## The arguments")[2].partition("## The results")[0]
    assert arguments == {name for row in re.findall(r"^\|[^|]*\|([^|]*)\|", table, re.M) for name in re.findall(r"`(\w+)`", row)}
    asked = re.search(r"-d '(\{.*?\})'", text)
    request = urllib.request.Request(f"{address}/gradio_api/call/v2/ask", asked[1].encode() if asked else b"", {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        id = json.loads(reply.read())["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{id}") as reply:
        lines = reply.read().decode().splitlines()
    assert lines[0] == "event: complete" and json.loads(lines[1].removeprefix("data: "))[0]["status"] == "answered"
    assert Path(ROOT / "README.md").read_text("utf-8").count("docs/api.md") >= 1
