"""The network as a flow of blocks (flow.js)."""
