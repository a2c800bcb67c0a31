"""What a reply costs a bare Textual app: one `Markdown` fed by its `MarkdownStream`.

Enter in the input below asks; it reads the stream as the official SDK hands it out.
"""

from openai import AsyncOpenAI
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown


class BareMarkdown(App[None]):
    """A scrolling Markdown above an input."""

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            yield Markdown()
        scroll.anchor()
        yield Input()

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        question, event.input.value = event.value, ""
        self.run_worker(self._answer(question))

    async def _answer(self, question: str) -> None:
        stream = Markdown.get_stream(self.query_one(Markdown))
        answer = await AsyncOpenAI().chat.completions.create(
            model="test-model", messages=[{"role": "user", "content": question}], stream=True
        )
        try:
            async for chunk in answer:
                if chunk.choices and (text := chunk.choices[0].delta.content):
                    await stream.write(text)
        finally:
            await stream.stop()


if __name__ == "__main__":
    BareMarkdown().run()
