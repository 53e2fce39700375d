//! Which stream says what: data goes to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use crate::arguments::{ColorChoice, GlobalArguments};

/// The program's voice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    quiet: bool,
    verbose: u8,
    /// Whether a log shares standard error.
    logs: bool,
}

impl Printer {
    /// Takes `--quiet`, `--verbose` and `--color`, the last for the whole process.
    pub(crate) fn new(arguments: &GlobalArguments) -> Self {
        match arguments.color {
            // The default: a terminal, `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` decide for each stream.
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self {
            quiet: arguments.quiet,
            verbose: arguments.verbose,
            logs: arguments.verbose > 0 || arguments.log.log.is_some(),
        }
    }

    /// How much detail is wanted beyond the usual.
    pub(crate) const fn verbosity(self) -> u8 {
        self.verbose
    }

    /// Whether only errors are wanted.
    pub(crate) const fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Whether progress can be drawn and redrawn on standard error.
    pub(crate) fn draws(self) -> bool {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        // Nothing may be redrawn over a log.
        !self.quiet && !self.logs && !dumb && io::stderr().is_terminal()
    }

    /// Whether standard error may be coloured.
    pub(crate) fn colours_errors() -> bool {
        anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
    }

    /// What happened, for a person.
    pub(crate) fn message(self, text: &str) {
        if !self.quiet {
            to_standard_error(text);
        }
    }
}

/// Data that someone may pipe.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut stream = anstream::stdout().lock();
    stream.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stream.write_all(b"\n")?;
    }
    stream.flush()
}

/// What went wrong; said even when quiet.
pub(crate) fn error(text: &str) {
    to_standard_error(text);
}

/// Help, version and wrong arguments, as clap says them.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    match error.print() {
        Err(refused) if refused.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

fn to_standard_error(text: &str) {
    // When standard error is closed there is nobody left to tell; the exit code still says it.
    let _closed = writeln!(anstream::stderr(), "{}", text.trim_end_matches('\n'));
}
