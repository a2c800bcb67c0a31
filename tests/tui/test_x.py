async def test_x(stage):
    async with stage.open() as chat:
        await chat.press("escape", ":", *"sideb")
        await chat.pilot.pause()
        await chat.press("tab")
        print(chat.screen.focused, chat.screen.focused.value, chat.screen.focused._suggestion)
        await chat.press("enter")
        print(chat.screen.focused, chat.screen.mode, chat.notices())
