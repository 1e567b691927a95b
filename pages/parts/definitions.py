"""What each figure counts and what not, in plain words; the same definitions that data.reports computes."""

from __future__ import annotations

from collections.abc import Callable

from data.report_records import Figure

# Whose list shows what went wrong alone; the others show all that is counted.
MISSES = frozenset(
    {
        Figure.IN_GOAL,
        Figure.FIRST_ANSWER,
        Figure.NEXT_ANSWER,
        Figure.SOLVED_AT_ONCE,
        Figure.REOPENED,
        Figure.CALLBACKS,
        Figure.CALLBACKS_REACHED,
        Figure.AVOIDABLE,
        Figure.PROMISES_KEPT,
        Figure.NO_SHOWS,
        Figure.JOBS,
        Figure.WISHES,
    }
)


def cases_word(figure: Figure, say: Callable[[str], str]) -> str:
    """What the inquiries behind a figure are; '' where none stand behind it."""
    _ = say
    return {
        Figure.IN_GOAL: _("Nicht im Ziel"),
        Figure.FIRST_ANSWER: _("Nicht im Ziel"),
        Figure.NEXT_ANSWER: _("Zu spät oder noch offen"),
        Figure.BACKLOG: _("Wer wartet"),
        Figure.RESOLUTION: _("Was am längsten dauerte"),
        Figure.SOLVED_AT_ONCE: _("Nicht auf Anhieb gelöst"),
        Figure.REOPENED: _("Wieder offen"),
        Figure.CALLBACKS: _("Zu spät oder noch offen"),
        Figure.CALLBACKS_REACHED: _("Nicht beim ersten Anruf erreicht"),
        Figure.COMPLAINTS: _("Beschwerden"),
        Figure.COMPLAINTS_SOLVED: _("Beschwerden"),
        Figure.AVOIDABLE: _("Vermeidbar"),
        Figure.PRAISE: _("Lob"),
        Figure.PROMISES_KEPT: _("Nicht wie zugesagt"),
        Figure.NO_SHOWS: _("Nicht gekommen"),
        Figure.JOBS: _("Ohne Termin"),
        Figure.SATISFACTION: _("Bewertungen, unzufriedene zuerst"),
        Figure.WISHES: _("Ohne Nachricht geblieben"),
        Figure.MISSED_SALES: _("Was nicht zu haben war"),
    }.get(figure, "")


def definition(figure: Figure, say: Callable[[str], str]) -> tuple[str, str]:
    """(what is counted and what not, the goal and where it comes from)."""
    _ = say
    texts = {**_answers(_), **_outcome(_), **_people(_), **_visits(_), **_wishes(_)}
    return texts[figure]


def _answers(_: Callable[[str], str]) -> dict[Figure, tuple[str, str]]:
    goal = _("Das Ziel in Minuten stellen Sie unter «Einstellungen» ein. Üblich sind vier Stunden Öffnungszeit und "
             "nicht ein Tag: Wer drei Betriebe fragt, geht zu dem, der antwortet.")  # fmt: skip
    return {
        Figure.IN_GOAL: (
            _("Anfragen, deren erste Antwort im Ziel kam, geteilt durch alle beantworteten und alle, die offen über "
              "dem Ziel sind. Gezählt wird nach dem Tag, an dem die Anfrage kam, und nur Öffnungszeit. Nicht gezählt: "
              "offene, die noch im Ziel liegen, ohne Antwort geschlossene, von uns begonnene, und was keine "
              "Kundenanfrage ist. Was ohne Antwort geschlossen und wieder aufgenommen wurde, zählt ab seiner ersten "
              "Nachricht."),
            _("Ziel: mindestens 90 %. Nicht 100 %, denn das verleitet dazu, ohne Antwort zu schließen. Unter fünf "
              "Anfragen zeigt Theke keine Prozente."),
        ),
        Figure.FIRST_ANSWER: (
            _("Öffnungszeit von der ersten Nachricht des Kunden bis zur ersten Antwort eines Menschen: Mail, Anruf, "
              "der erreicht hat, Gespräch vor Ort. Median heißt: Die Hälfte ging so schnell oder schneller. Was offen "
              "über dem Ziel ist, zählt mit seiner Wartezeit bis jetzt; was ohne Antwort geschlossen und wieder "
              "aufgenommen wurde, ab seiner ersten Nachricht. Automatische Antworten zählen nicht."),
            goal,
        ),
        Figure.NEXT_ANSWER: (
            _("Dasselbe für jede weitere Nachricht eines Kunden, nachdem wir geantwortet hatten. Schreibt jemand "
              "mehrmals hintereinander, zählt die erste dieser Nachrichten."),
            goal,
        ),
        Figure.BACKLOG: (
            _("Offene Anfragen, bei denen jetzt jemand auf uns wartet, nach Wartezeit auf der Uhr: Nacht und Sonntag "
              "zählen mit. Nicht dabei ist, was gerade beim Kunden liegt."),
            _("Ziel: niemand wartet über drei Tage. Sonst ist es der Rückruf, den niemand macht."),
        ),
    }  # fmt: skip


