"""The look-back and the measures in words, for the screen, the print and the mail, in the language of `say`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from data.report_records import Figure, Share
from services.look_back import LookBack, Number, Trial
from services.rules.lessons import Lesson
from services.rules.occasions import calls_possible
from services.rules.periods import Period
from services.rules.standings import Days, Minutes, Worth, whole_percent

Say = Callable[[str], str]
_LONG = 10  # hours; from there on minutes are noise


def figure_word(figure: Figure, say: Say) -> str:
    """What a figure is called, on tiles, in the look-back, on paper and in mails."""
    _ = say
    return {
        Figure.IN_GOAL: _("Im Ziel beantwortet"),
        Figure.FIRST_ANSWER: _("Erste Antwort"),
        Figure.NEXT_ANSWER: _("Weitere Antworten"),
        Figure.BACKLOG: _("Offen jetzt"),
        Figure.RESOLUTION: _("Bis zur Erledigung"),
        Figure.SOLVED_AT_ONCE: _("Auf Anhieb gelöst"),
        Figure.REOPENED: _("Wieder offen"),
        Figure.CALLBACKS: _("Rückrufe gehalten"),
        Figure.CALLBACKS_REACHED: _("Beim ersten Anruf erreicht"),
        Figure.COMPLAINTS: _("Beschwerden"),
        Figure.COMPLAINTS_SOLVED: _("Beschwerden rechtzeitig gelöst"),
        Figure.AVOIDABLE: _("Vermeidbar"),
        Figure.PRAISE: _("Lob weitergegeben"),
        Figure.PROMISES_KEPT: _("Wie zugesagt erledigt"),
        Figure.NO_SHOWS: _("Termine gehalten"),
        Figure.LEAD_TIME: _("Vorlauf bis zum Termin"),
        Figure.UTILISATION: _("Auslastung"),
        Figure.JOBS: _("Aus Anfragen wurden Termine"),
        Figure.RETURNING: _("Kunden, die wiederkommen"),
        Figure.TEMPLATES: _("Vorlagen"),
        Figure.WISHES: _("Wünsche erfüllt"),
        Figure.MISSED_SALES: _("Entgangener Umsatz (Schätzung)"),
        Figure.SATISFACTION: _("Zufriedene Kunden"),
    }[figure]


def worth_word(worth: Worth, say: Say, locale: Locale) -> str:
    """«92 %», «3 von 4» (below five), «1 Std 20 Min», «4,5 Tage»; «–» where nothing was counted."""
    _ = say
    match worth:
        case Share(hits=hits, cases=cases):
            percent = worth.percent
            count = _("{hits} von {count}").format(hits=hits, count=cases)
            return count if percent is None else f"{whole_percent(percent)} %"
        case Minutes(count=count_of):
            return span_word(count_of, say, locale)
        case Days(count=days):
            told = format_decimal(round(days, 1), locale=locale)
            return f"{told} {_('Tag') if told == '1' else _('Tage')}"
    return "–"


def span_word(minutes: float, say: Say, locale: Locale) -> str:
    """«35 Min», «4 Std», «3 Std 10», from ten hours on «13 Std», of opening time, which knows no days."""
    _ = say
    hours, rest = divmod(max(0, round(minutes)), 60)
    if hours >= _LONG:
        return f"{format_decimal(hours + round(rest / 60), locale=locale)} {_('Std')}".replace("\xa0", " ")
    if not hours:
        return f"{rest} {_('Min')}"
    return f"{hours} {_('Std')} {rest:02d}" if rest else f"{hours} {_('Std')}"


def before_word(number: Number, say: Say, locale: Locale) -> str:
    """«davor 88 %», «davor nichts»; of minutes also that they are a median."""
    _ = say
    told = _("davor nichts")
    if number.before is not None:
        told = _("davor {worth}").format(worth=worth_word(number.before, say, locale))
    return _("Median, {before}").format(before=told) if isinstance(number.now, Minutes) else told


def freed_word(minutes: int, say: Say, locale: Locale) -> str:
    """«Vorlagen sparten etwa 25 Min: ≈ 2 Nachfass-Anrufe möglich», '' where they free no time for a single one."""
    calls = calls_word(minutes, say)
    told = say("Vorlagen sparten etwa {span}: {calls}")
    return told.format(span=span_word(minutes, say, locale), calls=calls) if calls else ""


def calls_word(minutes: int, say: Say) -> str:
    """«≈ 2 Nachfass-Anrufe möglich» in so many minutes; '' where not even one is."""
    _ = say
    count = calls_possible(minutes)
    if count < 2:
        return _("≈ 1 Nachfass-Anruf möglich") if count else ""
    return _("≈ {count} Nachfass-Anrufe möglich").format(count=count)


def lesson_word(lesson: Lesson, say: Say) -> str:
    """The lesson in its language."""
    return say(lesson.sentence).format(**lesson.values)


def trial_word(trial: Trial, say: Say, locale: Locale) -> str:
    """«Rückrufe gehalten: vier Wochen davor 80 %, zuletzt 95 %», '' for a measure without a figure."""
    _ = say
    if not trial.measure.figure:
        return ""
    figure = figure_word(Figure(trial.measure.figure), say)
    if trial.before is None and trial.since is None:
        return _("{figure}: noch nichts zu zählen").format(figure=figure)
    before, since = (worth_word(worth, say, locale) for worth in (trial.before, trial.since))
    return _("{figure}: vier Wochen davor {before}, zuletzt {since}").format(figure=figure, before=before, since=since)


def measure_facts(trial: Trial, say: Say, locale: Locale) -> list[str]:
    """«Seit 02.11.2026», «zuständig: Amir», «bis 30.11.2026»."""
    _ = say
    measure = trial.measure
    facts = [_("seit {day}").format(day=day_word(measure.begins_on, locale))]
    if measure.due_on:
        facts.append(_("bis {day}").format(day=day_word(measure.due_on, locale)))
    if measure.staff_name:
        facts.append(_("zuständig: {name}").format(name=measure.staff_name))
    return facts


def day_word(day: date, locale: Locale) -> str:
    """«02.11.2026»."""
    return format_date(day, "dd.MM.y", locale=locale)


def week_word(week: Period, say: Say, locale: Locale) -> str:
    """«KW 47: 16.11.2026–22.11.2026»."""
    _ = say
    first, last = (day_word(day, locale) for day in (week.first, week.last))
    return _("KW {number}: {first}–{last}").format(number=week.first.isocalendar().week, first=first, last=last)


def look_back_text(back: LookBack, say: Say, locale: Locale) -> str:
    """The look-back as plain text for a mail."""
    _ = say
    numbers = [
        f"{figure_word(one.figure, say)}: {worth_word(one.now, say, locale)} ({before_word(one, say, locale)})"
        for one in back.numbers
    ]
    freed = freed_word(back.saved_minutes, say, locale)
    numbers += [freed] if freed else []
    blocks = [week_word(back.week, say, locale), "\n".join(numbers), lesson_word(back.lesson, say)]
    return "\n\n".join([*blocks, _measure_text(back.trial, say, locale)])


def _measure_text(trial: Trial | None, say: Say, locale: Locale) -> str:
    _ = say
    if trial is None:
        return _("Was ändern Sie diese Woche? Eintragen können Sie es in Theke unter «Rückblick».")
    told = [_("Sie ändern gerade: {title}").format(title=trial.measure.title)]
    told.append(", ".join(measure_facts(trial, say, locale)))
    return "\n".join(line for line in [*told, trial_word(trial, say, locale)] if line)
