"""«Für die Auswertung»: what people note of an inquiry when it ends, each answer one tap and saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from data.records import CloseReason, Inquiry, InquiryState
from data.report_records import Avoidable, Intent
from data.wrap_ups import Complaint, Instead
from pages.parts import state
from pages.parts.acting import action, calling, dialog_button, do, last_action, show_form, show_trouble, way_on
from pages.parts.choices import choose_from_list, choose_in_sight
from pages.parts.deal import draw_deal
from pages.parts.plain import plain
from pages.parts.reply_box import nothing_to_say
from pages.parts.session import Desk
from pages.parts.words import past_time
from pages.parts.wrap_up_words import avoidable_words, deal_words, instead_words
from services import closing, wrap_ups
from services.conversations import Conversation
from services.errors import InvalidInputError
from services.reasons import list_reasons
from services.rules.prices import price_field, show_price
from services.typed import money_amount
from services.wrap_ups import Noted

OPEN = ""  # nobody said
_NOTED_FIRST = {Instead.WISH: "wish", Instead.CALLBACK: "callback"}  # each with the name of its dialog


@dataclass(frozen=True)
class _Question:
    name: str
    label: str
    answers: Mapping[str, str]  # what is kept → its words
    given: str
    keep: Callable[[Desk, str], None]
    lasting: bool = False  # once given it can be changed, but not taken back


def draw_wrap_up(desk: Desk, inquiry_id: int, *, ended: bool = False, in_dialog: bool = False) -> None:
    """The card. When an inquiry has `ended` «Wie zugesagt?» and the next open question lie there with all answers."""
    _ = desk.say
    noted = wrap_ups.read_noted(desk.shop, desk.actor, inquiry_id)
    place = f"wu-{'t' if in_dialog else 'g'}-{noted.inquiry_id}"
    with st.container(key=f"karte-auswertung-{place}", gap="small"):
        st.subheader(_("Für die Auswertung"), anchor=False)
        show_trouble(place)
        _draw_questions(desk, noted, place, ended=ended)
        _offer_wish(desk, noted, place, in_dialog=in_dialog)
        with st.container(horizontal=True, gap="medium", key=f"marken-{place}"):
            _mark(_("Beschwerde"), noted.complaint is not None, _keep_complaint(noted), place, "complaint")
            _mark(_("Lob"), noted.praise is not None, _keep_praise(noted), place, "praise")
        if noted.complaint:
            _draw_complaint(desk, noted.complaint, place, in_dialog=in_dialog)
        if noted.praise:
            _draw_praise(desk, noted, place)


def _offer_wish(desk: Desk, noted: Noted, place: str, *, in_dialog: bool) -> None:
    """Who asked whether something is there and was not told yes is offered a wish: there is always a next step."""
    _ = desk.say
    known = noted.wrap_up.reason_id
    reason = next((one for one in list_reasons(desk.shop.store, chosen=known) if one.id == known), None)
    if reason is None or reason.intent is not Intent.AVAILABILITY or noted.wished:
        return
    st.caption(_("War es nicht da? Größer, kleiner, bestellen, ein anderes Geschäft, oder ein Wunsch:"))
    key, icon = f"{place}-wish", ":material/bookmark_add:"
    button = way_on if in_dialog else dialog_button
    button(_("Wunsch notieren"), "wish", noted.inquiry_id, key=key, icon=icon, width="stretch")


def makes_sense(inquiry: Inquiry) -> bool:
    """Whether the inquiry is one of a customer that figures know: not a machine's, not from before the set-up."""
    unknown = {CloseReason.EARLIER, CloseReason.NO_INQUIRY}
    return inquiry.state not in {InquiryState.MACHINE, InquiryState.EARLIER} and inquiry.close_reason not in unknown


def has_ended(talk: Conversation) -> bool:
    """Whether it is time to note what it was: closed, or the answer of this tab leaves and nobody waits for another."""
    if not makes_sense(talk.inquiry):
        return False
    answered = bool(state.sent_form(talk.inquiry.id)) and nothing_to_say(talk)
    return talk.inquiry.state is InquiryState.CLOSED or answered


def _draw_questions(desk: Desk, noted: Noted, place: str, *, ended: bool) -> None:
    """After an end one tap on «Ja» is enough, so that one comes first; of the others one at a time."""
    deal = _deal(desk, noted)
    if deal is not None:
        _ask(desk, deal, place, in_sight=ended and deal.given == OPEN)
        draw_deal(desk, noted, place)
    for question in _questions(desk, noted):
        in_sight = ended and question.given == OPEN
        _ask(desk, question, place, in_sight=in_sight)
        if in_sight:
            return


