"""Networks that answer in the visitor's browser, in a worker beside the page, while a picture moves.

simple.js, sums.js, kernel.ts    one layer             resize.js, picture.js    the picture as the network sees it
net.js                           one pass              worker.js                networks by key, questions, answers
brain.js                         the page's side       hub.js                   what all components of a page share
loader.js, live.py               how a network comes   asking.js                what views of them have in common
answers.js, strip.js             what two networks say, step by step
maps.js, maps.py, colours.js     the maps of a layer, step by step
"""

from explorer.ui.components.live.live import bring
from explorer.ui.components.live.maps import Maps

__all__ = ["Maps", "bring"]
