"""The plug, pulled at any moment of the first start: it comes up all the same."""

import os
import random
import unittest

from guest import READY, SERVICES, Guest, newest

TIMES = int(os.environ.get("CLOISTER_PLUGS", "3"))
SEED = int(os.environ.get("CLOISTER_SEED", "1"))


class PlugTest(unittest.TestCase):
    def test_whenever_the_plug_is_pulled_it_comes_up(self) -> None:
        guest = Guest(newest())
        self.addCleanup(guest.close)
        guest.give_settings()
        chance = random.Random(SEED)
        for _ in range(TIMES):
            guest.machine.start()
            guest.machine.wait_for("Booting")
            guest.machine.run_for(chance.uniform(5, 90))
            guest.machine.pull_the_plug()
        guest.machine.start()
        guest.machine.wait_for(READY)
        self.assertEqual(guest.states(), dict.fromkeys(SERVICES, "active"))


if __name__ == "__main__":
    unittest.main()
