//! Names as they are: Norwegian, Sámi and foreign letters, names of one letter, middle names.

use crate::dice::Dice;
use crate::population::number::Sex;

const WOMEN: &[&str] = &[
    "Anne",
    "Inger",
    "Kari",
    "Marit",
    "Ingrid",
    "Liv",
    "Eva",
    "Berit",
    "Astrid",
    "Bjørg",
    "Hilde",
    "Anna",
    "Solveig",
    "Marianne",
    "Randi",
    "Ida",
    "Nina",
    "Maria",
    "Elisabeth",
    "Kristin",
    "Bente",
    "Heidi",
    "Silje",
    "Hanne",
    "Linda",
    "Tone",
    "Åse",
    "Ragnhild",
    "Sigrid",
    "Ane-Marte",
    "Emma",
    "Nora",
    "Sofie",
    "Åshild",
    "Øydis",
    "Guðrún",
    "Máret",
    "Biret",
    "Sárá",
    "Elle-Máijá",
    "Inger Ánne",
    "Karen Lovise",
    "Zoë",
    "Renée",
    "Ø",
    "Synnøve",
    "Oddbjørg",
    "Thea",
    "Frida",
    "Ingeborg",
    "Tuva",
    "Ella",
    "Jorunn",
    "Maja",
    "Å",
];

const MEN: &[&str] = &[
    "Jan",
    "Per",
    "Bjørn",
    "Ole",
    "Lars",
    "Kjell",
    "Knut",
    "Arne",
    "Svein",
    "Thomas",
    "Hans",
    "Geir",
    "Tor",
    "Morten",
    "Terje",
    "Odd",
    "Erik",
    "Martin",
    "Andreas",
    "John",
    "Anders",
    "Rune",
    "Trond",
    "Tore",
    "Daniel",
    "Jon",
    "Kristian",
    "Marius",
    "Øystein",
    "Åge",
    "Sølve",
    "Bård",
    "Jørgen",
    "Håkon",
    "Ådne",
    "Ánde",
    "Áilu",
    "Niillas",
    "Jovnna",
    "Máhtte",
    "Per-Ánte",
    "Ole Johan",
    "Jan Erik",
    "Émile",
    "André",
    "Æ",
    "Magnus",
    "Emil",
    "Lukas",
    "Oskar",
    "Noah",
    "Filip",
    "Sverre",
    "O",
];

const FAMILIES: &[&str] = &[
    "Hansen",
    "Johansen",
    "Olsen",
    "Larsen",
    "Andersen",
    "Pedersen",
    "Nilsen",
    "Kristiansen",
    "Jensen",
    "Karlsen",
    "Johnsen",
    "Pettersen",
    "Eriksen",
    "Berg",
    "Haugen",
    "Hagen",
    "Johannessen",
    "Andreassen",
    "Jacobsen",
    "Dahl",
    "Jørgensen",
    "Halvorsen",
    "Lund",
    "Sørensen",
    "Moen",
    "Strand",
    "Bakken",
    "Ødegård",
    "Kristoffersen",
    "Mathisen",
    "Lie",
    "Amundsen",
    "Bø",
    "Nguyen",
    "Rasmussen",
    "Solberg",
    "Lien",
    "Knutsen",
    "Ruud",
    "Myhre",
    "Næss",
    "Aas",
    "Ås",
    "Østby",
    "Sæther",
    "Tveit",
    "Vik",
    "Gåsland",
    "Skårdal",
    "Bjørnstad",
    "Eide",
    "Å",
    "Li",
    "Siri",
    "Somby",
    "Utsi",
    "Gaup",
    "Hætta",
    "Sara",
    "Eira",
    "Buljo",
    "Kemi Jåks",
    "Bongo",
    "Øvrebø-Åsheim",
    "von der Lippe",
    "d'Orville",
    "Løvenskiold-Næss",
    "Wærness",
];

/// A country people come from and go to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Country {
    pub(crate) alpha3: &'static str,
    pub(crate) alpha2: &'static str,
    pub(crate) city: &'static str,
    pub(crate) postcode: &'static str,
    women: &'static [&'static str],
    men: &'static [&'static str],
    families: &'static [&'static str],
}

