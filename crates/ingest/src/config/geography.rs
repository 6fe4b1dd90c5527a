//! Where the tables of geography come from, and when they are refused.

use std::time::Duration;

use register::geography::{Code, Exception, Municipality, ServedArea, Validity};
use register::time::Day;
use serde::Deserialize;

/// The four cities that have urban districts.
const CITIES: [&str; 4] = ["0301", "1103", "4601", "5001"];
/// Since when Oslo has been divided as it is.
const OSLO_SINCE: &str = "2004-01-01";

/// Where geography comes from, and when it is refused. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeographyConfig {
    /// Klass at SSB, up to and with its version.
    pub klass_url: String,
    /// The first day that Klass is asked for.
    pub klass_from: String,
    /// Kartverket's archive with every address of the country.
    pub address_url: String,
    /// How long a connection may take to open.
    pub connect_timeout_ms: u64,
    /// How long an answer may fall silent before the call is given up.
    pub silence_timeout_ms: u64,
    /// The most calls for the same thing.
    pub attempts: u32,
    /// The longest pause between two of them.
    pub retry_pause_max_ms: u64,
    /// The largest answer of Klass that is read.
    pub answer_bytes_max: u64,
    /// The largest archive that is downloaded.
    pub archive_bytes_max: u64,
    /// The largest file that is read out of the archive.
    pub unpacked_bytes_max: u64,
    /// How many in a hundred rows of a file may be unreadable.
    pub unreadable_percent_max: f64,
    /// How many in a hundred rows a table may lose.
    pub shrink_percent_max: f64,
    /// Municipalities that have urban districts.
    pub cities: Vec<String>,
    /// Who gives services where it is not the district that the area lies in.
    pub exceptions: Vec<ExceptionConfig>,
    /// The age in days from which on `doctor` warns.
    pub warn_after_days: u32,
}

/// An area that is served by another district than its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionConfig {
    /// The district that is served so; or else `unit`.
    pub district: Option<String>,
    /// The unit that is served so; goes before what is said of its district.
    pub unit: Option<String>,
    /// The district that serves it. Without one nobody is said to.
    pub served_by: Option<String>,
    /// The first day on which that holds.
    pub from: String,
    /// The first day on which it does not hold any more.
    pub until: Option<String>,
}

impl Default for GeographyConfig {
    fn default() -> Self {
        GeographyConfig {
            klass_url: "https://data.ssb.no/api/klass/v1".to_owned(),
            klass_from: "2002-01-01".to_owned(),
            address_url:
                "https://nedlasting.geonorge.no/geonorge/Basisdata/MatrikkelenAdresse/CSV/\
                          Basisdata_0000_Norge_25833_MatrikkelenAdresse_CSV.zip"
                    .to_owned(),
            connect_timeout_ms: 5_000,
            silence_timeout_ms: 60_000,
            attempts: 5,
            retry_pause_max_ms: 30_000,
            answer_bytes_max: 256 << 20,
            archive_bytes_max: 2 << 30,
            unpacked_bytes_max: 8 << 30,
            unreadable_percent_max: 0.1,
            shrink_percent_max: 2.0,
            cities: CITIES.map(str::to_owned).to_vec(),
            exceptions: oslo(),
            warn_after_days: 400,
        }
    }
}

/// What is known of Oslo, in the form that a configuration file has.
fn oslo() -> Vec<ExceptionConfig> {
    let since = Day::parse(OSLO_SINCE).map(Validity::since);
    let known = since.map(Exception::oslo).unwrap_or_default();
    let row = |known: Exception| {
        let (district, unit) = match known.area {
            ServedArea::District(district) => (Some(district.to_string()), None),
            ServedArea::Unit(unit) => (None, Some(unit.to_string())),
        };
        let served_by = known.served_by.map(|district| district.to_string());
        ExceptionConfig { district, unit, served_by, from: OSLO_SINCE.to_owned(), until: None }
    };
    known.into_iter().map(row).collect()
}

impl ExceptionConfig {
    /// The exception; the text is what is wrong with it.
    fn read(&self) -> Result<Exception, &'static str> {
        let area = match (&self.district, &self.unit) {
            (Some(code), None) => Code::parse(code).map(ServedArea::District),
            (None, Some(code)) => Code::parse(code).map(ServedArea::Unit),
            _ => return Err("names not one of district and unit"),
        };
        let area = area.ok_or("needs six digits for a district, eight for a unit")?;
        let served_by = self.served_by.as_deref().map(|code| Code::parse(code).ok_or(()));
        let served_by = served_by.transpose().map_err(|()| "needs six digits in served_by")?;
        let day = |text: &str| Day::parse(text).map_err(|_| "has a date that is none");
        let to = self.until.as_deref().map(day).transpose()?;
        let valid = Validity { from: day(&self.from)?, to };
        if valid.is_empty() {
            return Err("ends before it begins");
        }
        Ok(Exception { area, served_by, valid })
    }
}

