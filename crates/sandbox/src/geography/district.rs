//! The urban districts of the four cities that have any, and the units that people live in there.

/// An urban district.
pub(super) struct District {
    /// Six digits, the first four the city's.
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Number and name of each unit, as `102 Rode 2; 104 Rode 4`.
    units: &'static str,
}

impl District {
    /// Each unit's number within the city and its name.
    pub(super) fn units(&self) -> impl Iterator<Item = (i64, &'static str)> {
        let units = self.units.split("; ").filter_map(|unit| unit.split_once(' '));
        units.filter_map(|(number, name)| Some((number.parse().ok()?, name)))
    }
}

const fn district(code: &'static str, name: &'static str, units: &'static str) -> District {
    District { code, name, units }
}

/// Every district, in the order of the codes.
pub(super) const DISTRICTS: &[District] = &[
    district(
        "030101",
        "Gamle Oslo",
        "2503 Grønland Rode 3; 2603 Kampen Rode 3; 2702 Vålerenga Rode 2; 2805 Gamlebyen \
         Rode 5; 4202 Valle",
    ),
    district(
        "030102",
        "Grünerløkka",
        "2101 Sinsen Rode 1; 2203 Rodeløkka Rode 3; 2304 Grünerløkka Rode 4; 2402 Tøyen \
         Rode 2; 4309 Løren Vest; 8103 Hasleveien Nord",
    ),
    district(
        "030103",
        "Sagene",
        "1602 Sagene Rode 2; 1703 Bjølsen Rode 3; 1804 Sandaker Rode 4; 1909 Åsen Rode 9; \
         2009 Torshov Rode 9; 8101 Bentsebruveien",
    ),
    district(
        "030104",
        "St. Hanshaugen",
        "205 Sentrum 2 - Rode 5; 1101 Fagerborg Rode 1; 1202 St.hanshaugen Rode 2; 1209 \
         St.hanshaugen Rode 9; 1401 Ila Rode 1",
    ),
    district(
        "030105",
        "Frogner",
        "401 Filipstad; 607 Frogner Rode 7; 704 Uranienborg Rode 4; 805 Homansbyen Rode 5; \
         907 Majorstuen Rode 7",
    ),
    district(
        "030106",
        "Ullern",
        "4803 Husebybakken; 5206 Rolighet; 5301 Lysehagan; 5402 Furulund; 5407 Hoff Sør",
    ),
    district(
        "030107",
        "Vestre Aker",
        "4604 Vindern; 4802 Husebyskogen; 4907 Lybekk; 5002 Østre Liaskogen; 5201 Voksen",
    ),
    district(
        "030108",
        "Nordre Aker",
        "4403 Grefsenplatået; 4412 Nordre Åsen; 4420 Nydalen Øst; 4508 Havnajordet; 4607 \
         Solvang; 8102 Myrerløkka",
    ),
    district(
        "030109",
        "Bjerke",
        "4103 Tonsenhagen; 4109 Borrebekken; 4116 Kolsåslia; 4122 Bredtvet; 4209 Nordre \
         Hovin",
    ),
    district(
        "030110",
        "Grorud",
        "4001 Rødtvet; 4005 Nedre Kaldbakken; 4010 Vestre Romsås; 4014 Apalløkka; 4018 \
         Grønlund",
    ),
    district(
        "030111",
        "Stovner",
        "3903 Tokerud; 3908 Stovnerskogen; 3912 Lundås; 3916 Vestlidalen; 3920 Vestliskogen",
    ),
    district(
        "030112",
        "Alna",
        "3704 Karlstuen; 3716 Solfjellet; 3803 Søndre Lindberg; 3811 Bakås; 3819 Vestre \
         Furuset",
    ),
    district(
        "030113",
        "Østensjø",
        "3414 Bølerlia; 3508 Vestre Manglerud; 3605 Brynslia; 3617 Ulsrud; 3706 Stordam",
    ),
    district(
        "030114",
        "Nordstrand",
        "3005 Nedre Bekkelaget; 3012 Seterhøgda; 3108 Ljabru Nord; 3403 Marmorberget; 3419 \
         Blåfjellet Nord",
    ),
    district(
        "030115",
        "Søndre Nordstrand",
        "3206 Nedre Prinsdal; 3212 Hvervenbukta; 3303 Godheim; 3312 Stensrudåsen; 3319 \
         Bjørnåsen Nord",
    ),
    district(
        "030116",
        "Sentrum",
        "102 Sentrum 1 - Rode 2; 104 Sentrum 1 - Rode 4; 211 Sentrum 2 - Rode 11; 306 \
         Sentrum 3 - Rode 6; 309 Sentrum 3 - Rode 9",
    ),
    district(
        "030117",
        "Marka",
        "5102 Lyse; 5802 Østmarksetra; 5805 Søndre Østmarka; 6001 Tryvann; 6004 \
         Kobberhaugene",
    ),
    district(
        "110301",
        "Hundvåg",
        "104 Engøy; 1207 Husabø 1; 1214 Austbø 2; 1219 Austbø 3; 1224 Kallagen",
    ),
    district(
        "110302",
        "Tasta",
        "2605 Tastaveden 2; 2610 Nedre Tasta 10; 2710 Nedre Tasta 3; 2716 Finnestad 1; 2721 \
         Tastarustå Nord 1",
    ),
    district(
        "110303",
        "Eiganes og Våland",
        "603 Eiganes 2; 614 Våland 6; 806 Rudlå; 911 Kampen 1; 2101 Stokkabrautene; 8101 \
         Kampen 9",
    ),
    district(
        "110304",
        "Madla",
        "2202 Molkeholen; 2302 Revheim - Golfbanen; 2309 Sams; 2504 Friheim; 2511 Søre \
         Sunde 3",
    ),
    district(
        "110305",
        "Storhaug",
        "203 Spilderhaug; 303 Nylund 2; 405 Strømvig; 501 Sentrum Øst; 507 Bergjeland",
    ),
    district(
        "110306",
        "Hillevåg",
        "702 Mosvatnet Øst; 709 Mosvatnet Sør 2; 1809 Kristianslyst 1; 1904 Hillevåg 2; \
         2008 Felt F",
    ),
    district(
        "110307",
        "Hinna",
        "1714 Ofolsbakken; 1723 Gauselvågen 1; 1730 Boganes; 1738 Gauselbakken 1; 1802 Øvre \
         Vaulen",
    ),
    district(
        "110308",
        "Finnøy",
        "1002 Sør - Fogn; 1005 Halsnøy; 1008 Reilstad; 1011 Hesby; 1014 Kyrkøy",
    ),
    district(
        "110309",
        "Rennesøy",
        "1301 Østhusvik; 1303 Vikevåg 2; 1401 Vestre Åmøy; 1403 Askje; 1405 Haugvaldstad",
    ),
    district(
        "460101",
        "Arna",
        "1002 Ytre Arna; 1005 Haugland; 1103 Ådnamarka; 1106 Seim; 1109 Trengereid",
    ),
    district(
        "460102",
        "Bergenhus",
        "110 Sydnes; 129 Torgalmenningen; 501 Starefossen; 605 Eikeviken; 624 \
         Sandvikskirken",
    ),
    district(
        "460103",
        "Fana",
        "1301 Brattland; 1308 Øvsttun; 1314 Skjold; 1401 Valle; 1503 Fanahammeren",
    ),
    district(
        "460104",
        "Fyllingsdalen",
        "1704 Bønes; 1804 Sikthaugen; 1810 Nebbestølen; 1816 Sælemyr; 1822 Bjørge",
    ),
    district(
        "460105",
        "Laksevåg",
        "1904 Olsvikfjellet; 1912 Klasatjørna; 1920 Mathopen; 2003 Øvre Damsgård; 2011 \
         Nygårdslien",
    ),
    district(
        "460106",
        "Ytrebygda",
        "1604 Steinsvik; 1607 Holten; 1610 Grimseid; 1613 Ådland; 1616 Liland",
    ),
    district(
        "460107",
        "Årstad",
        "209 Grønneviken; 223 Kristian Bings Vei; 308 Finnbergåsen; 322 Slettebakken Kirke; \
         411 Øvre Kolstien; 8101 Solheimslien",
    ),
    district(
        "460108",
        "Åsane",
        "706 Jordalen; 807 Lokketo; 904 Almås; 914 Fossekleiva; 924 Flaktveitrinden",
    ),
    district(
        "500101",
        "Midtbyen",
        "1113 Fagerlia; 1306 Elgeseter; 5104 Breidablikk; 5213 Kleiva; 5237 Byåsen 37",
    ),
    district(
        "500102",
        "Østbyen",
        "1414 Rosenborg 14; 1518 Lademoen 18; 2109 Strindheim 9; 2222 Charlottenlund Øvre \
         22; 3220 Åsvang - Stokkan 20",
    ),
    district(
        "500103",
        "Lerkendal",
        "3112 Berg 3; 3225 Åsvang - Stokkan 25; 4122 Nardobakken; 4233 Nidarvoll - Leira \
         33; 6206 Sjetne - Okstad 6",
    ),
    district(
        "500104",
        "Heimdal",
        "110 Brungmarka; 7411 Tiller - Hårstad 11; 7430 Tiller-Hårstad 30; 7520 Heimdal 20; \
         8111 Sørnypan",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::population::place::PLACES;

    #[test]
    fn the_cities_units_lie_in_one_district_each_and_no_district_is_empty() {
        assert_eq!(DISTRICTS.len(), 38);
        assert!(DISTRICTS.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut listed = HashSet::new();
        for district in DISTRICTS {
            assert!(district.units().count() >= 5, "{}", district.code);
            for (unit, name) in district.units() {
                assert!(listed.insert((&district.code[..4], unit)), "{unit} twice");
                assert!(!name.is_empty());
            }
        }
        let cities = PLACES.iter().take(4);
        let used: HashSet<_> = cities
            .flat_map(|city| {
                city.areas.iter().flat_map(|area| area.units).map(|u| (city.number, *u))
            })
            .collect();
        assert_eq!(listed, used);
    }
}
