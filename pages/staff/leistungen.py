"""Leistungen: what can be booked, who and what is needed for it, and when they are away. For owners."""

from pages.parts.head import draw_head
from pages.parts.offerings import draw_absences, draw_offerings, draw_resources
from pages.parts.session import open_desk
from services.staff import require_owner

desk = open_desk()
_ = desk.say
require_owner(desk.actor)
draw_head(desk, _("Leistungen"), _("Was man bei Ihnen buchen kann, und was Sie dafür brauchen."), primary=False)
draw_offerings(desk)
draw_resources(desk)
draw_absences(desk)
