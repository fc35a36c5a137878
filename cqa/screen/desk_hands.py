"""What the console draws of the marking desk, and where its keys go."""

from cqa.screen import desk_keys
from cqa.screen.console import Hands
from cqa.screen.desk import Desk
from cqa.screen.frame import page

MARKING: Hands[Desk] = Hands(page, desk_keys.take, desk_keys.press_unseen, desk_keys.pasted)
