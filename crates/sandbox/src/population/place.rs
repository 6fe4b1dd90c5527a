//! Municipalities, postal codes, streets and basic statistical units that belong together.

/// A postal area inside a municipality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) postcode: &'static str,
    pub(crate) town: &'static str,
    /// grunnkrets, without the municipality's digits and without leading zeros.
    pub(crate) unit: i64,
}

/// A municipality of today and the numbers it had before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Municipality {
    pub(crate) number: &'static str,
    /// Its number from 2020 to 2023, if another.
    pub(crate) number_2020: Option<&'static str>,
    /// Its number before 2020 (before 2018 in Trøndelag), if another.
    pub(crate) number_2019: Option<&'static str>,
    pub(crate) areas: &'static [Area],
    /// Streets that only this place has; every place also has the common ones.
    pub(crate) streets: &'static [&'static str],
}

const fn area(postcode: &'static str, town: &'static str, unit: i64) -> Area {
    Area { postcode, town, unit }
}

const fn place(
    numbers: [&'static str; 3],
    areas: &'static [Area],
    streets: &'static [&'static str],
) -> Municipality {
    let [number, then, before] = numbers;
    let number_2020 = if then.is_empty() { None } else { Some(then) };
    let number_2019 = if before.is_empty() { None } else { Some(before) };
    Municipality { number, number_2020, number_2019, areas, streets }
}

