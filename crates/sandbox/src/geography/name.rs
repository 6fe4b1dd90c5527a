//! What counties and municipalities are called, and since when.

use crate::calendar::Day;

/// A municipality: today's number; its name; since which year; and the name before, of it or of the
/// largest of those that it was made of.
pub(super) type Named = (&'static str, &'static str, i32, &'static str);

/// The year that a name which has not changed holds from.
const ALWAYS: i32 = 0;

/// The municipalities among the sandbox's places, in their order.
pub(super) const MUNICIPALITIES: &[Named] = &[
    ("0301", "Oslo - Oslove", 2026, "Oslo"),
    ("4601", "Bergen", ALWAYS, ""),
    ("5001", "Trondheim - Tråante", 2020, "Trondheim"),
    ("1103", "Stavanger", ALWAYS, ""),
    ("3201", "Bærum", ALWAYS, ""),
    ("4204", "Kristiansand", ALWAYS, ""),
    ("3301", "Drammen", ALWAYS, ""),
    ("3203", "Asker", ALWAYS, ""),
    ("3205", "Lillestrøm", 2020, "Skedsmo"),
    ("3107", "Fredrikstad", ALWAYS, ""),
    ("1108", "Sandnes", ALWAYS, ""),
    ("5501", "Tromsø", ALWAYS, ""),
    ("3907", "Sandefjord", ALWAYS, ""),
    ("3207", "Nordre Follo", 2020, "Oppegård"),
    ("3105", "Sarpsborg", ALWAYS, ""),
    ("1508", "Ålesund", ALWAYS, ""),
    ("3905", "Tønsberg", ALWAYS, ""),
    ("4003", "Skien", ALWAYS, ""),
    ("1804", "Bodø", ALWAYS, ""),
    ("3103", "Moss", ALWAYS, ""),
    ("3909", "Larvik", ALWAYS, ""),
    ("3118", "Indre Østfold", 2020, "Askim"),
    ("4203", "Arendal", ALWAYS, ""),
    ("3209", "Ullensaker", ALWAYS, ""),
    ("1149", "Karmøy", ALWAYS, ""),
    ("4626", "Øygarden", 2020, "Fjell"),
    ("1106", "Haugesund", ALWAYS, ""),
    ("3222", "Lørenskog", ALWAYS, ""),
    ("4001", "Porsgrunn", ALWAYS, ""),
    ("3411", "Ringsaker", ALWAYS, ""),
    ("3403", "Hamar", ALWAYS, ""),
    ("1506", "Molde", ALWAYS, ""),
    ("3305", "Ringerike", ALWAYS, ""),
    ("3101", "Halden", ALWAYS, ""),
    ("4627", "Askøy", ALWAYS, ""),
    ("4631", "Alver", 2020, "Lindås"),
    ("3407", "Gjøvik", ALWAYS, ""),
    ("3405", "Lillehammer", ALWAYS, ""),
    ("3901", "Horten", ALWAYS, ""),
    ("1124", "Sola", ALWAYS, ""),
    ("3303", "Kongsberg", ALWAYS, ""),
    ("3312", "Lier", ALWAYS, ""),
    ("3240", "Eidsvoll", ALWAYS, ""),
    ("3911", "Færder", ALWAYS, ""),
    ("1833", "Rana - Raane", 2024, "Rana"),
    ("3903", "Holmestrand", ALWAYS, ""),
    ("4624", "Bjørnafjorden", 2020, "Os"),
    ("4202", "Grimstad", ALWAYS, ""),
    ("5503", "Harstad - Hárstták", 2013, "Harstad"),
    ("5035", "Stjørdal", ALWAYS, ""),
    ("1505", "Kristiansund", ALWAYS, ""),
    ("5006", "Steinkjer - Stïentje", 2020, "Steinkjer"),
    ("4205", "Lindesnes", 2020, "Mandal"),
    ("5601", "Alta", ALWAYS, ""),
    ("1806", "Narvik", ALWAYS, ""),
    ("3420", "Elverum", ALWAYS, ""),
    ("5037", "Levanger - Levangke", 2024, "Levanger"),
    ("1120", "Klepp", ALWAYS, ""),
    ("1119", "Hå", ALWAYS, ""),
    ("1121", "Time", ALWAYS, ""),
    ("4614", "Stord", ALWAYS, ""),
    ("3218", "Ås", ALWAYS, ""),
    ("3401", "Kongsvinger", ALWAYS, ""),
    ("4602", "Kinn", 2020, "Flora"),
    ("4621", "Voss", ALWAYS, ""),
    ("1101", "Eigersund", ALWAYS, ""),
    ("5530", "Senja", 2020, "Lenvik"),
    ("4005", "Notodden", ALWAYS, ""),
    ("4640", "Sogndal", ALWAYS, ""),
    ("4618", "Ullensvang", ALWAYS, ""),
    ("5603", "Hammerfest - Hámmerfeasta", 2020, "Hammerfest"),
    ("5605", "Sør-Varanger", ALWAYS, ""),
    ("1865", "Vågan", ALWAYS, ""),
    ("4207", "Flekkefjord", ALWAYS, ""),
    ("3112", "Råde", ALWAYS, ""),
    ("3451", "Nord-Aurdal", ALWAYS, ""),
    ("5025", "Røros - Rosse", 2018, "Røros"),
    ("5612", "Guovdageaidnu - Kautokeino", ALWAYS, ""),
    ("5610", "Kárášjohka - Karasjok", ALWAYS, ""),
    ("5628", "Deatnu - Tana", ALWAYS, ""),
    ("5041", "Snåase - Snåsa", ALWAYS, ""),
];

/// A municipality's names, each from its day on: the oldest first.
pub(super) fn names_of(number: &str) -> Vec<(Day, &'static str)> {
    let Some((_, name, since, before)) = MUNICIPALITIES.iter().find(|row| row.0 == number) else {
        return Vec::new();
    };
    let first = (Day::of(1837, 1, 1), if *since == ALWAYS { name } else { before });
    let later = (*since != ALWAYS).then(|| (Day::of(*since, 1, 1), *name));
    [(first.0, *first.1)].into_iter().chain(later).collect()
}

/// A county: its number, its name, and its first and last year; no last year while it is there.
pub(super) type County = (&'static str, &'static str, i32, Option<i32>);

/// The counties since 2002.
pub(super) const COUNTIES: &[County] = &[
    ("01", "Østfold", 2002, Some(2019)),
    ("02", "Akershus", 2002, Some(2019)),
    ("03", "Oslo", 2002, Some(2025)),
    ("03", "Oslo - Oslove", 2026, None),
    ("04", "Hedmark", 2002, Some(2019)),
    ("05", "Oppland", 2002, Some(2019)),
    ("06", "Buskerud", 2002, Some(2019)),
    ("07", "Vestfold", 2002, Some(2019)),
    ("08", "Telemark", 2002, Some(2019)),
    ("09", "Aust-Agder", 2002, Some(2019)),
    ("10", "Vest-Agder", 2002, Some(2019)),
    ("11", "Rogaland", 2002, None),
    ("12", "Hordaland", 2002, Some(2019)),
    ("14", "Sogn og Fjordane", 2002, Some(2019)),
    ("15", "Møre og Romsdal", 2002, None),
    ("16", "Sør-Trøndelag", 2002, Some(2017)),
    ("17", "Nord-Trøndelag", 2002, Some(2017)),
    ("18", "Nordland - Nordlánnda", 2002, None),
    ("19", "Troms - Romsa", 2002, Some(2019)),
    ("20", "Finnmark - Finnmárku", 2002, Some(2019)),
    ("30", "Viken", 2020, Some(2023)),
    ("31", "Østfold", 2024, None),
    ("32", "Akershus", 2024, None),
    ("33", "Buskerud", 2024, None),
    ("34", "Innlandet", 2020, None),
    ("38", "Vestfold og Telemark", 2020, Some(2023)),
    ("39", "Vestfold", 2024, None),
    ("40", "Telemark", 2024, None),
    ("42", "Agder", 2020, None),
    ("46", "Vestland", 2020, None),
    ("50", "Trøndelag - Trööndelage", 2018, None),
    ("54", "Troms og Finnmark - Romsa ja Finnmárku - Tromssa ja Finmarkku", 2020, Some(2023)),
    ("55", "Troms - Romsa - Tromssa", 2024, None),
    ("56", "Finnmark - Finnmárku - Finmarkku", 2024, None),
    ("99", "Uoppgitt", 2002, None),
];

/// Names of units outside the cities, each with a number behind it.
pub(super) const UNIT_NAMES: &[&str] = &[
    "Sentrum",
    "Haugen",
    "Øvre Ås",
    "Nedre Ås",
    "Solbakken",
    "Nesset",
    "Lia",
    "Myra",
    "Bruhagen",
    "Prestegården",
    "Sæterdalen",
    "Vika",
    "Ørneberget",
    "Kvernhaugen",
    "Strandbygda",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::place::PLACES;

    #[test]
    fn every_place_has_a_name_and_every_number_a_county() {
        let listed: Vec<&str> = MUNICIPALITIES.iter().map(|row| row.0).collect();
        let places: Vec<&str> = PLACES.iter().map(|place| place.number).collect();
        assert_eq!(listed, places);
        for place in PLACES {
            for year in 2002..2030 {
                let number = place.number_on(Day::of(year, 6, 1));
                let found = COUNTIES.iter().filter(|(code, _, from, to)| {
                    number.starts_with(code) && *from <= year && to.is_none_or(|to| year <= to)
                });
                assert_eq!(found.count(), 1, "{number} in {year}");
            }
        }
    }
}
