//! What a person sees while the tasks work: one live line a stage.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, BufReader, IsTerminal as _, Read, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use owo_colors::OwoColorize as _;

/// How often a long stage says where it is when nobody watches a live line.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

/// All stages of one run.
#[derive(Debug)]
pub(crate) struct Progress {
    lines: MultiProgress,
    live: bool,
    logs: PathBuf,
}

/// One stage while it runs.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    progress: &'a Progress,
    name: String,
    started: Instant,
    line: ProgressBar,
    log: Mutex<File>,
    last_plain: Mutex<Instant>,
}

impl Progress {
    pub(crate) fn new(logs: &Path) -> Self {
        Self {
            lines: MultiProgress::new(),
            live: io::stderr().is_terminal(),
            logs: logs.to_owned(),
        }
    }

    /// Runs `work` as a stage: a live line while it runs, a mark and its duration after it. When it fails, the
    /// error names the stage and its log.
    pub(crate) fn stage<T>(&self, name: &str, work: impl FnOnce(&Stage<'_>) -> Result<T>) -> Result<T> {
        let log_path = self.logs.join(format!("{}.log", name.replace([' ', '/'], "-")));
        fs_err::create_dir_all(&self.logs)?;
        let log = Mutex::new(File::create(&log_path).with_context(|| format!("log {}", log_path.display()))?);
        let started = Instant::now();
        let line = if self.live {
            let line = self.lines.add(ProgressBar::new_spinner());
            line.set_style(live_style());
            line.set_prefix(name.to_owned());
            line.enable_steady_tick(Duration::from_millis(120));
            line
        } else {
            self.say(&format!("· {name}"));
            ProgressBar::hidden()
        };
        let stage = Stage {
            progress: self,
            name: name.to_owned(),
            started,
            line,
            log,
            last_plain: Mutex::new(Instant::now()),
        };
        let result = work(&stage);
        stage.line.finish_and_clear();
        let took = duration(started.elapsed());
        match result {
            Ok(value) => {
                self.say(&format!("{} {name} {}", "✓".green(), took.dimmed()));
                Ok(value)
            }
            Err(error) => {
                self.say(&format!("{} {name} {}", "✗".red(), took.dimmed()));
                Err(error.context(format!("{name} failed (log: {})", log_path.display())))
            }
        }
    }

    /// Prints a line above the live ones.
    pub(crate) fn say(&self, line: &str) {
        if self.live {
            // A lost terminal is no reason to stop the work.
            if self.lines.println(line).is_ok() {
                return;
            }
        }
        anstream::eprintln!("{line}");
    }
}

impl Stage<'_> {
    /// Shows what the stage is doing now.
    pub(crate) fn now(&self, message: &str) {
        if self.progress.live {
            self.line.set_message(message.to_owned());
            return;
        }
        let mut last = self
            .last_plain
            .lock()
            .expect("nothing panics while it holds this lock");
        if last.elapsed() >= PLAIN_INTERVAL {
            *last = Instant::now();
            let elapsed = duration(self.started.elapsed());
            self.progress
                .say(&format!("  {} {elapsed}: {message}", self.name));
        }
    }

    /// Writes a line to the stage's log.
    pub(crate) fn note(&self, line: &str) {
        let mut log = self.log.lock().expect("nothing panics while it holds this lock");
        // What cannot be logged must not stop the work that it tells about.
        drop(writeln!(log, "{line}"));
    }

    /// A second handle of the log, for a program that outlives the stage.
    pub(crate) fn log_file(&self) -> Result<File> {
        Ok(self
            .log
            .lock()
            .expect("nothing panics while it holds this lock")
            .try_clone()?)
    }

    /// Runs a program to its end. Its output goes to the log, its last line to the live line.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        self.run_showing(command, |line| Some(line.to_owned()))
    }

    /// As [`Stage::run`], but `show` says what of a line is shown, if anything.
    pub(crate) fn run_showing(
        &self,
        command: &mut Command,
        show: impl FnMut(&str) -> Option<String> + Send,
    ) -> Result<()> {
        self.note(&format!("$ {}", shown(command)));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| cannot_start(command))?;
        let show = Mutex::new(show);
        let last = Mutex::new(String::new());
        let read = |from: &mut dyn Read| {
            for_each_line(from, |line| {
                self.note(line);
                if line.trim().is_empty() {
                    return;
                }
                line.trim()
                    .clone_into(&mut last.lock().expect("nothing panics while it holds this lock"));
                let message = (show.lock().expect("nothing panics while it holds this lock"))(line.trim());
                if let Some(message) = message {
                    self.now(&message);
                }
            });
        };
        let (mut stdout, mut stderr) = (
            child.stdout.take().expect("it is piped"),
            child.stderr.take().expect("it is piped"),
        );
        std::thread::scope(|scope| {
            scope.spawn(|| read(&mut stderr));
            read(&mut stdout);
        });
        let status = child.wait()?;
        if !status.success() {
            let last = last.into_inner().expect("its users have ended");
            bail!("{} ended with {status}: {last}", program_name(command));
        }
        Ok(())
    }

    /// Runs a program to its end and returns what it printed.
    pub(crate) fn output(&self, command: &mut Command) -> Result<String> {
        self.note(&format!("$ {}", shown(command)));
        let output = output(command)?;
        self.note(&String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).map_err(|_| anyhow!("{} printed no UTF-8", program_name(command)))
    }
}

/// Runs a short program and returns its output; the error holds the last line that it complained with.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let last = complaint
            .lines()
            .rfind(|line| !line.trim().is_empty())
            .unwrap_or_default();
        bail!("{} ended with {}: {last}", program_name(command), output.status);
    }
    Ok(output)
}

/// A duration as people read it.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{}m {:02}s", seconds / 60, seconds % 60)
    } else if seconds >= 10 {
        format!("{seconds}s")
    } else {
        format!("{:.1}s", duration.as_secs_f32())
    }
}

fn for_each_line(from: &mut dyn Read, mut take: impl FnMut(&str)) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    let mut byte = [0];
    // A carriage return ends a line as well: programs draw progress with it.
    while reader.read(&mut byte).is_ok_and(|count| count > 0) {
        if byte[0] == b'\n' || byte[0] == b'\r' {
            take(&String::from_utf8_lossy(&line));
            line.clear();
        } else {
            line.push(byte[0]);
        }
    }
    if !line.is_empty() {
        take(&String::from_utf8_lossy(&line));
    }
}

fn live_style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner:.cyan} {prefix} {elapsed:.dim} {wide_msg:.dim}")
        .expect("the template is a constant that was tried")
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The name of the program that does the work, past the one that only enters a namespace.
fn program_name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let inner = command
        .get_args()
        .skip_while(|argument| *argument != OsStr::new("--"))
        .nth(1);
    match inner {
        Some(inner) if program == "nsenter" || program == "unshare" => inner.to_string_lossy().into_owned(),
        _ => program,
    }
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}: is it installed?", program_name(command))
}
