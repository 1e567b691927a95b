"""A stranger asks: the form becomes an inquiry with a clock, a page of its own and, if wished, a promised call."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

import data.customers
import data.inquiries
import data.messages
import data.status_pages
from data.records import Channel, MessageRole
from data.status_pages import StatusPage
from data.store import Reader, Transaction
from services.answer_times import answer_by_of
from services.clock import refresh_clock
from services.customers import contact_of, find_or_add_customer
from services.errors import InvalidInputError, NotFoundError
from services.promises import ask_callback, call_windows
from services.public_forms import FormFields, mail_line
from services.rules.call_windows import CallWindow
from services.rules.folding import fold
from services.rules.greeted import GREETING
from services.rules.phones import is_costly, normalise_phone
from services.settings import shop_settings
from services.shop import Shop
from services.status_pages import new_secret
from services.typed import free_text, one_line, phone_line, short_line, shorten

MESSAGE_LENGTH = 5000
SUBJECT_LENGTH = 60
_END = re.compile(r"[,.!\n]+")  # of a greeting
_LONGEST_GREETING = 40
_SEEN = "LNPS"  # kinds of signs that say something: letters, numbers, punctuation, symbols
CLOSED = "Dieser Weg ist gerade geschlossen."
NO_WORDS = "Schreiben Sie kurz, worum es geht."
PAST_WINDOW = "Diese Zeit ist inzwischen vorbei. Bitte wählen Sie eine andere."


@dataclass(frozen=True)
class InquiryForm:
    """What somebody typed; one of mail and phone is enough, a callback needs the phone.

    `call_by` names the chosen window by its end (aware UTC), None for «as soon as it goes».
    """

    words: str
    name: str
    mail: str
    phone: str
    callback: bool
    call_by: datetime | None
    form_key: str
    language: str


def require_form(db: Reader) -> None:
    """Raises NotFoundError where the owner has closed this way."""
    if not shop_settings(db).inquiry_form:
        raise NotFoundError(CLOSED)


def ask(shop: Shop, form: InquiryForm) -> StatusPage:
    """File the form; the page that belongs to it. The same form again gives the same page.

    Raises NotFoundError where the form is switched off, InvalidFieldsError.
    """
    with shop.store.write() as tx:
        known = data.status_pages.find_by_form(tx, form.form_key)
        same = next((page for page in known if _is_said(tx, page, form)), None)
        if same is not None:
            return same
        require_form(tx)
        now = shop.now()
        checked, window = _check(tx, form, now)
        page = next((page for page in known if _reach(page) == _reach(checked)), None)
        inquiry_id = data.inquiries.find_shown(tx, [page.inquiry_id]).get(page.inquiry_id) if page else None
        if page is None or inquiry_id is None:
            inquiry_id = _begin(tx, _asker(tx, checked, now), checked, now)
            page = _make_page(tx, inquiry_id, checked, now)
        _say(tx, page, inquiry_id, checked, window, now)
    return page


def _reach(typed: StatusPage | InquiryForm) -> tuple[str, str]:
    """Mail and phone, in one spelling where there is one."""
    try:
        return mail_line(typed.mail).lower(), phone_line(typed.phone)
    except InvalidInputError:
        return typed.mail, typed.phone


def _is_said(db: Reader, page: StatusPage, form: InquiryForm) -> bool:
    """Whether the form stands on this page already, word for word: sent twice, or the page reloaded."""
    try:
        words = needed_words(form.words)
    except InvalidInputError:
        return False
    inquiry_id = data.inquiries.find_shown(db, [page.inquiry_id]).get(page.inquiry_id, page.inquiry_id)
    said = (line.body for line in data.status_pages.list_spoken(db, inquiry_id) if line.stream == page.inquiry_id)
    return _reach(page) == _reach(form) and words in said


def _say(
    tx: Transaction, page: StatusPage, inquiry_id: int, form: InquiryForm, window: CallWindow | None, now: datetime
) -> None:
    say_by_form(tx, page, inquiry_id, form.words, now, by_mail_link=False)
    data.inquiries.wake_inquiries(tx, [inquiry_id])
    if form.callback:
        number = normalise_phone(form.phone, shop_settings(tx).country)
        page_id = page.inquiry_id
        ask_callback(tx, inquiry_id, phone=number, window=window, topic="", source="form", now=now, page_id=page_id)
    refresh_clock(tx, inquiry_id)


def say_by_form(
    tx: Transaction,
    page: StatusPage,
    inquiry_id: int,
    words: str,
    now: datetime,
    *,
    by_mail_link: bool,
    role: MessageRole = MessageRole.CUSTOMER,
) -> int:
    """What the customer wrote on a page of ours, in the caller's transaction; its id. Refresh the clock after it.

    It stands in the stream of its page, whatever that inquiry was merged into. `by_mail_link`: whether whoever wrote it
    reads mail at the page's address; if not, the message names no address.
    """
    values = {
        "inquiry_id": inquiry_id,
        "stream": page.inquiry_id,
        "kind": Channel.FORM,
        "role": role,
        "sender_name": page.name,
        "sender_address": page.mail if by_mail_link else "",
        "by_mail_link": by_mail_link,
        "body": words,
        "folded": fold(f"{page.name} {page.mail} {words}"),
        "happened_at": now,
    }
    return data.messages.insert_message(tx, values, now)


def _check(db: Reader, form: InquiryForm, now: datetime) -> tuple[InquiryForm, CallWindow | None]:
    """The form made harmless and the chosen window; raises InvalidFieldsError with a sentence for each wrong field."""
    fields = FormFields()
    window = fields.take("call_by", lambda: window_ending(db, form.call_by, now) if form.callback else None, None)
    checked = replace(
        form,
        words=fields.take("words", lambda: needed_words(form.words), ""),
        name=fields.take("name", lambda: short_line(form.name), ""),
        mail=fields.take("mail", lambda: mail_line(form.mail), ""),
        phone=fields.take("phone", lambda: dialled(db, form.phone) if form.callback else phone_line(form.phone), ""),
    )
    fields.need_reach(checked.mail, checked.phone)
    fields.refuse_wrong()
    return checked, window


def needed_words(text: str) -> str:
    """A message of at most 5000 characters that says something; raises InvalidInputError."""
    words = free_text(text, MESSAGE_LENGTH)
    if not any(unicodedata.category(sign)[0] in _SEEN for sign in words):
        raise InvalidInputError(NO_WORDS)
    return words


def dialled(db: Reader, text: str) -> str:
    """A phone number that can be called back; raises InvalidInputError."""
    line = phone_line(text)
    if not line:
        raise InvalidInputError("Unter welcher Nummer dürfen wir zurückrufen? Beispiel: 0512 555 870")
    if not normalise_phone(line, shop_settings(db).country):
        raise InvalidInputError("Bitte schreiben Sie die Nummer mit der Vorwahl. Beispiel: 0512 555 870")
    if is_costly(line, shop_settings(db).country):
        raise InvalidInputError("Diese Nummer rufen wir nicht an. Bitte schreiben Sie eine andere.")
    return line


def window_ending(db: Reader, call_by: datetime | None, now: datetime) -> CallWindow | None:
    """The window on offer that ends then; None for «as soon as it goes». Raises InvalidInputError when it is gone."""
    if call_by is None:
        return None
    found = next((window for window in call_windows(db, now) if window.due_at == call_by), None)
    if found is None:
        raise InvalidInputError(PAST_WINDOW)
    return found


def _asker(tx: Transaction, form: InquiryForm, now: datetime) -> int:
    """The customer under whom the form is filed.

    What a stranger types changes no card that is known already: the phone stays on the page.
    """
    country, reach = shop_settings(tx).country, form.mail or form.phone
    kind, address, _ = contact_of(reach, country)
    before = data.customers.find_by_contact(tx, kind, address) if kind else []
    customer_id = find_or_add_customer(tx, country, name=form.name, reach=reach, now=now)
    if customer_id in {customer.id for customer in before}:
        return customer_id
    data.customers.change_customer(tx, customer_id, {"language": form.language})
    kind, address, shown = contact_of(form.phone, country)
    if form.mail and kind == "phone":
        data.customers.add_contact(tx, customer_id, kind=kind, address=address, shown=shown, now=now)
    return customer_id


def _begin(tx: Transaction, customer_id: int, form: InquiryForm, now: datetime) -> int:
    values = {
        "customer_id": customer_id,
        "channel": Channel.FORM,
        "started_by": "customer",
        "subject": subject_of_words(form.words),
    }
    return data.inquiries.insert_inquiry(tx, values, now)


def subject_of_words(words: str) -> str:
    """What a form is about: its beginning without the greeting, cut at a word."""
    text = words.strip()
    end = _END.search(text) if GREETING.match(text) else None
    rest = text[end.end() :] if end and end.start() <= _LONGEST_GREETING else ""
    matter = one_line(rest) or one_line(text)
    return shorten(matter[:1].upper() + matter[1:], SUBJECT_LENGTH)


def _make_page(tx: Transaction, inquiry_id: int, form: InquiryForm, now: datetime) -> StatusPage:
    page = StatusPage(
        inquiry_id=inquiry_id,
        secret=new_secret(),
        mail_secret=new_secret(),
        form_key=form.form_key,
        answer_by=answer_by_of(tx, now),
        name=form.name,
        mail=form.mail,
        phone=form.phone,
        language=form.language,
        created_at=now,
    )
    data.status_pages.insert_page(tx, page)
    return page
