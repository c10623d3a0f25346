"""The camera, live: networks and maps answer to every frame, and nothing leaves the device before it is frozen.

eye.js      the camera itself, and why there is none      camera.js    what one sees, and what it does
"""

from explorer.ui.components.camera.camera import camera, still

__all__ = ["camera", "still"]