def _outcome(_: Callable[[str], str]) -> dict[Figure, tuple[str, str]]:
    return {
        Figure.RESOLUTION: (
            _("Öffnungszeit von der ersten Nachricht bis zum letzten Schließen, ohne die Zeit, in der wir auf den "
              "Kunden warteten. Der Median aller Anfragen, die als beantwortet oder anders erledigt geschlossen sind: "
              "Die Hälfte dauerte so lang oder kürzer."),
            _("Richtwert: im Median höchstens ein Arbeitstag."),
        ),
        Figure.SOLVED_AT_ONCE: (
            _("Geschlossene Anfragen mit genau einer Antwort von uns, nach der sich der Kunde sieben Tage lang nicht "
              "mehr meldete, geteilt durch alle geschlossenen. Was vor weniger als sieben Tagen geschlossen wurde, "
              "zählt noch nicht mit. Dass ein Wunsch da ist, zählt nicht als zweite Antwort."),
            _("Ziel: mindestens 70 %. Ein Anfang: Es zählt, ob es besser wird."),
        ),
        Figure.REOPENED: (
            _("Geschlossene Anfragen, zu denen der Kunde binnen 14 Tagen noch einmal schrieb, geteilt durch alle "
              "geschlossenen. Ein bloßes Danke zählt nicht."),
            _("Ziel: höchstens 8 %."),
        ),
        Figure.PROMISES_KEPT: (
            _("Mit «wie zugesagt» geschlossene Anfragen, geteilt durch alle beantworteten, bei denen beim Schließen "
              "jemand ja oder nein gesagt hat."),
            _("Ziel: mindestens 95 %."),
        ),
        Figure.AVOIDABLE: (
            _("Anfragen, die als vermeidbar vermerkt sind (Stand nachgefragt, Zusage nicht gehalten, Angabe "
              "fehlte, unser Fehler, musste zweimal fragen), geteilt durch alle Anfragen von Menschen, auch die ohne "
              "Vermerk. Kosten: Minuten aus der Liste der Anliegen mal Ihr Stundensatz, beides Schätzungen aus den "
              "Einstellungen."),
            _("Ziel: höchstens 20 %. Ein Anfang: Es zählt, ob es weniger wird."),
        ),
        Figure.TEMPLATES: (
            _("Gesendete Antworten, die mit einer Vorlage begannen, mal die Minuten je Vorlage aus den Einstellungen. "
              "Eine Schätzung."),
            _("Kein Ziel: Eine Vorlage hilft nur, wo sie passt."),
        ),
    }  # fmt: skip


def _people(_: Callable[[str], str]) -> dict[Figure, tuple[str, str]]:
    return {
        Figure.CALLBACKS: (
            _("Zugesagte Rückrufe mit einem Versuch innerhalb der zugesagten Zeit, geteilt durch alle, die fällig "
              "waren. Zu spät versucht und noch gar nicht versucht zählen als nicht gehalten. Wer einen Rückruf "
              "erst nach seiner Zeit verschiebt, ist zu spät. Rechtzeitig zurückgezogene zählen nicht."),
            _("Ziel: mindestens 95 %. Ein Rückruf ist ein Versprechen."),
        ),
        Figure.CALLBACKS_REACHED: (
            _("Rückrufe, bei denen der erste Versuch den Kunden erreichte, geteilt durch alle versuchten."),
            _("Kein Ziel, zum Beobachten: Zu welcher Zeit erreichen wir die Leute?"),
        ),
        Figure.COMPLAINTS: (
            _("Anfragen, die im Zeitraum als Beschwerde vermerkt wurden, mit den Kosten, die dabei eingetragen sind. "
              "Daneben je 100 erledigte Termine oder, wo es keine gibt, je 100 Anfragen."),
            _("Kein Ziel: Wenige Beschwerden sind nicht immer gut, nicht jeder sagt, was ihn ärgert."),
        ),
        Figure.COMPLAINTS_SOLVED: (
            _("Beschwerden, die als gelöst vermerkt sind, bevor mehr als fünf Tage mit Öffnungszeit begonnen hatten, "
              "geteilt durch alle gelösten und alle, bei denen es schon mehr sind."),
            _("Ziel: mindestens 90 %."),
        ),
        Figure.SATISFACTION: (
            _("Bewertungen «sehr zufrieden» und «zufrieden», geteilt durch alle Bewertungen im Zeitraum: von der Seite "
              "des Kunden, im Geschäft oder am Telefon gesagt. Gefragt wird erst nach der Antwort und nie per Mail. "
              "Rücklauf: wie viele der Kunden, die auf ihrer Seite bewerten konnten, es getan haben."),
            _("Ziel: mindestens 85 %. Wenige Antworten sagen wenig: Lesen Sie zuerst, was Unzufriedene schreiben."),
        ),
        Figure.PRAISE: (
            _("Lob, das binnen zwei Tagen an die Kollegin oder den Kollegen weitergegeben wurde, geteilt durch alles "
              "vermerkte Lob. Wem es gilt, zeigt diese Seite nicht: Zahlen je Person gibt es hier nie."),
            _("Ziel: alles."),
        ),
    }  # fmt: skip


