"""Train: start a run, watch it, stop it, go on; runs are processes of their own, this page only reads and asks."""

from explorer.training.store import limits
from explorer.training.store.runs import Store
from explorer.ui.shared.frame import frame
from explorer.ui.shared.layout import controls_and_picture
from explorer.ui.training import launch, published, watch

START = "Choose a preset and press Start: the run goes on even when this page is closed."
LOOK = "Choose a run and see how it went."

with frame("Train", LOOK if limits.training_off() else START) as page:
    store = Store()
    controls, picture = controls_and_picture("train")
    with picture, page.guard():
        watch.draw(store, page)
    with picture, page.guard():
        if not page.present and not limits.training_off():
            published.draw(store)
    with controls, page.guard():
        launch.draw(store)
