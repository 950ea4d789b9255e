//! What one redaction costs: how long until nothing is left in the files, and how long others wait meanwhile.

use std::error::Error;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::{Wire, find, get, post, values};
use crate::server::Server;

const SESSIONS: &str = "/v1/identity/verification_sessions";
/// What the sandbox logs when a scrub has ended.
const DONE: &str = "erased data have been scrubbed";

/// What was seen.
pub(crate) struct Seen {
    /// Until the sandbox said that its files are clean; `None` when it did not say so in time.
    pub(crate) clean_after: Option<Duration>,
    /// The slowest answers meanwhile: to a retrieve, a list and a create, and how many of each there were.
    pub(crate) worst: [(Duration, usize); 3],
}

/// Redacts one session that holds `marker`.
pub(crate) fn one(server: &Server, marker: &str, patience: Duration) -> Result<Seen, Box<dyn Error>> {
    let mut wire = Wire::open(&server.address)?;
    let key = &server.key;
    let body =
        format!("type=document&metadata[who]={marker}&provided_details[email]={marker}%40mail.example");
    let made = wire.succeed(&post(SESSIONS, key, None, &body))?;
    let id = values(made, "id").next().ok_or("no id")?.to_owned();
    let path = format!("{SESSIONS}/{id}");
    let control = format!("/_vetty/verification_sessions/{id}/submit");
    wire.succeed(&post(&control, key, None, "{\"outcome\":\"verified\"}"))?;
    // Without this, what was logged before would be taken for the end.
    while server.log.try_recv().is_ok() {}
    wire.succeed(&post(&format!("{path}/redact"), key, None, ""))?;
    let asked = Instant::now();
    wire.succeed(&get(&path, key))?;
    let over = AtomicBool::new(false);
    let probes = [
        get(&path, key),
        get(&format!("{SESSIONS}?limit=100&status=verified"), key),
        post(SESSIONS, key, None, "type=document&metadata[probe]=1"),
    ];
    let address = server.address.as_str();
    let probe = |request: &[u8]| -> Result<(Duration, usize), String> {
        let mut wire = Wire::open(address).map_err(|error| error.to_string())?;
        let (mut worst, mut count) = (Duration::ZERO, 0);
        while !over.load(Ordering::Relaxed) {
            let asked = Instant::now();
            wire.succeed(request).map_err(|error| error.to_string())?;
            worst = worst.max(asked.elapsed());
            count += 1;
            // A client that thinks between two requests; it must not be the load itself.
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok((worst, count))
    };
    let (clean_after, worst) = std::thread::scope(|scope| {
        let probes = probes.each_ref().map(|request| scope.spawn(|| probe(request)));
        let mut clean_after = None;
        while asked.elapsed() < patience {
            match server.log.recv_timeout(Duration::from_millis(100)) {
                Ok(line) if line.contains(DONE) => {
                    clean_after = Some(asked.elapsed());
                    break;
                }
                _ => {}
            }
        }
        over.store(true, Ordering::Relaxed);
        (clean_after, probes.map(|probe| probe.join().unwrap_or_else(|_| Err("a client died".to_owned()))))
    });
    let [retrieve, list, create] = worst;
    Ok(Seen { clean_after, worst: [retrieve?, list?, create?] })
}

/// The database's files in which `marker` stands.
pub(crate) fn left_in(database: &Path, marker: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for ending in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        let path = PathBuf::from(name);
        let Ok(mut file) = File::open(&path) else { continue };
        let mut buffer = vec![0; 1 << 20];
        let mut kept = 0;
        loop {
            let came = file.read(&mut buffer[kept..])?;
            if came == 0 {
                break;
            }
            let there = kept + came;
            if find(&buffer[..there], marker.as_bytes()).is_some() {
                found.push(path.clone());
                break;
            }
            // The marker may lie across two reads.
            kept = there.min(marker.len());
            buffer.copy_within(there - kept..there, 0);
        }
    }
    Ok(found)
}
