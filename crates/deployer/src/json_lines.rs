//! Lines of JSON on standard output, written by a thread of its own: a reader that is slow, stuck or gone holds no
//! rollout up.
//!
//! What is not read yet is kept, up to a limit. A reader that goes away, or lets the limit be reached, gets nothing
//! more: a stream that ends can be understood, one with holes cannot. It is said once, on standard error, and the
//! rollout goes on.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::printer;

/// How many lines may wait for the reader: some hundred for each step of a large network.
const CAPACITY: usize = 100_000;

/// How long the reader may take for one line at the end, when the program waits for nothing else.
const PATIENCE: Duration = Duration::from_secs(10);

/// The stream; clones are the same one.
#[derive(Clone)]
pub(crate) struct JsonLines(Arc<Mutex<State>>);

struct State {
    /// Absent once nothing more is written.
    lines: Option<SyncSender<String>>,
    /// A sign for each line written; it closes when all are.
    progress: Receiver<io::Result<()>>,
}

impl JsonLines {
    /// A stream to standard output.
    pub(crate) fn to_standard_output() -> Result<Self, io::Error> {
        Self::to(io::stdout(), CAPACITY)
    }

    fn to(output: impl Write + Send + 'static, capacity: usize) -> Result<Self, io::Error> {
        let (lines, queue) = sync_channel(capacity);
        let (done, progress) = channel();
        // The thread ends with the last sender, or with the process if its reader is stuck.
        thread::Builder::new()
            .name("json-lines".to_owned())
            .spawn(move || write(output, &queue, &done))?;
        let lines = Some(lines);
        Ok(Self(Arc::new(Mutex::new(State { lines, progress }))))
    }

    /// Hands a line over. An error means that the value is no JSON; what the reader does is no error.
    pub(crate) fn send(&self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_string(value)?;
        line.push('\n');
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Lines that were written need no attention; a reader that has gone shows up at the next line.
        while state.progress.try_recv().is_ok() {}
        let Some(lines) = &state.lines else { return Ok(()) };
        let problem = match lines.try_send(line) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(_)) => "standard output is not read",
            Err(TrySendError::Disconnected(_)) => "nobody reads standard output any more",
        };
        state.lines = None;
        printer::error(&format!(
            "{problem}: no further events are written there; the run goes on"
        ));
        Ok(())
    }

    /// Waits until everything is written, as long as the reader reads.
    pub(crate) fn finish(&self) {
        self.finish_within(PATIENCE);
    }

    fn finish_within(&self, patience: Duration) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.lines.take().is_none() {
            return;
        }
        loop {
            match state.progress.recv_timeout(patience) {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = patience.as_secs();
                    printer::error(&format!(
                        "standard output was not read for {seconds} s: the last events are lost, the run has ended"
                    ));
                    return;
                }
            }
        }
    }
}

fn write(mut output: impl Write, queue: &Receiver<String>, done: &std::sync::mpsc::Sender<io::Result<()>>) {
    while let Ok(line) = queue.recv() {
        // A reader wants the event when it happens.
        let written = output.write_all(line.as_bytes()).and_then(|()| output.flush());
        let failed = written.is_err();
        // Nobody listens once the program ends.
        let _ = done.send(written);
        if failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;
    use std::time::Instant;

    use super::*;

    /// A pipe whose reader takes a line when it is told to.
    struct Pipe {
        permits: Receiver<()>,
        written: Sender<String>,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.permits.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            let line = String::from_utf8_lossy(bytes).into_owned();
            self.written.send(line).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn pipe(capacity: usize) -> (JsonLines, Sender<()>, Receiver<String>) {
        let (permit, permits) = channel();
        let (written, read) = channel();
        let lines = JsonLines::to(Pipe { permits, written }, capacity).expect("a thread");
        (lines, permit, read)
    }

    fn is_open(lines: &JsonLines) -> bool {
        lines.0.lock().expect("no thread panicked").lines.is_some()
    }

    #[test]
    fn a_reader_gets_every_line_in_order() {
        let (lines, permit, read) = pipe(100);
        for number in 0..100 {
            lines.send(&number).expect("it is JSON");
            permit.send(()).expect("the writer lives");
        }
        lines.finish_within(Duration::from_mins(1));
        let expected: Vec<String> = (0..100).map(|number| format!("{number}\n")).collect();
        assert_eq!(read.try_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_reader_that_does_not_read_gets_a_stream_that_ends_and_holds_nobody_up() {
        let (lines, permit, read) = pipe(3);
        let begun = Instant::now();
        for number in 0..50 {
            lines.send(&number).expect("it is JSON");
        }
        assert!(!is_open(&lines));
        lines.finish_within(Duration::from_mins(1));
        assert!(begun.elapsed() < Duration::from_secs(30));
        // It reads again, too late: what it got is the beginning, without holes.
        drop((0..10).map(|_| permit.send(())).collect::<Vec<_>>());
        drop(permit);
        let got: Vec<String> = read.iter().collect();
        let beginning: Vec<String> = (0..got.len()).map(|number| format!("{number}\n")).collect();
        assert!(got == beginning && (3..=4).contains(&got.len()), "{got:?}");
    }

    #[test]
    fn at_the_end_a_stuck_reader_is_waited_for_only_so_long() {
        let (lines, _permit, _read) = pipe(10);
        lines.send(&1).expect("it is JSON");
        let begun = Instant::now();
        lines.finish_within(Duration::from_millis(50));
        assert!((50..20_000).contains(&begun.elapsed().as_millis()));
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        let (lines, permit, read) = pipe(10);
        drop(read);
        permit.send(()).expect("the writer lives");
        // The writer needs a moment to notice.
        while is_open(&lines) {
            lines.send(&1).expect("it is JSON");
            thread::yield_now();
        }
        lines.send(&2).expect("it is JSON");
        lines.finish_within(Duration::from_mins(1));
    }
}