def _questions(desk: Desk, noted: Noted) -> list[_Question]:
    _ = desk.say
    inquiry_id, known = noted.inquiry_id, noted.wrap_up
    reasons = {str(one.id): plain(one.name) for one in list_reasons(desk.shop.store, chosen=known.reason_id)}
    kinds = {kind.value: word for kind, word in avoidable_words(_).items()}

    def reason(now: Desk, value: str) -> None:
        wrap_ups.note_reason(now.shop, now.actor, inquiry_id, int(value) if value else None)

    def avoidable(now: Desk, value: str) -> None:
        wrap_ups.note_avoidable(now.shop, now.actor, inquiry_id, Avoidable(value) if value else None)

    asked = [_Question("avoidable", _("War der Kontakt vermeidbar?"), kinds, known.avoidable, avoidable)]
    if reasons:
        given = str(known.reason_id or OPEN)
        asked.insert(0, _Question("reason", _("Worum ging es?"), reasons, given, reason))
    if (instead := _instead(desk, noted)) is not None:
        asked.insert(0, instead)
    return asked


def _deal(desk: Desk, noted: Noted) -> _Question | None:
    """«Wie zugesagt?», where there was something to keep to."""
    _ = desk.say
    known = noted.wrap_up
    if not noted.delivered and known.promise_kept is None:
        return None

    def keep(now: Desk, value: str) -> None:
        if value == "otherwise":
            wrap_ups.note_otherwise(now.shop, now.actor, noted.inquiry_id)
        else:
            wrap_ups.note_kept(now.shop, now.actor, noted.inquiry_id, value == "yes" if value else None)

    given = {True: "yes", False: "otherwise" if known.otherwise else "no", None: OPEN}[known.promise_kept]
    return _Question("kept", _("Wie zugesagt?"), deal_words(_), given, keep)


def _instead(desk: Desk, noted: Noted) -> _Question | None:
    """Whoever wanted to know whether something is there and got no answer was offered something: never «nothing»."""
    known, _ = noted.wrap_up, desk.say
    if not (noted.unmet or known.offered):
        return None

    def keep(now: Desk, value: str) -> None:
        wrap_ups.note_offered(now.shop, now.actor, noted.inquiry_id, Instead(value) if value else None)

    words = {kind.value: word for kind, word in instead_words(_).items()}
    return _Question("offered", _("Was haben wir angeboten?"), words, known.offered, keep, lasting=True)


def _ask(desk: Desk, question: _Question, place: str, *, in_sight: bool) -> None:
    """All answers side by side, or, to save room, in a list that opens; the key makes it show what is kept."""
    _ = desk.say
    key = f"{place}-{question.name}-{question.given}-{in_sight}"

    def work(now: Desk) -> None:
        question.keep(now, st.session_state[key] or OPEN)

    if in_sight:
        words = question.answers.__getitem__
        st.pills(
            question.label,
            list(question.answers),
            format_func=words,
            key=key,
            on_change=do,
            args=(work, "", place),
            width="stretch",
        )
        return
    answers = dict(question.answers)
    if not (question.lasting and question.given):
        answers = {OPEN: _("Noch offen"), **answers}
    more = {"on_change": do, "args": (work, "", place), "filter_mode": None}  # no keyboard on a tablet
    choose_from_list(desk, question.label, answers, question.given, key=key, **more)


def _mark(label: str, marked: bool, keep: Callable[[Desk, bool], None], place: str, name: str) -> None:
    key = f"{place}-{name}-{marked}"

    def work(now: Desk) -> None:
        wanted = bool(st.session_state[key])
        st.session_state[key] = marked  # what is kept; another widget takes its place when it changed
        keep(now, wanted)

    st.toggle(label, marked, key=key, on_change=do, args=(work, "", place))


def _keep_complaint(noted: Noted) -> Callable[[Desk, bool], None]:
    def keep(now: Desk, wanted: bool) -> None:
        complaint = wrap_ups.read_complaint(now.shop, now.actor, noted.inquiry_id)
        if not wanted and complaint and _is_described(complaint):
            raise InvalidInputError("Dazu ist schon etwas festgehalten. Unter «Ändern» lässt es sich ganz wegnehmen.")
        change = wrap_ups.mark_complaint if wanted else wrap_ups.unmark_complaint
        change(now.shop, now.actor, noted.inquiry_id)

    return keep


def _keep_praise(noted: Noted) -> Callable[[Desk, bool], None]:
    def keep(now: Desk, wanted: bool) -> None:
        change = wrap_ups.mark_praise if wanted else wrap_ups.unmark_praise
        change(now.shop, now.actor, noted.inquiry_id)

    return keep


def _is_described(complaint: Complaint) -> bool:
    return bool(complaint.cause or complaint.solution or complaint.cost_cents or complaint.lost is not None)


