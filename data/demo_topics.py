"""What customers of the demo garage want, and what is answered, by topic. All invented.

One sentence a line; {car}, {day}, {clock} and {job} are filled in. Mails begin in small letters, for a greeting stands
above them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """What is said about one thing. `reason` is a name of the garage's reasons; asks are «subject|text».

    `calls` is what a caller wants, `settled` what was cleared up at once, `talks` what we noted after calling back.
    """

    reason: str
    asks: str
    calls: str
    settled: str
    replies: str
    talks: str


TOPICS = {
    "status": Topic(
        "Wo ist mein Auto?",
        """
        Mein {car}|ist mein {car} schon fertig? Ich bräuchte ihn am {day} früh.
        Wann kann ich abholen?|wann kann ich meinen {car} abholen? Mir wurde {day} gesagt, gehört habe ich nichts.
        {car} fertig?|ich wollte nachfragen, wie es bei meinem {car} aussieht. Am Telefon war leider besetzt.
        Stand der Reparatur|wie weit sind Sie mit meinem {car}? Ich muss planen, wie ich am {day} zur Arbeit komme.
        Nachfrage|gibt es schon etwas Neues zu meinem {car}? Ist das Ersatzteil gekommen?
        Abholung {car}|geht es sich bis {day} aus? Wenn nicht, müsste ich mir ein Auto ausleihen.
        Reparatur {car}|Sie wollten sich melden, sobald Sie wissen, was meinem {car} fehlt. Wissen Sie schon mehr?
        Auto|ist der {car} heute noch abholbereit, oder wird es morgen? Ich könnte ab {clock}.
        {car} beim Service|der {car} steht seit {day} bei Ihnen. Wie lange wird es noch dauern?
        Pickerl {car}|hat der {car} das Pickerl bekommen, und kann ich ihn schon holen?
        Wann fertig?|Ihr Kollege hat gesagt, bis {day} wäre das Auto fertig. Stimmt das noch?
        Frage zum Auftrag|haben Sie meinen {car} schon angeschaut? Ich habe seit der Abgabe nichts gehört.
        """,
        """
        Fragt, ob der {car} schon fertig ist.
        Will wissen, wann der {car} abgeholt werden kann.
        Hat einen Rückruf erwartet, wartet auf Nachricht zum {car}.
        Braucht das Auto am {day}, fragt, ob sich das ausgeht.
        Fragt, ob das Ersatzteil für den {car} da ist.
        Ruft zum zweiten Mal an: Wie weit ist der {car}?
        """,
        """
        {car} ist fertig, wird um {clock} abgeholt.
        Gefragt, wie weit der {car} ist: morgen Mittag, passt.
        Teil für den {car} kommt am {day}, Kunde weiß Bescheid.
        Auskunft zum {car} gegeben, Abholung am {day}.
        """,
        """
        Ihr {car} ist fertig. Sie können ihn heute bis 18 Uhr abholen.
        der {car} wird bis {day} um {clock} fertig. Wir melden uns, wenn es früher wird.
        das Ersatzteil ist heute gekommen. Wir bauen es morgen ein, ab {clock} ist Ihr {car} abholbereit.
        leider fehlt noch ein Teil. Es kommt am {day}, danach brauchen wir einen halben Tag.
        wir haben den Fehler gefunden und brauchen noch bis {day}. Der Preis bleibt wie besprochen.
        Ihr {car} hat das Pickerl bekommen und steht zur Abholung bereit.
        entschuldigen Sie, wir hätten uns melden sollen. Ihr {car} ist ab {clock} fertig.
        wir sind mit dem Service durch, es fehlt nur noch die Probefahrt. Ab {clock} können Sie kommen.
        """,
        """
        Erreicht: {car} ist am {day} fertig.
        Gesagt, dass der {car} ab {clock} abgeholt werden kann.
        Teil verspätet sich, Kunde hat Verständnis.
        Stand erklärt, holt den {car} morgen ab.
        """,
    ),
    "price": Topic(
        "Was kostet das?",
        """
        Preisanfrage {car}|was kostet {job} beim {car}, mit Arbeit und allem?
        Angebot|ich hätte gern ein Angebot: {job} für meinen {car}, Baujahr 2017.
        Kosten|können Sie mir ungefähr sagen, was {job} bei einem {car} kostet?
        Kostenvoranschlag|ich bräuchte einen Kostenvoranschlag für die Versicherung: ein Parkschaden am {car}.
        {car}: was kostet das?|beim {car} wäre {job} fällig. Mit welchem Preis muss ich rechnen?
        Frage zum Preis|eine andere Werkstatt verlangt recht viel. Was würde bei Ihnen {job} kosten?
        Anfrage|wir haben drei Firmenautos. Gibt es für {job} einen Preis für alle zusammen?
        Service {car}|was kostet bei Ihnen ein Service nach Plan? Der {car} hat 90.000 km.
        Preis?|was verlangen Sie für {job}, wenn ich die Teile selbst mitbringe?
        Reparatur oder nicht|zahlt sich {job} beim {car} noch aus? Er hat 180.000 km.
        """,
        """
        Fragt, was {job} beim {car} kostet.
        Will ein Angebot per Mail: {job} für den {car}.
        Fragt nach einem Kostenvoranschlag für die Versicherung.
        Möchte wissen, ob sich {job} beim {car} noch auszahlt.
        """,
        """
        Preis genannt: {job}, Kunde überlegt es sich.
        Gefragt, was {job} kostet, Auskunft gegeben.
        Preis passt, meldet sich wegen eines Termins für den {car}.
        """,
        """
        für Ihren {car} kommt das auf 189 Euro, Arbeit und Teile zusammen. Das Angebot gilt vier Wochen.
        das hängt davon ab, was wir finden. Rechnen Sie mit 240 bis 320 Euro; vor jeder Mehrarbeit fragen wir Sie.
        wir haben es Ihnen ausgerechnet: 412 Euro mit allem. Die Teile wären in zwei Tagen da.
        beim {car} liegt der Fixpreis bei 139 Euro. Möchten Sie einen Termin?
        das schauen wir uns am besten kurz an, das kostet nichts. Geht es am {day} um {clock}?
        mit mitgebrachten Teilen können wir leider keine Gewähr geben, einbauen würden wir sie um 95 Euro.
        der Kostenvoranschlag liegt bereit. Bitte schicken Sie uns noch die Schadennummer.
        """,
        """
        Preis durchgegeben, Kunde meldet sich wegen eines Termins.
        Angebot erklärt: {job}, ist einverstanden.
        Preis ist zu hoch, überlegt es sich.
        """,
    ),
    "appointment": Topic(
        "Termin vereinbaren",
        """
        Termin {car}|ich brauche einen Termin fürs Pickerl, der {car} läuft Ende des Monats ab.
        Terminanfrage|wann hätten Sie Zeit für den Jahresservice? Am liebsten am {day} ab {clock}.
        Bitte um Termin|mein {car} gehört zum Service. Ginge der {day}?
        Termin|beim Bremsen quietscht der {car} vorne. Könnten Sie sich das diese Woche anschauen?
        Service vereinbaren|laut Anzeige ist beim {car} der Ölwechsel fällig. Wann darf ich kommen?
        Termin gesucht|ich fahre nächste Woche auf Urlaub und hätte den {car} vorher gern durchgesehen.
        Klimaservice|die Klimaanlage im {car} kühlt kaum noch. Haben Sie am {day} etwas frei?
        Warnlampe|seit gestern leuchtet beim {car} die Motorlampe. Wann kann ich vorbeikommen?
        Werkstatttermin|könnte ich den {car} am {day} um {clock} bringen und am Abend wieder holen?
        """,
        """
        Möchte einen Termin fürs Pickerl, am besten {day}.
        Braucht einen Termin: Jahresservice {car}.
        Warnlampe beim {car}, fragt nach einem Termin.
        Will den {car} am {day} um {clock} bringen.
        """,
        """
        Termin für den {car} besprochen, kommt am {day}.
        Kommt am {day} um {clock} kurz vorbei, wir schauen es uns an.
        Wollte einen Termin, meldet sich mit dem Kilometerstand.
        """,
        """
        gern. Am {day} um {clock} wäre noch etwas frei. Passt das?
        wir haben Sie für {day}, {clock} vorgemerkt. Bitte bringen Sie den Zulassungsschein mit.
        diese Woche ist leider voll, nächsten {day} um {clock} geht es. Ein kurzes Ja genügt.
        bringen Sie den {car} am {day} bis {clock}, am Abend ist er fertig.
        mit der Lampe bitte nicht mehr weit fahren. Am {day} um {clock} schauen wir nach.
        """,
        """
        Termin am {day} um {clock} ausgemacht.
        Kommt am {day}, Ersatzauto wird nicht gebraucht.
        Zeit passt nicht, ruft noch einmal an.
        """,
    ),
    "tyres": Topic(
        "Termin vereinbaren",
        """
        Reifenwechsel|wann hätten Sie Zeit für den Reifenwechsel bei meinem {car}? Die Räder lagern bei Ihnen.
        Räder umstecken|ich bräuchte einen Termin zum Umstecken, am liebsten am {day} ab {clock}.
        Reifen {car}|die Reifen vom {car} sind am Ende. Haben Sie passende auf Lager, und wann könnte ich kommen?
        Termin Reifen|wie jedes Jahr: bitte einen Termin für den Reifenwechsel, der {car} ist das Auto.
        Reifen|können wir am {day} beide Autos zum Reifenwechsel bringen?
        """,
        """
        Reifenwechsel {car}, Räder lagern bei uns.
        Möchte am {day} zum Umstecken kommen.
        Braucht neue Reifen für den {car}, fragt nach Termin.
        """,
        """
        Reifenwechsel {car}: kommt am {day} um {clock}.
        Räder vom {car} sind da, Termin besprochen.
        """,
        """
        am {day} um {clock} geht es noch. Die Räder holen wir aus dem Lager.
        im Moment ist viel los; der nächste freie Termin ist am {day} um {clock}.
        die Reifen haben wir lagernd. Kommen Sie am {day} um {clock}, es dauert eine halbe Stunde.
        beide Autos gehen am {day} hintereinander, ab {clock}.
        """,
        """
        Reifenwechsel am {day} um {clock} ausgemacht.
        Reifen bestellt, Termin folgt.
        """,
    ),
    "move": Topic(
        "Termin verschieben",
        """
        Termin verschieben|ich muss meinen Termin am {day} leider verschieben. Ginge es eine Woche später?
        Mein Termin|mir ist etwas dazwischengekommen. Könnte ich statt {day} auch um {clock} am Tag danach kommen?
        Anderer Termin|am {day} bin ich krankgeschrieben. Haben Sie einen anderen Termin für den {car}?
        Termin {car}|ich schaffe es am {day} erst um {clock}. Geht das noch?
        """,
        """
        Muss den Termin am {day} verschieben.
        Kommt erst um {clock}, fragt, ob das noch geht.
        """,
        """
        Termin verschoben auf {day}, {clock}.
        Kommt eine Stunde später, passt.
        """,
        """
        kein Problem, wir haben Sie auf {day}, {clock} verschoben.
        das geht. Kommen Sie um {clock}, wir richten es ein.
        an diesem Tag ist leider nichts mehr frei. Passt {day} um {clock}?
        """,
        """
        Termin auf {day} um {clock} verschoben.
        Bleibt doch beim alten Termin.
        """,
    ),
    "stock": Topic(
        "Ist es auf Lager?",
        """
        Ersatzteil|haben Sie einen Scheinwerfer links für den {car} lagernd?
        Teil für {car}|ich suche einen Außenspiegel rechts für den {car}. Können Sie ihn bestellen?
        Wischerblätter|führen Sie Wischerblätter für den {car}, die man gleich mitnehmen kann?
        Batterie lagernd?|hätten Sie eine passende Batterie für den {car} da? Er springt nicht mehr an.
        """,
        """
        Fragt, ob ein Außenspiegel für den {car} lagernd ist.
        Sucht Wischerblätter für den {car}.
        """,
        """
        Teil für den {car} ist da, holt es am {day}.
        Teil muss bestellt werden, meldet sich.
        """,
        """
        ja, das haben wir da. Sie können es jederzeit abholen.
        lagernd ist es nicht, bestellt ist es bis {day} bei uns. Sollen wir?
        für den {car} gibt es zwei Ausführungen. Bitte schicken Sie uns ein Foto vom Zulassungsschein.
        """,
        """
        Teil ist bestellt, kommt am {day}.
        Haben es lagernd, kommt vorbei.
        """,
    ),
    "invoice": Topic(
        "Rechnung unklar",
        """
        Rechnung|auf der Rechnung vom {day} steht eine Position, die ich nicht verstehe: Kleinmaterial 18 Euro?
        Rechnung {car}|ausgemacht waren 320 Euro, auf der Rechnung stehen 371. Können Sie mir das erklären?
        Frage zur Rechnung|ich finde die Rechnung zum {car} nicht mehr. Könnten Sie sie noch einmal schicken?
        Rechnung auf Firma|könnten Sie die Rechnung bitte auf unsere Firma ausstellen?
        Zahlung|ich habe schon überwiesen und trotzdem eine Mahnung bekommen. Bitte prüfen Sie das.
        Bankverbindung|auf welches Konto soll ich den Rest überweisen? Auf der Rechnung steht keines.
        """,
        """
        Versteht eine Position der Rechnung nicht.
        Rechnung ist höher als ausgemacht, bittet um Rückruf.
        Braucht die Rechnung zum {car} noch einmal.
        """,
        """
        Rechnung erklärt, alles klar.
        Rechnung noch einmal ausgedruckt und mitgegeben.
        Zahlung ist da, Mahnung hat sich überschnitten.
        """,
        """
        das Kleinmaterial sind Schrauben und Dichtungen. Auf Wunsch schlüsseln wir es Ihnen auf.
        Sie haben recht, da ist uns ein Fehler passiert. Die berichtigte Rechnung liegt bei.
        die Rechnung schicken wir Ihnen gleich noch einmal an diese Adresse.
        Ihre Zahlung ist heute eingegangen, die Mahnung hat sich überschnitten. Bitte entschuldigen Sie.
        die Mehrkosten waren die Bremsleitung, wir hatten am {day} deswegen telefoniert.
        """,
        """
        Rechnung erklärt, Kunde ist zufrieden.
        Rechnung wird berichtigt.
        Gutschrift von 20 Euro vereinbart.
        """,
    ),
    "complaint": Topic(
        "Beschwerde",
        """
        Beschwerde|seit der Reparatur klappert der {car} vorne links. Das war vorher nicht.
        So geht das nicht|ich habe dreimal angerufen und niemand hat zurückgerufen. Das ärgert mich wirklich.
        Kratzer|beim Abholen hatte der {car} einen Kratzer an der Tür, der vorher nicht da war.
        Unzufrieden|versprochen war {day}, bekommen habe ich den {car} vier Tage später. Ohne ein Wort von Ihnen.
        Reklamation|die Warnlampe, wegen der ich bei Ihnen war, leuchtet schon wieder.
        Ölfleck|nach dem Ölwechsel tropft der {car} in der Garage. Bitte dringend anschauen.
        Enttäuscht|die Rechnung ist um die Hälfte höher als besprochen. Warum ruft da vorher niemand an?
        """,
        """
        Beschwert sich: Reparatur am {car} hat nicht gehalten.
        Ist verärgert, weil niemand zurückgerufen hat.
        Kratzer am {car} seit der Abholung, will ein Gespräch.
        Auto wurde zu spät fertig, verlangt eine Erklärung.
        """,
        """
        Reklamation am {car}: kommt morgen, wir schauen es uns an.
        War verärgert, entschuldigt und alles besprochen.
        """,
        """
        das tut uns leid. Bitte kommen Sie vorbei, wann es Ihnen passt; wir sehen es uns sofort an, kostenlos.
        Sie haben recht, wir hätten anrufen müssen. Es kommt nicht wieder vor, und einen Teil erlassen wir Ihnen.
        den Kratzer lassen wir auf unsere Kosten ausbessern. Passt {day} um {clock}?
        wir nehmen den {car} morgen gleich noch einmal herein. Ein Ersatzauto steht bereit.
        danke, dass Sie es uns sagen. Wir haben nachgefragt: Der Fehler lag bei uns. Was können wir tun?
        """,
        """
        Entschuldigt, kommt am {day} zur Nachbesserung.
        Lösung gefunden, Kunde ist wieder zufrieden.
        Bleibt verärgert, will es sich überlegen.
        """,
    ),
    "open": Topic(
        "Habt ihr offen?",
        """
        Öffnungszeiten|haben Sie am Fenstertag offen?
        Samstag offen?|kann ich den {car} auch am Samstag abholen?
        Urlaub?|haben Sie in der nächsten Woche offen, oder ist Betriebsurlaub?
        """,
        """
        Fragt, ob am Samstag offen ist.
        Fragt nach den Öffnungszeiten über die Feiertage.
        """,
        """
        Öffnungszeiten gesagt.
        Samstag ist zu, kommt am Montag.
        """,
        """
        wir haben Montag bis Freitag von 8 bis 12 und von 13 bis 18 Uhr offen.
        am Samstag ist leider geschlossen. Der Schlüsselkasten neben der Tür ist immer offen.
        ja, wir haben ganz normal offen.
        """,
        """
        Öffnungszeiten durchgegeben.
        """,
    ),
    "other": Topic(
        "Etwas anderes",
        """
        Frage|ich habe in der Werkstatt meine Sonnenbrille vergessen. Ist sie bei Ihnen?
        Ersatzauto|bekomme ich während der Reparatur ein Ersatzauto, und was kostet es am Tag?
        Reifen einlagern|kann ich meine Reifen bei Ihnen über den Sommer einlagern?
        Gebrauchtwagen|ich möchte einen gebrauchten {car} kaufen. Schauen Sie sich so etwas vorher an?
        Praktikum|mein Sohn sucht eine Schnupperlehre. Nehmen Sie im Frühjahr jemanden?
        Schlüssel|beim {car} sperrt der Zweitschlüssel nicht mehr. Machen Sie das?
        Unfall|mir ist jemand ins Auto gefahren. Was brauchen Sie von der Gegenseite?
        """,
        """
        Fragt nach einem Ersatzauto.
        Hat etwas im {car} vergessen.
        Möchte einen gebrauchten {car} prüfen lassen.
        """,
        """
        Auskunft gegeben, alles besprochen.
        Sonnenbrille ist da, wird abgeholt.
        Ersatzauto für {day} eingeplant.
        """,
        """
        ja, das machen wir. Kommen Sie am {day} vorbei, dann besprechen wir es.
        ein Ersatzauto haben wir, es kostet 29 Euro am Tag. Sollen wir es eintragen?
        die liegt bei uns am Tresen, Sie können sie jederzeit holen.
        wir brauchen nur Name, Kennzeichen und Versicherung der Gegenseite. Um den Rest kümmern wir uns.
        einen Ankaufstest machen wir gern, er dauert eine Stunde und kostet 89 Euro.
        """,
        """
        Erreicht, alles besprochen.
        Ersatzauto für {day} zugesagt.
        """,
    ),
    "praise": Topic(
        "Etwas anderes",
        """
        Danke!|der {car} läuft wieder wie neu. Danke, dass Sie mich noch eingeschoben haben!
        Lob|so freundlich bin ich selten bedient worden. Richten Sie das bitte dem ganzen Team aus.
        Ein Dankeschön|Sie haben mir ehrlich gesagt, dass sich die Reparatur nicht auszahlt. Das findet man selten.
        Super Arbeit|alles wie besprochen, pünktlich und sauber. Ich komme wieder.
        """,
        """
        Bedankt sich beim Team, der {car} läuft wieder.
        """,
        """
        Wollte sich nur bedanken, alles bestens.
        War sehr zufrieden, sagt es weiter.
        """,
        """
        das freut uns sehr. Wir haben es allen weitergesagt. Danke!
        danke für die netten Worte, das hört das ganze Team gern.
        """,
        """
        Für das Lob bedankt.
        """,
    ),
}