def _visits(_: Callable[[str], str]) -> dict[Figure, tuple[str, str]]:
    return {
        Figure.NO_SHOWS: (
            _("Nicht gekommen: Termine, zu denen niemand kam, geteilt durch gekommene und nicht gekommene. Termine "
              "gehalten ist der Rest. In den letzten 24 Stunden abgesagte stehen für sich und zählen hier nicht."),
            _("Ziel: höchstens 5 % kommen nicht."),
        ),
        Figure.LEAD_TIME: (
            _("Tage zwischen dem Buchen und dem Beginn eines Termins, der Median dessen, was im Zeitraum "
              "gebucht wurde."),
            _("Kein Ziel: gut zu wissen. Steigt der Vorlauf, wird es eng."),
        ),
        Figure.UTILISATION: (
            _("Vergebene Minuten mit Pufferzeiten, geteilt durch buchbare Minuten: Arbeitszeiten von Leuten und "
              "Plätzen ohne Sperren, alle zusammen, bis jetzt. Gezählt werden die Leute und Plätze, die es jetzt gibt, "
              "auch für frühere Tage."),
            _("Ziel: 70 bis 85 %. Darüber wirft eine Verspätung den Tag um."),
        ),
        Figure.JOBS: (
            _("Anfragen zu Termin, Preis oder Verfügbarkeit, deren Kunde binnen 30 Tagen einen Termin buchte, geteilt "
              "durch alle solchen Anfragen; neue Kunden und Stammkunden getrennt. Jüngste Anfragen haben noch Zeit."),
            _("Kein Ziel, der Verlauf zählt."),
        ),
        Figure.RETURNING: (
            _("Kunden mit mindestens zwei wahrgenommenen Terminen in den zwölf Monaten vor dem Ende des Zeitraums, "
              "geteilt durch alle mit mindestens einem."),
            _("Kein Ziel, der Verlauf zählt."),
        ),
    }  # fmt: skip


def _wishes(_: Callable[[str], str]) -> dict[Figure, tuple[str, str]]:
    return {
        Figure.WISHES: (
            _("Wünsche, deren Kunde bis zum vereinbarten Tag erfuhr, dass die Ware da ist, geteilt durch alle, die im "
              "Zeitraum entschieden wurden: durch diese Nachricht, durch unser Nein oder weil ihr Tag verging. Es "
              "zählt der zuerst vereinbarte Tag. Eine Mail zählt, sobald der Server sie nahm und solange sie nicht "
              "zurückkommt, ein Anruf, wenn er erreicht hat. Wer es vorher nicht mehr wollte, zählt nicht."),
            _("Ziel: mindestens 80 %. Wer einmal vergeblich wiederkam, kommt nicht mehr."),
        ),
        Figure.MISSED_SALES: (
            _("Wünsche, die im Zeitraum notiert wurden und von denen bis jetzt niemand erfuhr, dass die Ware da ist: "
              "wie oft dasselbe gewünscht wurde, mal dem Durchschnitt der dazu notierten Preise. Wo kein Preis steht, "
              "zählt nichts. Eine Schätzung: Nicht jeder hätte gekauft."),
            _("Kein Ziel: ein Hinweis, was Sie nachbestellen könnten."),
        ),
    }  # fmt: skip