def _draw_complaint(desk: Desk, complaint: Complaint, place: str, *, in_dialog: bool) -> None:
    """What is known of it, the way to say more, and whether it is solved."""
    _ = desk.say
    described = _is_described(complaint)
    with st.container(key=f"leise-{place}", gap=None):
        if described:
            st.text(complaint_words(complaint, desk))
        if complaint.solved_at:
            st.text(_("Gelöst: {time}").format(time=past_time(complaint.solved_at, desk.speech)))
    solved = complaint.solved_at is not None
    solve = calling(wrap_ups.solve_complaint, complaint.inquiry_id, not solved)
    with st.container(horizontal=True, gap="small"):
        label = _("Ändern") if described else _("Festhalten")
        look = {"key": f"{place}-more", "icon": ":material/edit_note:", "width": "stretch"}
        (way_on if in_dialog else dialog_button)(label, "complaint", complaint.inquiry_id, **look)
        label, icon = (_("Doch offen"), "undo") if solved else (_("Gelöst"), "check")
        action(label, solve, key=f"{place}-solved", icon=f":material/{icon}:", width="stretch")


def complaint_words(complaint: Complaint, desk: Desk) -> str:
    """«Kratzer beim Abstellen, € 120,00, neu lackiert, Kunde bleibt»."""
    _ = desk.say
    lost = {True: _("Kunde verloren"), False: _("Kunde bleibt"), None: ""}[complaint.lost]
    cents, country = complaint.cost_cents, desk.settings.country
    cost = show_price(cents, country, desk.actor.language) if cents else ""
    return ", ".join(part for part in (complaint.cause, cost, complaint.solution, lost) if part)


def _draw_praise(desk: Desk, noted: Noted, place: str) -> None:
    _ = desk.say
    if noted.praise and noted.praise.passed_on_at:
        at = past_time(noted.praise.passed_on_at, desk.speech)
        with st.container(key=f"leise-lob-{place}", gap=None):
            st.text(_("An das Team weitergegeben: {time}").format(time=at))
        return
    pass_on, icon = calling(wrap_ups.pass_on_praise, noted.inquiry_id), ":material/campaign:"
    action(_("An das Team weitergegeben"), pass_on, key=f"{place}-passed", icon=icon, width="stretch")


def open_complaint(desk: Desk, inquiry_id: int) -> None:
    """What was behind a complaint, what it cost and how it was put right."""
    _ = desk.say
    kept = {"": _("Noch offen"), "no": _("Nein"), "yes": _("Ja")}

    def fields(now: Desk) -> None:
        known = wrap_ups.read_complaint(now.shop, now.actor, inquiry_id)
        country = now.settings.country
        cost = price_field(known.cost_cents, country) if known and known.cost_cents else ""
        st.text_input(_("Ursache"), known.cause if known else "", key="be-cause", on_change="ignore")
        label = _("Kosten in CHF") if country == "CH" else _("Kosten in €")
        st.text_input(label, cost, placeholder=_("leer: noch nicht bekannt"), key="be-cost", on_change="ignore")
        st.text_input(_("Lösung"), known.solution if known else "", key="be-solution", on_change="ignore")
        lost = {True: "yes", False: "no", None: ""}[known.lost if known else None]
        choose_in_sight(_("Kunde verloren?"), kept, lost, key="be-lost")
        if known:
            look = {"said": _("Weggenommen."), "icon": ":material/delete:", "type": "tertiary"}
            last_action(_("Doch keine Beschwerde"), drop, key="be-out", **look)

    def drop(now: Desk) -> None:
        wrap_ups.unmark_complaint(now.shop, now.actor, inquiry_id)
        state.forget_fields("be-")

    def save(now: Desk) -> None:
        field = st.session_state
        wrap_ups.describe_complaint(
            now.shop,
            now.actor,
            inquiry_id,
            cause=field["be-cause"],
            cost_cents=money_amount(field["be-cost"]),
            solution=field["be-solution"],
            lost={"yes": True, "no": False}.get(field["be-lost"]),
        )

    title, said = _("Beschwerde festhalten"), _("Festgehalten.")
    show_form(title, fields, _("Festhalten"), save, keys="be-", typed=True, said=said)


def open_offered(desk: Desk, inquiry_id: int) -> None:
    """Before somebody goes who asked whether something is there and got no answer: what was offered instead.

    «Nothing» is no choice. A wish and a call are noted first, each in its own dialog; the inquiry stays open till then.
    """
    _ = desk.say
    words = instead_words(_)
    label, key = _("Was haben wir angeboten?"), "of-offered"

    def chosen() -> Instead | None:
        found: Instead | None = st.session_state.get(key)
        return found

    def fields(now: Desk) -> None:
        st.pills(label, list(words), format_func=lambda one: words[one], key=key, width="stretch")
        st.caption(_("Irgendetwas lässt sich immer anbieten: So geht niemand mit leeren Händen."))

    def save(now: Desk) -> str:
        offered = chosen()
        if offered in _NOTED_FIRST:
            state.ask(_NOTED_FIRST[offered], inquiry_id)
            return ""
        closing.close_inquiry(now.shop, now.actor, inquiry_id, CloseReason.DEALT_WITH, offered=offered)
        return _("Geschlossen.")

    def button(now: Desk) -> str:
        return _("Weiter") if chosen() in _NOTED_FIRST else _("Schließen")

    show_form(_("Schließen"), fields, button, save, keys="of-", ready=lambda now: chosen() is not None)
