//! What reading costs at its worst: time and memory of each case of `worst_cases.rs`, and of a hundred thousand
//! participants. Each is read by a process of its own, whose highest resident memory the kernel tells. Fails
//! when an input of 1 MiB takes more than a second or 200 MiB.

#![expect(clippy::print_stdout, reason = "a table of figures is what it is for")]

mod worst_cases;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use topology::source::Source;

const MOST_TIME: Duration = Duration::from_secs(1);
const MOST_MEBIBYTES: u64 = 200;

fn main() -> ExitCode {
    let asked = std::env::args()
        .skip_while(|argument| argument != "--case")
        .nth(1);
    match asked {
        Some(name) => measure(&name),
        None => table(),
    }
}

fn cases() -> Vec<worst_cases::Case> {
    let mut cases = worst_cases::ALL.to_vec();
    cases.push(("10000 participants", || many(10_000)));
    cases.push(("100000 participants", || many(100_000)));
    cases
}

fn many(participants: u32) -> String {
    let small = worst_cases::participants(|_| String::new(), "");
    let head = small.split("participants:").next().unwrap_or_default();
    let banks = (0..participants)
        .map(|number| format!("  - {{name: bank-{number}, legalName: \"O=Bank {number}, L=Oslo, C=NO\"}}\n"));
    format!("{head}participants:\n{}", banks.collect::<String>())
}

/// Reads one case and prints what it took, in microseconds and KiB.
fn measure(name: &str) -> ExitCode {
    let Some((_, make)) = cases().into_iter().find(|(found, _)| *found == name) else {
        return ExitCode::FAILURE;
    };
    let source = Source::new("worst.yaml", make());
    // What making the cases took does not count.
    let before = resident("VmRSS:");
    let start = Instant::now();
    let result = topology::read(&source);
    let took = start.elapsed();
    let problems = result.as_ref().map_or_else(topology::Diagnostics::len, |_| 0);
    println!(
        "{} {} {problems}",
        took.as_micros(),
        resident("VmHWM:").saturating_sub(before)
    );
    ExitCode::SUCCESS
}

/// A figure of this process, in KiB.
fn resident(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|figure| figure.parse().ok())
        .unwrap_or(0)
}

fn table() -> ExitCode {
    let program = std::env::current_exe().expect("a program knows where it is");
    let mut is_within = true;
    println!("{:<34} {:>9} {:>9} {:>9}", "case", "time", "memory", "problems");
    for (name, _) in cases() {
        let output = Command::new(&program)
            .args(["--case", name])
            .output()
            .expect("it runs again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let figures: Vec<u64> = text
            .split_whitespace()
            .filter_map(|figure| figure.parse().ok())
            .collect();
        let [microseconds, kibibytes, problems] = figures[..] else {
            println!("{name:<34} failed: {}", output.status);
            is_within = false;
            continue;
        };
        let too_much = !name.starts_with("100000")
            && (Duration::from_micros(microseconds) > MOST_TIME || kibibytes / 1024 > MOST_MEBIBYTES);
        is_within &= !too_much;
        println!(
            "{name:<34} {:>6} ms {:>5} MiB {problems:>9}{}",
            microseconds / 1000,
            kibibytes / 1024,
            if too_much { "  too much" } else { "" }
        );
    }
    if is_within {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
