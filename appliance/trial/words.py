"""Names for rooms that are easy to say and hard to guess: four of these hundred words are 26 bits, for a trial."""

import secrets

WORDS = """
able acorn agate alder amber anchor apple april arrow aspen autumn badge baker bamboo barley basil beacon berry birch bishop
blossom bonnet border bottle branch breeze bridge bronze brook bucket butter button cactus candle canvas canyon carbon castle
cedar cherry chime cinder circle clover cobalt coffee comet copper coral cotton cradle crystal daisy delta denim desert dragon
drift eagle echo ember engine fable falcon feather fern fiddle finch flint forest fossil fountain galaxy garden garnet ginger
glacier golden granite grove hammer harbor hazel heron hollow honey island ivory jacket jasmine jigsaw juniper kernel kettle
ladder lagoon lantern laurel lemon lilac linen lotus
""".split()


def room_name() -> str:
    return "-".join(secrets.choice(WORDS) for _ in range(4))
