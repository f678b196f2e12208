#!/usr/bin/env python3
"""Makes the traces beside it: levels that participants send, and who becomes the dominant speaker.

The decisions are worked out here, from protocol/bridge.md §10.1 alone and with nothing of the bridge's code,
so a trace is a second opinion. A line "N a b" means N packets, 20 ms apart, at these levels (−dBov; "-" sends
nothing); a line "= T who" that at T ms after the first packet the dominant speaker changed.
"""

import math
import random
from pathlib import Path

STEP = 20
N1, N2, N3 = 13, 5, 10


def score(active: int, length: int, weight: float) -> float:
    value = math.log(math.comb(length, active)) + length * math.log(0.5) - math.log(weight) + weight * active
    return max(value, 1e-10)


class Speaker:
    def __init__(self) -> None:
        self.levels = [0] * (N2 * N3)
        self.floor = 0
        self.lowest: list[int] = []
        self.heard_at: int | None = None
        self.counts: tuple[list[int], list[int], int] = ([0] * (N2 * N3), [0] * N3, 0)
        self.scores = [1e-10, 1e-10, 1e-10]

    def push(self, loudness: int) -> None:
        self.levels = [loudness, *self.levels[:-1]]
        if loudness == 0:
            return
        if self.floor == 0 or loudness < self.floor:
            self.floor, self.lowest = loudness, []
            return
        self.lowest.append(loudness)
        if len(self.lowest) == 750:
            self.floor = int(math.sqrt(self.floor * min(self.lowest)))
            self.lowest = []

    def evaluate(self) -> None:
        immediate = [0 if level < self.floor + 10 else level // 10 for level in self.levels]
        if immediate == self.counts[0]:
            return
        medium = [sum(part > 7 for part in immediate[at : at + N2]) for at in range(0, N2 * N3, N2)]
        long = sum(part > 4 for part in medium)
        self.scores[0] = score(immediate[0], N1, 0.78)
        if medium != self.counts[1]:
            self.scores[1] = score(medium[0], N2, 24)
            if long != self.counts[2]:
                self.scores[2] = score(long, N3, 47)
        self.counts = (immediate, medium, long)


def decide(speakers: dict[int, Speaker], dominant: int | None) -> int | None:
    if not speakers:
        return None
    if len(speakers) == 1:
        return next(iter(speakers))
    incumbent = dominant if dominant is not None else next(iter(speakers))
    winner, best = incumbent, 2.0
    for speaker in speakers.values():
        speaker.evaluate()
    for name, speaker in speakers.items():
        if name == incumbent:
            continue
        ahead = [math.log(a / b) for a, b in zip(speaker.scores, speakers[incumbent].scores)]
        if ahead[0] > 3 and ahead[1] > best and ahead[2] > 0:
            winner, best = name, ahead[1]
    return winner


def decisions(packets: list[tuple[int | None, ...]]) -> list[tuple[int, int]]:
    speakers: dict[int, Speaker] = {}
    dominant, changes = None, []
    for number, levels in enumerate(packets):
        now = number * STEP
        for name, level in enumerate(levels):
            if level is None:
                continue
            speaker = speakers.setdefault(name, Speaker())
            speaker.heard_at = now
            speaker.push(127 - level)
        if now > 0 and now % 40 == 0:
            for speaker in speakers.values():
                if now - speaker.heard_at > 40:
                    speaker.push(0)
        if now % 300 == 0:
            winner = decide(speakers, dominant)
            if winner is not None and winner != dominant:
                dominant = winner
                changes.append((now, winner))
    return changes


class Room:
    """Voices as they are: syllables, words, and the pauses between."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def noise(self, seconds: float, level: int) -> list[int]:
        return [level + self.random.randint(-2, 2) for _ in range(int(seconds * 50))]

    def speech(self, seconds: float, level: int = 32) -> list[int]:
        out: list[int] = []
        while len(out) < seconds * 50:
            for _ in range(self.random.randint(3, 7)):  # a word of syllables of 120 to 240 ms
                out += [level + self.random.randint(-5, 5) for _ in range(self.random.randint(6, 12))]
            out += self.noise(self.random.randint(2, 12) * 0.02, 85)
        return out[: int(seconds * 50)]

    def nothing(self, seconds: float) -> list[None]:
        return [None] * int(seconds * 50)


def write(name: str, why: str, *voices: list) -> None:
    packets = list(zip(*voices, strict=True))
    lines = [f"# {line}" for line in why.strip().splitlines()]
    runs: list[list] = []
    for levels in packets:
        if runs and runs[-1][1] == levels:
            runs[-1][0] += 1
        else:
            runs.append([1, levels])
    for count, levels in runs:
        lines.append(" ".join([str(count), *("-" if level is None else str(level) for level in levels)]))
    lines += [f"= {when} {who}" for when, who in decisions(packets)]
    Path(__file__).with_name(f"{name}.trace").write_text("\n".join(lines) + "\n")


def main() -> None:
    room = Room(1)
    write(
        "alternating",
        "Two who take turns of four seconds. A turn is noticed at the first decision after the other one has had\n"
        "five loud packets in a row (medium) while the one who stopped has no full group of five any more.",
        room.noise(2, 88) + room.speech(4) + room.noise(4, 88) + room.speech(4) + room.noise(4, 88),
        room.noise(6, 88) + room.speech(4) + room.noise(4, 88) + room.speech(4),
    )
    room = Room(2)
    write(
        "cough_into_speech",
        "One talks, the other coughs for 300 ms, five times. Fifteen loud packets fill three of ten groups: never\n"
        "more than a talker has (long), so nothing changes.",
        room.noise(2, 88) + room.speech(20),
        room.noise(6, 88) + (room.noise(0.3, 12) + room.noise(2.7, 88)) * 5 + room.noise(1, 88),
    )
    room = Room(3)
    write(
        "cough_into_silence",
        "Nobody has said a word for seconds, somebody coughs: any full group beats none, so the cough is taken for\n"
        "a voice; and whoever then speaks has the floor again. A pause alone changes nothing.",
        room.noise(2, 88) + room.speech(4) + room.noise(6, 88) + room.speech(4),
        room.noise(9.1, 88) + room.noise(0.3, 12) + room.noise(6.6, 88),
    )
    room = Room(4)
    write(
        "background_noise",
        "A loud fan beside the microphone of one: its own floor hides it, from the first packet on. The quieter\n"
        "voice of the other wins, and keeps the floor.",
        room.noise(40, 45),
        room.noise(5, 88) + room.speech(10, 42) + room.noise(5, 88) + room.speech(20, 42),
    )
    room = Room(5)
    write(
        "crosstalk",
        "Both talk at once for six seconds. The second gets the floor in a pause between two words of the first,\n"
        "once it has filled more groups of the last second; then it keeps it. Nothing flaps.",
        room.noise(2, 88) + room.speech(10) + room.noise(6, 88),
        room.noise(6, 88) + room.speech(12),
    )
    room = Room(6)
    write(
        "late_and_muted",
        "The first comes alone, and is it at once. The second sends nothing until it talks; the first is muted\n"
        "meanwhile, so that silence is put in for it every 40 ms.",
        room.speech(4) + room.nothing(8) + room.speech(4),
        room.nothing(6) + room.speech(6) + room.noise(4, 88),
    )


if __name__ == "__main__":
    main()
