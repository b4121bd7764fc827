"""Lets invented people take part in a round, through a simulator that runs elsewhere.

python -m tests.functional.answer URL CODE PEOPLE
"""

import asyncio
import json
import sys
from dataclasses import asdict

from bot.simulator.driver import Driver
from sauti.demo.people import answer_all


async def answer(url: str, code: str, people: int) -> None:
    """Prints, as JSON, how many began, sent and withdrew."""
    async with Driver(url) as driver:
        crowd = await answer_all(driver, await driver.only_bot(), code, people)
    print(json.dumps(asdict(crowd)))  # noqa: T201 - this is a program of its own


if __name__ == "__main__":
    asyncio.run(answer(sys.argv[1], sys.argv[2], int(sys.argv[3])))
