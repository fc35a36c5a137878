"""What the console draws of the moderation desk, and where its keys go."""

from cqa.screen import moderation_deeds
from cqa.screen.console import Hands
from cqa.screen.moderation_desk import ModerationDesk
from cqa.screen.moderation_page import page

MODERATING: Hands[ModerationDesk] = Hands(
    page, moderation_deeds.take, moderation_deeds.press_unseen, moderation_deeds.pasted)
