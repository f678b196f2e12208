"""Connections of people who have not signed in: how many of one source may stay."""

import unittest

from meeting import MeetingTest
from websocket import WebSocket

SOURCE = "127.0.8.1"


class NewcomersTest(MeetingTest):
    def connects(self) -> WebSocket:
        socket = WebSocket(self.stack["websocket"], self.stack["ca"], source=SOURCE, timeout=20.0)
        self.addCleanup(socket.drop)
        self.assertEqual(socket.status, 101)
        return socket

    def test_only_three_of_one_source_may_take_their_time(self) -> None:
        crowd = [self.connects() for _ in range(8)]
        for early in crowd[:5]:
            self.assertTrue(self.is_closed(early), "it had its moment")
        for late in crowd[5:]:
            late.send(f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{self.stack['guest_domain']}' version='1.0'/>")
            self.assertIn("<open", late.receive() or "", "three stay")

    def test_a_class_behind_one_address_gets_in_at_once(self) -> None:
        for _ in range(5):
            self.connects()
        pupils = [self.guest(source=SOURCE) for _ in range(10)]
        self.assertEqual(len({pupil.jid for pupil in pupils}), 10)

    def is_closed(self, socket: WebSocket) -> bool:
        """Waits for it; what is said before does not count."""
        try:
            while socket.receive() is not None:
                pass
        except ConnectionError:
            pass
        return True


if __name__ == "__main__":
    unittest.main()
