"""What the console draws of the moderation desk, and where its keys go."""

from cqa.screen import moderation_keys
from cqa.screen.console import Hands
from cqa.screen.moderation_desk import ModerationDesk
from cqa.screen.moderation_page import page

MODERATING: Hands[ModerationDesk] = Hands(
    page, moderation_keys.take, moderation_keys.press_unseen, moderation_keys.pasted)