/// The places; the first four are the cities, see [`CITY_WEIGHTS`].
pub(crate) const PLACES: &[Municipality] = &[
    place(
        ["0301", "", ""],
        &[
            area("0154", "OSLO", 102),
            area("0260", "OSLO", 609),
            area("0354", "OSLO", 1102),
            area("0464", "OSLO", 1703),
            area("0551", "OSLO", 2201),
            area("0655", "OSLO", 2601),
            area("0671", "OSLO", 3604),
            area("1158", "OSLO", 3401),
            area("0982", "OSLO", 3921),
            area("0590", "OSLO", 4412),
        ],
        &["Ullevålsveien", "Trondheimsveien", "Ekebergveien", "Bygdøy allé", "Mosseveien"],
    ),
    place(
        ["4601", "", "1201"],
        &[
            area("5007", "BERGEN", 140),
            area("5068", "BERGEN", 304),
            area("5098", "BERGEN", 419),
            area("5145", "FYLLINGSDALEN", 1823),
            area("5130", "NYBORG", 903),
            area("5268", "HAUKELAND", 1201),
        ],
        &["Nygårdsgaten", "Fjøsangerveien", "Øvre Fyllingsvei", "Sandviksveien"],
    ),
    place(
        ["5001", "", "1601"],
        &[
            area("7011", "TRONDHEIM", 1211),
            area("7043", "TRONDHEIM", 1414),
            area("7041", "TRONDHEIM", 1613),
            area("7036", "TRONDHEIM", 4305),
            area("7092", "TILLER", 7406),
        ],
        &["Elgeseter gate", "Innherredsveien", "Byåsveien", "Jakobslivegen"],
    ),
    place(
        ["1103", "", ""],
        &[
            area("4008", "STAVANGER", 612),
            area("4021", "STAVANGER", 1802),
            area("4028", "STAVANGER", 2720),
            area("4160", "FINNØY", 1006),
        ],
        &["Pedersgata", "Madlaveien", "Tastagata"],
    ),
    place(["1108", "", "1102"], &[area("4306", "SANDNES", 204)], &["Hoveveien", "Vågsgata"]),
    place(["1508", "1507", "1504"], &[area("6002", "ÅLESUND", 310)], &["Kipervikgata"]),
    place(["1506", "", "1502"], &[area("6413", "MOLDE", 105)], &["Moldegårdsvegen"]),
    place(["1804", "", ""], &[area("8003", "BODØ", 417), area("8020", "BODØ", 611)], &["Sjøgata"]),
    place(["1806", "", "1805"], &[area("8514", "NARVIK", 206)], &["Kongens gate"]),
    place(["3107", "3004", "0106"], &[area("1606", "FREDRIKSTAD", 1103)], &["Glemmengata"]),
    place(["3105", "3003", "0105"], &[area("1706", "SARPSBORG", 709)], &["Sandesundsveien"]),
    place(["3112", "3017", "0135"], &[area("1642", "SALTNES", 101)], &["Lyngmoveien"]),
    place(
        ["3201", "3024", "0219"],
        &[area("1337", "SANDVIKA", 812), area("1344", "HASLUM", 1005)],
        &["Gamle Drammensvei"],
    ),
    place(["3203", "3025", "0220"], &[area("1383", "ASKER", 307)], &["Kirkeveien"]),
    place(["3205", "3030", "0231"], &[area("2000", "LILLESTRØM", 502)], &["Storgata nord"]),
    place(["3301", "3005", "0602"], &[area("3015", "DRAMMEN", 904)], &["Bragernes torg"]),
    place(["3303", "3006", "0604"], &[area("3616", "KONGSBERG", 111)], &["Sølvverksveien"]),
    place(["3403", "", "0403"], &[area("2317", "HAMAR", 208)], &["Strandgata"]),
    place(["3405", "", "0501"], &[area("2609", "LILLEHAMMER", 415)], &["Gudbrandsdalsvegen"]),
    place(["3407", "", "0502"], &[area("2821", "GJØVIK", 810)], &["Brusvehagen"]),
    place(["3905", "3803", "0704"], &[area("3117", "TØNSBERG", 606)], &["Nøtterøyveien"]),
    place(["3907", "3804", "0710"], &[area("3211", "SANDEFJORD", 1306)], &["Bjerggata"]),
    place(["4003", "3807", "0806"], &[area("3717", "SKIEN", 1207)], &["Telemarksvegen"]),
    place(["4202", "", "0904"], &[area("4888", "HOMBORSUND", 303)], &["Jorvardeveien"]),
    place(["4204", "", "1001"], &[area("4612", "KRISTIANSAND S", 1404)], &["Tollbodgata"]),
    place(["4618", "", "1231"], &[area("5760", "RØLDAL", 105)], &["Odlandsvegen"]),
    place(["4640", "", "1420"], &[area("6856", "SOGNDAL", 202)], &["Gravensteinsgata"]),
    place(["5006", "", "1702"], &[area("7713", "STEINKJER", 507)], &["Bogavegen"]),
    place(
        ["5501", "5401", "1902"],
        &[area("9008", "TROMSØ", 1103), area("9020", "TROMSDALEN", 902)],
        &["Grønnegata", "Anton Jakobsens veg"],
    ),
    place(["5503", "5402", "1903"], &[area("9405", "HARSTAD", 704)], &["Hans Egedes gate"]),
    place(["5601", "5403", "2012"], &[area("9510", "ALTA", 306)], &["Løkkeveien"]),
    place(["5610", "5437", "2021"], &[area("9730", "KARASJOK", 102)], &["Áhkkoluohkká"]),
    place(["5612", "5430", "2011"], &[area("9520", "KAUTOKEINO", 104)], &["Bredbuktnesveien"]),
    place(["5628", "5441", "2025"], &[area("9845", "TANA", 103)], &["Ringveien", "Deatnogeaidnu"]),
];

/// Streets that stand in every town.
pub(crate) const COMMON_STREETS: &[&str] = &[
    "Storgata",
    "Kirkegata",
    "Skolegata",
    "Bjørkeveien",
    "Granveien",
    "Furuveien",
    "Åsveien",
    "Ringveien",
    "Parkveien",
    "Idrettsveien",
    "Lillevegen",
    "Øvre Bakkegate",
    "Nedre Strandvei",
    "Dr. Holms vei",
    "17. mai-gata",
    "St. Olavs gate",
    "Ærfuglvegen",
    "Rådyrstien",
    "Å-veien",
];

/// How many homes in a hundred are in the four cities, in the order of the list; the rest share.
pub(crate) const CITY_WEIGHTS: [u64; 4] = [16, 8, 6, 5];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_one_number_and_whole_postal_codes() {
        let mut numbers: Vec<&str> = PLACES.iter().map(|place| place.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), PLACES.len());
        for place in PLACES {
            let old = [Some(place.number), place.number_2020, place.number_2019];
            for number in old.into_iter().flatten() {
                assert!(number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()));
            }
            for area in place.areas {
                assert!(area.postcode.len() == 4 && !area.town.is_empty() && area.unit > 0);
            }
        }
    }
}
