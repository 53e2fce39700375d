//! Programs that keep running: started until they say that they are ready, ended until they are gone.

use std::{
    io::ErrorKind,
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};

/// Starts a program that tells readiness by systemd's protocol and waits until it does.
///
/// `socket` is where the program sends it, `socket_for_program` the same file as the program sees it.
pub(crate) fn start(
    command: &mut Command,
    socket: &Path,
    socket_for_program: &Path,
    deadline: Duration,
) -> Result<Child> {
    remove_if_there(socket)?;
    let notifications = UnixDatagram::bind(socket)
        .with_context(|| format!("listen for readiness at {}", socket.display()))?;
    notifications.set_read_timeout(Some(Duration::from_millis(200)))?;
    let name = command.get_program().to_string_lossy().into_owned();
    let started = Instant::now();
    let mut child = command
        .env("NOTIFY_SOCKET", socket_for_program)
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let mut message = [0; 4096];
    loop {
        match notifications.recv(&mut message) {
            Ok(length)
                if message[..length]
                    .split(|byte| *byte == b'\n')
                    .any(|line| line == b"READY=1") =>
            {
                remove_if_there(socket)?;
                return Ok(child);
            }
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(status) = child.try_wait()? {
            bail!("it ended with {status} before it was ready");
        }
        if started.elapsed() > deadline {
            end(child.id(), Duration::from_secs(10))?;
            child.wait()?;
            bail!("it was not ready within {} s", deadline.as_secs());
        }
    }
}

/// Ends a process: asks it to, waits, and kills it when it has not gone by then. One that is gone is no error.
pub(crate) fn end(id: u32, patience: Duration) -> Result<()> {
    let Some(process) = i32::try_from(id).ok().and_then(Pid::from_raw) else {
        bail!("{id} is no process id");
    };
    let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) else {
        return Ok(());
    };
    for (signal, patience) in [(Signal::TERM, patience), (Signal::KILL, Duration::from_secs(10))] {
        if pidfd_send_signal(&handle, signal).is_err() {
            return Ok(());
        }
        let timeout = Timespec {
            tv_sec: i64::try_from(patience.as_secs())?,
            tv_nsec: 0,
        };
        if poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&timeout))? > 0 {
            return Ok(());
        }
    }
    bail!("process {id} does not end")
}

/// Removes a file that may not exist.
pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
