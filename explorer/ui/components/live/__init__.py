"""Networks that answer in the visitor's browser, in a worker beside the page, while a picture moves.

simple.js, sums.js, kernel.ts    one layer             resize.js, picture.js    the picture as the network sees it
net.js                           one pass              worker.js                networks by key, questions, answers
brain.js                         the page's side       hub.js                   what all components of a page share
loader.js, live.py               how a network comes   answers.js, strip.js     what two networks say, step by step
"""

from explorer.ui.components.live.live import bring

__all__ = ["bring"]