macro_rules! country {
    (
        $alpha3:literal $alpha2:literal $city:literal $code:literal
        $women:expr, $men:expr, $fam:expr
    ) => {
        Country {
            alpha3: $alpha3,
            alpha2: $alpha2,
            city: $city,
            postcode: $code,
            women: &$women,
            men: &$men,
            families: &$fam,
        }
    };
}

/// The countries of this population.
pub(crate) const COUNTRIES: &[Country] = &[
    country!("POL" "PL" "Łódź" "90-001"
        ["Małgorzata", "Agnieszka", "Zofia"], ["Łukasz", "Paweł", "Michał"],
        ["Kowalska-Nowak", "Wiśniewski", "Wójcik", "Żak"]),
    country!("LTU" "LT" "Vilnius" "01100"
        ["Rūta", "Živilė"], ["Jonas", "Žydrūnas"], ["Kazlauskas", "Petrauskienė"]),
    country!("SWE" "SE" "Göteborg" "411 03"
        ["Märta", "Åsa"], ["Göran", "Björn"], ["Sjöberg", "Öhman", "Ek"]),
    country!("SOM" "SO" "Muqdisho" ""
        ["Hodan", "Ayaan"], ["Abdi", "Mohamed Ali"], ["Hassan", "Warsame Nur"]),
    country!("SYR" "SY" "Halab" ""
        ["Amira", "Nour"], ["Omar", "Khaled"], ["al-Hamwi", "Haddad"]),
    country!("DEU" "DE" "Köln" "50667"
        ["Jürgen-Anne", "Käthe"], ["Jörg", "Günther"], ["Müller", "Weiß", "Größler"]),
    country!("VNM" "VN" "Đà Nẵng" "550000"
        ["Thị Hồng", "Ngọc Ánh"], ["Văn Đức", "Minh"], ["Nguyễn", "Trần", "Đỗ"]),
    country!("TUR" "TR" "İzmir" "35000"
        ["Ayşe", "Çiğdem"], ["Çağrı", "Işık"], ["Öztürk", "Yılmaz"]),
    country!("ERI" "ER" "Asmara" ""
        ["Selam", "Freweyni"], ["Yonas", "Tesfay"], ["Ghebremedhin", "Kidane"]),
    country!("GBR" "GB" "Newcastle upon Tyne" "NE1 4ST"
        ["Siobhán", "Chloé"], ["Seán", "Alistair"], ["O'Brien", "Smith-Jones", "Ng"]),
    country!("ISL" "IS" "Ísafjörður" "400"
        ["Þórunn", "Ásdís"], ["Þór", "Ægir"], ["Jónsdóttir", "Sigurðsson"]),
];

/// A person's names, each as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FullName {
    pub(crate) given: String,
    pub(crate) middle: Option<String>,
    pub(crate) family: String,
}

impl FullName {
    /// The same name in capitals, as the old register kept all names.
    pub(crate) fn in_capitals(&self) -> FullName {
        FullName {
            given: self.given.to_uppercase(),
            middle: self.middle.as_ref().map(|middle| middle.to_uppercase()),
            family: self.family.to_uppercase(),
        }
    }
}

/// A given name; one in five people has two.
pub(crate) fn given(dice: &mut Dice, sex: Sex, country: Option<&Country>) -> String {
    let names = match (country, sex) {
        (None, Sex::Female) => WOMEN,
        (None, Sex::Male) => MEN,
        (Some(country), Sex::Female) => country.women,
        (Some(country), Sex::Male) => country.men,
    };
    let first = dice.pick(names);
    let second = dice.pick(names);
    if country.is_none() && dice.chance(200) && first != second && first.len() > 2 {
        return format!("{first} {second}");
    }
    first.to_owned()
}

/// A family name.
pub(crate) fn family(dice: &mut Dice, country: Option<&Country>) -> &'static str {
    dice.pick(country.map_or(FAMILIES, |country| country.families))
}
