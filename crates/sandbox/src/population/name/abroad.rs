//! Countries, and names from there with their own letters.

/// A country people come from and go to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Country {
    pub(crate) alpha3: &'static str,
    pub(crate) alpha2: &'static str,
    pub(crate) city: &'static str,
    pub(crate) postcode: &'static str,
    pub(super) women: &'static [&'static str],
    pub(super) men: &'static [&'static str],
    pub(super) families: &'static [&'static str],
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
    country!("UKR" "UA" "Kharkiv" "61000"
        ["Oleksandra", "Yuliia", "Mar'iana"], ["Oleksii", "Dmytro"], ["Shevchenko", "Kovalenko"]),
    country!("XXK" "XK" "Prishtinë" "10000"
        ["Besarta", "Blerta"], ["Arbër", "Shkëlqim"], ["Krasniqi", "Gashi", "Çeku"]),
    country!("SRB" "RS" "Niš" "18000"
        ["Đurđica", "Živka"], ["Đorđe", "Miloš"], ["Đorđević", "Šarčević"]),
    country!("PHL" "PH" "Iloilo City" "5000"
        ["Maria Luzviminda", "Jocelyn"], ["Jose Niño"], ["de los Santos", "Dela Cruz", "Peña"]),
    country!("THA" "TH" "Khon Kaen" "40000"
        ["Suphattra", "Nok"], ["Somchai"], ["Rattanaphongphaisan", "Srisai"]),
    country!("PAK" "PK" "Gujrat" "50700"
        ["Ayesha", "Saima Bibi"], ["Muhammad Usman", "Ali"], ["Khan", "Chaudhry", "Butt"]),
    country!("IRN" "IR" "Shiraz" ""
        ["Parisa", "Zahra"], ["Amir-Hossein", "Reza"], ["Mohammadi", "Hosseini-Nasab"]),
    country!("AFG" "AF" "Herat" ""
        ["Fatima", "Shukria"], ["Abdul", "Najib"], ["Rahimi", "Haidari"]),
    country!("ETH" "ET" "Mek'ele" ""
        ["Tsehay", "Hiwot"], ["Gebre"], ["Wolde-Giorgis", "Tesfaye"]),
    country!("IND" "IN" "Thiruvananthapuram" "695001"
        ["Lakshmi", "Priyadarshini"], ["Raj", "K"], ["Venkatanarasimharajuvaripeta", "P"]),
    country!("CHN" "CN" "Xi'an" "710000"
        ["Xiù Yīng", "Lǐ Nà"], ["Wěi"], ["Lǚ", "Ōuyáng", "Wu"]),
    country!("ROU" "RO" "Iași" "700000"
        ["Ștefania", "Ioana"], ["Răzvan", "Ionuț"], ["Țurcanu", "Brânză"]),
    country!("LVA" "LV" "Rīga" "LV-1050"
        ["Ķērsta", "Ģertrūde"], ["Jānis", "Ņikita"], ["Bērziņš", "Kalniņa"]),
    country!("DNK" "DK" "Aarhus C" "8000"
        ["Mette", "Grethe"], ["Søren", "Jørgen"], ["Kjærgaard", "Sørensen", "Bech-Nielsen"]),
    country!("FIN" "FI" "Jyväskylä" "40100"
        ["Päivi", "Äiti"], ["Väinö", "Yrjö"], ["Hämäläinen", "Yli-Öyrä"]),
    country!("ESP" "ES" "A Coruña" "15001"
        ["María José", "Begoña"], ["Íñigo"], ["Muñoz y Núñez", "García-Lorca"]),
    country!("FRA" "FR" "Besançon" "25000"
        ["Françoise", "Noëlle"], ["Loïc", "Jérôme"], ["L'Hôpital", "d'Aubigné", "Lœuillet"]),
    country!("USA" "US" "Fergus Falls MN" "56537"
        ["Madison", "Mary-Jo"], ["Tyler", "J"], ["O'Neil", "Smith", "Olson"]),
    country!("RUS" "RU" "Murmansk" "183038"
        ["Tatyana", "Sof'ya"], ["Il'ya"], ["Kuznetsova", "Yeltsov"]),
];

impl Country {
    /// Whether people come from there without asking anyone.
    pub(crate) fn is_nordic(&self) -> bool {
        ["SWE", "DNK", "FIN", "ISL"].contains(&self.alpha3)
    }
}
