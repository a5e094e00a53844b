"""Files of an evaluation run over HTTP: ``evaluation/ID/report.html``, ``run.json``, ``figures.csv``, ``questions.csv``.

Takes requests of the browser to the runs of the library. They are downloads, made when they are asked for, and say no more than
the page does: nothing of a publication that is under embargo.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.evaluate.report import page
from ui.run_tables import figures_csv, questions_csv
from ui.runs import RunError, Runs
from ui.web.files import NEVER
from ui.web.markup import told

if TYPE_CHECKING:
    from assistant.build import Assistant

_MEDIA = {"html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}


def run_routes(assistant: Assistant) -> list[Route]:
    """What the server answers for runs."""
    runs = Runs(Path(assistant.library.home), assistant.library)

    def download(request: Request) -> Response:
        id, name = request.path_params["id"], request.path_params["name"]
        try:
            data = _made(runs, id, name, request.query_params.get("against", ""))
        except Exception as error:
            return PlainTextResponse(told(error, "writing the file"), 404 if isinstance(error, RunError) else 500, headers=NEVER)
        stem, _, ending = name.rpartition(".")
        headers = {**NEVER, "Content-Disposition": f'attachment; filename="evaluation-{id}-{stem}.{ending}"'}
        return Response(data, media_type=_MEDIA[ending], headers=headers)

    return [Route("/evaluation/{id}/{name}", download)]


def _made(runs: Runs, id: str, name: str, against: str) -> bytes:
    """A file of a run. Raises RunError where there is no such run or file, or nothing to tell."""
    run = runs.read(id)
    if name == "run.json":
        return json.dumps(run, indent=1, ensure_ascii=False).encode("utf-8")
    if not run["questions"]:
        raise RunError("No question of this run was answered, so that there is nothing to report.")
    if name == "report.html":
        return page(run, _earlier(runs, id, against)).encode("utf-8")
    if name in ("figures.csv", "questions.csv"):
        return figures_csv(run) if name == "figures.csv" else questions_csv(run)
    raise RunError("There is no such file of a run.")


def _earlier(runs: Runs, id: str, against: str) -> dict[str, object] | None:
    return runs.compare(id, against) if against else None
