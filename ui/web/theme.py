"""How the page looks: colours, system fonts, the style sheet. Nothing is fetched from anywhere but this server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Liberation Mono", "monospace")

INK, PAPER, BLUE = "#0b0c0c", "#ffffff", "#0b4f8a"
NIGHT, CHALK, SKY = "#14171a", "#f3f4f5", "#8cc4ff"


def theme() -> gr.themes.Base:
    """Black on white (or the reverse), one blue, square corners; contrast of text at least 7 to 1."""
    plain = gr.themes.Base(font=FONT, font_mono=MONO, text_size="lg", radius_size="sm", spacing_size="md")
    return plain.set(
        body_background_fill=PAPER, body_background_fill_dark=NIGHT,
        body_text_color=INK, body_text_color_dark=CHALK,
        body_text_color_subdued="#4a5358", body_text_color_subdued_dark="#b8c0c6",
        background_fill_primary=PAPER, background_fill_primary_dark=NIGHT,
        background_fill_secondary="#f3f4f5", background_fill_secondary_dark="#1e2328",
        block_background_fill="transparent", block_background_fill_dark="transparent",
        block_border_width="0px", block_border_width_dark="0px", block_shadow="none", block_padding="0px",
        block_label_background_fill="transparent", block_label_background_fill_dark="transparent",
        block_label_text_color=INK, block_label_text_color_dark=CHALK, block_label_border_width="0px",
        block_title_text_color=INK, block_title_text_color_dark=CHALK, block_title_text_weight="600",
        block_info_text_color="#4a5358", block_info_text_color_dark="#b8c0c6",
        border_color_primary="#6b7478", border_color_primary_dark="#8a949b",
        border_color_accent=BLUE, border_color_accent_dark=SKY, color_accent=BLUE,
        input_background_fill=PAPER, input_background_fill_dark="#1e2328",
        input_border_color="#0b0c0c", input_border_color_dark="#b8c0c6", input_border_width="2px",
        input_placeholder_color="#5b6469", input_placeholder_color_dark="#a5aeb4", input_shadow="none",
        button_primary_background_fill=BLUE, button_primary_background_fill_hover="#083b68",
        button_primary_background_fill_dark=SKY, button_primary_background_fill_hover_dark="#b5d9ff",
        button_primary_text_color=PAPER, button_primary_text_color_dark=INK,
        button_primary_border_color="transparent", button_primary_border_color_dark="transparent",
        button_secondary_background_fill="#e6e8ea", button_secondary_background_fill_hover="#d3d7da",
        button_secondary_background_fill_dark="#2c333a", button_secondary_background_fill_hover_dark="#3b444c",
        button_secondary_text_color=INK, button_secondary_text_color_dark=CHALK,
        button_cancel_background_fill="#a8261c", button_cancel_background_fill_hover="#7f1c14",
        button_cancel_background_fill_dark="#ffb4ab", button_cancel_background_fill_hover_dark="#ffd3cd",
        button_cancel_text_color=PAPER, button_cancel_text_color_dark=INK,
        button_large_text_weight="600", button_transition="none",
    )  # fmt: skip


def look() -> dict[str, Any]:
    """What ``launch`` needs to show the page as it is meant."""
    return {
        "theme": theme(),
        "css": (HERE / "page.css").read_text("utf-8"),
        "head": '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
        "favicon_path": str(HERE / "favicon.svg"),
    }
