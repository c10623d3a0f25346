"""The tabs of the Layers page, one module each; `source` is the image and the convolution that several of them use."""
