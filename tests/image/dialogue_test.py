"""The image without settings: three questions on the serial line."""

import unittest

from guest import READY, Guest, newest
from network import GUEST, HERE, NAME


class DialogueTest(unittest.TestCase):
    def test_three_answers_and_an_address_make_a_server(self) -> None:
        guest = Guest(newest())
        self.addCleanup(guest.close)
        machine = guest.machine
        machine.start()
        machine.wait_for("The name that people will open")
        self.assertNotIn("Permission denied", guest.network.run("ssh", *guest.options(), f"admin@{GUEST}", "true", check=False), "nobody is let in yet")
        for wanted, answer in (
            ("like meet.example.org: ", "meet"),
            ("has to be a name", NAME),
            ("e-mail address", f"admin@{NAME}"),
            ("public SSH key", guest.public_key()),
            ("A fixed address", f"{GUEST}/24"),
            ("The router's address", HERE),
            ("Name servers", HERE),
            ("The first person who may host", ""),
        ):
            machine.wait_for(wanted)
            machine.type(answer + "\n")
        machine.wait_for(READY)
        self.assertEqual(guest.ssh("id", "-un").strip(), "admin")


if __name__ == "__main__":
    unittest.main()
