//! Measures the sandbox at size: throughput and p50, p99 of every operation, beside a bare route of the same server
//! in the same run. The standard library only. Run it by `benches/sandbox.sh`.

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

mod cases;
mod http;
mod load;
mod redaction;
mod server;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::Wire;
use load::{Bounds, Figures};
use server::Server;

/// Milliseconds that 99 of 100 pages of a list may take at the most.
const LIST_BUDGET: f64 = 5.0;
/// The least share of the bare route's throughput that retrieving has with many connections.
const RETRIEVE_BUDGET: f64 = 0.25;

struct Options {
    binary: PathBuf,
    database: PathBuf,
    sessions: u64,
    bounds: Bounds,
    only: String,
    bare: String,
    redactions: usize,
    patience: Duration,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        binary: option_env!("CARGO_BIN_EXE_vetty").unwrap_or("target/release/vetty").into(),
        database: "target/bench/sandbox.db".into(),
        sessions: 1_000_000,
        bounds: Bounds { time: Duration::from_secs(2), requests: 100_000 },
        only: String::new(),
        bare: "/_vetty/ping".to_owned(),
        redactions: 2,
        patience: Duration::from_mins(4),
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        if name == "--bench" {
            // Cargo says so to every benchmark.
            continue;
        }
        let value = given.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--bin" => options.binary = value.into(),
            "--database" => options.database = value.into(),
            "--sessions" => options.sessions = value.parse()?,
            "--seconds" => options.bounds.time = Duration::from_secs_f64(value.parse()?),
            "--requests" => options.bounds.requests = value.parse()?,
            "--only" => options.only = value,
            "--bare" => options.bare = value,
            "--patience" => options.patience = Duration::from_secs(value.parse()?),
            "--redactions" => options.redactions = value.parse()?,
            _ => return Err(format!("{name} is not known; see benches/sandbox.sh").into()),
        }
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    if let Some(folder) = options.database.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let database = format!("sqlite:{}", options.database.display());
    let server = Server::start(&options.binary, &database, options.sessions)?;
    // So that the disk is not what is measured.
    redaction::left_in(&options.database, "nothing like this stands in it")?;
    let size = std::fs::metadata(&options.database).map_or(0, |it| it.len()) / (1 << 20);
    println!(
        "{} sessions, {size} MB; ready after {:.2} s; {} MB of memory",
        server.sessions,
        server.started_in.as_secs_f64(),
        server.memory().unwrap_or_default()
    );
    measure(&server, &options)?;
    println!("{} MB of memory afterwards", server.memory().unwrap_or_default());
    let marker = format!("otterborough{}", std::process::id());
    for _ in 0..options.redactions {
        tell(&redaction::one(&server, &marker, options.patience)?);
    }
    println!("stopped in {:.2} s", server.stop()?.as_secs_f64());
    if options.redactions > 0 {
        search(&options.database, &marker)?;
    }
    Ok(())
}

fn measure(server: &Server, options: &Options) -> Result<(), Box<dyn Error>> {
    let mut wire = Wire::open(&server.address)?;
    let mut sample = cases::Sample::take(&mut wire, &server.key)?;
    println!(
        "{:36}{:>6}{:>9}{:>10}{:>9}{:>9}{:>9}{:>9}",
        "", "conns", "requests", "per sec", "p50 ms", "p99 ms", "worst", "of bare"
    );
    let mut bare: Vec<Figures> = Vec::new();
    for case in cases::all(&mut sample, &server.key, &options.bare) {
        let is_bare = case.name == "bare route";
        if !is_bare && !case.name.contains(&options.only) {
            continue;
        }
        let figures = load::run(&server.address, &case, options.bounds)?;
        let beside = bare.iter().find(|bare| bare.connections == figures.connections);
        let ratio = beside.map_or(1.0, |bare| figures.rate / bare.rate);
        let is_list = case.connections == 1 && case.requests.first().is_some_and(|request| lists(request));
        let over = is_list && figures.percentile(99) > LIST_BUDGET
            || case.name == "retrieve a session" && case.connections == 32 && ratio < RETRIEVE_BUDGET;
        println!(
            "{:36}{:>6}{:>9}{:>10.0}{:>9.2}{:>9.2}{:>9.2}{:>9.3}{}",
            figures.name,
            figures.connections,
            figures.count(),
            figures.rate,
            figures.percentile(50),
            figures.percentile(99),
            figures.percentile(100),
            ratio,
            if over { "  OVER" } else { "" }
        );
        if is_bare {
            bare.push(figures);
        }
    }
    Ok(())
}

/// Whether a request asks for a page of a list.
fn lists(request: &[u8]) -> bool {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    line.starts_with(b"GET /v1/")
        && [&b"ions"[..], b"orts", b"ents", b"iles"].iter().any(|name| {
            http::find(line, name).is_some_and(|at| matches!(line.get(at + 4), Some(b'?' | b' ')))
        })
}

fn tell(seen: &redaction::Seen) {
    let clean = seen.clean_after.map_or("not seen".to_owned(), |time| format!("{:.2} s", time.as_secs_f64()));
    let [retrieve, list, create] =
        seen.worst.map(|(time, count)| format!("{:.0} ms of {count}", time.as_secs_f64() * 1000.0));
    println!(
        "one redaction: files clean after {clean}; slowest retrieve {retrieve}, list {list}, create {create}"
    );
}

fn search(database: &Path, marker: &str) -> Result<(), Box<dyn Error>> {
    let left = redaction::left_in(database, marker)?;
    if left.is_empty() {
        println!("nothing of the redacted is left in the files");
        Ok(())
    } else {
        Err(format!("still in {left:?}").into())
    }
}
