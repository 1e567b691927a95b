"""The words of the mails about bookings, German and English: in the customer's language, never in the screens'.

How they are written: the first sentence is the fact, no reproach, a way to change it and a way to a person. After a
Swiss greeting there is no comma, so the first word is one that has a capital letter anyway. `{Sie/Du}` pairs and empty
lines are explained in `rules/placeholders.py`; ß becomes ss for Swiss shops.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

GERMAN: Mapping[str, str] = MappingProxyType(
    {
        "confirmed.subject": "Termin bestätigt: {leistung} am {termin}",
        "requested.subject": "Terminwunsch erhalten: {leistung} am {termin}",
        "accepted.subject": "Termin bestätigt: {leistung} am {termin}",
        "declined.subject": "Termin nicht möglich: {leistung} am {termin}",
        "lapsed.subject": "Terminwunsch verfallen: {leistung} am {termin}",
        "moved.subject": "Termin verschoben: {leistung}, jetzt am {termin}",
        "cancelled.subject": "Termin abgesagt: {leistung} am {termin}",
        "reminder.subject": "Erinnerung: {leistung} am {termin}",
        "missed.subject": "Termin ausgefallen: {leistung} am {termin}",
        "confirmed": "{Ihr/Dein} Termin ist bestätigt.",
        "requested": "{Ihr/Dein} Terminwunsch ist bei uns, bestätigt ist er noch nicht. Wir antworten bis "
        "{antwort_bis}. So lange halten wir die Zeit für {Sie/Dich} frei.",
        "accepted": "{Ihr/Dein} Terminwunsch passt: Der Termin ist bestätigt.",
        "declined": "{Ihren/Deinen} Wunschtermin können wir nicht anbieten.",
        "lapsed": "{Ihr/Dein} Terminwunsch ist verfallen, weil wir nicht rechtzeitig geantwortet haben. Das tut uns "
        "leid. {Ihre/Deine} Anfrage bleibt bei uns offen, wir melden uns noch.",
        "moved": "{Ihr/Dein} Termin hat eine neue Zeit.",
        "cancelled": "{Ihr/Dein} Termin ist abgesagt.",
        "cancelled.alone": "{Ihr/Dein} Termin ist abgesagt. Danke, dass {Sie Bescheid geben/Du Bescheid gibst}. Die "
        "Zeit ist wieder frei, es kostet {Sie/Dich} nichts.",
        "missed": "{Ihr/Dein} Termin ist ausgefallen. Das kann vorkommen.",
        "reason": "Der Grund: {grund}",
        "leistung": "Leistung: {leistung}",
        "datum": "Datum: {datum}",
        "uhrzeit": "Uhrzeit: {uhrzeit}",
        "alt": "Bisher: {alt}",
        "dauer": "Dauer: {dauer}",
        "preis": "Preis: {preis}",
        "ort": "Ort: {ort}",
        "mitbringen": "Bitte mitbringen: {mitbringen}",
        "nummer": "Nummer: {nummer}",
        "change.move": "Passt es doch nicht? Bis {frist} {können Sie/kannst Du} den Termin selbst verschieben oder "
        "absagen:\n{link}",
        "change.cancel": "Passt es doch nicht? Bis {frist} {können Sie/kannst Du} den Termin selbst absagen:\n{link}\n"
        "Für eine andere Zeit {antworten Sie/antworte} einfach auf diese Mail.",
        "change.call": "Passt es doch nicht? {Rufen Sie/Ruf} uns bitte an.",
        "change.answer": "Passt es doch nicht? Zum Verschieben oder Absagen {antworten Sie/antworte} einfach auf diese "
        "Mail.",
        "again.free": "Diese Zeiten sind gerade frei:\n{zeiten}",
        "again.choose": "Passt eine davon? {Antworten Sie/Antworte} einfach auf diese Mail, oder {buchen Sie/buch} "
        "selbst:\n{buchen}",
        "again.answer": "Passt eine davon? {Antworten Sie/Antworte} einfach auf diese Mail.",
        "again.book": "Eine neue Zeit zum Aussuchen:\n{buchen}",
        "again.write": "Suchen wir eine neue Zeit? {Schreiben Sie/Schreib} einfach zurück, welche Tage gut passen.",
        "reminder": "{Ihr/Dein} Termin ist {wann|}am {termin}.",
        "reminder.what": "{stichworte}",
        "reminder.where": "Ort: {ort}",
        "reminder.bring": ". Bitte mitbringen: {mitbringen}",
        "reminder.link": "Kommt etwas dazwischen? Hier {sagen Sie/sagst Du} ab, dann wird die Zeit frei: {link}",
        "reminder.call": "Kommt etwas dazwischen? {Rufen Sie/Ruf} uns bitte an: {telefon}",
        "reminder.answer": "Kommt etwas dazwischen? {Antworten Sie/Antworte} einfach auf diese Mail.",
        "person.shop": "Lieber mit einem Menschen sprechen? {Sie erreichen/Du erreichst} uns unter {telefon}.",
        "person.staff": "Fragen? {Sie erreichen/Du erreichst} mich unter {telefon}.",
        "person.mail": "Fragen? {Antworten Sie/Antworte} auf diese Mail, es liest sie ein Mensch.",
        "automatic": "Diese Mail kommt automatisch. Eine Antwort darauf liest ein Mensch.",
        "closing": "Herzliche Grüße\n{mitarbeiter}",
        "footer.link": "Termin ansehen: {link}",
        "not_yours": "Nicht von {Ihnen/Dir}? Dann {antworten Sie/antworte} kurz, wir löschen den Termin.",
        "today": "heute, ",
        "tomorrow": "morgen, ",
        "at_shop": "{leistung} bei {betrieb}",
        "with_person": "{leistung} bei {person}",
        "minute": "1 Minute",
        "minutes": "{n} Minuten",
        "hour": "1 Stunde",
        "hours": "{n} Stunden",
        "event.first": "Nummer {nummer}. {dauer_preis}",
        "event.link": "Verschieben oder absagen: {link}",
        "event.phone": "Telefon {telefon}",
        "event.alarm": "Morgen {uhrzeit}: {titel}",
        "event.cancelled": "Abgesagt",
    }
)

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "confirmed.subject": "Appointment confirmed: {leistung} on {termin}",
        "requested.subject": "Appointment request received: {leistung} on {termin}",
        "accepted.subject": "Appointment confirmed: {leistung} on {termin}",
        "declined.subject": "Appointment not possible: {leistung} on {termin}",
        "lapsed.subject": "Appointment request expired: {leistung} on {termin}",
        "moved.subject": "Appointment moved: {leistung}, now on {termin}",
        "cancelled.subject": "Appointment cancelled: {leistung} on {termin}",
        "reminder.subject": "Reminder: {leistung} on {termin}",
        "missed.subject": "Appointment missed: {leistung} on {termin}",
        "confirmed": "Your appointment is confirmed.",
        "requested": "We have your request, it is not confirmed yet. We will answer by {antwort_bis}. "
        "Until then we keep the time free for you.",
        "accepted": "Your request works for us: the appointment is confirmed.",
        "declined": "We cannot offer the time you asked for.",
        "lapsed": "Your request has expired because we did not answer in time. We are sorry. "
        "Your inquiry stays open with us, you will still hear from us.",
        "moved": "Your appointment has a new time.",
        "cancelled": "Your appointment is cancelled.",
        "cancelled.alone": "Your appointment is cancelled. Thank you for letting us know. The time is free again, it "
        "costs you nothing.",
        "missed": "Your appointment did not take place. These things happen.",
        "reason": "The reason: {grund}",
        "leistung": "Service: {leistung}",
        "datum": "Date: {datum}",
        "uhrzeit": "Time: {uhrzeit}",
        "alt": "Before: {alt}",
        "dauer": "Duration: {dauer}",
        "preis": "Price: {preis}",
        "ort": "Place: {ort}",
        "mitbringen": "Please bring: {mitbringen}",
        "nummer": "Number: {nummer}",
        "change.move": "Plans changed? Until {frist} you can move or cancel the appointment yourself:\n{link}",
        "change.cancel": "Plans changed? Until {frist} you can cancel the appointment yourself:\n{link}\n"
        "For another time just reply to this mail.",
        "change.call": "Plans changed? Please call us.",
        "change.answer": "Plans changed? To move or cancel the appointment just reply to this mail.",
        "again.free": "These times are free at the moment:\n{zeiten}",
        "again.choose": "Does one of them suit you? Just reply to this mail, or book it yourself:\n{buchen}",
        "again.answer": "Does one of them suit you? Just reply to this mail.",
        "again.book": "Choose a new time here:\n{buchen}",
        "again.write": "Shall we look for a new time? Just reply and tell us which days suit you.",
        "reminder": "Your appointment is {wann|}on {termin}.",
        "reminder.what": "{stichworte}",
        "reminder.where": "Place: {ort}",
        "reminder.bring": ". Please bring: {mitbringen}",
        "reminder.link": "Something came up? Cancel here, so that the time is free again: {link}",
        "reminder.call": "Something came up? Please call us: {telefon}",
        "reminder.answer": "Something came up? Just reply to this mail.",
        "person.shop": "Would you rather talk to somebody? Our number is {telefon}.",
        "person.staff": "Questions? My number is {telefon}.",
        "person.mail": "Questions? Reply to this mail, a person reads it.",
        "automatic": "This mail was sent automatically. A person reads your reply.",
        "closing": "Kind regards\n{mitarbeiter}",
        "footer.link": "Your appointment: {link}",
        "not_yours": "Not yours? Just reply, and we will delete the appointment.",
        "today": "today, ",
        "tomorrow": "tomorrow, ",
        "at_shop": "{leistung} at {betrieb}",
        "with_person": "{leistung} with {person}",
        "minute": "1 minute",
        "minutes": "{n} minutes",
        "hour": "1 hour",
        "hours": "{n} hours",
        "event.first": "Number {nummer}. {dauer_preis}",
        "event.link": "Move or cancel: {link}",
        "event.phone": "Phone {telefon}",
        "event.alarm": "Tomorrow {uhrzeit}: {titel}",
        "event.cancelled": "Cancelled",
    }
)
