//! The log of a run: spans that say where time goes, and no secrets.

mod common;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use common::{TOKEN, cluster, network, run};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .map_err(|_| io::ErrorKind::Other)?
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn everything_is_in_a_span_and_nothing_secret_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let told = {
        let _until_done = tracing::subscriber::set_default(subscriber);
        run(&cluster(), network()).await
    };
    assert_eq!(told.summary.done, 8);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let path = "rollout{network=\"alpha\"}:step{id=\"map\"}:object{object=Service alpha-net/map}:request{verb=\"apply\"}";
    assert!(text.contains(path), "{text}");
    for span in [
        "step{id=\"map\"}:wait{wait=",
        "request{verb=\"http\"",
        "request{verb=\"exec\"",
        "request{verb=\"list\"",
    ] {
        assert!(text.contains(span), "no {span} in\n{text}");
    }
    // The Secret's content, plain and encoded, and what a Job handed over.
    let encoded = "M2ZhODVmNjQtNTcxNy00NTYyLWIzZmMtMmM5NjNmNjZhZmE2";
    for secret in [TOKEN, encoded, "stringData", "the keys' password"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}