impl GeographyConfig {
    /// How long an answer may fall silent.
    pub fn silence_timeout(&self) -> Duration {
        Duration::from_millis(self.silence_timeout_ms)
    }

    /// The longest pause between two calls for the same thing.
    pub fn retry_pause_max(&self) -> Duration {
        Duration::from_millis(self.retry_pause_max_ms)
    }

    /// The exceptions, or every fault in them.
    ///
    /// # Errors
    /// A text for each exception that cannot be used.
    pub fn exceptions(&self) -> Result<Vec<Exception>, Vec<String>> {
        let (mut exceptions, mut faults) = (Vec::new(), Vec::new());
        for (row, exception) in (1..).zip(&self.exceptions) {
            match exception.read() {
                Ok(exception) => exceptions.push(exception),
                Err(fault) => faults.push(format!("geography.exceptions: row {row} {fault}")),
            }
        }
        if faults.is_empty() { Ok(exceptions) } else { Err(faults) }
    }

    /// The municipalities that have districts. Those that cannot be read are faults.
    pub fn cities(&self) -> Vec<Municipality> {
        self.cities.iter().filter_map(|code| Code::parse(code)).collect()
    }

    /// Every fault that can be seen without calling anybody.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.exceptions().err().unwrap_or_default();
        let urls = [("klass_url", &self.klass_url), ("address_url", &self.address_url)].into_iter();
        let unusable = urls.filter(|(_, url)| !super::is_http_url(url));
        faults.extend(
            unusable.map(|(name, _)| format!("geography.{name} is no http or https address")),
        );
        if Day::parse(&self.klass_from).is_err() {
            faults.push("geography.klass_from is no date".to_owned());
        }
        if self.cities().len() != self.cities.len() {
            faults.push("geography.cities: a municipality has four digits".to_owned());
        }
        let shares = [
            ("unreadable_percent_max", self.unreadable_percent_max),
            ("shrink_percent_max", self.shrink_percent_max),
        ];
        let wrong = shares.iter().filter(|(_, share)| !(0.0..=100.0).contains(share));
        faults.extend(wrong.map(|(name, _)| format!("geography.{name} must be 0 to 100")));
        let least = [
            ("silence_timeout_ms", self.silence_timeout_ms),
            ("attempts", self.attempts.into()),
            ("answer_bytes_max", self.answer_bytes_max),
            ("archive_bytes_max", self.archive_bytes_max),
            ("unpacked_bytes_max", self.unpacked_bytes_max),
        ];
        let zero = least.iter().filter(|(_, value)| *value == 0);
        faults.extend(zero.map(|(name, _)| format!("geography.{name} must be at least 1")));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_have_no_faults_and_know_oslo() {
        let config = GeographyConfig::default();
        assert_eq!(config.faults(), Vec::<String>::new());
        let since = Validity::since(Day::parse(OSLO_SINCE).unwrap());
        assert_eq!(config.exceptions().unwrap(), Exception::oslo(since));
        assert_eq!(config.cities().len(), 4);
    }

    #[test]
    fn every_fault_is_told() {
        let read = |json: &str| serde_json::from_str::<GeographyConfig>(json).unwrap();
        let faults = read(
            r#"{"klass_url": "", "klass_from": "2002-02-30", "cities": ["301"], "attempts": 0,
                "shrink_percent_max": 101, "exceptions": [
                    {"from": "2004-01-01"},
                    {"district": "30116", "from": "2004-01-01"},
                    {"unit": "03015101", "served_by": "7", "from": "2004-01-01"},
                    {"unit": "03015101", "from": "in 2004"},
                    {"unit": "03015101", "from": "2004-01-01", "until": "2004-01-01"},
                    {"unit": "03015101", "served_by": "030107", "from": "2004-01-01"}]}"#,
        )
        .faults();
        assert_eq!(
            faults,
            [
                "geography.exceptions: row 1 names not one of district and unit",
                "geography.exceptions: row 2 needs six digits for a district, eight for a unit",
                "geography.exceptions: row 3 needs six digits in served_by",
                "geography.exceptions: row 4 has a date that is none",
                "geography.exceptions: row 5 ends before it begins",
                "geography.klass_url is no http or https address",
                "geography.klass_from is no date",
                "geography.cities: a municipality has four digits",
                "geography.shrink_percent_max must be 0 to 100",
                "geography.attempts must be at least 1",
            ]
        );
    }

    #[test]
    fn a_list_of_exceptions_replaces_the_defaults() {
        let config: GeographyConfig = serde_json::from_str(r#"{"exceptions": []}"#).unwrap();
        assert_eq!(config.exceptions(), Ok(Vec::new()));
    }
}
