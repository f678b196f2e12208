// 1024 words that are easy to say and to spell: ten bits each.
export const WORDS: readonly string[] = `
acorn adapt agate agent album alder alien almond aloe alpha amber amigo ample anchor angel anise ankle
annex apple apron aqua arch arena argon arrow artist aspen atlas atom attic audio autumn avenue award
axis azure badge bagel baker balcony ballet balm bamboo banana banjo bank banner barge barley barn basil
basket bath beacon bead beam beard beaver bedrock beet bell belt berry bicycle birch bird biscuit blade
blanket blink bloom blossom blue bobbin bonnet bonus book boot border bottle boulder bowl braid branch
brass brave bread breeze brick bridge brisk bronze brook brother brown bucket budget buffalo bugle bulb
bunny burrow butter buzz cabin cactus cake calm camel camp canal candle candy canoe canyon caramel
carbon carol carpet carrot cart cascade castle cave cedar celery cello center chair chalk chant chapel
charm cheddar cheer cherry chess chicken chime chorus cider cinema cinnamon circle citrus city clam
clarinet clever climate clock cloud clover coach coast cobalt cobra cocoa coffee coin collar comb comet
comic compass copper coral cork corner cosmos cotton couch cougar country couple cove cradle craft
crayon cricket crimson crisp crocus crown cruise crystal cube cuckoo curl curry curtain curve cushion
custom cycle cypress daffodil dahlia dairy daisy dance dapper data dawn deck delta denim dentist depot
desert desk dessert detail diamond diary digit dill diner dinner dock doctor dolphin dome domino donkey
door dough dove dragon drama drawer dream dress drift drill drum duck dune dust eager eagle early earth
easel east easy echo eclipse edge editor eight elbow elder ember emblem emerald engine epic equal eraser
evening event exit extra fable fabric face factor fairy falcon family fancy farm feast feather fence
fennel fern ferry festival fever fiber fiddle field fifty figure film final finch finger fire first fish
fjord flag flame flannel flask fleet flint float flock flood flora flower flute foam focus folder folk
forest fork formal fossil fountain frame freckle fresh fringe frog front frost fruit future gadget
galaxy gallery gallop game garage garden garlic garnet gate gazelle gecko general geyser gift ginger
giraffe glacier glade glass glide globe glove glow goat goblet gold golf goose gopher gorge grain
granite grape grass gravel gravy gray green grid grill grip grove guard guide guitar gulf gull gust
habit hammer hand happy harbor harmony harp harvest haven hawk hazel heart heather hedge helmet help
hemp herb herd hero hiker hill hinge hippo history hobby hockey holiday hollow holly honey hood hoof
hook hoop hope horizon horn hotel hour house humble hummus hunter hyena ibis icicle icon idea igloo
image inch index indigo infant inlet insect island ivory jacket jade jaguar jasmine jazz jeans jelly
jersey jewel jigsaw jockey joke jolly journal jumbo jumper jungle junior kayak keen kelp kennel kettle
kind king kiosk kite kitten kiwi knee koala label lace ladder lady lagoon lake lamb lamp land lane
lantern lapel larch large lark latch lattice laundry laurel lava lawn layer lead leaf league lemon lemur
lens lentil leopard letter level library lichen lift light lilac lily lime linen lion liquid list liter
lizard llama loaf lobby lobster local lock lodge logic lotus lounge love loyal lucky lumber lunar lunch
lute lynx lyric machine magic magnet magpie maize mallet mango mantle maple marble margin marina market
marsh mason mast match matrix meadow meal melody melon member mentor menu mercury merit mesa meteor
meter mice middle midnight milk mill mimosa mineral mint minute mirror mitten mixer model moment monkey
month moon moose morning mosaic moss motel motor mountain mouse movie muffin mulberry museum music
mustard myth narrow native nature navy neat nebula neck needle nephew nest nettle neutral nickel nimble
noble nomad noodle noon north nose note novel nugget number nurse nutmeg oasis oboe ocean octopus office
olive omega onion onyx opal open opera orange orbit orchard orchid order organ origin osprey ostrich
otter outdoor oval oven owner oxygen oyster paddle page paint palace palm panda panel pansy paper
paprika parade parcel park parsley partner party passage pasta path patio peach peanut pearl pebble
pecan pelican pencil penguin pepper perch period petal phone photo piano piccolo pickle picnic pier
pigeon pillow pilot pine pink pioneer pirate pixel pizza place planet plank plant plate player plaza
plenty pocket poem poet polar pole polish pollen polo pond pony pool popcorn poplar poppy porch port
post potato pottery powder prairie present pretzel primary prime print prism prize promise proud public
puddle puffin pulse puma pumpkin pupil puppet purple puzzle pyramid quail quality quarry quest quick
quiet quill quince quiver quiz quota rabbit raccoon radar radio raft rail rainbow ranch rapid raven
ravine recipe record reef region relay relish rhyme ribbon rice riddle ridge ripple river road robin
robot rocket rodeo roller roof room rope rosemary rotor round royal ruby rudder ruler rumba runner rural
rustic sable saddle saffron sage sailor salad salmon salt salute sample sand sapphire satin sauce scale
scarf scholar school science scout screen scroll season seat second seed seesaw senior sequoia shadow
shape shell sheriff ship shore shoulder shovel shrimp shuttle signal silk silver simple singer siren
sister sketch skill slate sled sleeve small smart smile snack snail snow soccer social soda sofa solar
solid solo sonata song sonnet sorbet soup south space spark spice spinach spiral spoke sponge spoon
sport spring spruce square stable stadium stage stamp star state steam stem step stone stool storm stove
straw stream string studio sugar summer sunset surf swan swift swim swing symbol syrup system table
tablet tailor talent tango tape target tassel taxi teacher teapot teeth temple tempo tennis tent terrace
theater thimble thistle thread thunder thyme ticket tiger timber toast tomato topaz torch tortoise totem
towel tower town track trade trail train travel tray treasure tree trek tribe trio trophy trout truck
truffle trumpet trunk tulip tundra turban turnip turtle twig twin umbrella uncle union unit upland upper
valley vanilla vault velvet verse viaduct village vine vinegar viola violet violin visit vivid voice
volcano vowel voyage waffle walnut walrus waltz water west wheat whisper whistle willow wind window
winter wisdom wizard wombat wonder wool word world wren writer yacht yeast yellow yoga yogurt young
zebra zenith zero zigzag zinc zipper zodiac zone`
  .trim()
  .split(/\s+/);
