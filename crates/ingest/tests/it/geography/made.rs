//! Made-up sources: a few areas of the four cities and the far north, synthetic streets, and a
//! server that tells of them as SSB and Kartverket do.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The units of the cities, each with its district.
pub const UNITS: [(&str, &str, &str); 6] = [
    ("03010101", "Sentrum 1 – Rode 1", "030116"),
    ("03010401", "Gråbein", "030104"),
    ("03015101", "Venner", "030117"),
    ("11030101", "Østervåg", "110301"),
    ("46010101", "Åsane sør", "460101"),
    ("50010101", "Midtbyen", "500101"),
];

/// What the sources say.
#[derive(Clone)]
pub struct World {
    /// Unit, name, district.
    pub units: Vec<(&'static str, &'static str, &'static str)>,
    /// Lines of the address file, the header first.
    pub addresses: Vec<String>,
    /// A municipality's name.
    pub far_north: &'static str,
}

impl World {
    /// A hundred addresses in Oslo, house by house alternately in the first two units, and one in
    /// each other unit.
    pub fn new() -> World {
        let header = "kommunenummer;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;\
                      festenummer;undernummer;grunnkretsnummer;adresseId";
        let mut addresses = vec![header.to_owned()];
        for number in 1..=100 {
            let unit = UNITS[number % 2].0;
            addresses.push(format!("0301;6001;Blåbærveien;{number};;1;{number};;;{unit};{number}"));
        }
        for (n, (unit, ..)) in UNITS.iter().enumerate().skip(2) {
            let municipality = &unit[..4];
            addresses.push(format!("{municipality};7001;Øvre vei;1;B;2;1;;;{unit};{}", 1000 + n));
        }
        World { units: UNITS.to_vec(), addresses, far_north: "Guovdageaidnu - Kautokeino" }
    }

    fn table(&self, table: &str) -> Vec<[&str; 2]> {
        match table {
            "104" => vec![["03", "Oslo"], ["56", "Finnmark - Finnmárku - Finmarkku"]],
            "131" => vec![
                ["0301", "Oslo"],
                ["1103", "Stavanger"],
                ["4601", "Bergen"],
                ["5001", "Trondheim - Tråante"],
                ["5612", self.far_north],
            ],
            "103" => vec![
                ["030104", "St. Hanshaugen"],
                ["030116", "Sentrum"],
                ["030117", "Marka"],
                ["110301", "Hundvåg"],
                ["460101", "Arna"],
                ["500101", "Midtbyen"],
            ],
            _ => {
                let tract = [["03010100", "Sentrum 1"]];
                tract.into_iter().chain(self.units.iter().map(|unit| [unit.0, unit.1])).collect()
            }
        }
    }

    /// What Klass answers for a table.
    pub fn klass(&self, table: &str) -> String {
        if table == "1-103" {
            let item = |unit: &(&str, &str, &str)| {
                json!({"sourceCode": unit.0, "sourceName": unit.1, "targetCode": unit.2,
                    "targetName": "", "validFrom": "2002-01-01", "validTo": null})
            };
            let items: Vec<Value> = self.units.iter().map(item).collect();
            return json!({"correspondenceItems": items}).to_string();
        }
        let item = |[code, name]: [&str; 2]| {
            json!({"code": code, "name": name, "validFromInRequestedRange": "2002-01-01",
                "validToInRequestedRange": null})
        };
        let items: Vec<Value> = self.table(table).into_iter().map(item).collect();
        json!({"codes": items}).to_string()
    }

    /// The same as Klass writes it in CSV.
    pub fn klass_csv(&self, table: &str) -> String {
        if table == "1-103" {
            let mut text = "\"sourceCode\";\"targetCode\";\"validFrom\";\"validTo\"\n".to_owned();
            for (unit, _, district) in &self.units {
                writeln!(text, "\"{unit}\";\"{district}\";\"2002-01-01\";\"\"").unwrap();
            }
            return text;
        }
        let mut text = "\"code\";\"name\";\"validFromInRequestedRange\"\n".to_owned();
        for [code, name] in self.table(table) {
            writeln!(text, "\"{code}\";\"{name}\";\"2002-01-01\"").unwrap();
        }
        text
    }

    /// The archive of addresses.
    pub fn archive(&self) -> Vec<u8> {
        zipped("Norge/matrikkelenAdresse.csv", (self.addresses.join("\n") + "\n").as_bytes())
    }
}

/// An archive with one file.
pub fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap().into_inner()
}

/// An answer that is given instead of the right one: to the next call of what ends so.
pub struct Fault {
    /// The end of the path, without the query.
    pub path: &'static str,
    /// The status.
    pub status: u16,
    /// The body, as far as it comes.
    pub body: Vec<u8>,
    /// How long the body is said to be.
    pub length: usize,
}

/// What a server says, and what it was asked.
pub struct State {
    /// The sources.
    pub world: World,
    /// The archive, when it is another than the world's.
    pub archive: Option<Vec<u8>>,
    /// Answers given instead.
    pub faults: VecDeque<Fault>,
    /// Every path with its query.
    pub asked: Vec<String>,
}

/// SSB and Kartverket at one address, until it is dropped.
pub struct Publishers {
    /// `http://host:port`.
    pub address: String,
    /// What they say.
    pub state: Arc<Mutex<State>>,
    accepting: JoinHandle<()>,
}

impl Drop for Publishers {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Publishers {
    /// Publishes a world.
    pub async fn start(world: World) -> Publishers {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = State { world, archive: None, faults: VecDeque::new(), asked: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let said = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that hangs up is none of this server's business.
                tokio::spawn(converse(stream, Arc::clone(&said)));
            }
        });
        Publishers { address, state, accepting }
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? <= 2 {
            break;
        }
    }
    let target = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let (status, body, length) = answer(&mut state.lock().unwrap(), target);
    let head =
        format!("HTTP/1.1 {status} Told\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.get_mut().write_all(head.as_bytes()).await?;
    stream.get_mut().write_all(&body).await?;
    stream.get_mut().shutdown().await
}

fn answer(state: &mut State, target: String) -> (u16, Vec<u8>, usize) {
    let path = target.split('?').next().unwrap_or_default().to_owned();
    state.asked.push(target);
    let fault = state.faults.iter().position(|fault| path.ends_with(fault.path));
    if let Some(Fault { status, body, length, .. }) =
        fault.and_then(|place| state.faults.remove(place))
    {
        return (status, body, length);
    }
    let body = match path.as_str() {
        "/addresses.zip" => state.archive.clone().unwrap_or_else(|| state.world.archive()),
        "/klass/classifications/1/corresponds.json" => state.world.klass("1-103").into(),
        path => {
            let table = path.strip_prefix("/klass/classifications/");
            match table.and_then(|table| table.strip_suffix("/codes.json")) {
                Some(table) => state.world.klass(table).into(),
                None => return (404, Vec::new(), 0),
            }
        }
    };
    let length = body.len();
    (200, body, length)
}
